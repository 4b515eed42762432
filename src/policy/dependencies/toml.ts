import { parse, TomlError } from 'smol-toml';
import { Unreadable } from './model.ts';

export type Table = Readonly<Record<string, unknown>>;

/** TOML as a table. @throws Unreadable */
export function parseToml(text: string): Table {
  try {
    return asTable(parse(text.replace(/^\uFEFF/, '')));
  } catch (error) {
    if (error instanceof TomlError) throw new Unreadable('it is no TOML', error.line);
    if (error instanceof RangeError) throw new Unreadable('it is nested too deeply');
    throw error;
  }
}

export const asTable = (value: unknown): Table => (isTable(value) ? value : {});
export const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The value below a path of keys: `at(table, 'tool.poetry.source')`. */
export const at = (table: unknown, path: string): unknown => path.split('.').reduce<unknown>((value, key) => (isTable(value) && Object.hasOwn(value, key) ? value[key] : undefined), table);

/** One text for a value, the same for the same value however it was written. */
export const plain = (value: unknown): string => JSON.stringify(sorted(value)) ?? '';

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  return isTable(value) ? Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]) : String(value);
}

export type FindLine = (name: string, section?: string) => number | null;

/** Where a name is first written, in its table if that is known. The parser keeps no positions, so this is a reader's own search. */
export function createLineFinder(text: string): FindLine {
  const first = new Map<string, number>();
  const note = (word: string, line: number): void => void (first.has(word) || first.set(word, line));
  let table = '';
  for (const [index, line] of text.split('\n').entries()) {
    if (line.length > 2000) continue;
    const header = /^\s*\[+([^\]]+)\]/.exec(line)?.[1]?.replaceAll(/["'\s]/g, '');
    if (header !== undefined) {
      table = header;
      note(header.slice(header.lastIndexOf('.') + 1), index + 1);
      note(`${header.slice(0, Math.max(0, header.lastIndexOf('.')))}\0${header.slice(header.lastIndexOf('.') + 1)}`, index + 1);
    }
    for (const [word] of line.matchAll(/@?[\w.-]+(?:\/[\w.-]+)*/g)) {
      note(word, index + 1);
      if (header === undefined) note(`${table}\0${word}`, index + 1);
    }
  }
  return (name, section = '') => first.get(`${section.replaceAll(/["'\s]/g, '')}\0${name}`) ?? first.get(name) ?? null;
}
