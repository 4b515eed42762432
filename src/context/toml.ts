import type { parse } from 'smol-toml';

let parser: typeof parse | null = null;

/** Loads the TOML parser, which repositories of other languages need not. To be called before `parseToml`. */
export async function loadToml(): Promise<void> {
  parser ??= (await import('smol-toml')).parse;
}

/** A document as data. Throws what the parser throws. */
export function parseToml(text: string): unknown {
  if (parser === null) throw new TypeError('the TOML parser is not loaded');
  const value: unknown = parser(text);
  return value;
}
