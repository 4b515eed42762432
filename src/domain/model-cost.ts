import type { DomainEvent } from './event.ts';

/** What a workflow's model calls cost. */
export interface ModelCost {
  /** Of the calls whose cost is known, in millionths of a US dollar. */
  readonly knownMicroUsd: number;
  /** Calls whose cost is not known: no price, or nobody said what was used, as when one timed out. One that never got to a model cost nothing. */
  readonly unknownCalls: number;
}

/** An unknown cost is never nothing: such calls are counted on their own. */
export function modelCost(events: readonly DomainEvent[]): ModelCost {
  const calls = events.flatMap((event) => (event.type === 'E_RUN_RECORDED' && event.body.model !== null ? [event.body] : []));
  const unknown = calls.filter(({ costMicroUsd }) => costMicroUsd === null);
  return { knownMicroUsd: calls.reduce((sum, { costMicroUsd }) => sum + (costMicroUsd ?? 0), 0), unknownCalls: unknown.length };
}

/** In words. */
export function showModelCost({ knownMicroUsd, unknownCalls }: ModelCost): string {
  const known = knownMicroUsd === 0 ? '' : knownMicroUsd < 100 ? 'less than 0.0001 USD' : `${(knownMicroUsd / 1_000_000).toFixed(4)} USD`;
  if (unknownCalls === 0) return known === '' ? 'no model was paid' : known;
  const unknown = `${unknownCalls} model ${unknownCalls === 1 ? 'call' : 'calls'} of unknown cost`;
  return known === '' ? unknown : `${known} and ${unknown}`;
}
