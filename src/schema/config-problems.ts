import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** One fault of a config: where it is (keys and list positions) and a sentence about it. */
export interface ConfigProblem {
  readonly path: readonly PropertyKey[];
  /** True when the last key itself is wrong, not its value. */
  readonly isKey: boolean;
  readonly sentence: string;
}

/** What zod found, as sentences that name the key, what is allowed there and the nearest known key. */
export function explainIssues(issues: readonly Issue[], schema: z.ZodType): ConfigProblem[] {
  return issues.flatMap((issue) => explainIssue(issue, [], schema));
}

function explainIssue(issue: Issue, parents: readonly PropertyKey[], schema: z.ZodType): ConfigProblem[] {
  const path = [...parents, ...issue.path];
  if (issue.code === 'invalid_union') {
    const branch = chooseBranch(issue.errors);
    if (branch) return branch.flatMap((inner) => explainIssue(inner, path, schema));
    const expected = issue.errors.flat().map(expectationOf).filter((text) => text !== '');
    return [{ path, isKey: false, sentence: `"${nameOf(path)}" must be ${[...new Set(expected)].join(', or ')}` }];
  }
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], knownKeysAt(schema, path)));
  if (path.length === 0) return [{ path, isKey: false, sentence: 'a config must be a list of "key: value" lines' }];
  const expected = expectationOf(issue);
  const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return [{ path, isKey: false, sentence: `"${nameOf(path)}" ${isMissing ? 'is missing: it ' : ''}${expected === '' ? issue.message : `must be ${expected}`}` }];
}

/** The branch whose kind of value fits: its faults lie further in, or are about an unknown key. */
const chooseBranch = (branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined =>
  branches.find((issues) => issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys' || issue.code === 'custom'));

const KINDS: Readonly<Record<string, string>> = { string: 'text', number: 'a number', int: 'a whole number', array: 'a list', object: 'a map of keys', record: 'a map of keys', boolean: 'true or false' };

function expectationOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1 ? `"${String(issue.values[0])}"` : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int' ? `at least ${issue.minimum}` : '';
    case 'too_big':
      return issue.origin === 'array' ? '' : `at most ${issue.maximum}${issue.origin === 'string' ? ' characters long' : ''}`;
    default:
      return '';
  }
}

function unknownKey(path: readonly PropertyKey[], known: readonly string[]): ConfigProblem {
  const nearest = nearestOf(String(path.at(-1)), known);
  const hint = nearest === null ? '' : ` Did you mean "${nearest}"?`;
  const list = known.length === 0 ? '' : ` Known here: ${known.join(', ')}.`;
  return { path, isKey: true, sentence: `unknown key "${nameOf(path)}".${hint}${list}` };
}

/** `targets[0].repo`; control characters of a hostile key do not reach the message. */
const nameOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) => (typeof part === 'number' ? `[${part + 1}]` : `${index > 0 ? '.' : ''}${String(part).slice(0, 80).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')}`))
    .join('');

/** The keys of the object schema at `path`, through defaults, lists and unions. */
function knownKeysAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  const inner = unwrap(schema);
  const [part, ...rest] = path;
  if (inner.kind === 'object') return part === undefined ? Object.keys(inner.shape) : knownKeysAt(inner.shape[String(part)], rest);
  if (inner.kind === 'list') return knownKeysAt(inner.element, rest);
  return [];
}

type Unwrapped = { kind: 'object'; shape: Record<string, unknown> } | { kind: 'list'; element: unknown } | { kind: 'other' };

function unwrap(schema: unknown): Unwrapped {
  const definition = definitionOf(schema);
  if ('innerType' in definition) return unwrap(definition.innerType);
  if ('options' in definition && Array.isArray(definition.options)) return definition.options.map(unwrap).find(({ kind }) => kind === 'object') ?? { kind: 'other' };
  if ('shape' in definition && typeof definition.shape === 'object' && definition.shape !== null) return { kind: 'object', shape: { ...definition.shape } };
  if ('element' in definition) return { kind: 'list', element: definition.element };
  return { kind: 'other' };
}

function definitionOf(schema: unknown): object {
  const holder = typeof schema === 'object' && schema !== null && 'def' in schema ? schema.def : null;
  return typeof holder === 'object' && holder !== null ? holder : {};
}

/** The known word that begins like it or is at most a third of its letters away, or null. */
function nearestOf(word: string, known: readonly string[]): string | null {
  const longer = known.find((candidate) => word.length >= 3 && candidate.startsWith(word.toLowerCase()));
  if (longer !== undefined) return longer;
  const ranked = known.map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase().slice(0, 64), candidate.toLowerCase()) }));
  const best = ranked.toSorted((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= Math.max(2, Math.floor(best.candidate.length / 3)) ? best.candidate : null;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
