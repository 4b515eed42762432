import type { Manifest } from '../../domain/change-set.ts';
import type { Actor, EventBodies, EventType, PatchSetRef, RunRef } from '../../domain/event.ts';
import type { Oid, Sha256, WorkflowId } from '../../domain/ids.ts';
import type { Workflow, WorkflowRepo } from '../../domain/workflow.ts';
import type { LedgerFile } from '../../ports/ledger-store.ts';
import { canonicalJson, hashCanonical } from '../../schema/canonical-json.ts';
import type { MediaType } from '../../schema/events.ts';
import { sha256 } from '../../schema/sha256.ts';
import type { LoadedWorkflow } from '../load.ts';
import { planAppend, type EvidenceInput, type PendingEvent } from '../plan-append.ts';
import { sampleDocument, sampleGateResult, samplePolicyResult } from './documents.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const POLICY: Sha256 = sha256(encode('policy'));
const PERSON: Actor = { kind: 'human', login: 'octocat', id: 1 };
const WORKFLOW: Actor = { kind: 'workflow', login: null, id: null };
const RUN: RunRef = { repository: 'local/control', id: 1014, attempt: 1, job: 'record', workflowRef: 'local/control/.github/workflows/start.yml@refs/heads/main', workflowSha: 'c'.repeat(40) };
const NO_TIP: Oid = '0'.repeat(40);
const oidOf = (text: string): Oid => sha256(encode(text)).slice(0, 40);

/** What one commit of a sample ledger adds. */
export interface SampleCommit {
  readonly message: string;
  readonly files: readonly LedgerFile[];
}

/**
 * A whole workflow over two repositories from its creation to DONE, in the seven commits that the jobs make: 33 events
 * with their evidence. It holds in every respect; the same id gives the same bytes. For benchmarks and tests.
 */
export function sampleLife(id: WorkflowId, ledger: string): readonly SampleCommit[] {
  const life = new Life(id, ledger);
  life.design();
  life.proposals();
  life.requests();
  life.approvals();
  life.writes();
  life.verification();
  return life.commits;
}

class Life {
  readonly commits: SampleCommit[] = [];
  readonly #id: WorkflowId;
  readonly #repos: readonly WorkflowRepo[];
  #loaded: LoadedWorkflow;
  #entries: PendingEvent[] = [];
  #evidence: EvidenceInput[] = [];
  #key = 0;
  #contextHash: Sha256 = '';
  readonly #artifacts = new Map<string, Sha256>();
  readonly #gateResults: Sha256[] = [];
  readonly #patchSets: { readonly id: string; readonly repo: WorkflowRepo; readonly resultTree: Oid; readonly ref: PatchSetRef }[] = [];

  constructor(id: WorkflowId, ledger: string) {
    this.#id = id;
    this.#repos = ['local/api', 'local/web'].map((repo, index) => ({ repo, role: index === 0 ? 'primary' : 'secondary', baseBranch: 'main', baseCommit: oidOf(`${repo} commit`), baseTree: oidOf(`${repo} tree`) }));
    this.#loaded = { id, workflow: null, events: [], tip: NO_TIP, ledger, lastHash: null };
  }

  design(): void {
    const text = this.#attach('issue.md', 'text/markdown', encode(`# Retry-After is ignored\n\nSeen in ${this.#id}.\n`));
    const limits = { regenerationsMax: 2, ciRegenerationsMax: 1, revisionsMax: 5, ciTimeoutSeconds: 3600, approvalExpiresHours: 72, costMicroUsdMax: null };
    const source = { kind: 'issue' as const, repo: 'local/api', number: 1, url: 'http://github.localhost:4180/local/api/issues/1', title: 'Retry-After is ignored', author: 'octocat', revision: text };
    this.#record('E_WORKFLOW_CREATED', { source, issueText: text, repos: this.#repos, approvers: ['octocat'], limits, trackingIssue: null }, [text]);
    const repos = this.#repos.map(({ repo, baseCommit, baseTree }) => ({ repo, commit: baseCommit, tree: baseTree }));
    this.#contextHash = this.#json('context.json', { format: 'countersign/context@1', repos, shown: [], cutOff: [], budgetBytes: 0, tools: [], promptTemplates: [] });
    this.#record('E_CONTEXT_INGESTED', { contextHash: this.#contextHash, manifest: this.#contextHash, repos: repos.map((repo) => ({ ...repo, files: 38, cutOff: 0 })) }, [this.#contextHash]);
    for (const kind of ['decision', 'architecture', 'scope', 'plan', 'gates'] as const) {
      const document = this.#json(`${kind}.json`, sampleDocument(kind, { workflow: this.#id, contextHash: this.#contextHash, repos: this.#repos, nonce: 'sample' }));
      const shown = this.#attach(`${kind}.md`, 'text/markdown', encode(`# ${kind}\n\n${'As it stands in the document for machines, told for people.\n'.repeat(30)}\n${this.#id}\n`));
      this.#artifacts.set(kind, document);
      if (kind === 'decision') this.#record('E_DECISION_RECORDED', { verdict: 'GO', document, reasons: ['It is small.'], questions: [] }, [document, shown]);
      else this.#record('E_ARTIFACT_RECORDED', { artifact: kind, document }, [document, shown]);
    }
    for (const gate of [0, 1, 2] as const) this.#gateResults.push(this.#gate(gate, 'PASS'));
    this.#commit();
  }

  proposals(): void {
    this.#repos.forEach((repo, index) => this.#propose(repo, `ps-${index + 1}`));
    this.#commit();
  }

  #propose(repo: WorkflowRepo, patchSet: string): void {
    const diff = this.#attach(`${patchSet}.diff`, 'text/x-diff', encode(`diff --git a/src/client.js b/src/client.js\n+${this.#id}\n${'+a line of the change\n'.repeat(60)}`));
    const proposal = this.#json(`${patchSet}-proposal.json`, { format: 'countersign/proposal@1', parts: [{ format: 'edits', text: `${this.#id}\n${'a line of the proposal\n'.repeat(60)}` }] });
    const policyResult = this.#json(`${patchSet}-policy.json`, samplePolicyResult(repo.repo, POLICY));
    const gate3 = this.#json(`${patchSet}-gate-3.json`, sampleGateResult(3, 'PASS', { subject: null, nonce: `${this.#id} ${patchSet}` }));
    const resultTree = oidOf(`${this.#id} ${patchSet}`);
    const patches = [{ id: 'patch-T1', task: 'T1', paths: ['src/client.js'] }];
    const manifest: Manifest = {
      format: 'countersign/manifest@1',
      workflow: this.#id,
      patchSet,
      revision: 1,
      repo: repo.repo,
      base: { branch: repo.baseBranch, commit: repo.baseCommit, tree: repo.baseTree },
      result: { tree: resultTree },
      changes: [{ path: 'src/client.js', op: 'modify', oldMode: '100644', newMode: '100644', oldBlob: oidOf('old'), newBlob: oidOf(`new ${this.#id}`) }],
      patches,
      diff,
      scope: this.#artifacts.get('scope') ?? '',
      plan: this.#artifacts.get('plan') ?? '',
      gates: this.#artifacts.get('gates') ?? '',
      gateResults: hashCanonical([...this.#gateResults, gate3]),
      policy: POLICY,
      policyResult,
      issueRevision: this.#loaded.workflow?.source.revision ?? '',
    };
    const digest = this.#json(`${patchSet}-manifest.json`, manifest);
    const ref = { patchSet, revision: 1, digest };
    this.#patchSets.push({ id: patchSet, repo, resultTree, ref });
    this.#record('E_PATCH_SET_PROPOSED', { ...ref, repo: repo.repo, resultTree, diff, proposal, patches, stats: { files: 1, added: 61, removed: 0 } }, [digest, diff, proposal]);
    this.#record('E_POLICY_EVALUATED', { ...ref, policy: POLICY, result: policyResult, block: 0, warn: 0 }, [policyResult]);
    this.#record('E_GATE_EVALUATED', { gate: 3, subject: ref, outcome: 'PASS', failure: null, reasons: [], result: gate3 }, [gate3]);
  }

  requests(): void {
    this.#refs().forEach((ref, index) => this.#record('E_APPROVAL_REQUESTED', { ...ref, runId: 1021 + index, url: `http://github.localhost:4180/local/control/actions/runs/${1021 + index}` }));
    this.#commit();
  }

  approvals(): void {
    const refs = this.#refs();
    refs.forEach((ref, index) => {
      this.#run = { ...RUN, id: 1021 + index, job: 'write' };
      const complete = index === refs.length - 1;
      this.#record('E_APPROVAL_RECORDED', { ...ref, login: 'octocat', userId: 1, environment: 'countersign-approval', runId: 1021 + index, comment: 'fine', expires: '2099-01-01T00:00:00Z' });
      this.#gate(4, complete ? 'PASS' : 'WAITING');
      if (complete) this.#patchSets.forEach(({ repo, resultTree, id, ref: approved }) => this.#record('E_WRITE_INTENDED', { ...approved, repo: repo.repo, branch: `countersign/${this.#id}/${id}`, baseCommit: repo.baseCommit, resultTree }));
      this.#commit();
    });
    this.#run = RUN;
  }

  writes(): void {
    for (const { repo, resultTree, id, ...patchSet } of this.#patchSets) {
      const ref = { ...patchSet.ref, repo: repo.repo };
      const commit = oidOf(`${this.#id} ${id} commit`);
      this.#record('E_PATCH_SET_APPLIED', { ...ref, branch: `countersign/${this.#id}/${id}`, commit, tree: resultTree, verified: true });
      this.#record('E_PR_OPENED', { ...ref, number: 2, url: `http://github.localhost:4180/${repo.repo}/pull/2`, head: commit });
    }
    this.#commit();
  }

  verification(): void {
    for (const { repo, resultTree, id, ref } of this.#patchSets) {
      this.#record('E_CI_OBSERVED', { ...ref, repo: repo.repo, head: oidOf(`${this.#id} ${id} commit`), tree: resultTree, conclusion: 'passed', checks: [{ context: 'test', required: true, state: 'passed' }] });
      this.#gate(5, 'PASS', ref);
    }
    this.#record('E_WORKFLOW_FINISHED', { outcome: 'DONE', reason: 'Every check passed.' });
    this.#commit();
  }

  #refs = (): readonly PatchSetRef[] => this.#patchSets.map(({ ref }) => ref);

  #gate(gate: 0 | 1 | 2 | 4 | 5, outcome: 'PASS' | 'WAITING', subject: PatchSetRef | null = null): Sha256 {
    const result = this.#json(`gate-${gate}.json`, sampleGateResult(gate, outcome, { subject, nonce: this.#id }));
    this.#record('E_GATE_EVALUATED', { gate, subject, outcome, failure: null, reasons: [], result }, [result]);
    return result;
  }

  #attach(name: string, mediaType: MediaType, bytes: Uint8Array): Sha256 {
    this.#evidence.push({ name, mediaType, bytes });
    return sha256(bytes);
  }

  #json = (name: string, value: unknown): Sha256 => this.#attach(name, 'application/json', canonicalJson(value));

  #record<T extends EventType>(type: T, body: EventBodies[T], evidence: readonly Sha256[] = []): void {
    // The pair of type and body is right by the signature; the compiler loses it in the union.
    this.#entries.push({ type, body, actor: type === 'E_APPROVAL_RECORDED' ? PERSON : WORKFLOW, evidence, idempotencyKey: `sample.${++this.#key}` } as PendingEvent);
    if (type === 'E_WORKFLOW_CREATED') this.#commitQuietly();
  }

  // The first event makes the workflow that the rest of its commit refers to; its own files join that commit.
  #held: LedgerFile[] = [];
  #run = RUN;
  #commitQuietly(): void {
    this.#held = [...this.#plan().files];
  }

  #commit(): void {
    const { message, files } = this.#plan();
    this.commits.push({ message, files: [...this.#held, ...files] });
    this.#held = [];
  }

  #plan(): SampleCommit {
    const plan = planAppend(this.#loaded, { entries: this.#entries, evidence: this.#evidence }, { run: this.#run, policy: POLICY, at: '2026-11-22T10:00:00Z' });
    if (plan.kind === 'refused') throw new TypeError(`The sample life stopped: ${plan.reason}`);
    const last = plan.commit.files.filter(({ path }) => !path.includes('/evidence/')).at(-1);
    const workflow: Workflow = plan.workflow;
    this.#loaded = { ...this.#loaded, workflow, events: [...this.#loaded.events, ...plan.events], lastHash: last ? sha256(last.bytes) : this.#loaded.lastHash };
    this.#entries = [];
    this.#evidence = [];
    return { message: plan.commit.message, files: plan.commit.files };
  }
}
