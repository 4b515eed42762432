import type { Rewrite } from '../../ports/rewriter.ts';
import type { ChangeBlock, ReadBlock } from './change.ts';
import type { Fence } from './issue.ts';
import { filesOfDiff } from './block-files.ts';
import type { RecipeParsers } from './parsers.ts';

/** What rewrite rules come to: at most one block a fence, with the files that its rules are the first to change. */
export interface Rewrites {
  readonly blocks: ReadonlyMap<Fence, ChangeBlock>;
  readonly faults: readonly string[];
  /** What the rules did not touch: sentences. */
  readonly notes: readonly string[];
}

/** Expands the rules of all fences together: two of them may change the same file. */
export async function readRewrites(rules: readonly Extract<ReadBlock, { kind: 'rules' }>[], { rewrite, parsers }: { rewrite: Rewrite; parsers: Pick<RecipeParsers, 'parseDiff'> }): Promise<Rewrites> {
  if (rules.length === 0) return { blocks: new Map(), faults: [], notes: [] };
  // The rules begin on the line under the fence.
  const made = await rewrite(rules.map(({ repo, fence }) => ({ repo, rules: fence.content, line: fence.line + 1 })));
  if (made.kind === 'faulty') return { blocks: new Map(), faults: made.faults, notes: [] };
  const blocks = rules.flatMap(({ fence, repo, task }, index) => {
    const files = made.files[index] ?? [];
    if (files.length === 0) return [];
    const block: ChangeBlock = { repo, format: 'diff', task, line: fence.line, text: files.map(({ diff }) => diff).join(''), files: files.flatMap(({ diff }) => parsers.parseDiff(Buffer.from(diff, 'utf8')).flatMap(filesOfDiff)) };
    return [[fence, block] as const];
  });
  return { blocks: new Map(blocks), faults: blocks.length > 0 ? [] : rules.map(({ fence }) => `The rewrite rules at line ${fence.line} change nothing: what they put in is what stands there.`), notes: rules.flatMap(({ fence }, index) => noteOf(fence, made.leftAlone[index] ?? [])) };
}

const PATHS_NAMED = 3;

function noteOf({ line }: Fence, paths: readonly string[]): readonly string[] {
  if (paths.length === 0) return [];
  const named = `${paths.slice(0, PATHS_NAMED).join(', ')}${paths.length > PATHS_NAMED ? ', …' : ''}`;
  return [`The rewrite rules at line ${line} leave ${paths.length} vendored, generated or minified ${paths.length === 1 ? 'file' : 'files'} alone: ${named}. A rule that is for such files names them under \`files\`.`.slice(0, 2_000)];
}
