import { assertDepth, assertKey, assertNumber, assertString, notAcceptable, showKey, type JsonLimits } from './json.ts';

/** A JSON value that nothing else holds: arrays, and objects without a prototype. */
export type PlainJson = null | boolean | number | string | readonly PlainJson[] | { readonly [key: string]: PlainJson };

/**
 * A copy of `value` in which nothing is left to chance: each member was read once and checked under `limits`, no part is
 * shared, and no object has a prototype. `rename` may give a key another name in the copy.
 * Throws an `input` error that names the place for anything that is no JSON value, for circles, and for too large a value.
 */
export function copyPlain(value: unknown, limits: JsonLimits, rename: (key: string) => string = same): PlainJson {
  return copy(value, { job: { limits, rename, open: new Set(), units: 0 }, parent: null, step: '$', depth: 0 });
}

const same = (key: string): string => key;
const KEY_PLAIN = /^[A-Za-z0-9_]{1,60}$/;

interface Job {
  readonly limits: JsonLimits;
  readonly rename: (key: string) => string;
  /** The arrays and objects around the place. */
  readonly open: Set<object>;
  /** What was copied so far; in UTF-8 it has at least as many bytes. */
  units: number;
}

/** Where the copy is. The path is only put together when there is something to say about it. */
interface Place {
  readonly job: Job;
  readonly parent: Place | null;
  readonly step: string | number;
  readonly depth: number;
}

function copy(value: unknown, place: Place): PlainJson {
  const { job } = place;
  switch (typeof value) {
    case 'string':
      assertString(value, job.limits, () => pathOf(place));
      count(place, value.length + 2);
      return value;
    case 'number':
      assertNumber(value, job.limits, () => pathOf(place));
      count(place, 1);
      return value;
    case 'boolean':
      count(place, 4);
      return value;
    case 'object':
      if (value === null) {
        count(place, 4);
        return null;
      }
      return copyContainer(value, place);
    default:
      throw notAcceptable(pathOf(place), `${typeof value} is no JSON value.`);
  }
}

function copyContainer(value: object, place: Place): PlainJson {
  const { open, limits } = place.job;
  assertDepth(place.depth + 1, limits, () => pathOf(place));
  if (open.has(value)) throw notAcceptable(pathOf(place), 'it holds itself.');
  count(place, 2);
  open.add(value);
  const copied = Array.isArray(value) ? copyArray(value, place) : copyObject(value, place);
  open.delete(value);
  return copied;
}

function copyArray(items: readonly unknown[], place: Place): PlainJson {
  const copied: PlainJson[] = [];
  // An index loop also meets holes, which `map` would skip.
  for (let index = 0; index < items.length; index++) copied.push(copy(items[index], inside(place, index)));
  if (Object.keys(items).length > items.length) throw notAcceptable(pathOf(place), 'an array has members beside its items.');
  return copied;
}

function copyObject(value: object, place: Place): PlainJson {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) throw notAcceptable(pathOf(place), 'only plain objects and arrays are JSON values.');
  if (Object.getOwnPropertySymbols(value).length > 0) throw notAcceptable(pathOf(place), 'a symbol is no key.');
  const { limits, rename } = place.job;
  // Without a prototype, a member called `__proto__` is a member like any other.
  const copied: Record<string, PlainJson> = Object.create(null) as Record<string, PlainJson>;
  for (const [key, member] of Object.entries(value)) {
    assertKey(key, limits, () => pathOf(place));
    count(place, key.length + 3);
    copied[rename(key)] = copy(member, inside(place, key));
  }
  return copied;
}

// A value that shares its parts can be exponentially larger than it looks.
function count(place: Place, units: number): void {
  place.job.units += units;
  if (place.job.units > place.job.limits.bytesMax) throw notAcceptable(pathOf(place), `more than ${place.job.limits.bytesMax} bytes would be written.`);
}

const inside = (place: Place, step: string | number): Place => ({ job: place.job, parent: place, step, depth: place.depth + 1 });

function pathOf(place: Place): string {
  const steps: string[] = [];
  for (let at: Place | null = place; at !== null; at = at.parent) steps.unshift(at.parent === null ? '$' : show(at.step));
  return steps.join('');
}

function show(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return KEY_PLAIN.test(step) ? `.${step}` : `[${showKey(step)}]`;
}
