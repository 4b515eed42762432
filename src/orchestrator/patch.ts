import type { CountersignConfig } from '../domain/config.ts';
import type { RepositoryContext } from '../domain/context.ts';
import { patchSetIdOf, type PatchSetState, type Workflow } from '../domain/workflow.ts';
import type { RepoName, Sha256, WorkflowId } from '../domain/ids.ts';
import { outstanding } from '../domain/outstanding.ts';
import { inputError, refusedError } from '../domain/errors.ts';
import type { ScratchStore } from '../ports/objects.ts';
import { hashCanonical, parseCanonical } from '../ledger/canonical-json.ts';
import type { ProposeInput, Proposal as RoleProposal } from '../model/roles.ts';
import { TEXT_MAX } from '../schema/fields.ts';
import { parseGateResult, parsePolicyResult } from '../schema/gate-records.ts';
import type { PatchArtifact } from '../schema/think.ts';
import { parseProposal } from './change.ts';
import { GIVEN_ID, pendingGiven, readGiven, resumedForProposal, toChangeBlocks } from './given-change.ts';
import { readDocuments, requireBytes, validRecord } from './documents.ts';
import { ingest, storeOf } from './ingest.ts';
import { issueOf } from './design.ts';
import { recallIntake, type Intake } from './intake.ts';
import type { Ports, StepReport } from './ports.ts';
import { requireWorkflow } from './record.ts';
import { rewriteOnBases, rewriteOnParts, rewriteOpening, type RewriteSources } from './rewrites.ts';
import { storable } from './text.ts';
import { toThinkCall } from './think-call.ts';
import { createTryOut, REASONS_MAX } from './try-out.ts';

type PatchPorts = Pick<Ports, 'job' | 'ledger' | 'repos' | 'proposer' | 'loadGrammar'>;
type Parts = PatchArtifact['proposals'][number]['parts'];

export interface PatchInput {
  readonly workflow: WorkflowId;
  /** A change that another agent or person made at the pinned base: a unified diff or change blocks. Null: none was handed over. */
  readonly given: { readonly text: string; readonly repo: RepoName | null } | null;
}

/** Think: reads the approved design from the ledger by hash and proposes the change. It never writes. */
export async function patch(ports: PatchPorts, input: PatchInput): Promise<{ artifact: PatchArtifact; report: StepReport }> {
  const { workflow, events } = await requireWorkflow(ports, input.workflow);
  if (input.given && workflow.pause?.resumes === 'INGESTED') return handOver(ports, workflow, toChangeBlocks(input.given.text, input.given.repo));
  const wanted = chooseRepositories(input.given ? resumedForProposal(workflow) : workflow);
  const previous = await readPrevious(ports, workflow);
  const markdown = input.given ? toChangeBlocks(input.given.text, input.given.repo) : pendingGiven(events);
  const proposed = await proposeAll(ports, workflow, { wanted, previous, markdown });
  return toArtifact(workflow, { config: ports.job.config, proposed, previous, standing: wanted.standing });
}

/** A change that comes before the design is an answer: the design is made from it, as from one that a comment brings. */
async function handOver(ports: PatchPorts, workflow: Workflow, given: string): Promise<{ artifact: PatchArtifact; report: StepReport }> {
  if (given.length > TEXT_MAX) throw inputError('proposal-too-large', `The proposal has ${given.length} characters; before there is a design, at most ${TEXT_MAX} are taken. Split the change.`);
  const read = await readGiven(given, workflow, rewriteOpening(ports, workflow.repos));
  if (read.kind === 'malformed') throw inputError('malformed-change', read.reason);
  const artifact: PatchArtifact = { format: 'countersign/think@1', stage: 'patch', workflow: workflow.id, proposals: [], given, calls: [], failure: null };
  return { artifact, report: { ok: true, workflow: workflow.id, state: workflow.status, next: '', summary: 'A change was handed over. Next: the record job records it as the answer, and the design is made from it.' } };
}

/** What somebody gave comes first; the proposer is asked for the rest. Both go through the same gates. */
async function proposeAll(ports: PatchPorts, workflow: Workflow, { wanted, previous, markdown }: { wanted: Wanted; previous: ReadonlyMap<RepoName, Parts>; markdown: string | null }): Promise<Made['proposed']> {
  const given = markdown === null ? { kind: 'given' as const, proposals: [] } : await readGiven(markdown, workflow, rewriteOpening(ports, workflow.repos));
  if (given.kind === 'malformed') return { kind: 'failed', code: 'malformed-change', reason: given.reason, questions: [{ id: GIVEN_ID, question: 'Please give the change again, mended.' }], calls: [] };
  const taken = given.proposals.filter(({ repo }) => wanted.open.includes(repo));
  const rest = wanted.ask.filter((repo) => !taken.some((proposal) => proposal.repo === repo));
  if (taken.length > 0) ports.job.log(`taking the change that was given for ${[...new Set(taken.map(({ repo }) => repo))].join(', ')}`);
  if (rest.length === 0) return { kind: 'proposed', proposals: taken, calls: [] };
  const made = await propose(ports, workflow, { ask: rest, previous });
  return made.kind === 'proposed' ? { ...made, proposals: [...taken, ...made.proposals] } : made;
}

/** Which repositories a patch job is asked for. */
export interface Wanted {
  /** Nothing was said against these, only the policy changed: they are proposed again as they are, to be judged anew. */
  readonly standing: readonly RepoName[];
  /** What the proposer is asked for: one revision alone, or everything that is missing. */
  readonly ask: readonly RepoName[];
  /** Every repository that a proposal would be taken for now. */
  readonly open: readonly RepoName[];
}

export function chooseRepositories(workflow: Workflow): Wanted {
  const command = outstanding(workflow).find(({ kind }) => kind === 'propose');
  if (command?.kind !== 'propose') throw refusedError('nothing-to-propose', `${workflow.id} is ${workflow.status}: no patch is wanted now.`);
  const missing = workflow.repos.filter((_, index) => !workflow.patchSets.some(({ id }) => id === patchSetIdOf(index)));
  const wanted = workflow.patchSets.filter(({ id }) => command.patchSets.includes(id));
  const standing = wanted.filter(({ policy, changesRequested }) => !policy && !changesRequested);
  const revised = wanted.filter((patchSet) => !standing.includes(patchSet));
  const revision = revised.find(({ changesRequested }) => changesRequested) ?? revised[0];
  const left = missing.map(({ repo }) => repo);
  return { standing: standing.map(({ repo }) => repo), ask: revision ? [revision.repo] : left, open: [...revised.map(({ repo }) => repo), ...left] };
}

async function propose(ports: PatchPorts, workflow: Workflow, { ask, previous }: { ask: readonly RepoName[]; previous: ReadonlyMap<RepoName, Parts> }): Promise<Made['proposed']> {
  const intake = await recallIntake(ports, workflow.id);
  const ingested = await ingest(ports, intake);
  try {
    const today = ports.job.clock.now().slice(0, 10);
    const input = await toProposeInput(ports, workflow, { ask, previous, intake, context: ingested.context, stores: ingested.stores, config: ports.job.config, today, sources: { open: async (repo) => storeOf(ingested.stores, repo), loadGrammar: ports.loadGrammar } });
    ports.job.log(`proposing ${ask.join(', ')}${input.revision ? ' (revision)' : ''}`);
    return await ports.proposer.propose(input);
  } finally {
    await ingested.close();
  }
}

interface Asked {
  readonly ask: readonly RepoName[];
  readonly previous: ReadonlyMap<RepoName, Parts>;
}

interface Given {
  readonly intake: Intake;
  readonly context: RepositoryContext;
  readonly stores: ReadonlyMap<string, ScratchStore>;
  readonly sources: RewriteSources;
  readonly config: CountersignConfig;
  readonly today: string;
}

/** What a proposer is given: the design by hash, the context, and for a revision what was said about the last one. */
export async function toProposeInput(ports: Pick<Ports, 'ledger'>, workflow: Workflow, { ask, previous, intake, context, sources, ...judging }: Asked & Given): Promise<ProposeInput> {
  const documents = await readDocuments(ports, workflow);
  return {
    workflow: workflow.id,
    issue: issueOf(intake),
    answers: intake.answers,
    documents,
    context,
    repos: ask,
    hash: hashCanonical,
    tryOut: createTryOut(workflow, { documents, ...judging }),
    rewrite: rewriteOnBases(workflow.repos, sources),
    revision: await reviseInput(ports, workflow, { ask, previous, sources }),
  };
}

/** The parts of every PatchSet's last proposal. */
export async function readPrevious(ports: Pick<Ports, 'ledger'>, workflow: Workflow): Promise<ReadonlyMap<RepoName, Parts>> {
  const hashes: readonly Sha256[] = workflow.patchSets.map(({ proposal }) => proposal);
  if (hashes.length === 0) return new Map();
  const evidence = await ports.ledger.readEvidence(workflow.id, hashes);
  return new Map(workflow.patchSets.map(({ repo, proposal }) => [repo, parseProposal(requireBytes(evidence, proposal, workflow.id), proposal).parts]));
}

async function reviseInput(ports: Pick<Ports, 'ledger'>, workflow: Workflow, { ask, previous, sources }: Asked & Pick<Given, 'sources'>): Promise<ProposeInput['revision']> {
  const patchSet = workflow.patchSets.find(({ repo }) => ask.includes(repo));
  if (!patchSet) return null;
  const parts = previous.get(patchSet.repo) ?? [];
  const previousText = parts.map(({ text }) => text).join('\n\n');
  const comment = patchSet.changesRequested?.comment ?? '';
  return { repo: patchSet.repo, previousText, comment, reasons: [...(await blockedReasons(ports, workflow, patchSet)), ...(await gateReasons(ports, workflow, patchSet))], rewrite: rewriteOnParts(workflow.repos, parts, sources) };
}

/** What blocks the last revision, in the rules' own words: only a proposer that is told can mend it. */
async function blockedReasons({ ledger }: Pick<Ports, 'ledger'>, { id }: Workflow, { policy }: PatchSetState): Promise<readonly string[]> {
  if (!policy || policy.block === 0) return [];
  const bytes = requireBytes(await ledger.readEvidence(id, [policy.result]), policy.result, id);
  const { rules } = validRecord(parsePolicyResult(parseCanonical(bytes)), 'policy result');
  const blocking = rules.flatMap(({ violations }) => violations).filter(({ severity }) => severity === 'BLOCK');
  return blocking.slice(0, REASONS_MAX).map(({ rule, message, help }) => `${rule}: ${message} ${help}`);
}

/** What Gate 3 refused in the last revision, beyond the rules' own violations. */
async function gateReasons({ ledger }: Pick<Ports, 'ledger'>, { id }: Workflow, { gate3, policy }: PatchSetState): Promise<readonly string[]> {
  if (gate3?.outcome !== 'FAIL' || (policy && policy.block > 0)) return [];
  const bytes = requireBytes(await ledger.readEvidence(id, [gate3.result]), gate3.result, id);
  const { checks } = validRecord(parseGateResult(parseCanonical(bytes)), 'gate result');
  return checks.filter(({ outcome }) => outcome === 'FAIL').slice(0, REASONS_MAX).map(({ name, reason }) => `Gate 3, ${name}: ${reason}`);
}

interface Made {
  readonly config: CountersignConfig;
  readonly proposed: Awaited<ReturnType<Ports['proposer']['propose']>>;
  readonly previous: ReadonlyMap<RepoName, Parts>;
  readonly standing: readonly RepoName[];
}

function toArtifact(workflow: Workflow, made: Made): { artifact: PatchArtifact; report: StepReport } {
  const { proposed } = made;
  const failed = proposed.kind === 'failed' ? { code: proposed.code, reason: storable(proposed.reason), questions: [...proposed.questions] } : null;
  const proposals = proposed.kind === 'proposed' ? groupByRepository(workflow, proposed.proposals, made) : [];
  const artifact: PatchArtifact = { format: 'countersign/think@1', stage: 'patch', workflow: workflow.id, proposals, given: null, calls: proposed.calls.map((call) => toThinkCall(call, made.config)), failure: failed };
  const said = failed ? `No proposal: ${failed.reason}` : `Proposed a change to ${proposals.map(({ repo }) => repo).join(' and ')}.`;
  return { artifact, report: { ok: true, workflow: workflow.id, state: workflow.status, next: '', summary: `${said} Next: the record job checks it.` } };
}

/** A proposal for each repository that was asked for, in the workflow's order; an amendment goes on top of the last parts. */
export function groupByRepository(workflow: Workflow, proposals: readonly RoleProposal[], { previous, standing }: Pick<Made, 'previous' | 'standing'>): PatchArtifact['proposals'] {
  return workflow.repos.flatMap(({ repo }, index) => {
    const stands = standing.includes(repo);
    const own = stands ? [] : proposals.filter((proposal) => proposal.repo === repo);
    const before = stands || own[0]?.amends === true ? (previous.get(repo) ?? []) : [];
    const parts = [...before, ...own.map(({ format, text }) => ({ format, text: storable(text) }))];
    return parts.length > 0 ? [{ patchSet: patchSetIdOf(index), repo, parts }] : [];
  });
}
