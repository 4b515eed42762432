import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { assertYamlSize, Unreadable } from '../dependencies/model.ts';
import { assertUniqueKeys } from '../dependencies/unique-keys.ts';

export interface YamlEntry {
  readonly key: string;
  readonly value: unknown;
  readonly line: number;
}

/** The entries of a YAML map, or of the maps at these keys in it, with lines. @throws Unreadable */
export function parseYamlMap(text: string): { readonly entries: readonly YamlEntry[]; readonly lineOf: (key: string) => number | null } {
  assertYamlSize(text);
  const lines = new LineCounter();
  const document = read(text, lines);
  const fault = document.errors[0];
  if (fault) throw new Unreadable('it is no YAML', lines.linePos(fault.pos[0]).line);
  assertUniqueKeys(document.contents, lines);
  if (!isMap(document.contents)) throw new Unreadable('it is no map of keys');
  const positions = new Map<string, number>();
  const note = (node: unknown, depth: number): void => {
    if (!isMap(node) || depth > 2) return;
    for (const { key, value } of node.items) {
      if (isScalar(key)) positions.set(String(key.value), lines.linePos(key.range?.[0] ?? 0).line);
      note(value, depth + 1);
    }
  };
  note(document.contents, 0);
  const plain: unknown = toData(document);
  const entries = Object.entries(typeof plain === 'object' && plain !== null ? plain : {}).map(([key, value]: [string, unknown]) => ({ key, value, line: positions.get(key) ?? 1 }));
  return { entries, lineOf: (key) => positions.get(key) ?? null };
}

function read(text: string, lineCounter: LineCounter): ReturnType<typeof parseDocument> {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false, schema: 'failsafe', merge: false, logLevel: 'error' });
  } catch {
    throw new Unreadable('it is nested too deeply');
  }
}

function toData(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw new Unreadable('it repeats itself too often');
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
export const valueAt = (value: unknown, key: string): unknown => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined);
export const textAt = (value: unknown, key: string): string => {
  const found = valueAt(value, key);
  return typeof found === 'string' ? found : '';
};
export const mapOf = (value: unknown, key: string): readonly (readonly [string, unknown])[] => {
  const found = valueAt(value, key);
  return isRecord(found) ? Object.entries(found) : [];
};
