import type { Sha256 } from '../../domain/ids.ts';
import { hashCanonical, parseCanonical } from '../../ledger/canonical-json.ts';
import { attempt, compare, type ReplayItem, type ReplayPlace } from './items.ts';
import type { ReplaySession } from './session.ts';

const SHOWN_CHARACTERS_MAX = 160;

interface Again {
  readonly expected: Sha256;
  /** What was made again. */
  readonly value: unknown;
  /** Where its record is read, where that is not `expected`. */
  readonly evidence?: Sha256;
  readonly hint?: string;
  /** What to say where the record was not kept. */
  readonly notKept?: string;
}

/** Compares by hash, and says of what came out different where it differs first, if its record is at hand. */
export async function compareContent(session: ReplaySession, place: ReplayPlace, { expected, value, evidence = expected, hint, notKept }: Again): Promise<ReplayItem> {
  const found = hashCanonical(value);
  if (found === expected) return compare(place, { expected, found });
  const recorded = await attempt(async () => parseCanonical(await session.evidence(evidence)));
  const where = recorded.kind === 'made' ? firstDifference(recorded.value, value) : null;
  const said = recorded.kind === 'missing' ? notKept : where === null ? undefined : `the first difference: ${where}`;
  const hints = [hint, said].filter((each) => each !== undefined);
  return compare(place, { expected, found, ...(hints.length > 0 ? { hint: hints.join('; ') } : {}) });
}

/** The first place where two JSON values differ, with both sides; null when there is none. */
export function firstDifference(recorded: unknown, now: unknown, path = ''): string | null {
  if (typeof recorded === 'string' && typeof now === 'string') return recorded === now ? null : textDifference(recorded, now, path);
  if (!isNested(recorded) || !isNested(now) || Array.isArray(recorded) !== Array.isArray(now)) return recorded === now ? null : sides(path, show(recorded), show(now));
  const [before, after] = [new Map(Object.entries(recorded)), new Map(Object.entries(now))];
  for (const key of [...before.keys(), ...[...after.keys()].filter((each) => !before.has(each))]) {
    const at = Array.isArray(now) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    const found = before.has(key) && after.has(key) ? firstDifference(before.get(key), after.get(key), at) : sides(at, before.has(key) ? show(before.get(key)) : 'nothing', after.has(key) ? show(after.get(key)) : 'nothing');
    if (found !== null) return found;
  }
  return null;
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** A long text by its first line that differs, a long line from shortly before where it does. */
function textDifference(recorded: string, now: string, path: string): string {
  const [before, after] = [recorded.split('\n'), now.split('\n')];
  const found = before.findIndex((line, index) => line !== after[index]);
  const at = found < 0 ? before.length : found;
  const place = before.length === 1 && after.length === 1 ? path : `${path === '' ? '' : `${path}, `}line ${at + 1}`;
  const [was, is] = [before[at], after[at]];
  const same = was === undefined || is === undefined ? 0 : sharedStart(was, is);
  const from = same > SHOWN_CHARACTERS_MAX / 2 ? same - SHOWN_CHARACTERS_MAX / 4 : 0;
  const side = (line: string | undefined): string => (line === undefined ? 'its end' : show(`${from > 0 ? '…' : ''}${line.slice(from)}`));
  return sides(place, side(was), side(is));
}

function sharedStart(a: string, b: string): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return same;
}

const sides = (path: string, recorded: string, now: string): string => `${path === '' ? '' : `${path}: `}recorded ${recorded}, made again ${now}`;

const show = (value: unknown): string => {
  // A line of JSON in a prompt is read more easily without a second layer of backslashes.
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const cut = text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text;
  return typeof value === 'string' ? `"${cut}"` : cut;
};
