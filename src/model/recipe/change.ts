import type { RepoName } from '../../domain/ids.ts';
import type { Rewrite } from '../../ports/rewriter.ts';
import { isDiffFence, isRewriteFence, repoOf, type Fence } from './issue.ts';
import { readDiffBlock, readEditBlock, type BlockFile } from './block-files.ts';
import type { RecipeParsers } from './parsers.ts';
import { readRewrites } from './rewrites.ts';

/** One change block of an issue, understood. */
export interface ChangeBlock {
  readonly repo: RepoName;
  readonly format: 'edits' | 'diff';
  readonly task: string | null;
  /** What is applied: the block with its fences, or the diff alone (for rewrite rules: what they came to). */
  readonly text: string;
  readonly line: number;
  readonly files: readonly BlockFile[];
}

export interface Change {
  readonly blocks: readonly ChangeBlock[];
  /** What is wrong with a block: sentences that name the line and say how to mend it. */
  readonly faults: readonly string[];
  /** What whoever reads the change should know, in sentences. */
  readonly notes: readonly string[];
}

const TASK_ID = /^[A-Za-z][A-Za-z0-9_-]{0,19}$/;
const BLOCKS_MAX = 500;

export interface ChangeRepos {
  /** Of blocks without `repo=`. */
  readonly primary: RepoName;
  readonly all: readonly RepoName[];
  /** Expands rewrite rules on the tree that the change is for. */
  readonly rewrite: Rewrite;
}

/** Reads every change block. A block without `repo=` is for `primary`; one for a repository outside the workflow is a fault. */
export async function readChange(fences: readonly Fence[], parsers: RecipeParsers, { rewrite, ...repos }: ChangeRepos): Promise<Change> {
  const faults = fences.length > BLOCKS_MAX ? [`There are more than ${BLOCKS_MAX} change blocks. Split the issue.`] : [];
  const read = fences.slice(0, BLOCKS_MAX).map((fence) => readBlock(fence, parsers, repos));
  const rules = read.flatMap((each) => (each.kind === 'rules' ? [each] : []));
  const rewritten = await readRewrites(rules, { rewrite, parsers });
  faults.push(...read.flatMap((each) => (each.kind === 'fault' ? [each.reason] : [])), ...rewritten.faults);
  const blocks = read.flatMap((each) => (each.kind === 'block' ? [each.block] : each.kind === 'rules' ? (rewritten.blocks.get(each.fence) ?? []) : []));
  return { blocks, faults: [...faults, ...clashesOf(blocks, new Set(rewritten.blocks.values()))], notes: rewritten.notes };
}

export type ReadBlock =
  | { readonly kind: 'block'; readonly block: ChangeBlock }
  | { readonly kind: 'rules'; readonly fence: Fence; readonly repo: RepoName; readonly task: string | null }
  | { readonly kind: 'fault'; readonly reason: string };

function readBlock(fence: Fence, parsers: RecipeParsers, { primary, all }: Pick<ChangeRepos, 'primary' | 'all'>): ReadBlock {
  if (fence.lost !== undefined) return { kind: 'fault', reason: fence.lost };
  const repo = repoOf(fence) ?? primary;
  if (!all.includes(repo)) return { kind: 'fault', reason: `The block at line ${fence.line} is for ${repo}, which is not one of this workflow's repositories (${all.join(', ')}).` };
  if (isRewriteFence(fence)) return { kind: 'rules', fence, repo, task: taskOf(attributeTask(fence)) };
  const format = isDiffFence(fence) ? 'diff' : 'edits';
  const reading = format === 'diff' ? readDiffBlock(fence.raw, parsers) : readEditBlock(fence.raw, parsers);
  if (reading.kind === 'malformed') return { kind: 'fault', reason: inText(reading.reason, fence.firstLine) };
  if (reading.files.length === 0) return { kind: 'fault', reason: `The block at line ${fence.line} ${/^(?: {4}|\t)/.test(fence.raw) ? 'is indented like code, which is no block. Move it to the left, or into the list item that it belongs to.' : 'changes nothing.'}` };
  return { kind: 'block', block: { repo, format, text: reading.text, line: fence.line, files: reading.files, task: taskOf(reading.task ?? attributeTask(fence)) } };
}

/** Rules are read against the tree as it stands: a block that changes the same file would pull it away under them. */
function clashesOf(blocks: readonly ChangeBlock[], fromRules: ReadonlySet<ChangeBlock>): string[] {
  const ruled = new Map([...fromRules].flatMap(({ repo, line, files }) => files.map(({ path }) => [`${repo}:${path}`, line] as const)));
  const clashes = blocks.filter((block) => !fromRules.has(block)).flatMap(({ repo, line, files }) => files.flatMap(({ path }) => {
    const rule = ruled.get(`${repo}:${path}`);
    return rule === undefined ? [] : [`The block at line ${line} and the rewrite rule at line ${rule} both change ${path}. Give that file's whole change in one of them: name it under the rule's ignores, or leave the block out.`];
  }));
  return [...new Set(clashes)];
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
