import type { FileSymbol } from '../domain/context.ts';
import type { HttpUse, Outline, RawImport } from './analyse/outline.ts';

const COPIED_MIN = 13;

/**
 * One string for each name, whatever text it was cut from: names recur from file to file, and a longer piece of a text keeps the whole
 * text in memory for as long as it lives. The outline is written to, in place: a copy of every fact would cost more than the names.
 */
export function createInterner(): (outline: Outline) => void {
  const known = new Map<string, string>();
  const one = (name: string): string => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const own = name.length < COPIED_MIN ? name : Buffer.from(name, 'utf16le').toString('utf16le');
    known.set(own, own);
    return own;
  };
  const all = (names: readonly string[]): void => {
    const own: string[] = names as string[];
    for (let index = 0; index < own.length; index++) own[index] = one(own[index] ?? '');
  };
  return ({ symbols, imports, jobs, http }) => {
    for (const symbol of symbols as Own<FileSymbol>[]) symbol.name = one(symbol.name);
    for (const each of imports as Own<RawImport>[]) {
      each.specifier = one(each.specifier);
      all(each.names);
    }
    all(jobs);
    for (const use of http as Own<HttpUse>[]) use.path = one(use.path);
  };
}

/** Somebody's only copy, which may be written to. */
type Own<Value> = { -readonly [Key in keyof Value]: Value[Key] };
