import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readGiven, toChangeBlocks } from './given-change.ts';
import { parseCommand } from './answer.ts';
import { noRewrite } from '../model/recipe/recipe.fixture.ts';

const REPOS = { repos: [repoOf('octo/api', 'primary'), repoOf('octo/web', 'secondary')] } as const;
const DIFF = 'diff --git a/a.md b/a.md\n--- a/a.md\n+++ b/a.md\n@@ -1 +1 @@\n-one\n+two\n';

function repoOf(repo: string, role: 'primary' | 'secondary') {
  return { repo, role, baseBranch: 'main', baseCommit: '1'.repeat(40), baseTree: '2'.repeat(40) } as const;
}

test('a bare diff becomes one proposal for the repository that is named, else for the primary one', async () => {
  expect(await readGiven(toChangeBlocks(DIFF, 'octo/web'), REPOS, noRewrite)).toEqual({ kind: 'given', proposals: [{ repo: 'octo/web', format: 'diff', text: DIFF, amends: false }] });
  expect(await readGiven(toChangeBlocks(DIFF, null), REPOS, noRewrite)).toMatchObject({ kind: 'given', proposals: [{ repo: 'octo/api' }] });
});

test('a diff whose content holds fences of its own comes through whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 3, max: 12 }), fc.constantFrom('`', '~'), async (length, mark) => {
      const diff = DIFF.replace('+two', `+${mark.repeat(length)}diff`);
      expect(await readGiven(toChangeBlocks(diff, null), REPOS, noRewrite)).toMatchObject({ kind: 'given', proposals: [{ text: diff }] });
    }),
  );
});

test('blocks keep the repository that they name, and get the given one where they name none', async () => {
  const blocks = '```new-file path=a.txt\nhello\n```\n\nprose\n\n```new-file path=b.txt repo=octo/api\nhello\n```\n';
  const given = await readGiven(toChangeBlocks(blocks, 'octo/web'), REPOS, noRewrite);
  expect(given.kind === 'given' && given.proposals.map(({ repo }) => repo)).toEqual(['octo/api', 'octo/web']);
});

test('what is no change, or for a repository outside the workflow, is refused with a sentence', async () => {
  expect(() => toChangeBlocks('please fix it', null)).toThrow(/holds no change/);
  expect(await readGiven(toChangeBlocks(DIFF, 'octo/other'), REPOS, noRewrite)).toMatchObject({ kind: 'malformed', reason: expect.stringContaining('octo/other') });
  expect(await readGiven('```diff\nnonsense\n```', REPOS, noRewrite)).toMatchObject({ kind: 'malformed' });
});

test.each([
  ['git show', `commit ${'1'.repeat(40)}\nAuthor: a <a@b.c>\n\n    Fix\n\n${DIFF}`, /begins at line 6.*git format-patch/],
  ['words of an agent above it', `Here is the change:\n\n${DIFF}`, /begins at line 3/],
  ['git diff --color', DIFF.replace('diff', '\u001B[1mdiff'), /--no-color/],
  ['apply_patch', '*** Begin Patch\n*** Update File: a.md\n@@\n-one\n+two\n*** End Patch\n', /checkout of the base commit/],
  ['blocks without a fence', 'a.md\n<<<<<<< SEARCH\none\n=======\ntwo\n>>>>>>> REPLACE\n', /no fence.*three backticks/],
  ['diff -u', '--- a.md\t2026-01-01\n+++ b.md\t2026-01-02\n@@ -1 +1 @@\n-one\n+two\n', null],
  ['diff -ur', 'diff -ur a/a.md b/a.md\n--- a/a.md\n+++ b/a.md\n@@ -1 +1 @@\n-one\n+two\n', /what diff prints, not git diff.*patch -p1/],
  ['diff without a format', '1c1\n< one\n---\n> two\n', /what diff prints, not git diff/],
  ['git diff --word-diff', 'diff --git a/a.md b/a.md\n--- a/a.md\n+++ b/a.md\n@@ -1 +1 @@\nsay [-one-]{+two+}\n', /--word-diff=none/],
  ['a byte order mark', `\uFEFF${DIFF}`, /byte order mark.*git diff --output=FILE/],
  ['a fence that does not say what it holds', `Here:\n\n\`\`\`\n${DIFF}\`\`\`\n`, /fence at line 3 holds a diff and does not say so/],
  ['a diff with other line ends', DIFF.replaceAll('\n', '\r\n'), /git diff --output=FILE/],
])('nearly a change: %s is told apart, with the way to one', async (_name, text, message) => {
  if (message !== null) return expect(() => toChangeBlocks(text, null)).toThrow(message);
  return expect(await readGiven(toChangeBlocks(text, null), REPOS, noRewrite)).toMatchObject({ kind: 'malformed', reason: expect.stringMatching(/patch -p1 < FILE/) });
});

test.each([
  ['--no-prefix', DIFF.replaceAll(/\b[ab]\//g, ''), /git diff --default-prefix/],
  ['diff.mnemonicPrefix', DIFF.replaceAll(/\ba\//g, 'i/').replaceAll(/\bb\//g, 'w/'), /git diff --default-prefix\./],
  ['-R', DIFF.replaceAll(/\b([ab])\//g, (_, side: string) => (side === 'a' ? 'b/' : 'a/')), /--default-prefix, and without -R/],
  ['wrong counts', DIFF.replace('@@ -1 +1 @@', '@@ -1,9 +1,9 @@'), /git apply --recount/],
  ['two mails', `From ${'1'.repeat(40)} Mon Sep 17 00:00:00 2001\nFrom: A <a@b.c>\nDate: Mon, 1 Jan 2026 00:00:00 +0000\nSubject: [PATCH 1/2] x\n\n---\n a.md | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n${DIFF}-- \n2.40\n\nFrom ${'2'.repeat(40)} Mon Sep 17 00:00:00 2001\nFrom: A <a@b.c>\nDate: Mon, 1 Jan 2026 00:00:00 +0000\nSubject: [PATCH 2/2] y\n\n---\n a.md | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n${DIFF}-- \n2.40\n\n`, /second mail.*git diff BASE/],
])('a diff made with %s names what mends it', async (_name, text, message) => {
  expect(await readGiven(toChangeBlocks(text, null), REPOS, noRewrite)).toMatchObject({ kind: 'malformed', reason: expect.stringMatching(message) });
});

test('/propose carries everything after it; without a change it is no command', () => {
  expect(parseCommand(`/propose\n\n${DIFF}`)).toEqual({ kind: 'propose', change: DIFF.trim() });
  expect(parseCommand('/propose')).toBeNull();
  expect(parseCommand('/proposer x')).toBeNull();
});
