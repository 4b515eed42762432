import type { RepoName } from '../domain/ids.ts';
import { isRepoName } from '../domain/ids.ts';
import { parseAttributes } from './edit-info.ts';
import { PatchFault, type PatchErrorCode } from './failure.ts';
import { findFences } from './markdown-fences.ts';

export interface FencedDiff {
  readonly repo: RepoName | null;
  readonly task: string | null;
  /** Line of the opening fence, 1-based. */
  readonly line: number;
  /** The block's content in UTF-8, each line ended by a line feed. */
  readonly bytes: Uint8Array;
}

export type ExtractedDiffs =
  | { readonly kind: 'extracted'; readonly diffs: readonly FencedDiff[] }
  | { readonly kind: 'malformed'; readonly code: PatchErrorCode; readonly message: string; readonly line: number };

/** Finds the fenced `diff` and `patch` blocks of a Markdown text. Their content is parsed when it is applied. */
export function extractUnifiedDiffs(markdown: string): ExtractedDiffs {
  let line = 1;
  try {
    const diffs: FencedDiff[] = [];
    for (const fence of findFences(markdown, { keepReturns: true })) {
      const word = /^(?:diff|patch)(?=\s|$)/u.exec(fence.info)?.[0];
      if (word === undefined) continue;
      line = fence.line;
      if (!fence.closed) throw new PatchFault('unclosed-block', `The block at line ${line} is never closed. End it with a fence as long as the one that opens it.`);
      const attributes = parseAttributes(fence.info.slice(word.length), line);
      const repo = attributes.get('repo') ?? null;
      if (repo !== null && !isRepoName(repo)) throw new PatchFault('bad-repo', `The block at line ${line} must name its repository as OWNER/NAME.`);
      diffs.push({ repo, task: attributes.get('task') ?? null, line, bytes: Buffer.from(fence.lines.map((text) => `${text}\n`).join('')) });
    }
    return { kind: 'extracted', diffs };
  } catch (error) {
    if (error instanceof PatchFault) return { kind: 'malformed', code: error.code, message: error.message, line };
    throw error;
  }
}
