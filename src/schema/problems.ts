import type { z } from 'zod';

import { showKey } from './json.ts';

const SHOWN_MAX = 20;

/** Said when the published JSON Schema refuses what the code would take: the published one counts. */
export const BY_SCHEMA_ALONE = 'the whole: does not hold by the JSON Schema in ledger-schema/';

/** A schema's complaints, one sentence each: `body.repos[0].baseCommit: expected …`. At most twenty, then how many more. */
export function problemsOf(error: z.ZodError): readonly string[] {
  const shown = error.issues.slice(0, SHOWN_MAX).map((issue) => `${placeOf(issue.path)}: ${issue.message}`);
  const rest = error.issues.length - shown.length;
  return rest > 0 ? [...shown, `and ${rest} more`] : shown;
}

function placeOf(path: readonly PropertyKey[]): string {
  let place = '';
  for (const step of path) {
    if (typeof step === 'number') place += `[${step}]`;
    else if (typeof step === 'string' && /^\w{1,60}$/.test(step)) place += place === '' ? step : `.${step}`;
    else place += `[${showKey(String(step))}]`;
  }
  return place === '' ? 'the whole' : place;
}
