import { expect, test } from 'vitest';
import { farText } from './far-text.ts';

const diffOf = (...lines: string[]): string => `diff --git a/src/a b.js b/src/a b.js\nindex 1..2 100644\n--- a/src/a b.js\t\n+++ b/src/a b.js\t\n@@ -7,2 +7,${lines.length + 1} @@\n context\n-old\n${lines.map((line) => `+${line}\n`).join('')}`;

test.each([
  ['text after a wide gap', `ok();${' '.repeat(80)}evil();`],
  ['text far behind the margin', `${' '.repeat(200)}evil();`],
  ['a gap of wide spaces', `ok();${'\u3000'.repeat(80)}evil();`],
  ['a gap of tabs', `ok();${'\t'.repeat(20)}evil();`],
  ['a line that goes on and on', 'x'.repeat(401)],
])('%s is named', (_, line) => expect(farText(diffOf('fine', line))).toEqual({ places: ['src/a b.js:9'], count: 1 }));

test.each([['spaces at the end', `ok();${' '.repeat(300)}`], ['a usual line', `${' '.repeat(40)}return 1;`], ['a table', `| a${' '.repeat(60)} | b |`]])('%s is not', (_, line) => expect(farText(diffOf(line)).count).toBe(0));

test('an added line that looks like a header names no other file, and what was there before is not spoken of', () => {
  const far = `x${' '.repeat(90)}y`;
  expect(farText(diffOf('++ b/other.js', '@@ -1,900 +1,900 @@', far))).toEqual({ places: ['src/a b.js:10'], count: 1 });
  expect(farText(`--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n ${far}\n-${far}\n`).count).toBe(0);
});

test('many are counted, and the first are named', () => {
  const found = farText(diffOf(...Array.from({ length: 50 }, () => 'x'.repeat(500))));
  expect([found.places.length, found.count]).toEqual([20, 50]);
});
