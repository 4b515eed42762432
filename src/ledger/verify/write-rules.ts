import type { Manifest } from '../../domain/change-set.ts';
import type { EventOf, PatchSetRef, WorkflowEvent } from '../../domain/event.ts';
import type { PatchSetId, Sha256 } from '../../domain/ids.ts';
import { hashCanonical } from '../../schema/canonical-json.ts';
import { domainEventOf } from '../fold.ts';
import type { ProblemCode } from './problem.ts';

// The rules about approvals and writes, checked from the records alone and without the state machine: should `transition`
// ever have a hole, this still finds a write that nobody approved.

interface Revision {
  readonly proposed: EventOf<'E_PATCH_SET_PROPOSED'>['body'];
  readonly manifest: Manifest | null;
  /** The envelope's policy when the policy was evaluated. */
  judgedUnder: Sha256 | null;
  approved: boolean;
  appliedCommit: string | null;
  lastSeen: { readonly head: string; readonly tree: string } | null;
}

export interface RuleBreak {
  readonly code: ProblemCode;
  readonly message: string;
  readonly expected: string | null;
  readonly found: string | null;
}

export class WriteRules {
  #created: EventOf<'E_WORKFLOW_CREATED'>['body'] | null = null;
  readonly #artifacts = new Map<string, Sha256>();
  readonly #current = new Map<PatchSetId, Revision>();

  /** Looks at the next record. `manifest` is the one that a proposal's digest names, when it could be read. */
  observe(record: WorkflowEvent, manifest: Manifest | null): readonly RuleBreak[] {
    const event = domainEventOf(record);
    switch (event.type) {
      case 'E_WORKFLOW_CREATED':
        this.#created = event.body;
        return [];
      case 'E_ARTIFACT_RECORDED':
        this.#artifacts.set(event.body.artifact, event.body.document);
        return [];
      case 'E_PATCH_SET_PROPOSED':
        this.#current.set(event.body.patchSet, { proposed: event.body, manifest, judgedUnder: null, approved: false, appliedCommit: null, lastSeen: null });
        return manifest ? this.#checkManifest(event.body, manifest, record.workflow) : [];
      case 'E_POLICY_EVALUATED':
        return this.#onPolicy(event.body, record.policy);
      case 'E_APPROVAL_RECORDED':
        return this.#onApproval(event.body, record.policy);
      case 'E_WRITE_INTENDED':
        return [...this.#onWrite(event.body), ...this.#samePolicy(event.body, record.policy), ...this.#sameTree(event.body, event.body.resultTree)];
      case 'E_PATCH_SET_APPLIED':
        return this.#onApplied(event.body);
      case 'E_PR_OPENED':
        return [...this.#onWrite(event.body), ...this.#sameHead(event.body, event.body.head)];
      case 'E_CI_OBSERVED':
        return this.#onObserved(event.body);
      case 'E_GATE_EVALUATED':
        return event.body.gate === 5 && event.body.outcome === 'PASS' && event.body.subject ? this.#onVerified(event.body.subject) : [];
      default:
        return [];
    }
  }

  #find(ref: PatchSetRef): Revision | null {
    const found = this.#current.get(ref.patchSet);
    return found && found.proposed.digest === ref.digest && found.proposed.revision === ref.revision ? found : null;
  }

  #onPolicy(body: EventOf<'E_POLICY_EVALUATED'>['body'], policy: Sha256): readonly RuleBreak[] {
    const found = this.#find(body);
    if (!found) return [];
    found.judgedUnder = policy;
    return [
      ...differ('manifest-mismatch', 'The policy that judged the PatchSet is not the one its manifest names.', found.manifest?.policy, body.policy),
      ...differ('manifest-mismatch', "The policy's result is not the one the manifest names.", found.manifest?.policyResult, body.result),
    ];
  }

  #onApproval(body: EventOf<'E_APPROVAL_RECORDED'>['body'], policy: Sha256): readonly RuleBreak[] {
    const current = this.#current.get(body.patchSet);
    const found = this.#find(body);
    if (!found) {
      const expected = current ? `r${current.proposed.revision} sha256:${current.proposed.digest}` : 'a PatchSet that exists';
      return [{ code: 'approval-not-current', message: `The approval of ${body.patchSet} names a digest that was not current.`, expected, found: `r${body.revision} sha256:${body.digest}` }];
    }
    const listed = this.#created?.approvers ?? [];
    const isListed = listed.some((approver) => approver.toLowerCase() === body.login.toLowerCase());
    found.approved = isListed;
    const breaks = [...this.#samePolicy(body, policy)];
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
      ['patches', hashCanonical(body.patches), hashCanonical(manifest.patches)],
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
