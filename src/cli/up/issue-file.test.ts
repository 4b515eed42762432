import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readIssueFile } from './issue-file.ts';
import { chooseDirectory } from './place.ts';

const root = mkdtempSync(join(tmpdir(), 'countersign-issue-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const TITLES: readonly (readonly [string, string, string, string, number])[] = [
  ['a heading', '# Wrong\n\ntext', 'Wrong', 'text', 2],
  ['an underlined line', 'Wrong\n=====\n\ntext', 'Wrong', 'text', 3],
  ['a heading below front matter', '---\ntitle: other\n---\n\n# Wrong\ntext', 'Wrong', 'text', 5],
  ['front matter alone', '---\nlabels: a\ntitle: "It: is wrong"\n---\ntext', 'It: is wrong', 'text', 4],
  ['a line above, without a heading', 'Wrong\ntext', 'Wrong', 'Wrong\ntext', 0],
  ['a heading below what a template says', '<!-- Thanks\nfor it! -->\n\n<!-- 2 -->\n# Wrong\n\ntext', 'Wrong', 'text', 6],
  ['a rule that opens nothing', '---\n\n# Wrong\ntext', 'Wrong', '---\n\n# Wrong\ntext', 0],
];

test('an address instead of a file is told how it becomes one', async () => {
  await expect(readIssueFile('https://github.com/octo/api/issues/3')).rejects.toThrow(/gh issue view https:\/\/github\.com\/octo\/api\/issues\/3 .*> issue\.md/);
});

test.each(TITLES)('the title of an issue: %s', async (_, text, title, body, linesBefore) => {
  const path = join(root, 'issue.md');
  writeFileSync(path, text);
  expect(await readIssueFile(path)).toMatchObject({ title, body, origin: { linesBefore } });
});

test.each(['', '---\ntitle:\n---\n'])('no title: %j is refused with a sentence', async (text) => {
  const path = join(root, 'issue.md');
  writeFileSync(path, text);
  await expect(readIssueFile(path)).rejects.toMatchObject({ kind: 'input', code: 'issue-empty' });
});

// A recursive mkdir of Node never ends there.
const HAS_PROC = existsSync('/proc/self');
if (!HAS_PROC) process.stderr.write('SKIPPED: a directory below /proc, because there is none.\n');
test.runIf(HAS_PROC)('a directory below one where none can be made is refused', async () => {
  await expect(chooseDirectory('/proc/countersign/here', '2026-11-23T00:00:00Z')).rejects.toMatchObject({ code: 'bad-dir' });
});
