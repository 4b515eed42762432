import type { Outline } from './analyse/outline.ts';

const COPIED_MIN = 13;

/**
 * One string for each name, whatever text it was cut from: names recur from file to file, and a longer piece of a text keeps the whole
 * text in memory for as long as it lives.
 */
export function createInterner(): (outline: Outline) => Outline {
  const known = new Map<string, string>();
  const one = (name: string): string => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const own = name.length < COPIED_MIN ? name : Buffer.from(name, 'utf16le').toString('utf16le');
    known.set(own, own);
    return own;
  };
  return (outline) => ({
    ...outline,
    symbols: outline.symbols.map((symbol) => ({ ...symbol, name: one(symbol.name) })),
    imports: outline.imports.map(({ specifier, names, line }) => ({ specifier: one(specifier), names: names.map(one), line })),
    references: outline.references.map(one),
    jobs: outline.jobs.map(one),
    http: outline.http.map((use) => ({ ...use, path: one(use.path) })),
  });
}
