import { CountersignError } from '../../domain/errors.ts';
import type { Oid, WorkflowId } from '../../domain/ids.ts';
import type { Status } from '../../domain/status.ts';
import { foldEvent } from '../../ledger/fold.ts';
import { loadWorkflow, type LoadedWorkflow } from '../../ledger/load.ts';
import { compare, type ReplayItem } from './items.ts';
import { replayBases, replayIssue } from './replay-bases.ts';
import { replayContext } from './replay-context.ts';
import { replayDesign } from './replay-design.ts';
import { replayPatchSet } from './replay-patch-set.ts';
import { replayProposals } from './replay-proposals.ts';
import { roundsOf } from './rounds.ts';
import { ReplaySession, type ReplayPorts, type Step } from './session.ts';

export interface ReplayReport {
  /** True when nothing that could be made again came out different. */
  readonly ok: boolean;
  readonly workflow: WorkflowId;
  readonly state: Status | null;
  readonly tip: Oid | null;
  readonly same: number;
  readonly different: number;
  readonly notRebuildable: number;
  readonly items: readonly ReplayItem[];
}

/**
 * Folds a workflow's events again and makes everything again that follows from pinned inputs: the context and its hash,
 * the prompts that roles were sent, the documents, the proposals, each PatchSet's result tree, diff, policy result,
 * Gate 3 result and manifest. Asks no model: recorded answers stand in for it. Items come in the order of the events.
 */
export async function replayWorkflow(ports: ReplayPorts, id: WorkflowId): Promise<ReplayReport> {
  const folded = await foldAgain(ports, id);
  if (folded.kind === 'broken') return toReport(id, null, [folded.item]);
  const session = new ReplaySession(id, ports);
  try {
    return toReport(id, folded.loaded, [folded.item, ...(await replaySteps(session, stepsOf(folded.loaded)))]);
  } finally {
    await session.close();
  }
}

async function replaySteps(session: ReplaySession, steps: readonly Step[]): Promise<readonly ReplayItem[]> {
  const items: ReplayItem[] = [];
  for (const round of roundsOf(steps)) {
    const [first] = round;
    if (first?.event.type === 'E_WORKFLOW_CREATED') items.push(...(await replayIssue(session, first.event)), ...(await replayBases(session, first.event)));
    if (round.some(({ event }) => event.type === 'E_CONTEXT_INGESTED')) items.push(...(await replayContext(session, round)), ...(await replayDesign(session, round)));
    else items.push(...(await replayProposals(session, round)));
    for (const step of round) items.push(...(await replayPatchSet(session, steps, step)));
  }
  return items;
}

type Folded = { readonly kind: 'folded'; readonly loaded: LoadedWorkflow; readonly item: ReplayItem } | { readonly kind: 'broken'; readonly item: ReplayItem };

/** Reading a workflow folds it and compares every recorded state; what does not hold is the first and last thing to say. */
async function foldAgain({ ledger }: ReplayPorts, id: WorkflowId): Promise<Folded> {
  const place = { item: 'fold', subject: id } as const;
  try {
    const loaded = await loadWorkflow(ledger, id);
    const seen = `${loaded.events.length} events to ${loaded.events.at(-1)?.state.to ?? 'nothing'}`;
    return { kind: 'folded', loaded, item: compare({ ...place, seq: loaded.events.length }, { expected: seen, found: `${loaded.events.length} events to ${loaded.workflow?.status ?? 'nothing'}` }) };
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== 'ledger-invalid') throw error;
    return { kind: 'broken', item: compare({ ...place, seq: 0 }, { expected: 'records that hold', found: error.message, hint: 'nothing else can be made again from records that do not hold' }) };
  }
}

function stepsOf({ events, id }: LoadedWorkflow): readonly Step[] {
  const steps: Step[] = [];
  for (const event of events) {
    const before = steps.at(-1)?.after ?? null;
    const folded = foldEvent(before, event, id);
    if (folded.kind === 'next') steps.push({ event, before, after: folded.workflow });
  }
  return steps;
}

function toReport(workflow: WorkflowId, loaded: LoadedWorkflow | null, items: readonly ReplayItem[]): ReplayReport {
  const count = (outcome: ReplayItem['outcome']): number => items.filter((item) => item.outcome === outcome).length;
  const different = count('different');
  return { ok: different === 0, workflow, state: loaded?.workflow?.status ?? null, tip: loaded?.tip ?? null, same: count('same'), different, notRebuildable: count('not-rebuildable'), items };
}
