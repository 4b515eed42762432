import type { Manifest } from '../domain/change-set.ts';
import type { Sha256, WorkflowId } from '../domain/ids.ts';
import { patchSetIdOf, type Workflow } from '../domain/workflow.ts';
import { createManifest } from '../change-set/manifest.ts';
import { parsePatchArtifact, type PatchArtifact } from '../schema/think.ts';
import { createProposal, rebuildChangeSet } from './change.ts';
import { readDocuments } from './documents.ts';
import { humanActor, type Draft } from './draft.ts';
import { followUp } from './follow-up.ts';
import { GIVEN_ID, resumedBy, resumedForProposal } from './given-change.ts';
import { openAll, storeOf } from './ingest.ts';
import { judgeProposal, manifestContext, sum, type Judged } from './judge-patch.ts';
import type { Ports, StepReport } from './ports.ts';
import { record, requireWorkflow } from './record.ts';
import { isRedacted } from './redaction.ts';
import { annotationsOf, policyPart } from './render-policy.ts';
import { recordCalls, refusedRun } from './think-call.ts';

const SECRETS = 'secrets';
// GitHub drops a summary of more than 1 MiB; the policy result in the ledger has everything.
const SUMMARY_CHARACTERS_MAX = 250_000;
const REDACTED = 'The proposal holds the mark of a secret that was taken out when it was read ("[redacted: …]"). Give the change without the secret, and revoke it where it was issued.';

const SECRET_NAME = 'A file that it adds has a name that looks like a secret. Give it another name, and revoke the secret where it was issued.';

type RecordPatchPorts = Pick<Ports, 'job' | 'ledger' | 'control' | 'repos' | 'writer'>;

type Examined =
  | { readonly kind: 'judged'; readonly artifact: PatchArtifact; readonly judged: readonly Judged[] }
  | { readonly kind: 'paused'; readonly artifact: PatchArtifact | null; readonly code: string; readonly reason: string; readonly questions: readonly { id: string; question: string }[]; /** What the think job handed over did not hold. */ readonly refused: boolean };

/** Record: rebuild every change set from the pinned base, judge it, ask Gate 3, append, and ask for the countersignatures. */
export async function recordPatch(ports: RecordPatchPorts, input: { readonly workflow: WorkflowId; readonly artifact: Uint8Array | null }): Promise<StepReport> {
  const { workflow } = await requireWorkflow(ports, input.workflow);
  if (workflow.pause?.resumes === 'INGESTED') return recordHandedOver(ports, workflow, input.artifact);
  const examined = takesPatches(resumedBy(workflow, ports.job) ? resumedForProposal(workflow) : workflow) ? await examine(ports, workflow, input.artifact) : null;
  const recorded = await record(ports, workflow.id, (draft) => {
    if (!examined) return;
    const person = examined.kind === 'judged' ? resumedBy(draft.workflow, ports.job) : null;
    if (person) draft.record('E_CONTEXT_PROVIDED', { login: person.login, answers: [] }, { actor: humanActor(person.login, person.id) });
    if (!takesPatches(draft.workflow)) return;
    if (examined.artifact) recordCalls(draft, examined.artifact.calls, draft.workflow.contextHash);
    if (examined.kind === 'paused') pause(draft, examined);
    else recordJudged(draft, examined.judged);
  });
  const report = await followUp(ports, recorded);
  return examined?.kind === 'judged' ? withPolicy(report, examined.judged) : report;
}

/** A change that was handed over before there is a design: the answer of the listed person who started the run. */
async function recordHandedOver(ports: RecordPatchPorts, { id }: Workflow, bytes: Uint8Array | null): Promise<StepReport> {
  const parsed = bytes === null ? null : parsePatchArtifact(bytes);
  const given = parsed?.kind === 'valid' && parsed.value.workflow === id ? parsed.value.given : null;
  const recorded = await record(ports, id, (draft) => {
    const person = resumedBy(draft.workflow, ports.job, 'INGESTED');
    if (person && given !== null) draft.record('E_CONTEXT_PROVIDED', { login: person.login, answers: [{ id: GIVEN_ID, answer: given }] }, { actor: humanActor(person.login, person.id) });
  });
  return followUp(ports, recorded);
}

/** What the policy found, in the run that asked it: who proposed the change looks there. */
function withPolicy(report: StepReport, judged: readonly Judged[]): StepReport {
  const objecting = judged.filter(({ policy }) => policy.block + policy.warn > 0);
  const parts = objecting.map(({ patchSet, pinned, policy }) => policyPart(policy, `Policy on ${patchSet} (${pinned.repo})`));
  return { ...report, summary: [report.summary, ...parts].join('\n\n').slice(0, SUMMARY_CHARACTERS_MAX), annotations: objecting.flatMap(({ patchSet, pinned, policy }) => annotationsOf(policy, `${patchSet} ${pinned.repo}`)) };
}

const takesPatches = ({ status }: Workflow): boolean => status === 'INGESTED' || status === 'PATCHES_PROPOSED';

const refused = (artifact: PatchArtifact | null, code: string, reason: string): Examined => ({ kind: 'paused', artifact, code, reason, questions: [], refused: true });

async function examine(ports: RecordPatchPorts, workflow: Workflow, bytes: Uint8Array | null): Promise<Examined> {
  if (!bytes) return refused(null, 'artifact-refused', 'The patch job left no artifact. Its log says why; /retry starts it again.');
  const parsed = parsePatchArtifact(bytes);
  if (parsed.kind === 'invalid') return refused(null, 'artifact-refused', parsed.reason);
  const artifact = parsed.value;
  if (artifact.workflow !== workflow.id) return refused(null, 'artifact-refused', `The artifact speaks of ${artifact.workflow}, not of ${workflow.id}.`);
  if (artifact.failure) return { kind: 'paused', artifact, ...artifact.failure, refused: false };
  if (artifact.proposals.length === 0) return refused(artifact, 'no-proposal', 'The proposer gave no change. Add the change to the issue or answer with it.');
  return judgeAll(ports, workflow, artifact);
}

async function judgeAll(ports: RecordPatchPorts, workflow: Workflow, artifact: PatchArtifact): Promise<Examined> {
  const documents = await readDocuments(ports, workflow);
  const judge = { config: ports.job.config, today: ports.job.clock.now().slice(0, 10) };
  const stores = await openAll(ports, workflow.repos.filter(({ repo }) => artifact.proposals.some((proposal) => proposal.repo === repo)));
  try {
    const judged: Judged[] = [];
    for (const { repo, patchSet, parts } of artifact.proposals) {
      const index = workflow.repos.findIndex((candidate) => candidate.repo === repo);
      const pinned = workflow.repos[index];
      if (!pinned || patchSetIdOf(index) !== patchSet) return refused(artifact, 'artifact-refused', `The artifact proposes ${patchSet} for ${repo}, which this workflow does not have.`);
      if (judged.some((other) => other.patchSet === patchSet)) return refused(artifact, 'artifact-refused', `The artifact proposes ${patchSet} twice.`);
      if (stands(workflow, patchSet)) return refused(artifact, 'artifact-refused', `The artifact proposes ${patchSet} again, which stands: nobody asked for a new revision.`);
      const proposal = createProposal(repo, parts);
      const rebuilt = await rebuildChangeSet(proposal, pinned, storeOf(stores, repo));
      const wasRedacted = parts.some(({ text }) => isRedacted(text));
      if (rebuilt.kind === 'failed') return refused(artifact, rebuilt.code, `${patchSet} (${repo}): ${rebuilt.message}${wasRedacted ? ` ${REDACTED}` : ''}`);
      // Names stand in events and manifests as they are: such a proposal is not stored at all.
      if (rebuilt.changeSet.changes.some(({ op, path }) => op === 'add' && ports.job.redact(path).redacted.length > 0)) return refused(artifact, 'secret-in-a-name', `${patchSet} (${repo}): ${SECRET_NAME}`);
      const verdict = await judgeProposal(judge, { documents, pinned, patchSet, proposal, rebuilt, store: storeOf(stores, repo) });
      // The rule `secrets` blocks such a mark; where it is off, a person must not countersign one by mistake.
      if (wasRedacted && verdict.policy.block === 0) return refused(artifact, 'redacted-proposal', `${patchSet} (${repo}): ${REDACTED}`);
      judged.push(verdict);
    }
    return { kind: 'judged', artifact, judged };
  } finally {
    await Promise.all([...stores.values()].map(async (store) => store.close()));
  }
}

function stands(workflow: Workflow, id: string): boolean {
  const patchSet = workflow.patchSets.find((known) => known.id === id);
  return patchSet?.gate3?.outcome === 'PASS' && !patchSet.changesRequested;
}

function recordJudged(draft: Draft, judged: readonly Judged[]): void {
  const spent = judged.find(({ patchSet }) => revisionOf(draft, patchSet) >= draft.workflow.limits.revisionsMax);
  if (spent) return pauseAtLimit(draft, spent.patchSet);
  for (const each of judged) {
    if (draft.workflow.status !== 'INGESTED' && draft.workflow.status !== 'PATCHES_PROPOSED') break;
    recordOne(draft, each);
  }
  if (draft.workflow.status === 'BLOCKED_POLICY') return draft.close(blockedReason(judged));
  pauseAtFailedGate(draft, judged);
}

function recordOne(draft: Draft, { patchSet, pinned, ...judged }: Judged): void {
  const { changeSet, stats, patches } = judged;
  const revision = revisionOf(draft, patchSet) + 1;
  const { proposal, diff } = attachChange(draft, `${patchSet}-r${revision}`, judged);
  const policyResult = draft.attachExactJson(`${patchSet}-r${revision}-policy.json`, judged.policy);
  const gate3 = draft.attachExactJson(`${patchSet}-r${revision}-gate-3.json`, judged.gate3);
  const manifest = createManifest(changeSet, manifestContext(draft.workflow, { patchSet, revision, pinned, judged, hashes: { diff, policyResult, gate3 } }));
  const digest = draft.attachExactJson(`${patchSet}-r${revision}-manifest.json`, manifest satisfies Manifest);
  const ref = { patchSet, revision, digest };
  const added = sum(stats, 'added');
  const removed = sum(stats, 'removed');
  draft.record('E_PATCH_SET_PROPOSED', { ...ref, repo: pinned.repo, resultTree: changeSet.result.tree, diff, proposal, patches: [...patches], stats: { files: changeSet.changes.length, added, removed } }, { evidence: [digest, diff, proposal] });
  const { policy, block, warn } = judged.policy;
  // A blocked PatchSet is asked no Gate 3, but its manifest binds what Gate 3 found: that is kept here.
  const evidence = block > 0 ? [policyResult, gate3] : [policyResult];
  draft.record('E_POLICY_EVALUATED', { ...ref, policy, result: policyResult, block, warn }, { evidence });
  if (draft.workflow.status !== 'PATCHES_PROPOSED') return;
  const { outcome, failure, checks } = judged.gate3;
  const reasons = checks.filter((check) => check.outcome !== 'PASS').map(({ reason }) => reason).slice(0, 50);
  draft.record('E_GATE_EVALUATED', { gate: 3, subject: ref, outcome, failure, reasons, result: gate3 }, { evidence: [gate3] });
}

/**
 * The change as evidence, byte for byte: it can be rebuilt from it. Only what the policy blocks for a secret is stored
 * without it; nobody can approve that. Where the owner lets the rule pass, it goes into the pull request as it is.
 */
function attachChange(draft: Draft, name: string, { proposal, diff, policy }: Pick<Judged, 'proposal' | 'diff' | 'policy'>): { proposal: Sha256; diff: Sha256 } {
  const exposes = policy.rules.some(({ rule, violations }) => rule === SECRETS && violations.some(({ severity }) => severity === 'BLOCK'));
  if (!exposes) return { proposal: draft.attachExactJson(`${name}-proposal.json`, proposal), diff: draft.attach(`${name}.diff`, 'text/x-diff', diff) };
  return { proposal: draft.attachJson(`${name}-proposal.json`, proposal), diff: draft.attachText(`${name}.diff`, 'text/x-diff', new TextDecoder().decode(diff)) };
}

function blockedReason(judged: readonly Judged[]): string {
  const violations = judged.flatMap(({ policy }) => policy.rules.flatMap((rule) => rule.violations)).filter(({ severity }) => severity === 'BLOCK');
  const [first] = violations;
  const rest = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
  return first ? `Blocked by rule ${first.rule}: ${first.message}${rest}`.slice(0, 1_000) : 'Blocked by the policy.';
}

const revisionOf = (draft: Draft, patchSet: string): number => draft.workflow.patchSets.find(({ id }) => id === patchSet)?.revision ?? 0;

function pauseAtLimit(draft: Draft, patchSet: string): void {
  const reason = `${patchSet} needs another revision and has used its ${draft.workflow.limits.revisionsMax}. The limit is fixed for this workflow: /cancel ends it, and the issue can be started anew.`;
  draft.record('E_NEEDS_HUMAN', { code: 'limit-reached', reason, questions: [], resumes: draft.workflow.status });
}

// A PatchSet that the policy does not block but Gate 3 refuses waits for a person, unless a new proposal is on its way already.
function pauseAtFailedGate(draft: Draft, judged: readonly Judged[]): void {
  if (draft.workflow.status !== 'PATCHES_PROPOSED') return;
  const failed = judged.find(({ gate3, policy }) => gate3.outcome === 'FAIL' && policy.block === 0);
  if (!failed) return;
  const reasons = failed.gate3.checks.filter((check) => check.outcome === 'FAIL').map(({ reason }) => reason);
  draft.record('E_NEEDS_HUMAN', { code: 'gate-3', reason: `Gate 3 refuses ${failed.patchSet}: ${reasons.join(' ')}`.slice(0, 2_000), questions: [], resumes: 'PATCHES_PROPOSED' });
}

function pause(draft: Draft, { code, reason, questions, ...paused }: Extract<Examined, { kind: 'paused' }>): void {
  if (paused.refused) draft.record('E_RUN_RECORDED', refusedRun('patch', reason));
  draft.record('E_NEEDS_HUMAN', { code, reason: reason.slice(0, 2_000), questions: [...questions], resumes: draft.workflow.status });
}

