import type { Manifest } from '../../domain/change-set.ts';
import type { EventOf, PatchSetRef, WorkflowEvent } from '../../domain/event.ts';
import type { PatchSetId, Sha256 } from '../../domain/ids.ts';
import { sha256 } from '../../schema/sha256.ts';
import { domainEventOf } from '../fold.ts';
import type { ParsedRecord } from './named-records.ts';
import type { ProblemCode } from './problem.ts';
import { checkDocument, checkGateResult, checkPerson, checkPolicyResult, differing, type RuleBreak } from './record-rules.ts';

// The rules about approvals and writes, checked from the records alone and without the state machine: should `transition`
// ever have a hole, this still finds a write that nobody approved.

interface Revision {
  readonly proposed: EventOf<'E_PATCH_SET_PROPOSED'>['body'];
  readonly manifest: Manifest | null;
  /** The results of Gates 0 to 2 when it was proposed. */
  readonly designGates: readonly (Sha256 | null)[];
  /** The envelope's policy when the policy was evaluated. */
  judgedUnder: Sha256 | null;
  approved: boolean;
  appliedCommit: string | null;
  lastSeen: { readonly head: string; readonly tree: string } | null;
}

const encoder = new TextEncoder();

export class WriteRules {
  #created: EventOf<'E_WORKFLOW_CREATED'>['body'] | null = null;
  readonly #artifacts = new Map<string, Sha256>();
  readonly #current = new Map<PatchSetId, Revision>();
  readonly #designGates: (Sha256 | null)[] = [null, null, null];
  #contextHash: Sha256 | undefined;

  /** Looks at the next record. `named` is the record that it names as its evidence, when that could be read. */
  observe(record: WorkflowEvent, named: ParsedRecord | null): readonly RuleBreak[] {
    const event = domainEventOf(record);
    switch (event.type) {
      case 'E_WORKFLOW_CREATED':
        this.#created = event.body;
        return differing('record-mismatch', [['revision', event.body.issueText, event.body.source.revision]], (what) => `The issue's ${what} is not the hash of its recorded text.`);
      case 'E_CONTEXT_INGESTED':
        this.#contextHash = event.body.contextHash;
        return differing('record-mismatch', [['context hash', event.body.manifest, event.body.contextHash]], (what) => `The ${what} is not the hash of the recorded context manifest.`);
      case 'E_DECISION_RECORDED':
        return this.#onDocument(event, named, record.workflow);
      case 'E_ARTIFACT_RECORDED':
        this.#artifacts.set(event.body.artifact, event.body.document);
        return this.#onDocument(event, named, record.workflow);
      case 'E_PATCH_SET_PROPOSED':
        return this.#onProposed(event.body, named?.kind === 'manifest' ? named.manifest : null, record.workflow);
      case 'E_POLICY_EVALUATED':
        return [...this.#onPolicy(event.body, record), ...(named?.kind === 'policy-result' ? checkPolicyResult(named.result, event, this.#find(event.body)?.proposed.repo) : [])];
      case 'E_GATE_EVALUATED':
        return [...this.#onGate(event.body), ...(named?.kind === 'gate-result' ? checkGateResult(named.result, event) : [])];
      case 'E_APPROVAL_RECORDED':
        return this.#onApproval(event.body, record.policy, checkPerson(event, record));
      case 'E_CHANGES_REQUESTED':
      case 'E_PATCH_SET_REJECTED':
        return [...this.#onRefusal(event.body), ...checkPerson(event, record)];
      case 'E_CONTEXT_PROVIDED':
      case 'E_CANCELLED':
        return checkPerson(event, record);
      case 'E_WRITE_INTENDED':
        return [...this.#onWrite(event.body), ...this.#samePolicy(event.body, record.policy), ...this.#sameTree(event.body, event.body.resultTree)];
      case 'E_PATCH_SET_APPLIED':
        return this.#onApplied(event.body);
      case 'E_PR_OPENED':
        return [...this.#onWrite(event.body), ...this.#sameHead(event.body, event.body.head)];
      case 'E_CI_OBSERVED':
        return this.#onObserved(event.body);
      default:
        return [];
    }
  }

  #onDocument(event: EventOf<'E_DECISION_RECORDED'> | EventOf<'E_ARTIFACT_RECORDED'>, named: ParsedRecord | null, workflow: string): readonly RuleBreak[] {
    return named?.kind === 'document' ? checkDocument(named.document, event, { workflow, contextHash: this.#contextHash }) : [];
  }

  #onProposed(body: EventOf<'E_PATCH_SET_PROPOSED'>['body'], manifest: Manifest | null, workflow: string): readonly RuleBreak[] {
    this.#current.set(body.patchSet, { proposed: body, manifest, designGates: [...this.#designGates], judgedUnder: null, approved: false, appliedCommit: null, lastSeen: null });
    return manifest ? this.#checkManifest(body, manifest, workflow) : [];
  }

  #onGate(body: EventOf<'E_GATE_EVALUATED'>['body']): readonly RuleBreak[] {
    if (body.gate <= 2) this.#designGates[body.gate] = body.result;
    if (body.gate === 3 && body.subject) return this.#checkGateResults(body.subject, [body.result]);
    return body.gate === 5 && body.outcome === 'PASS' && body.subject ? this.#onVerified(body.subject) : [];
  }

  // The manifest binds the results of Gates 0 to 3 that the PatchSet was offered with, as one hash.
  #checkGateResults(ref: PatchSetRef, gate3: readonly Sha256[]): readonly RuleBreak[] {
    const found = this.#find(ref);
    if (!found?.manifest || gate3.length === 0) return [];
    // The canonical form of a list of hashes is what JSON.stringify gives.
    const possible = gate3.map((result) => sha256(encoder.encode(JSON.stringify([...found.designGates, result]))));
    const { gateResults } = found.manifest;
    return possible.includes(gateResults) ? [] : differing('manifest-mismatch', [['gate results', possible[0], gateResults]], () => `The gate results that the manifest of ${ref.patchSet} binds are not those of the records.`);
  }

  /** Whoever asks for changes or rejects takes the approval of that revision back. */
  #onRefusal(ref: PatchSetRef): readonly RuleBreak[] {
    const found = this.#find(ref);
    if (found) found.approved = false;
    return [];
  }

  #find(ref: PatchSetRef): Revision | null {
    const found = this.#current.get(ref.patchSet);
    return found && found.proposed.digest === ref.digest && found.proposed.revision === ref.revision ? found : null;
  }

  #onPolicy(body: EventOf<'E_POLICY_EVALUATED'>['body'], record: Pick<WorkflowEvent, 'policy' | 'evidence'>): readonly RuleBreak[] {
    const found = this.#find(body);
    if (!found) return [];
    found.judgedUnder = record.policy;
    // A blocked PatchSet is asked no Gate 3; what Gate 3 found is kept beside the policy's result.
    const gate3 = body.block > 0 ? record.evidence.map(({ sha256 }) => sha256).filter((hash) => hash !== body.result) : [];
    const pairs = [
      ['policy', found.manifest?.policy, body.policy],
      ['policy result', found.manifest?.policyResult, body.result],
    ] as const;
    return [...differing('manifest-mismatch', pairs, (what) => `The ${what} that judged ${body.patchSet} is not the one that its manifest names.`), ...this.#checkGateResults(body, gate3)];
  }

  #onApproval(body: EventOf<'E_APPROVAL_RECORDED'>['body'], policy: Sha256, forged: readonly RuleBreak[]): readonly RuleBreak[] {
    const current = this.#current.get(body.patchSet);
    const found = this.#find(body);
    if (!found) {
      const expected = current ? `r${current.proposed.revision} sha256:${current.proposed.digest}` : 'a PatchSet that exists';
      return [...forged, { code: 'approval-not-current', message: `The approval of ${body.patchSet} names a digest that was not current.`, expected, found: `r${body.revision} sha256:${body.digest}` }];
    }
    const listed = this.#created?.approvers ?? [];
    const isListed = listed.some((approver) => approver.toLowerCase() === body.login.toLowerCase());
    found.approved = isListed && forged.length === 0;
    const breaks = [...forged, ...this.#samePolicy(body, policy)];
    if (!isListed) breaks.push({ code: 'approval-not-listed', message: `${body.login} is not on the workflow's list of approvers.`, expected: listed.join(', '), found: body.login });
    return breaks;
  }

  #onWrite(ref: PatchSetRef): readonly RuleBreak[] {
    const missing = (this.#created?.repos ?? []).map((_, index) => `ps-${index + 1}`).filter((id) => this.#current.get(id)?.approved !== true);
    if (!this.#find(ref)) missing.push(`${ref.patchSet} r${ref.revision}`);
    if (missing.length === 0 && this.#created) return [];
    return [{ code: 'write-before-approval', message: `${ref.patchSet} was written without a complete set of approvals before it.`, expected: 'an approval of every current digest', found: `none for ${[...new Set(missing)].join(', ')}` }];
  }

  #onApplied(body: EventOf<'E_PATCH_SET_APPLIED'>['body']): readonly RuleBreak[] {
    const found = this.#find(body);
    if (found) found.appliedCommit = body.commit;
    return [...this.#onWrite(body), ...this.#sameTree(body, body.tree)];
  }

  #onObserved(body: EventOf<'E_CI_OBSERVED'>['body']): readonly RuleBreak[] {
    const found = this.#find(body);
    if (found) found.lastSeen = { head: body.head, tree: body.tree };
    return [];
  }

  #onVerified(ref: PatchSetRef): readonly RuleBreak[] {
    const found = this.#find(ref);
    if (!found) return [];
    return [
      ...differ('result-mismatch', `Gate 5 passed for ${ref.patchSet}, but the tree last seen on the pull request is not the approved one.`, found.proposed.resultTree, found.lastSeen?.tree ?? 'nothing seen'),
      ...differ('result-mismatch', `Gate 5 passed for ${ref.patchSet}, but the head last seen is not the commit that was written.`, found.appliedCommit ?? 'no commit', found.lastSeen?.head ?? 'nothing seen'),
    ];
  }

  #samePolicy(ref: PatchSetRef, policy: Sha256): readonly RuleBreak[] {
    const judgedUnder = this.#find(ref)?.judgedUnder;
    return differ('policy-changed', `The policy in force is not the one under which ${ref.patchSet} was judged.`, judgedUnder ?? undefined, policy);
  }

  #sameTree(ref: PatchSetRef, tree: string): readonly RuleBreak[] {
    return differ('result-mismatch', `The tree of ${ref.patchSet} is not the approved result tree.`, this.#find(ref)?.proposed.resultTree, tree);
  }

  #sameHead(ref: PatchSetRef, head: string): readonly RuleBreak[] {
    return differ('result-mismatch', `The pull request of ${ref.patchSet} does not begin at the commit that was written.`, this.#find(ref)?.appliedCommit ?? 'no commit', head);
  }

  #checkManifest(body: EventOf<'E_PATCH_SET_PROPOSED'>['body'], manifest: Manifest, workflow: string): readonly RuleBreak[] {
    const repo = this.#created?.repos.find((candidate) => candidate.repo === body.repo);
    const pairs: readonly [string, string | number | undefined, string | number][] = [
      ['workflow', workflow, manifest.workflow],
      ['patchSet', body.patchSet, manifest.patchSet],
      ['revision', body.revision, manifest.revision],
      ['repo', body.repo, manifest.repo],
      ['base.branch', repo?.baseBranch, manifest.base.branch],
      ['base.commit', repo?.baseCommit, manifest.base.commit],
      ['base.tree', repo?.baseTree, manifest.base.tree],
      ['result.tree', body.resultTree, manifest.result.tree],
      ['diff', body.diff, manifest.diff],
      // Both were read from canonical JSON, so equal values have equal texts.
      ['patches', JSON.stringify(body.patches), JSON.stringify(manifest.patches)],
      ['changes', body.stats.files, manifest.changes.length],
      ['scope', this.#artifacts.get('scope'), manifest.scope],
      ['plan', this.#artifacts.get('plan'), manifest.plan],
      ['gates', this.#artifacts.get('gates'), manifest.gates],
      ['issueRevision', this.#created?.source.revision, manifest.issueRevision],
    ];
    return pairs.flatMap(([member, expected, found]) =>
      differ('manifest-mismatch', `The manifest's ${member} is not what the records say.`, String(expected ?? 'nothing recorded'), String(found)),
    );
  }
}

// `undefined`: nothing is known to compare with; another check reports that.
function differ(code: ProblemCode, message: string, expected: string | undefined, found: string): readonly RuleBreak[] {
  return expected === undefined || expected === found ? [] : [{ code, message, expected, found }];
}
