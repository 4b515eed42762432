import { isRepoName, type RepoName } from '../../domain/ids.ts';
import { criteriaOf } from './criteria.ts';
import { readBlocks, sectionsOf, type Block, type Section } from './markdown.ts';
import { topicOf, type Topic } from './topics.ts';

/** Characters of title, text and answers that are read; GitHub itself stops at 65,536 for an issue. */
export const ISSUE_CHARACTERS_MAX = 512 * 1024;

export type Fence = Extract<Block, { kind: 'fence' }>;

/** An issue in the parts that the recipe runner works from. */
export interface RecipeIssue {
  readonly title: string;
  /** Prose outside the special sections. Empty when there is none. */
  readonly problem: string;
  readonly acceptance: readonly string[];
  readonly nonGoals: readonly string[];
  /** `OWNER/NAME` of the "Repositories" list, then of the blocks' `repo=`, each once, in the order of the text. */
  readonly repositories: readonly RepoName[];
  /** Fences that carry a change. */
  readonly changes: readonly Fence[];
}

const CHANGE_LANGUAGES = new Set(['search/replace', 'new-file', 'delete', 'rename', 'diff', 'patch']);
/** A block by its first word, or the widespread plain form that only has SEARCH and REPLACE lines. */
const isChange = (fence: Fence): boolean => fence.lost !== undefined || CHANGE_LANGUAGES.has(fence.language) || fence.plain || isRewriteFence(fence);
/** Rewrite rules under a word of their own, or as people quote them: YAML that is a whole ast-grep rule with its fix. */
export const isRewriteFence = ({ language, content }: Fence): boolean =>
  language === 'rewrite' || language === 'ast-grep' || ((language === 'yaml' || language === 'yml') && [/^language:/m, /^rule:/m, /^fix:/m].every((key) => key.test(content)));
export const isDiffFence = (fence: Fence): boolean => fence.language === 'diff' || fence.language === 'patch';

/** A heading that says nothing special belongs to the one above it: "Backend" under "Acceptance criteria". */
const topicIn = ({ headings }: Section): Topic => headings.map(topicOf).find((topic) => topic !== 'problem') ?? 'problem';

/** Text that canonical JSON can hold. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** Takes an issue apart. Never throws; what is not there is empty. */
export function readIssue(title: string, markdown: string): RecipeIssue {
  const sections = sectionsOf(readBlocks(storable(markdown.replace(/^\uFEFF/, '').slice(0, ISSUE_CHARACTERS_MAX))));
  const about = sections.map((section) => ({ topic: topicIn(section), blocks: section.blocks }));
  const under = (wanted: Topic): readonly Block[] => about.filter(({ topic }) => topic === wanted).flatMap(({ blocks }) => blocks);
  const changes = sections.flatMap((section) => section.blocks).filter((block) => block.kind === 'fence').filter(isChange);
  const listed = under('repositories').flatMap((block) => repoNamesIn(block));
  return {
    title: storable(title).trim().slice(0, 300),
    problem: problemOf([...under('problem'), ...under('expected')]),
    acceptance: acceptanceOf(about.some(({ topic }) => topic === 'acceptance') ? under('acceptance') : null, under('problem'), under('expected')),
    nonGoals: criteriaOf(under('non-goals')),
    repositories: [...new Set([...listed, ...changes.flatMap((fence) => repoOf(fence) ?? [])])].slice(0, 20),
    changes,
  };
}

/** The value of `repo=` in a fence's info string, or null. */
export function repoOf(fence: Fence): string | null {
  return /(?:^|\s)repo="?([^\s"]{1,140})"?(?=\s|$)/.exec(fence.attributes)?.[1] ?? null;
}

/** The first word of each item; of prose, its words, when it is a list of names. An address on GitHub names its repository. */
function repoNamesIn(block: Block): RepoName[] {
  if (block.kind === 'fence' || block.kind === 'quote') return [];
  const words = block.text.split(/[\s,;&]+/).map(repoWord).filter((word) => word !== '' && word !== 'and');
  const wanted = block.kind === 'item' ? words.slice(0, 1) : words.every((word) => isRepoName(word)) ? words : [];
  return wanted.filter((word) => isRepoName(word));
}

const repoWord = (word: string): string => word.replace(/^\[?`?(?:https?:\/\/[^/\s]{1,100}\/)?/, '').replace(/[`\]].*$/, '').replace(/[.:)]+$/, '');

/** Prose; what is quoted from somebody else only where there is nothing else. */
function problemOf(blocks: readonly Block[]): string {
  const textsOf = (prose: readonly Block[]): string => prose.map((block) => ('text' in block ? block.text : '')).join('\n').slice(0, 20_000).trim();
  const own = textsOf(blocks.filter((block) => block.kind === 'text' || (block.kind === 'item' && !block.checkbox)));
  return own === '' ? textsOf(blocks.filter(({ kind }) => kind === 'quote')) : own;
}

/** What a form makes everybody tick is no criterion, wherever it stands. */
const PROMISE = /^I(?:'ve|'m|'ll)? (?:agree|am|have|has|read|search\w*|check\w*|confirm\w*|understand|will|would|want)\b|^I(?:'ve|'m|'ll)\b/i;

/**
 * The items under an acceptance heading (or its sentences, when it has no list); with no such heading, every checkbox;
 * without any, what is said to be expected.
 */
function acceptanceOf(own: readonly Block[] | null, elsewhere: readonly Block[], expected: readonly Block[]): string[] {
  if (own !== null) return criteriaOf(own);
  const boxes = criteriaOf([...elsewhere, ...expected].filter((block) => block.kind === 'item' && block.checkbox && !PROMISE.test(block.text)));
  return boxes.length > 0 ? boxes : criteriaOf(expected);
}
