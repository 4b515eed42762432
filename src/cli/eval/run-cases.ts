import { note } from '../output.ts';
import { printable } from '../printable.ts';
import type { EvalCase } from './eval-case.ts';
import { resultWithout, type EvalResult } from './eval-result.ts';
import { runCase, type EvalSetup } from './run-case.ts';
import type { Unfinished } from './unfinished.ts';

export interface RunCases {
  readonly setup: EvalSetup;
  readonly unfinished: Unfinished;
  /** Told of all results so far, after each. */
  readonly onResult: (results: readonly EvalResult[]) => Promise<void>;
  /** Takes one case through the product. */
  readonly take?: typeof runCase;
}

/** So many cases in a row that could not be run to an end are no accident: the others would only wait, and fail, too. */
const FAILED_IN_A_ROW_MAX = 3;

/** One case after the other. Gives fewer results than cases when it was interrupted. */
export async function runCases(cases: readonly EvalCase[], { setup, unfinished, onResult, take = runCase }: RunCases): Promise<readonly EvalResult[]> {
  const results: EvalResult[] = [];
  let failedInARow = 0;
  for (const [index, each] of cases.entries()) {
    if (setup.stop.aborted) break;
    const known = unfinished.take(each);
    note(`${index + 1} of ${cases.length}  ${printable(each.name)}${known === null ? '' : '  (measured before)'}`);
    const isHopeless = setup.model !== null && failedInARow >= FAILED_IN_A_ROW_MAX;
    const result = known ?? (isHopeless ? resultWithout(each, { failed: `not begun: the ${FAILED_IN_A_ROW_MAX} cases before it could not be run to an end` }) : await take(each, setup));
    if (result === null) break;
    if (result.failed !== null) failedInARow += 1;
    else if (result.skipped === null && result.bad === null) failedInARow = 0;
    if (known === null && result.failed === null && result.bad === null && result.skipped === null) await unfinished.keep(each, result);
    results.push(result);
    await onResult(results);
  }
  return results;
}
