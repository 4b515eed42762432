import type { parse } from 'yaml';

let parser: typeof parse | null = null;

/** Loads the YAML parser: seventy files that most repositories need none of. To be called before `parseYaml`. */
export async function loadYaml(): Promise<void> {
  parser ??= (await import('yaml')).parse;
}

/** A document as data, aliases at most fifty times. Throws what the parser throws. */
export function parseYaml(text: string): unknown {
  if (parser === null) throw new TypeError('the YAML parser is not loaded');
  const value: unknown = parser(text, { maxAliasCount: 50 });
  return value;
}
