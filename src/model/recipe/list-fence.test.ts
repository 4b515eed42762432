import { expect, test } from 'vitest';
import { readIssue } from './issue.ts';

const block = (indent: number): string => ['```new-file path=a.md', 'one', '', '  two', '```'].map((line) => (line === '' ? '' : `${' '.repeat(indent)}${line}`)).join('\n');
const plain = block(0);

const INSIDE: readonly (readonly [string, string])[] = [
  ['a bullet, four spaces', `- first:\n\n${block(4)}`],
  ['a number with four columns', `10. first:\n${block(4)}`],
  ['an item in an item', `- a\n  - b\n\n    more words\n\n${block(4)}`],
  ['three levels', `1. a\n   - b\n     - c\n\n${block(7)}`],
  ['below another block of the item', `- first:\n\n${block(4)}\n\n${block(4)}`],
];

test.each(INSIDE)('a block in a list is read without the indentation of its item: %s', (_, text) => {
  for (const { raw } of readIssue('t', text).changes) expect(raw).toBe(plain);
  expect(readIssue('t', text).changes.length).toBeGreaterThan(0);
});

const OUTSIDE: readonly (readonly [string, string])[] = [
  ['no list', `An example:\n\n${block(4)}`],
  ['a list that has ended', `- a\n\nWords.\n\n${block(4)}`],
  ['code within an item', `- a\n\n${block(6)}`],
];

test.each(OUTSIDE)('what is indented like code stays as it is: %s', (_, text) => {
  expect(readIssue('t', text).changes.map(({ raw }) => raw)).not.toContain(plain);
});
