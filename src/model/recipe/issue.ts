import { isRepoName, type RepoName } from '../../domain/ids.ts';
import { readBlocks, sectionsOf, type Block, type Section } from './markdown.ts';

/** Characters of title, text and answers that are read; GitHub itself stops at 65,536 for an issue. */
export const ISSUE_CHARACTERS_MAX = 512 * 1024;
const ITEMS_MAX = 100;
const TEXT_MAX = 1_000;

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

type Topic = 'acceptance' | 'non-goals' | 'repositories' | 'change' | 'problem';

const TOPICS: readonly (readonly [RegExp, Topic])[] = [
  [/^(?:acceptance|acceptance criteria|acceptance list|criteria|definition of done|done when)$/, 'acceptance'],
  [/^(?:non-?goals?|out of scope|not in scope|what stays)$/, 'non-goals'],
  [/^(?:repositories|repository|repos?|targets?)$/, 'repositories'],
  [/^(?:the )?(?:proposed )?(?:change|changes|patch|patches|diff)$/, 'change'],
];

const CHANGE_LANGUAGES = new Set(['search/replace', 'new-file', 'delete', 'rename', 'diff', 'patch']);
/** A block by its first word, or the widespread plain form that only has SEARCH and REPLACE lines. */
const isChange = (fence: Fence): boolean => CHANGE_LANGUAGES.has(fence.language) || fence.plain || isRewriteFence(fence);
/** Rewrite rules under a word of their own, or as people quote them: YAML that is a whole ast-grep rule with its fix. */
export const isRewriteFence = ({ language, content }: Fence): boolean =>
  language === 'rewrite' || language === 'ast-grep' || ((language === 'yaml' || language === 'yml') && [/^language:/m, /^rule:/m, /^fix:/m].every((key) => key.test(content)));
export const isDiffFence = (fence: Fence): boolean => fence.language === 'diff' || fence.language === 'patch';

function topicOf(section: Section): Topic {
  const heading = (section.heading ?? '').toLowerCase().replace(/[:#*_`]/g, '').trim();
  return TOPICS.find(([pattern]) => pattern.test(heading))?.[1] ?? 'problem';
}

/** Text that canonical JSON can hold. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** Takes an issue apart. Never throws; what is not there is empty. */
export function readIssue(title: string, markdown: string): RecipeIssue {
  const sections = sectionsOf(readBlocks(storable(markdown.slice(0, ISSUE_CHARACTERS_MAX))));
  const under = (topic: Topic): readonly Block[] => sections.filter((section) => topicOf(section) === topic).flatMap((section) => section.blocks);
  const changes = sections.flatMap((section) => section.blocks).filter((block) => block.kind === 'fence').filter(isChange);
  const listed = under('repositories').flatMap((block) => repoNamesIn(block));
  return {
    title: storable(title).trim().slice(0, 300),
    problem: problemOf(under('problem')),
    acceptance: acceptanceOf(under('acceptance'), under('problem')),
    nonGoals: itemTexts(under('non-goals')),
    repositories: [...new Set([...listed, ...changes.flatMap((fence) => repoOf(fence) ?? [])])].slice(0, 20),
    changes,
  };
}

/** The value of `repo=` in a fence's info string, or null. */
export function repoOf(fence: Fence): string | null {
  return /(?:^|\s)repo="?([^\s"]{1,140})"?(?=\s|$)/.exec(fence.attributes)?.[1] ?? null;
}

function repoNamesIn(block: Block): RepoName[] {
  if (block.kind === 'fence') return [];
  return block.text.split(/[\s,`()]+/).filter((word) => isRepoName(word));
}

function problemOf(blocks: readonly Block[]): string {
  const prose = blocks.filter((block) => block.kind === 'text' || (block.kind === 'item' && !block.checkbox));
  return prose.map((block) => ('text' in block ? block.text : '')).join('\n').slice(0, 20_000).trim();
}

/** The items under an acceptance heading (or its sentences, when it has no list); with no such heading, every checkbox. */
function acceptanceOf(own: readonly Block[], elsewhere: readonly Block[]): string[] {
  if (own.length > 0) return itemTexts(own);
  return elsewhere.filter((block) => block.kind === 'item').filter((item) => item.checkbox).map((item) => item.text.slice(0, TEXT_MAX)).slice(0, ITEMS_MAX);
}

function itemTexts(blocks: readonly Block[]): string[] {
  const items = blocks.filter((block) => block.kind === 'item');
  const texts = items.length > 0 ? items : blocks.filter((block) => block.kind === 'text');
  return texts.map((block) => block.text.slice(0, TEXT_MAX)).slice(0, ITEMS_MAX);
}
