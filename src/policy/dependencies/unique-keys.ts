import { isMap, isScalar, isSeq, type LineCounter } from 'yaml';
import { Unreadable } from './model.ts';

/**
 * Refuses a key that a map has twice. The parser's own check compares each key with all others, which for a map of many
 * thousand keys takes minutes; this takes time in proportion to the text.
 * @throws Unreadable
 */
export function assertUniqueKeys(contents: unknown, lines: LineCounter): void {
  const open: unknown[] = [contents];
  while (open.length > 0) {
    const node = open.pop();
    if (isSeq(node)) for (const item of node.items) open.push(item);
    if (!isMap(node)) continue;
    const keys = new Set<unknown>();
    for (const { key, value } of node.items) {
      if (isScalar(key)) {
        if (keys.has(key.value)) throw new Unreadable('a key is given twice', lines.linePos(key.range?.[0] ?? 0).line);
        keys.add(key.value);
      } else open.push(key);
      open.push(value);
    }
  }
}
