import { show } from './bytes.ts';
import { byteStringOf } from './lossless-text.ts';
import { PatchFault } from './failure.ts';

/** One SEARCH/REPLACE pair of a block. */
export interface SearchPair {
  readonly line: number;
  readonly anchor: string | null;
  readonly search: readonly string[];
  readonly replace: readonly string[];
}

const OPEN = /^(<{7,}) SEARCH\s*$/u;
const ANCHOR = /^anchor=(?:"(.*)"|(\S.*))$/u;

/** Whether a line opens a SEARCH/REPLACE pair. */
export const opensPair = (line: string): boolean => OPEN.test(line);

/**
 * Reads the pairs of a block whose first line has the number `first`. Markers have seven characters, or more when the
 * content has such lines itself; all three of a pair are equally long.
 */
export function parsePairs(lines: readonly string[], first: number): SearchPair[] {
  const pairs: SearchPair[] = [];
  let anchor: string | null = null;
  for (let at = 0; at < lines.length; at += 1) {
    const text = lines[at] ?? '';
    const width = OPEN.exec(text)?.[1]?.length;
    if (width !== undefined) {
      const end = endOfPair(lines, at, { width, first });
      pairs.push({ line: first + at, anchor, search: lines.slice(at + 1, end.divider), replace: lines.slice(end.divider + 1, end.close) });
      anchor = null;
      at = end.close;
    } else if (text.trim() !== '') anchor = parseAnchor(text, { line: first + at, taken: anchor !== null });
  }
  if (anchor !== null) throw new PatchFault('bad-block', `The anchor in the block at line ${first - 1} has no SEARCH after it.`);
  if (pairs.length === 0) throw new PatchFault('bad-block', `The block at line ${first - 1} has no "<<<<<<< SEARCH" line.`);
  return pairs;
}

function endOfPair(lines: readonly string[], open: number, at: { width: number; first: number }): { divider: number; close: number } {
  const divider = '='.repeat(at.width);
  const closing = `${'>'.repeat(at.width)} REPLACE`;
  let split = -1;
  for (let index = open + 1; index < lines.length; index += 1) {
    const text = (lines[index] ?? '').trimEnd();
    if (text === divider) {
      if (split >= 0) throw new PatchFault('bad-block', `The SEARCH at line ${at.first + open} has two "${divider}" lines. If one is content, use longer markers (eight characters or more) for this pair.`);
      split = index;
    } else if (text === closing && split >= 0) return { divider: split, close: index };
    else if (text === closing || OPEN.exec(text)?.[1]?.length === at.width) break;
  }
  const missing = split < 0 ? divider : closing;
  throw new PatchFault('bad-block', `The SEARCH at line ${at.first + open} has no "${missing}" line after it.`);
}

function parseAnchor(text: string, at: { line: number; taken: boolean }): string {
  const match = ANCHOR.exec(text.trim());
  const anchor = match?.[1] ?? match?.[2];
  if (anchor === undefined || at.taken) throw new PatchFault('bad-block', `Line ${at.line} stands outside the SEARCH/REPLACE pairs: ${show(byteStringOf(text), 60)}. Only anchor="…" and empty lines may.`);
  return anchor;
}
