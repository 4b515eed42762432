import type { EventOf, EventType, PatchSetRef, WorkflowEvent } from '../../../src/domain/event.ts';
import type { Instant } from '../../../src/domain/ids.ts';
import { modelCost, type ModelCost } from '../../../src/domain/model-cost.ts';
import { domainEventOf } from '../../../src/ledger/fold.ts';
import type { LedgerView, WorkflowView } from './load-ledger.ts';
import { TURNS, turnOf, type Turn } from './turn.ts';

/** When the workflow entered the state it is in. */
export function waitingSince({ events, workflow }: WorkflowView): Instant {
  const entered = events.findLast(({ event }) => event.state.from !== event.state.to);
  return entered?.event.at ?? workflow.createdAt;
}

/** The events of one type, in order. */
export function eventsOf<T extends EventType>({ events }: WorkflowView, type: T): readonly (WorkflowEvent & EventOf<T>)[] {
  return events.flatMap(({ event }) => (event.type === type ? [event as WorkflowEvent & EventOf<T>] : []));
}

export const isAbout = (body: PatchSetRef, ref: PatchSetRef): boolean => body.patchSet === ref.patchSet && body.revision === ref.revision && body.digest === ref.digest;

/** Model calls and jobs: what they cost in all. */
export function usageOf(view: WorkflowView): { readonly calls: number; readonly tokensIn: number; readonly tokensOut: number; readonly cost: ModelCost } {
  const runs = eventsOf(view, 'E_RUN_RECORDED').filter(({ body }) => body.model !== null);
  const sum = (pick: (body: (typeof runs)[number]['body']) => number | null): number => runs.reduce((total, { body }) => total + (pick(body) ?? 0), 0);
  return { calls: runs.length, tokensIn: sum((body) => body.tokensIn), tokensOut: sum((body) => body.tokensOut), cost: modelCost(view.events.map(({ event }) => domainEventOf(event))) };
}

/** The list's order: whose turn it is; what waits longest first, what ended last first. */
export function inOrder(workflows: LedgerView['workflows']): LedgerView['workflows'] {
  const rows = workflows.map((view) => ({ view, turn: turnOf(view.workflow.status), since: waitingSince(view) }));
  const byTime = (turn: Turn, a: Instant, b: Instant): number => (turn === 'nobody' ? compare(b, a) : compare(a, b));
  rows.sort((a, b) => TURNS.indexOf(a.turn) - TURNS.indexOf(b.turn) || byTime(a.turn, a.since, b.since) || compare(a.view.workflow.id, b.view.workflow.id));
  return rows.map(({ view }) => view);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const PAGE_SIZE = 50;

/** Cuts a list into pages of `PAGE_SIZE`; an empty list still has one, empty page. */
export function pagesOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  const count = Math.max(1, Math.ceil(items.length / PAGE_SIZE));
  return Array.from({ length: count }, (_, index) => items.slice(index * PAGE_SIZE, (index + 1) * PAGE_SIZE));
}
