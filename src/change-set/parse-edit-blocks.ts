import { assertPath } from './check-path.ts';
import type { Edit } from './edit-model.ts';
import { parseEditInfo, type EditInfo } from './edit-info.ts';
import { parsePlainBlock } from './edit-path.ts';
import { byteStringOf } from './lossless-text.ts';
import { PatchFault, type PatchErrorCode } from './failure.ts';
import { MAX_EDITS, MAX_PROPOSAL_BYTES } from './limits.ts';
import { findFences, type Fence } from './markdown-fences.ts';
import { parsePairs } from './search-pairs.ts';

export type ParsedEdits =
  | { readonly kind: 'parsed'; readonly edits: readonly Edit[] }
  | { readonly kind: 'malformed'; readonly code: PatchErrorCode; readonly message: string; readonly line: number };

/**
 * Reads every edit block of a Markdown text; prose and other code around them are let be. One malformed block makes
 * the whole text malformed. A text without any block gives no edits. Lines keep the carriage returns that are content
 * (see markdown-fences.ts). `anyBytes` takes text that stands for bytes which are not UTF-8 (see lossless-text.ts).
 */
export function parseEditBlocks(markdown: string, { anyBytes = false }: { readonly anyBytes?: boolean } = {}): ParsedEdits {
  let line = 1;
  try {
    if (markdown.length > MAX_PROPOSAL_BYTES) throw new PatchFault('too-large', `The text has more than ${MAX_PROPOSAL_BYTES} characters. Split the change.`);
    if (!anyBytes && !markdown.isWellFormed()) throw new PatchFault('not-text', 'The text is not well-formed Unicode.');
    const edits: Edit[] = [];
    for (const fence of findFences(markdown, { keepReturns: true })) {
      line = fence.line;
      // One by one: what a fence holds may be more than a call takes as arguments.
      for (const edit of parseFence(fence)) edits.push(edit);
      if (edits.length > MAX_EDITS) throw new PatchFault('too-many-hunks', `The text has more than ${MAX_EDITS} edits. Split the change.`);
    }
    return { kind: 'parsed', edits };
  } catch (error) {
    if (error instanceof PatchFault) return { kind: 'malformed', code: error.code, message: error.message, line };
    throw error;
  }
}

function parseFence(fence: Fence): Edit[] {
  const info = parseEditInfo(fence.info, fence.line);
  const plain = info === null || (info.word === 'search/replace' && !info.attributes.has('path')) ? parsePlainBlock(fence) : null;
  if (info === null && plain === null) return [];
  if (!fence.closed) throw new PatchFault('unclosed-block', `The block at line ${fence.line} is never closed. End it with a fence as long as the one that opens it.`);
  if (plain !== null) return parseReplace(plain.lines, fence.line + 1 + plain.skipped, placeOf(info, plain.path, fence));
  return info === null ? [] : parseNamed(info, fence);
}

function parseNamed(info: EditInfo, fence: Fence): Edit[] {
  const place = placeOf(info, info.attributes.get('path') ?? null, fence);
  switch (info.word) {
    case 'search/replace':
      return parseReplace(fence.lines, fence.line + 1, place);
    case 'new-file':
      return [{ kind: 'new-file', ...place.at, lines: fence.lines, finalNewline: place.finalNewline ?? true }];
    case 'delete':
      assertEmpty(info, fence);
      return [{ kind: 'delete', ...place.at }];
    case 'rename': {
      assertEmpty(info, fence);
      return [{ kind: 'rename', ...place.at, to: pathOf(info.attributes.get('to') ?? null, { fence, key: 'to' }) }];
    }
  }
}

interface Place {
  readonly at: Pick<Edit, 'path' | 'repo' | 'task' | 'line'>;
  readonly anchor: string | null;
  readonly finalNewline: boolean | null;
}

function placeOf(info: EditInfo | null, path: string | null, fence: Fence): Place {
  const get = (key: string): string | null => info?.attributes.get(key) ?? null;
  const finalNewline = get('final-newline');
  return {
    at: { path: pathOf(path, { fence, key: 'path' }), repo: get('repo'), task: get('task'), line: fence.line },
    anchor: get('anchor'),
    finalNewline: finalNewline === null ? null : finalNewline === 'yes',
  };
}

function pathOf(path: string | null, at: { fence: Fence; key: string }): string {
  if (path === null) throw new PatchFault('no-path', `The block at line ${at.fence.line} has no ${at.key}=… after its first word.`);
  assertPath(byteStringOf(path));
  return path;
}

function parseReplace(lines: readonly string[], first: number, place: Place): Edit[] {
  return parsePairs(lines, first).map((pair) => ({
    kind: 'replace',
    ...place.at,
    line: pair.line,
    anchor: pair.anchor ?? place.anchor,
    search: pair.search,
    replace: pair.replace,
    finalNewline: place.finalNewline,
  }));
}

function assertEmpty(info: EditInfo, fence: Fence): void {
  if (fence.lines.some((line) => line.trim() !== '')) throw new PatchFault('bad-block', `The ${info.word} block at line ${fence.line} must be empty.`);
}
