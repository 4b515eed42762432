import type { RepoName } from '../../domain/ids.ts';
import { isDiffFence, repoOf, type Fence } from './issue.ts';
import { readDiffBlock, readEditBlock, type BlockFile } from './block-files.ts';
import type { RecipeParsers } from './parsers.ts';

/** One change block of an issue, understood. */
export interface ChangeBlock {
  readonly repo: RepoName;
  readonly format: 'edits' | 'diff';
  readonly task: string | null;
  /** What is applied: the block with its fences, or the diff alone. */
  readonly text: string;
  readonly line: number;
  readonly files: readonly BlockFile[];
}

export interface Change {
  readonly blocks: readonly ChangeBlock[];
  /** What is wrong with a block: sentences that name the line and say how to mend it. */
  readonly faults: readonly string[];
}

const TASK_ID = /^[A-Za-z][A-Za-z0-9_-]{0,19}$/;
const BLOCKS_MAX = 500;

/** Reads every change block. A block without `repo=` is for `primary`; one for a repository outside the workflow is a fault. */
export function readChange(fences: readonly Fence[], parsers: RecipeParsers, repos: { primary: RepoName; all: readonly RepoName[] }): Change {
  const blocks: ChangeBlock[] = [];
  const faults: string[] = [];
  if (fences.length > BLOCKS_MAX) faults.push(`There are more than ${BLOCKS_MAX} change blocks. Split the issue.`);
  for (const fence of fences.slice(0, BLOCKS_MAX)) {
    const repo = repoOf(fence) ?? repos.primary;
    if (!repos.all.includes(repo)) {
      faults.push(`The block at line ${fence.line} is for ${repo}, which is not one of this workflow's repositories (${repos.all.join(', ')}).`);
      continue;
    }
    const format = isDiffFence(fence) ? 'diff' : 'edits';
    const reading = format === 'diff' ? readDiffBlock(fence.raw, parsers) : readEditBlock(fence.raw, parsers);
    if (reading.kind === 'malformed') faults.push(inText(reading.reason, fence.firstLine));
    else if (reading.files.length === 0) faults.push(`The block at line ${fence.line} changes nothing.`);
    else blocks.push({ repo, format, text: reading.text, line: fence.line, files: reading.files, task: taskOf(reading.task ?? attributeTask(fence)) });
  }
  return { blocks, faults };
}

/** The parser saw one block alone: its line numbers are moved to where the block stands in the text. */
const inText = (reason: string, firstLine: number): string => reason.replace(/\b([Ll]ine) (\d{1,7})\b/g, (_, word: string, line: string) => `${word} ${Number(line) + firstLine - 1}`).slice(0, 1_500);

const attributeTask = (fence: Fence): string | null => /(?:^|\s)task="?([^\s"]{1,40})"?(?=\s|$)/.exec(fence.attributes)?.[1] ?? null;
const taskOf = (task: string | null): string | null => (task !== null && TASK_ID.test(task) ? task : null);

/** The blocks of one repository as the proposals to apply: runs of the same format, in the order of the text. */
export function proposalsFor(repo: RepoName, blocks: readonly ChangeBlock[]): { format: 'edits' | 'diff'; text: string }[] {
  const parts: { format: 'edits' | 'diff'; text: string }[] = [];
  for (const block of blocks.filter((each) => each.repo === repo)) {
    const last = parts.at(-1);
    if (last?.format === block.format && block.format === 'edits') last.text += `\n\n${block.text}`;
    else parts.push({ format: block.format, text: block.text });
  }
  return parts.map((part) => (part.format === 'edits' ? { ...part, text: `${part.text}\n` } : part));
}
