import type { Rewrite } from '../../ports/rewriter.ts';
import type { ChangeBlock, ReadBlock } from './change.ts';
import type { Fence } from './issue.ts';
import { filesOfDiff } from './block-files.ts';
import type { RecipeParsers } from './parsers.ts';

/** What rewrite rules come to: at most one block a fence, with the files that its rules are the first to change. */
export interface Rewrites {
  readonly blocks: ReadonlyMap<Fence, ChangeBlock>;
  readonly faults: readonly string[];
}

/** Expands the rules of all fences together: two of them may change the same file. */
export async function readRewrites(rules: readonly Extract<ReadBlock, { kind: 'rules' }>[], { rewrite, parsers }: { rewrite: Rewrite; parsers: Pick<RecipeParsers, 'parseDiff'> }): Promise<Rewrites> {
  if (rules.length === 0) return { blocks: new Map(), faults: [] };
  // The rules begin on the line under the fence.
  const made = await rewrite(rules.map(({ repo, fence }) => ({ repo, rules: fence.content, line: fence.line + 1 })));
  if (made.kind === 'faulty') return { blocks: new Map(), faults: made.faults };
  const blocks = rules.flatMap(({ fence, repo, task }, index) => {
    const files = made.files[index] ?? [];
    if (files.length === 0) return [];
    const block: ChangeBlock = { repo, format: 'diff', task, line: fence.line, text: files.map(({ diff }) => diff).join(''), files: files.flatMap(({ diff }) => parsers.parseDiff(Buffer.from(diff, 'utf8')).flatMap(filesOfDiff)) };
    return [[fence, block] as const];
  });
  return { blocks: new Map(blocks), faults: blocks.length > 0 ? [] : rules.map(({ fence }) => `The rewrite rules at line ${fence.line} change nothing: what they put in is what stands there.`) };
}
