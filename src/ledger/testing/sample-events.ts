import type { Manifest } from '../../domain/change-set.ts';
import type { EventBodies, EventType } from '../../domain/event.ts';
import type { Oid, PatchSetId, Sha256, WorkflowId } from '../../domain/ids.ts';
import { findPatchSet, type PatchSetState, type Workflow, type WorkflowRepo } from '../../domain/workflow.ts';
import type { Random } from '../../ports/clock.ts';
import { canonicalJson, hashCanonical } from '../../schema/canonical-json.ts';
import { sha256 } from '../../schema/sha256.ts';
import { sampleDocument, sampleGateResult, samplePolicyResult } from '../sample/documents.ts';
import type { AppendRequest, EvidenceInput, PendingEvent } from '../plan-append.ts';

export const RUN = { repository: 'local/control', id: 7, attempt: 1, job: 'record', workflowRef: 'local/control/.github/workflows/start.yml@refs/heads/main', workflowSha: 'c'.repeat(40) };
export const POLICY: Sha256 = sha256(new TextEncoder().encode('policy'));
const OCTOCAT: PendingEvent['actor'] = { kind: 'human', login: 'octocat', id: 1 };
export const CONTEXT = { run: RUN, policy: POLICY };

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const json = (name: string, value: unknown): EvidenceInput => ({ bytes: canonicalJson(value), mediaType: 'application/json', name });
const hashOf = (input: EvidenceInput): Sha256 => sha256(input.bytes);

/** One append's worth of an event with its evidence. */
export type Sample = AppendRequest;

/** Makes records that the state machine accepts in a workflow over `repos`, with the evidence that they need. */
export class SampleEvents {
  readonly id: WorkflowId;
  readonly repos: readonly WorkflowRepo[];
  readonly #random: Random;
  #key = 0;
  #workflow: Workflow | null = null;
  // What the manifest of each digest binds: the policy's result and Gate 3's.
  readonly #bound = new Map<Sha256, { readonly policy: EvidenceInput; readonly gate3: EvidenceInput; readonly block: number; readonly outcome: 'PASS' | 'FAIL' }>();

  constructor(id: WorkflowId, repoCount: number, random: Random) {
    this.id = id;
    this.#random = random;
    this.repos = Array.from({ length: repoCount }, (_, index) => ({
      repo: `local/repo-${index + 1}`,
      role: index === 0 ? 'primary' : 'secondary',
      baseBranch: 'main',
      baseCommit: this.#oid(),
      baseTree: this.#oid(),
    }));
  }

  /** Says how the workflow stands: what is made from here on fits it. */
  look(workflow: Workflow | null): void {
    this.#workflow = workflow;
  }

  created(): Sample {
    const text = { bytes: encode(`# Issue\n\nSomething is wrong in ${this.id}.\n`), mediaType: 'text/markdown', name: 'issue' } as const;
    return this.#one(
      'E_WORKFLOW_CREATED',
      {
        source: { kind: 'issue', repo: 'local/repo-1', number: 1, url: 'http://github.localhost:4180/local/repo-1/issues/1', title: 'Something is wrong', author: 'octocat', revision: hashOf(text) },
        issueText: hashOf(text),
        repos: this.repos,
        approvers: ['octocat', 'hubot'],
        limits: { regenerationsMax: 2, ciRegenerationsMax: 1, revisionsMax: 5, ciTimeoutSeconds: 3600, approvalExpiresHours: 72, costMicroUsdMax: null },
        trackingIssue: null,
      },
      [text],
    );
  }

  ingested(): Sample {
    const repos = this.repos.map((repo) => ({ repo: repo.repo, commit: repo.baseCommit, tree: repo.baseTree }));
    const manifest = json('context manifest', { format: 'countersign/context@1', repos, shown: [], cutOff: [], budgetBytes: 0, tools: [], promptTemplates: [{ role: 'triage', hash: this.#sha() }] });
    return this.#one('E_CONTEXT_INGESTED', { contextHash: hashOf(manifest), manifest: hashOf(manifest), repos: repos.map((repo) => ({ ...repo, files: 38, cutOff: 0 })) }, [manifest]);
  }

  decided(verdict: 'GO' | 'NO_GO' | 'DEFER' = 'GO'): Sample {
    const document = json('decision', sampleDocument('decision', this.#context(), verdict));
    const questions = verdict === 'DEFER' ? [{ id: 'u1', question: 'Which one?' }] : [];
    return this.#one('E_DECISION_RECORDED', { verdict, document: hashOf(document), reasons: ['It is small.'], questions }, [document]);
  }

  artifact(artifact: 'architecture' | 'scope' | 'plan' | 'gates'): Sample {
    const document = json(artifact, sampleDocument(artifact, this.#context()));
    return this.#one('E_ARTIFACT_RECORDED', { artifact, document: hashOf(document) }, [document]);
  }

  gate(gate: 0 | 1 | 2 | 3 | 4 | 5, asked: 'PASS' | 'FAIL' | 'WAITING' = 'PASS', patchSet: PatchSetState | null = null): Sample {
    const bound = gate === 3 && patchSet ? this.#bound.get(patchSet.digest) : undefined;
    const outcome = bound?.outcome ?? asked;
    const result = bound?.gate3 ?? json(`gate ${gate}`, sampleGateResult(gate, outcome, { subject: patchSet && refOf(patchSet), nonce: this.#random.hex(4) }));
    const failure = outcome === 'FAIL' ? 'invalid' : null;
    return this.#one('E_GATE_EVALUATED', { gate, subject: patchSet && refOf(patchSet), outcome, failure, reasons: [], result: hashOf(result) }, [result]);
  }

  /** The next revision for the repository at `index`. */
  proposed(workflow: Workflow, index: number, { block = 0, outcome = 'PASS' }: { readonly block?: number; readonly outcome?: 'PASS' | 'FAIL' } = {}): Sample {
    const repo = this.repos[index]!;
    const policy = json('policy result', samplePolicyResult(repo.repo, POLICY, block));
    const gate3 = json('gate 3', sampleGateResult(3, outcome, { subject: null, nonce: this.#random.hex(4) }));
    const patchSet: PatchSetId = `ps-${index + 1}`;
    const diff = { bytes: encode(`diff --git a/f b/f\n+${this.#random.hex(4)}\n`), mediaType: 'text/x-diff', name: 'diff' } as const;
    const proposal = json('proposal', { edits: this.#random.hex(4) });
    const patches = [{ id: 'p1', task: 'T1', paths: ['f'] }];
    const revision = (findPatchSet(workflow, patchSet)?.revision ?? 0) + 1;
    const manifest: Manifest = {
      format: 'countersign/manifest@1',
      workflow: this.id,
      patchSet,
      revision,
      repo: repo.repo,
      base: { branch: repo.baseBranch, commit: repo.baseCommit, tree: repo.baseTree },
      result: { tree: this.#oid() },
      changes: [{ path: 'f', op: 'add', oldMode: null, newMode: '100644', oldBlob: null, newBlob: this.#oid() }],
      patches,
      diff: hashOf(diff),
      scope: workflow.artifacts.scope ?? '',
      plan: workflow.artifacts.plan ?? '',
      gates: workflow.artifacts.gates ?? '',
      gateResults: hashCanonical([...([0, 1, 2] as const).map((gate) => workflow.gates[gate]?.result ?? null), hashOf(gate3)]),
      policy: POLICY,
      policyResult: hashOf(policy),
      issueRevision: workflow.source.revision,
    };
    const digest = json('manifest', manifest);
    this.#bound.set(hashOf(digest), { policy, gate3, block, outcome });
    const body = { patchSet, revision, digest: hashOf(digest), repo: repo.repo, resultTree: manifest.result.tree, diff: hashOf(diff), proposal: hashOf(proposal), patches, stats: { files: 1, added: 1, removed: 0 } };
    return this.#one('E_PATCH_SET_PROPOSED', body, [digest, diff, proposal]);
  }

  policy(patchSet: PatchSetState): Sample {
    const { policy, gate3, block } = this.#bound.get(patchSet.digest)!;
    return this.#one('E_POLICY_EVALUATED', { ...refOf(patchSet), policy: POLICY, result: hashOf(policy), block, warn: 0 }, block > 0 ? [policy, gate3] : [policy]);
  }

  requested(patchSet: PatchSetState): Sample {
    return this.#one('E_APPROVAL_REQUESTED', { ...refOf(patchSet), runId: RUN.id, url: `http://github.localhost:4180/local/control/actions/runs/${RUN.id}` });
  }

  approved(patchSet: PatchSetState, login = 'octocat'): Sample {
    const body = { ...refOf(patchSet), login, userId: 1, environment: 'countersign-approval', runId: RUN.id, comment: 'fine', expires: '2027-01-01T00:00:00Z' };
    return this.#one('E_APPROVAL_RECORDED', body, [], { kind: 'human', login, id: 1 });
  }

  changesRequested(patchSet: PatchSetState): Sample {
    return this.#one('E_CHANGES_REQUESTED', { ...refOf(patchSet), login: 'octocat', runId: RUN.id, comment: 'smaller, please' }, [], OCTOCAT);
  }

  rejected(patchSet: PatchSetState): Sample {
    return this.#one('E_PATCH_SET_REJECTED', { ...refOf(patchSet), login: 'octocat', runId: RUN.id, comment: 'no' }, [], OCTOCAT);
  }

  writeIntended(patchSet: PatchSetState): Sample {
    const repo = this.repos.find((candidate) => candidate.repo === patchSet.repo)!;
    return this.#one('E_WRITE_INTENDED', { ...refOf(patchSet), repo: patchSet.repo, branch: this.#branch(patchSet), baseCommit: repo.baseCommit, resultTree: patchSet.resultTree });
  }

  applied(patchSet: PatchSetState): Sample {
    return this.#one('E_PATCH_SET_APPLIED', { ...refOf(patchSet), repo: patchSet.repo, branch: this.#branch(patchSet), commit: this.#oid(), tree: patchSet.resultTree, verified: true });
  }

  prOpened(patchSet: PatchSetState): Sample {
    return this.#one('E_PR_OPENED', { ...refOf(patchSet), repo: patchSet.repo, number: 2, url: 'http://github.localhost:4180/local/repo-1/pull/2', head: patchSet.applied?.commit ?? this.#oid() });
  }

  ciObserved(patchSet: PatchSetState, conclusion: 'passed' | 'failed' | 'pending' = 'passed'): Sample {
    const checks = [{ context: 'test', required: true, state: conclusion }];
    return this.#one('E_CI_OBSERVED', { ...refOf(patchSet), repo: patchSet.repo, head: patchSet.applied?.commit ?? this.#oid(), tree: patchSet.resultTree, conclusion, checks });
  }

  run(): Sample {
    const answer = json('answer', { text: this.#random.hex(8) });
    const body: EventBodies['E_RUN_RECORDED'] = { role: 'triage', outcome: 'succeeded', reason: null, inputs: [], outputs: [hashOf(answer)], contextHash: null, promptTemplate: null, prompt: null, model: 'recipe', parameters: null, tokensIn: null, tokensOut: null, costMicroUsd: null, durationMs: 3 };
    return this.#one('E_RUN_RECORDED', body, [answer], { kind: 'model', login: null, id: null });
  }

  needsHuman(workflow: Workflow): Sample {
    return this.#one('E_NEEDS_HUMAN', { code: 'unclear', reason: 'Something is unclear.', questions: [], resumes: workflow.status });
  }

  answered(): Sample {
    return this.#one('E_CONTEXT_PROVIDED', { login: 'octocat', answers: [{ id: 'u1', answer: 'the first' }] }, [], OCTOCAT);
  }

  cancelled(): Sample {
    return this.#one('E_CANCELLED', { login: 'octocat', reason: 'not needed' }, [], OCTOCAT);
  }

  finished(workflow: Workflow): Sample {
    const outcome = workflow.status as EventBodies['E_WORKFLOW_FINISHED']['outcome'];
    return this.#one('E_WORKFLOW_FINISHED', { outcome, reason: 'It ended.' });
  }

  #one<T extends EventType>(type: T, body: EventBodies[T], evidence: readonly EvidenceInput[] = [], actor: PendingEvent['actor'] = { kind: 'workflow', login: null, id: null }): Sample {
    const entry = { type, body, actor, evidence: evidence.map(hashOf), idempotencyKey: `${this.id}:${this.#key++}` } as unknown as PendingEvent;
    return { entries: [entry], evidence };
  }

  #context = () => ({ workflow: this.id, contextHash: this.#workflow?.contextHash ?? '0'.repeat(64), repos: this.repos, nonce: this.#random.hex(4) });
  #branch = (patchSet: PatchSetState): string => `countersign/${this.id}/${patchSet.id}`;
  #oid = (): Oid => this.#random.hex(20);
  #sha = (): Sha256 => this.#random.hex(32);
}

const refOf = ({ id, revision, digest }: PatchSetState) => ({ patchSet: id, revision, digest });

/** Several samples as one append. */
export const together = (...samples: readonly Sample[]): Sample => ({ entries: samples.flatMap(({ entries }) => entries), evidence: samples.flatMap(({ evidence }) => evidence) });
