export type Direction = 'up' | 'down' | 'other';

const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$|^@sha256:/;

/**
 * Whether a requirement asks for a later or an earlier version than before: by the numbers of the first version that each
 * names, whatever the ecosystem. Only for the sentence: how grave a change is does not depend on it.
 */
export function directionOf(before: string, after: string): Direction {
  // A commit's id or a digest has no order, and may well begin with digits.
  if (HASH.test(before) || HASH.test(after)) return 'other';
  const [old, now] = [firstVersion(before), firstVersion(after)];
  if (old === null || now === null) return 'other';
  for (let index = 0; index < Math.max(old.numbers.length, now.numbers.length); index += 1) {
    const difference = compareNumbers(now.numbers[index] ?? '0', old.numbers[index] ?? '0');
    if (difference !== 0) return difference > 0 ? 'up' : 'down';
  }
  if (old.pre === now.pre) return 'other';
  // A release stands after its own pre-releases.
  return now.pre === '' || (old.pre !== '' && now.pre > old.pre) ? 'up' : 'down';
}

function firstVersion(text: string): { readonly numbers: readonly string[]; readonly pre: string } | null {
  const found = /(\d{1,20}(?:\.\d{1,20}){0,9})(?:\.[x*])?(?:-?([a-z][\w.-]{0,50}))?/i.exec(text.slice(0, 500));
  return found ? { numbers: (found[1] ?? '').split('.'), pre: found[2] ?? '' } : null;
}

/** Numbers of any length: dates and build numbers outgrow what a double holds. */
function compareNumbers(a: string, b: string): number {
  const [x, y] = [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')];
  if (x.length !== y.length) return x.length - y.length;
  return x === y ? 0 : x > y ? 1 : -1;
}
