import type { EvalCase } from './eval-case.ts';

/** What one case came to. Null: it did not get so far. */
export interface EvalResult {
  readonly name: string;
  readonly language: string;
  readonly kind: 'bug' | 'feature';
  /** Why it was not run, or null. */
  readonly skipped: string | null;
  /** Why the case itself says nothing, or null: its known change does not apply, its checks do not tell the base from it. No model was asked. */
  readonly bad: string | null;
  /** Why it could not be taken to an end, or null: the way to the model, or this machine. */
  readonly failed: string | null;
  readonly verdict: string | null;
  /** The state it ended or stopped in, and why. */
  readonly state: string | null;
  readonly reason: string;
  /** Gates that passed, of 0 to 5. */
  readonly gatesPassed: readonly number[];
  /** Its own CI with the case's checks. */
  readonly ciPassed: boolean | null;
  /** The last lines that they printed where they did not pass. */
  readonly checksOutput: readonly string[];
  readonly files: { readonly known: readonly string[]; readonly touched: readonly string[]; readonly hit: number };
  /** The first proposal was applied as it came: no repair, no refusal. */
  readonly appliedFirstTime: boolean | null;
  readonly revisions: number;
  /** Byte for byte the known good change. */
  readonly sameAsKnown: boolean;
  /** From the known good result to this one; empty when they are the same or nothing was made. */
  readonly difference: string;
  /** Millionths of a US dollar; null when a price is not known. 0: no model was asked. */
  readonly costMicroUsd: number | null;
  readonly tokens: number;
  readonly seconds: number;
}

export interface EvalReport {
  readonly set: string;
  readonly model: string;
  readonly results: readonly EvalResult[];
  /** Cases that it was to run: more than there are results when it was interrupted. */
  readonly planned: number;
  readonly totals: { readonly cases: number; readonly skipped: number; readonly bad: number; readonly failed: number; readonly go: number; readonly appliedFirstTime: number; readonly done: number; readonly ciPassed: number; readonly sameAsKnown: number; readonly costMicroUsd: number | null; readonly tokens: number };
}

/** The report of a set, with its totals. */
export function createReport({ set, model, planned }: Pick<EvalReport, 'set' | 'model' | 'planned'>, results: readonly EvalResult[]): EvalReport {
  const run = results.filter(({ skipped, bad }) => skipped === null && bad === null);
  const count = (matches: (result: EvalResult) => boolean): number => run.filter(matches).length;
  const costs = run.map(({ costMicroUsd }) => costMicroUsd);
  const totals = {
    cases: results.length,
    skipped: results.filter(({ skipped }) => skipped !== null).length,
    bad: results.filter(({ bad }) => bad !== null).length,
    failed: count(({ failed }) => failed !== null),
    go: count(({ verdict }) => verdict === 'GO'),
    appliedFirstTime: count(({ appliedFirstTime }) => appliedFirstTime === true),
    done: count(({ state }) => state === 'DONE'),
    ciPassed: count(({ ciPassed }) => ciPassed === true),
    sameAsKnown: count(({ sameAsKnown }) => sameAsKnown),
    // One unknown price makes the sum unknown: it is never shown as less than it was.
    costMicroUsd: costs.reduce<number | null>((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0),
    tokens: run.reduce((sum, { tokens }) => sum + tokens, 0),
  };
  return { set, model, planned, results, totals };
}

/** It came to DONE with its checks passed. */
export const holds = ({ bad, failed, state, ciPassed }: EvalResult): boolean => bad === null && failed === null && state === 'DONE' && ciPassed === true;

/** 0: every case that was run holds. 1: one does not. 2: every case is at fault itself. 3: none was run to an end. */
export function exitCodeOf(results: readonly EvalResult[]): 0 | 1 | 2 | 3 {
  const notSkipped = results.filter(({ skipped }) => skipped === null);
  const run = notSkipped.filter(({ bad }) => bad === null);
  if (notSkipped.length > 0 && run.length === 0) return 2;
  if (run.every(({ failed }) => failed !== null)) return 3;
  return notSkipped.every(holds) ? 0 : 1;
}

/** A case that was not taken through. */
export const resultWithout = ({ name, language, kind }: Pick<EvalCase, 'name' | 'language' | 'kind'>, why: Partial<Pick<EvalResult, 'skipped' | 'bad' | 'failed' | 'costMicroUsd'>> = {}): EvalResult => ({
  name, language, kind, skipped: null, bad: null, failed: null, verdict: null, state: null, reason: '', gatesPassed: [], ciPassed: null, checksOutput: [], files: { known: [], touched: [], hit: 0 },
  appliedFirstTime: null, revisions: 0, sameAsKnown: false, difference: '', costMicroUsd: 0, tokens: 0, seconds: 0, ...why,
});
