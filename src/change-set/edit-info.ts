import { isRepoName } from '../domain/ids.ts';
import { show } from './bytes.ts';
import { byteStringOf } from './lossless-text.ts';
import { PatchFault } from './failure.ts';

export const EDIT_WORDS = ['search/replace', 'new-file', 'delete', 'rename'] as const;
export type EditWord = (typeof EDIT_WORDS)[number];

const KEYS: Readonly<Record<EditWord, readonly string[]>> = {
  'search/replace': ['path', 'repo', 'task', 'anchor', 'final-newline'],
  'new-file': ['path', 'repo', 'task', 'final-newline'],
  delete: ['path', 'repo', 'task'],
  rename: ['path', 'to', 'repo', 'task'],
};

/** The info string of an edit block, read. */
export interface EditInfo {
  readonly word: EditWord;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Reads `WORD key=value key="value with spaces"`; null when the fence is not an edit block. */
export function parseEditInfo(info: string, line: number): EditInfo | null {
  const word = EDIT_WORDS.find((candidate) => info === candidate || info.startsWith(`${candidate} `));
  if (word === undefined) return null;
  const attributes = parseAttributes(info.slice(word.length), line);
  for (const key of attributes.keys()) {
    if (!KEYS[word].includes(key)) throw new PatchFault('bad-attribute', `The ${word} block at line ${line} has the attribute ${text(key)}; it takes ${KEYS[word].join(', ')}.`);
  }
  assertValues(attributes, line);
  return { word, attributes };
}

/** Reads the attributes of an info string. `task=T1 path="my file.ts"`. */
export function parseAttributes(source: string, line: number): Map<string, string> {
  const attributes = new Map<string, string>();
  let rest = source.trim();
  while (rest !== '') {
    const match = /^([a-z-]+)=(?:"((?:[^"\\]|\\["\\])*)"|([^\s"]+))(?=\s|$)/u.exec(rest);
    if (match?.[1] === undefined) throw new PatchFault('bad-attribute', `The block at line ${line} should have attributes like path=src/a.ts or path="my file.ts"; this is none: ${text(rest)}.`);
    if (attributes.has(match[1])) throw new PatchFault('bad-attribute', `The block at line ${line} gives ${match[1]} twice.`);
    attributes.set(match[1], match[2] === undefined ? (match[3] ?? '') : match[2].replace(/\\(["\\])/gu, '$1'));
    rest = rest.slice(match[0].length).trimStart();
  }
  return attributes;
}

function assertValues(attributes: ReadonlyMap<string, string>, line: number): void {
  const repo = attributes.get('repo');
  if (repo !== undefined && !isRepoName(repo)) throw new PatchFault('bad-repo', `The block at line ${line} names the repository ${text(repo)}; write OWNER/NAME.`);
  if (!['yes', 'no', undefined].includes(attributes.get('final-newline'))) throw new PatchFault('bad-attribute', `In the block at line ${line}, final-newline is yes or no.`);
}

const text = (value: string): string => show(byteStringOf(value), 80);
