import type { FileImport, FileSymbol } from '../../domain/context.ts';

export type RawImport = Omit<FileImport, 'target'>;

/**
 * A path that a file serves or asks for over HTTP, or below which it mounts the routes of another file; `method` then names that file as an import or a
 * module does. `path` has `{}` for every variable part.
 */
export interface HttpUse {
  readonly role: 'provides' | 'uses' | 'mounts';
  readonly method: string;
  readonly path: string;
  readonly line: number;
}

/** What one blob says about itself, whatever its path. Imports are not resolved yet. */
export interface Outline {
  readonly kind: 'text' | 'binary' | 'lfs-pointer';
  readonly lines: number;
  readonly parsed: boolean;
  /** Why the parser gave up; the rest of the outline is then by text alone. */
  readonly failure: string | null;
  readonly generated: boolean;
  readonly minified: boolean;
  readonly symbols: readonly FileSymbol[];
  readonly imports: readonly RawImport[];
  /** Names that the text uses, one a line, and `namesIn` gives them: only few of them are ever asked for. */
  readonly references: string;
  readonly http: readonly HttpUse[];
  /** Names of the jobs of a CI file. */
  readonly jobs: readonly string[];
}

export const emptyOutline = (kind: Outline['kind'], lines: number): Outline => ({ kind, lines, parsed: false, failure: null, generated: false, minified: false, symbols: [], imports: [], references: '', http: [], jobs: [] });

const ROLES = ['uses', 'provides', 'mounts'] as const;
const KINDS = ['text', 'binary', 'lfs-pointer'] as const;
const SYMBOLS = ['function', 'class', 'method', 'type', 'value', 'module'] as const;

/** A short form for the cache and for messages between threads. */
export function packOutline(outline: Outline): string {
  const { kind, lines, parsed, failure, generated, minified, symbols, imports, references, http, jobs } = outline;
  return JSON.stringify([
    KINDS.indexOf(kind), lines, Number(parsed), failure ?? 0, Number(generated), Number(minified),
    symbols.flatMap((symbol) => [symbol.name, SYMBOLS.indexOf(symbol.kind) * 2 + Number(symbol.exported), symbol.line]),
    imports.flatMap(({ specifier, names, line }) => [specifier, names.join('\n'), line]),
    references,
    http.flatMap(({ role, method, path, line }) => [ROLES.indexOf(role), method, path, line]),
    jobs,
  ]);
}

/** Reads the short form again. Throws a TypeError on anything else: the reader of a cache then works it out anew. */
export function unpackOutline(value: unknown): Outline {
  const [kind, lines, parsed, failure, generated, minified, symbols, imports, references, http, jobs] = listOf(value);
  return {
    kind: pick(KINDS, kind), lines: numberOf(lines), parsed: parsed === 1, failure: failure === 0 ? null : textOf(failure), generated: generated === 1, minified: minified === 1,
    symbols: groupsOf(symbols, 3).map(([name, packed, line]) => ({ name: textOf(name), kind: pick(SYMBOLS, numberOf(packed) >> 1), line: numberOf(line), exported: numberOf(packed) % 2 === 1 })),
    imports: groupsOf(imports, 3).map(([specifier, names, line]) => ({ specifier: textOf(specifier), names: namesIn(textOf(names)), line: numberOf(line) })),
    references: textOf(references),
    http: groupsOf(http, 4).map(([role, method, path, line]) => ({ role: pick(ROLES, role), method: textOf(method), path: textOf(path), line: numberOf(line) })),
    jobs: listOf(jobs).map(textOf),
  };
}

function groupsOf(value: unknown, size: number): unknown[][] {
  const list = listOf(value);
  return Array.from({ length: Math.floor(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}

/** Names that stand one a line. */
export const namesIn = (lines: string): string[] => (lines === '' ? [] : lines.split('\n'));

function pick<Value>(from: readonly Value[], index: unknown): Value {
  const value = from[numberOf(index)];
  if (value === undefined) throw new TypeError('unknown kind in a packed outline');
  return value;
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('a packed outline is a list');
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError('a packed outline has a number here');
  return value;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('a packed outline has text here');
  return value;
}
