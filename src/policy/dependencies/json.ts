import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { Unreadable } from './model.ts';

/** One member of a JSON object, with its line in the text. */
export interface Member {
  readonly key: string;
  readonly node: Node;
  readonly line: number;
}

export interface JsonText {
  readonly root: Node;
  readonly lineOf: (node: Node) => number;
}

/**
 * JSON as its strictest reader takes it, with positions. A key that is given twice is refused: which one counts differs
 * from tool to tool, and a reader sees the first.
 * @throws Unreadable
 */
export function parseJson(text: string, options: { comments?: boolean } = {}): JsonText {
  const plain = text.replace(/^\uFEFF/, '');
  const lineAt = lineFinder(plain);
  const errors: ParseError[] = [];
  const root = guarded(() => parseTree(plain, errors, { disallowComments: options.comments !== true, allowTrailingComma: options.comments === true }));
  const error = errors[0];
  if (error) throw new Unreadable(`it is no JSON (${printParseErrorCode(error.error)})`, lineAt(error.offset));
  if (!root) throw new Unreadable('it is empty');
  const json: JsonText = { root, lineOf: (node) => lineAt(node.offset) };
  guarded(() => assertUniqueKeys(root, json));
  return json;
}

/** Deep nesting ends the stack of a recursive reader. */
function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new Unreadable('it is nested too deeply');
    throw error;
  }
}

function assertUniqueKeys(node: Node, json: JsonText): void {
  if (node.type === 'object') {
    const seen = new Set<string>();
    for (const { key, line } of membersOf(node, json)) {
      if (seen.has(key)) throw new Unreadable(`the key ${JSON.stringify(key.slice(0, 80))} is given twice, and tools disagree about which one counts`, line);
      seen.add(key);
    }
  }
  for (const child of node.children ?? []) assertUniqueKeys(child, json);
}

export function membersOf(node: Node | undefined, json: JsonText): Member[] {
  if (node?.type !== 'object') return [];
  return (node.children ?? []).flatMap(({ children }): Member[] => {
    const [key, value] = children ?? [];
    return key && value ? [{ key: String(key.value), node: value, line: json.lineOf(key) }] : [];
  });
}

export const memberOf = (node: Node | undefined, key: string): Node | undefined =>
  node?.type === 'object' ? node.children?.find(({ children }) => children?.[0]?.value === key)?.children?.[1] : undefined;

export const itemsOf = (node: Node | undefined): readonly Node[] => (node?.type === 'array' ? (node.children ?? []) : []);
export const textOf = (node: Node | undefined): string | null => (node?.type === 'string' ? String(node.value) : null);

/** The value without its formatting: keys stay in their order, which can matter. */
export function compact(node: Node | undefined): string {
  if (!node) return '';
  if (node.type === 'array') return `[${(node.children ?? []).map(compact).join(',')}]`;
  if (node.type === 'object') return `{${(node.children ?? []).map(({ children }) => `${JSON.stringify(children?.[0]?.value)}:${compact(children?.[1])}`).join(',')}}`;
  return JSON.stringify(node.value) ?? '';
}

/** Finds lines by binary search; building it takes one pass. */
export function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? Infinity) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
