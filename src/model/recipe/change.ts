import type { RepoName } from '../../domain/ids.ts';
import { isDiffFence, repoOf, type Fence } from './issue.ts';
import type { BlockFile, RecipeParsers } from './parsers.ts';

/** One change block of an issue, understood. */
export interface ChangeBlock {
  readonly repo: RepoName;
  readonly format: 'edits' | 'diff';
  readonly task: string | null;
  readonly raw: string;
  readonly line: number;
  readonly files: readonly BlockFile[];
}

/** What is wrong with a block, in a sentence that names the line and says how to mend it. */
export interface BlockFault {
  readonly line: number;
  readonly reason: string;
}

export interface Change {
  readonly blocks: readonly ChangeBlock[];
  readonly faults: readonly BlockFault[];
}

const TASK_ID = /^[A-Za-z][A-Za-z0-9_-]{0,19}$/;
const BLOCKS_MAX = 500;

/** Reads every change block. A block without `repo=` is for `primary`; one for a repository outside the workflow is a fault. */
export function readChange(fences: readonly Fence[], parsers: RecipeParsers, repos: { primary: RepoName; all: readonly RepoName[] }): Change {
  const blocks: ChangeBlock[] = [];
  const faults: BlockFault[] = [];
  if (fences.length > BLOCKS_MAX) faults.push({ line: fences[BLOCKS_MAX]?.line ?? 0, reason: `there are more than ${BLOCKS_MAX} change blocks; split the issue` });
  for (const fence of fences.slice(0, BLOCKS_MAX)) {
    const repo = repoOf(fence) ?? repos.primary;
    if (!repos.all.includes(repo)) {
      faults.push({ line: fence.line, reason: `the block is for \`${repo}\`, which is not one of this workflow's repositories (${repos.all.join(', ')})` });
      continue;
    }
    const format = isDiffFence(fence) ? 'diff' : 'edits';
    const reading = format === 'diff' ? parsers.readDiff(fence.raw) : parsers.readEdits(fence.raw);
    if (reading.kind === 'malformed') faults.push({ line: fence.line, reason: reading.reason });
    else if (reading.files.length === 0) faults.push({ line: fence.line, reason: 'the block changes nothing' });
    else blocks.push({ repo, format, raw: fence.raw, line: fence.line, files: reading.files, task: taskOf(reading.task ?? attributeTask(fence)) });
  }
  return { blocks, faults };
}

const attributeTask = (fence: Fence): string | null => /(?:^|\s)task="?([^\s"]{1,40})"?(?=\s|$)/.exec(fence.attributes)?.[1] ?? null;
const taskOf = (task: string | null): string | null => (task !== null && TASK_ID.test(task) ? task : null);

/** The blocks of one repository as the proposals to apply: runs of the same format, in the order of the text. */
export function proposalsFor(repo: RepoName, blocks: readonly ChangeBlock[]): { format: 'edits' | 'diff'; text: string }[] {
  const parts: { format: 'edits' | 'diff'; text: string }[] = [];
  for (const block of blocks.filter((each) => each.repo === repo)) {
    const last = parts.at(-1);
    if (last?.format === block.format && block.format === 'edits') last.text += `\n\n${block.raw}`;
    else parts.push({ format: block.format, text: block.format === 'diff' ? fenceContent(block.raw) : block.raw });
  }
  return parts.map((part) => (part.format === 'edits' ? { ...part, text: `${part.text}\n` } : part));
}

/** What stands between a fence's first and last line, byte for byte. */
function fenceContent(raw: string): string {
  const start = raw.indexOf('\n') + 1;
  const end = raw.lastIndexOf('\n') + 1;
  return raw.slice(start, Math.max(start, end));
}
