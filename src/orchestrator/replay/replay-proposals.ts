import type { RepositoryContext } from '../../domain/context.ts';
import { refusedError } from '../../domain/errors.ts';
import type { WorkflowEvent } from '../../domain/event.ts';
import type { Workflow } from '../../domain/workflow.ts';
import { createModelProposer } from '../../model/model-proposer.ts';
import { createRecipeProposer } from '../../model/recipe/proposer.ts';
import type { ScratchStore } from '../../ports/objects.ts';
import { defaultConfig } from '../../schema/config.ts';
import type { Proposal } from '../../schema/think.ts';
import { createProposal } from '../change.ts';
import { intakeOf } from '../intake.ts';
import { chooseRepositories, groupByRepository, readPrevious, toProposeInput } from '../patch.ts';
import { recipeParsers } from '../recipe-parsers.ts';
import { compareContent } from './difference.ts';
import { attempt, compare, notRebuildable, redactedWhy, type ReplayItem } from './items.ts';
import { readCalls, RecordedClient } from './recorded-client.ts';
import { rewriteSourcesOf, type ReplaySession, type Step } from './session.ts';

type Proposed = Extract<WorkflowEvent, { type: 'E_PATCH_SET_PROPOSED' }>;

/** Runs the proposer of a round again, its recorded answers standing in for the model, and compares prompts and proposals. */
export async function replayProposals(session: ReplaySession, round: readonly Step[]): Promise<readonly ReplayItem[]> {
  const calls = await readCalls(session, round);
  const proposed = round.flatMap(({ event }) => (event.type === 'E_PATCH_SET_PROPOSED' ? [event] : []));
  const before = round[0]?.before;
  if (!before || (calls.length === 0 && proposed.length === 0)) return [];
  const client = new RecordedClient(calls);
  const made = await attempt(() => proposeAgain(session, before, { client, judgedAs: calls.length > 0 ? (round[0]?.event ?? null) : null }));
  if (made.kind === 'missing') return [...client.giveUp(calls, made.why), ...proposed.map((event) => notRebuildable(placeOf(event), event.body.proposal, made.why))];
  const prompts = await client.judge(session, calls);
  const isShaken = prompts.some(({ outcome }) => outcome !== 'same');
  return [...prompts, ...(await Promise.all(proposed.map((event) => judgeProposal(session, event, { made: made.value, isShaken }))))];
}

const placeOf = ({ seq, body }: Proposed) => ({ item: 'proposal', subject: `${body.patchSet} r${body.revision}`, seq }) as const;

type Made = { readonly kind: 'proposed'; readonly bySet: ReadonlyMap<string, Proposal> } | { readonly kind: 'failed'; readonly why: string };

async function proposeAgain(session: ReplaySession, workflow: Workflow, { client, judgedAs }: Pick<Ask, 'client' | 'judgedAs'>): Promise<Made> {
  const { ports } = session;
  const { standing, ask } = chooseRepositories(workflow);
  const previous = await readPrevious(ports, workflow);
  const proposals = ask.length === 0 ? [] : await askAgain(session, workflow, { client, judgedAs, ask, previous });
  if ('why' in proposals) return { kind: 'failed', why: proposals.why };
  const grouped = groupByRepository(workflow, proposals, { previous, standing });
  return { kind: 'proposed', bySet: new Map(grouped.map(({ patchSet, repo, parts }) => [patchSet, createProposal(repo, parts)])) };
}

interface Ask extends Pick<Parameters<typeof toProposeInput>[2], 'ask' | 'previous'> {
  readonly client: RecordedClient;
  /** An event of the job whose proposer was a model: its config and its day judged what the model proposed. Null for a recipe. */
  readonly judgedAs: WorkflowEvent | null;
}

async function askAgain(session: ReplaySession, workflow: Workflow, { client, judgedAs, ask, previous }: Ask) {
  const intake = intakeOf(workflow, await session.evidence(workflow.source.revision));
  const input = await toProposeInput(session.ports, workflow, { ask, previous, intake, context: contextOf(session, workflow), sources: rewriteSourcesOf(session, workflow), ...(await judging(session, workflow, judgedAs)) });
  const proposer = judgedAs ? createModelProposer(client.models, recipeParsers) : createRecipeProposer(recipeParsers);
  const proposed = await proposer.propose(input);
  return proposed.kind === 'proposed' ? proposed.proposals : { why: proposed.reason };
}

/** With what a model's proposals were tried out; a recipe's are not. */
async function judging(session: ReplaySession, { repos }: Workflow, event: WorkflowEvent | null): Promise<Pick<Parameters<typeof toProposeInput>[2], 'stores' | 'config' | 'today'>> {
  if (event === null) return { stores: new Map(), config: defaultConfig(), today: '' };
  const stores = new Map<string, ScratchStore>();
  for (const { repo, baseCommit } of repos) {
    const opened = await session.open(repo, baseCommit);
    if (opened.kind === 'missing') throw refusedError('no-repository', opened.why);
    stores.set(repo, opened.value);
  }
  return { stores, config: await session.configOf(event.run, event.policy), today: event.at.slice(0, 10) };
}

function contextOf(session: ReplaySession, workflow: Workflow): RepositoryContext {
  const context = session.contexts.get(workflow.contextHash ?? '');
  if (context?.kind !== 'made') throw refusedError('no-context', context?.why ?? 'no context is on the record');
  return context.value;
}

async function judgeProposal(session: ReplaySession, event: Proposed, { made, isShaken }: { readonly made: Made; readonly isShaken: boolean }): Promise<ReplayItem> {
  const place = placeOf(event);
  const { proposal, patchSet } = event.body;
  const redacted = redactedWhy(event.evidence, proposal, 'proposal');
  if (redacted !== null) return notRebuildable(place, proposal, redacted);
  const found = made.kind === 'proposed' ? made.bySet.get(patchSet) : undefined;
  if (found !== undefined) return compareContent(session, place, { expected: proposal, value: found, hint: 'the proposer gave another change; what was recorded is judged by its result tree all the same' });
  const why = made.kind === 'failed' ? made.why : `the proposer gave no change for ${patchSet}`;
  return isShaken ? notRebuildable(place, proposal, why) : compare(place, { expected: proposal, found: 'no proposal', hint: why });
}
