import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScratchStore } from '../ports/objects.ts';
import { openScratchStore } from '../git/scratch-store.ts';
import { TestRepository, type TestFile } from '../git/test-repository.ts';
import { applyDiff } from './apply-diff.ts';
import { treeDelta } from './tree-delta.ts';

const LINES = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`).join('');
const BINARY = Uint8Array.from({ length: 3_000 }, (_, index) => (index * 7919) % 251);
const SUBMODULE = '1234567890123456789012345678901234567890';

const BASE: Record<string, TestFile> = {
  'a.txt': LINES,
  'dir/b.txt': `${LINES}end\n`,
  'crlf.txt': LINES.replaceAll('\n', '\r\n'),
  'open.txt': 'one\ntwo',
  'empty.txt': '',
  'bin.dat': BINARY,
  'run.sh': { kind: 'executable', content: '#!/bin/sh\n' },
  link: { kind: 'symlink', content: 'a.txt' },
  'with space.txt': LINES,
  'tab\tquote".txt': LINES,
  'ümlaut.txt': LINES,
  'latin1.txt': Buffer.from('caf\xe9\nx\n', 'latin1'),
};

const repository = new TestRepository();
let base: { commit: string; tree: string };
let store: ScratchStore;

beforeAll(async () => {
  base = repository.commit(BASE);
  store = await openScratchStore({ gitDir: repository.directory });
});
afterAll(async () => {
  await store.close();
  repository.remove();
});

describe('what git prints is applied to the very same tree', () => {
  const changed = LINES.replace('line 10\n', 'line ten\n').replace('line 25\n', '');
  const cases: Record<string, Record<string, TestFile>> = {
    'two hunks': { 'a.txt': changed },
    'CRLF': { 'crlf.txt': changed.replaceAll('\n', '\r\n') },
    'one ending of many': { 'crlf.txt': LINES.replaceAll('\n', '\r\n').replace('line 3\r\n', 'line 3\n') },
    'a final newline added': { 'open.txt': 'one\ntwo\n' },
    'a line after a missing final newline': { 'open.txt': 'one\ntwo\nthree' },
    'a final newline removed': { 'a.txt': LINES.slice(0, -1) },
    'added, also empty and deep': { 'new.txt': 'x\n', 'e.txt': '', 'x/y/z.txt': 'no newline' },
    'deleted, also empty': { 'a.txt': null, 'empty.txt': null, 'dir/b.txt': null },
    'filled and emptied': { 'empty.txt': 'x\n', 'open.txt': '' },
    'renamed': { 'a.txt': null, 'moved/c.txt': changed, 'dir/b.txt': null },
    'mode changes': { 'run.sh': '#!/bin/sh\n', 'a.txt': { kind: 'executable', content: changed } },
    'binary changed': { 'bin.dat': BINARY.map((byte, index) => (index === 1_500 ? byte ^ 1 : byte)) },
    'binary added and deleted': { 'bin.dat': null, 'other.dat': Uint8Array.from([0, 255, 1]) },
    'symlink changed': { link: { kind: 'symlink', content: 'dir/b.txt' } },
    'file to symlink and back': { 'a.txt': { kind: 'symlink', content: 'run.sh' }, link: 'now a file\n' },
    'submodule': { sub: { kind: 'submodule', commit: SUBMODULE } },
    'file to directory': { 'open.txt': null, 'open.txt/inner': 'x\n' },
    'symlink to directory': { link: null, 'link/x': 'x\n' },
    'symlink renamed, a directory in its place': { link: null, moved: { kind: 'symlink', content: 'a.txt' }, 'link/x': 'x\n' },
    'directory to file': { 'dir/b.txt': null, dir: 'x\n' },
    'two files that change places': { 'a.txt': BINARY, 'bin.dat': LINES },
    'two files that change places, one edited': { 'a.txt': BINARY, 'bin.dat': changed },
    'names that need quotes': { 'with space.txt': changed, 'tab\tquote".txt': changed, 'ümlaut.txt': changed, 'back\\slash': 'x\n' },
    'names that are not UTF-8': { [Buffer.from('caf\xe9 \xff', 'latin1').toString('latin1')]: 'x\n' },
    'bytes that are not UTF-8': { 'latin1.txt': Buffer.from('caf\xe9\ny\xff\n', 'latin1') },
    'lines that look like headers': { 'a.txt': `${LINES}-- a/x\n++ b/x\n@@ -1 +1 @@\ndiff --git a/x b/x\n`, 'open.txt': '-- a/x\ntwo' },
  };
  for (const [name, files] of Object.entries(cases)) {
    it(name, async () => {
      repository.git(['reset', '--quiet', '--hard', base.commit]);
      const result = repository.commit(files);
      for (const flags of [['-M'], ['-C', '--find-copies-harder'], ['-B', '-M'], ['--no-renames'], ['-M', '-U1']]) {
        const patch = repository.diff(base.tree, result.tree, flags);
        const applied = await applyDiff(patch, base.tree, store);
        expect(applied).toMatchObject({ kind: 'applied', tree: result.tree });
      }
      if (name.startsWith('two files')) expect(repository.diff(base.tree, result.tree, ['-B', '-M']).toString().match(/^rename to/gmu)).toHaveLength(2);
      const names = repository.git(['diff-tree', '-r', '-z', '--name-only', '--no-renames', base.tree, result.tree]).toString().split('\0').slice(0, -1);
      expect((await treeDelta(base.tree, result.tree, store)).map(({ path }) => path)).toEqual(names);
      expect(Buffer.from(await store.diffTrees(base.tree, result.tree))).toEqual(repository.diff(base.tree, result.tree));
    });
  }
});

describe('what git would not print is refused by name', () => {
  const hunk = '@@ -1,3 +1,3 @@\n-line 1\n+line one\n line 2\n line 3\n';
  const modify = (header: string, body = hunk): string => `diff --git a/a.txt b/a.txt\n${header}--- a/a.txt\n+++ b/a.txt\n${body}`;
  const add = (path: string, mode = '100644', content = 'x'): string => `diff --git a/${path} b/${path}\nnew file mode ${mode}\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+${content}\n`;
  const mid = (body: string): string => modify('', body);
  const cases: readonly [string, string, string][] = [
    ['nothing', '', 'empty-patch'],
    ['a parent directory', add('../x'), 'path-traversal'],
    ['a parent directory within', add('dir/../../x'), 'path-traversal'],
    ['an absolute path', add('/etc/passwd'), 'path-absolute'],
    ['an empty component', add('b//x'), 'path-empty'],
    ['a trailing slash', add('b/'), 'path-empty'],
    ['.git', add('.git/config'), 'path-git-directory'],
    ['.GIT', add('sub/.GIT/hooks/x'), 'path-git-directory'],
    ['git~1', add('git~1/config'), 'path-git-directory'],
    ['an NTFS stream', add('.git::$INDEX_ALLOCATION/config'), 'path-git-directory'],
    ['a trailing dot', add('.git./config'), 'path-git-directory'],
    ['an HFS-ignorable character', add('.g\u200cit/config'), 'path-git-directory'],
    ['a quoted .git behind a backslash', 'diff --git "a/x\\\\.git\\\\config" "b/x\\\\.git\\\\config"\nnew file mode 100644\n', 'path-git-directory'],
    ['a quoted NUL', 'diff --git "a/x\\000y" "b/x\\000y"\nnew file mode 100644\n', 'path-nul'],
    ['a traditional header', `--- a/a.txt\n+++ b/a.txt\n${hunk}`, 'traditional-header'],
    ['other prefixes', modify('').replaceAll('a/a.txt', 'c/a.txt'), 'bad-prefix'],
    ['no prefixes', modify('').replaceAll('a/a.txt', 'a.txt').replaceAll('b/a.txt', 'a.txt'), 'bad-prefix'],
    ['header names another file', modify('').replace('diff --git a/a.txt b/a.txt', 'diff --git a/x b/x'), 'name-mismatch'],
    ['new side names another file', modify('').replace('+++ b/a.txt', '+++ b/run.sh'), 'name-mismatch'],
    ['an addition without its header', modify('').replace('--- a/a.txt', '--- /dev/null'), 'name-mismatch'],
    ['rename to after +++', modify('').replace('+++ b/a.txt\n', '+++ b/a.txt\nrename to package.json\n'), 'bad-hunk-header'],
    ['rename that differs from the header', 'diff --git a/a.txt b/c.txt\nsimilarity index 100%\nrename from a.txt\nrename to package.json\n', 'name-mismatch'],
    ['rename without similarity', 'diff --git a/a.txt b/c.txt\nrename from a.txt\nrename to c.txt\n', 'header-order'],
    ['rename twice', 'diff --git a/a.txt b/c.txt\nsimilarity index 100%\nrename from a.txt\nrename to c.txt\nrename to d.txt\n', 'header-order'],
    ['one source renamed twice', ['c', 'd'].map((to) => `diff --git a/a.txt b/${to}\nsimilarity index 100%\nrename from a.txt\nrename to ${to}\n`).join(''), 'duplicate-path'],
    ['rename onto a file', 'diff --git a/a.txt b/run.sh\nsimilarity index 100%\nrename from a.txt\nrename to run.sh\n', 'already-exists'],
    ['copy onto a file', 'diff --git a/a.txt b/run.sh\nsimilarity index 100%\ncopy from a.txt\ncopy to run.sh\n', 'already-exists'],
    ['the same path twice', add('n') + add('n'), 'duplicate-path'],
    ['a deletion and an addition of a plain file', `diff --git a/empty.txt b/empty.txt\ndeleted file mode 100644\n${add('empty.txt')}`, 'duplicate-path'],
    ['setuid', add('x', '104755'), 'bad-mode'],
    ['group-writable', add('x', '100664'), 'bad-mode'],
    ['a directory mode', add('x', '040000'), 'bad-mode'],
    ['a mode change to a symlink', 'diff --git a/a.txt b/a.txt\nold mode 100644\nnew mode 120000\n', 'type-change'],
    ['a mode change that is none', 'diff --git a/a.txt b/a.txt\nold mode 100644\nnew mode 100644\n', 'bad-mode'],
    ['another old mode', 'diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n', 'mode-mismatch'],
    ['a header without a change', 'diff --git a/a.txt b/a.txt\n', 'bad-header'],
    ['TAB after a name', modify('').replace('+++ b/a.txt', '+++ b/a.txt\t2026-01-01'), 'bad-header'],
    ['prose before', `See here:\n${modify('')}`, 'stray-text'],
    ['prose after', `${modify('')}Regards\n`, 'stray-text'],
    ['a mail signature', `${modify('')}-- \n2.39\n`, 'hunk-counts'],
    ['an under-counted hunk', modify('', hunk.replace('-1,3 +1,3', '-1,2 +1,2')), 'hunk-counts'],
    ['an over-counted hunk', modify('', hunk.replace('-1,3 +1,3', '-1,4 +1,4')), 'hunk-counts'],
    ['a hunk at another line', mid('@@ -2,3 +2,3 @@\n-line 1\n+line one\n line 2\n line 3\n'), 'context-mismatch'],
    ['other context', modify('', hunk.replace(' line 3', ' line x')), 'context-mismatch'],
    ['a hunk beyond the end', mid('@@ -99,2 +99,2 @@\n-line 1\n+line one\n line 2\n'), 'context-mismatch'],
    ['no context above', mid('@@ -5,2 +5,2 @@\n-line 5\n+x\n line 6\n'), 'no-context'],
    ['no context below', mid('@@ -4,2 +4,2 @@\n line 4\n-line 5\n+x\n'), 'no-context'],
    ['no context at all', mid('@@ -5,0 +6 @@\n+x\n'), 'no-context'],
    ['a new start that does not follow', mid('@@ -1,3 +2,3 @@\n-line 1\n+line one\n line 2\n line 3\n'), 'hunk-position'],
    ['hunks out of order', mid('@@ -9,3 +9,3 @@\n line 9\n-line 10\n+x\n line 11\n@@ -4,3 +4,3 @@\n line 4\n-line 5\n+y\n line 6\n'), 'hunk-order'],
    ['a hunk that changes nothing', mid('@@ -1,2 +1,2 @@\n line 1\n line 2\n'), 'hunk-without-change'],
    ['an end marker in the middle', mid('@@ -1,3 +1,3 @@\n-line 1\n\\ No newline at end of file\n+line one\n line 2\n line 3\n'), 'misplaced-end-marker'],
    ['an end marker where the file goes on', mid('@@ -1,2 +1,2 @@\n-line 1\n+line one\n line 2\n\\ No newline at end of file\n'), 'misplaced-end-marker'],
    ['another end marker', modify('', `${hunk}\\ Kein Zeilenumbruch am Dateiende.\n`), 'hunk-line'],
    ['an empty context line', modify('', hunk.replace(' line 3', '')), 'hunk-line'],
    ['a last line that is cut off', modify('').slice(0, -1), 'truncated'],
    ['a wrong old id', modify(`index ${'1'.repeat(40)}..${'2'.repeat(40)} 100644\n`), 'index-mismatch'],
    ['a wrong short id', modify('index 1111111..2222222 100644\n'), 'index-mismatch'],
    ['an index line with another mode', modify('index 1111111..2222222 100755\n'), 'mode-mismatch'],
    ['an index line without its mode', modify('index 1111111..2222222\n'), 'bad-header'],
    ['binary files differ', 'diff --git a/bin.dat b/bin.dat\nindex 1111111..2222222 100644\nBinary files a/bin.dat and b/bin.dat differ\n', 'binary-without-content'],
    ['a binary patch without ids', 'diff --git a/bin.dat b/bin.dat\nGIT binary patch\nliteral 0\nHcmV?d00001\n\nliteral 0\nHcmV?d00001\n\n', 'binary-malformed'],
    ['a binary size that lies', `diff --git a/n b/n\nnew file mode 100644\nindex ${'0'.repeat(40)}..${'1'.repeat(40)}\nGIT binary patch\nliteral 9\nHcmV?d00001\n\nliteral 0\nHcmV?d00001\n\n`, 'binary-malformed'],
    ['an addition of what exists', add('a.txt'), 'already-exists'],
    ['a change of what is missing', modify('').replaceAll('a.txt', 'none.txt'), 'missing-in-base'],
    ['a change of a directory', modify('').replaceAll('a.txt', 'dir'), 'not-a-file'],
    ['a write through a symlink', add('link/x'), 'through-symlink'],
    ['a file below a file', add('a.txt/x'), 'path-conflict'],
    ['a file over a directory', add('dir'), 'path-conflict'],
    ['a deletion that leaves lines', 'diff --git a/a.txt b/a.txt\ndeleted file mode 100644\n--- a/a.txt\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-line 1\n-line 2\n', 'no-context'],
    ['a bare deletion of a full file', 'diff --git a/a.txt b/a.txt\ndeleted file mode 100644\n', 'deletion-incomplete'],
    ['CRLF in place of LF', modify('').replaceAll('\n', '\r\n'), 'bad-quoting'],
    ['an old mode without a new one', 'diff --git a/a.txt b/a.txt\nold mode 100644\n', 'header-order'],
    ['an escape git never prints', 'diff --git "a/\\x41" "b/\\x41"\nnew file mode 100644\n', 'bad-quoting'],
    ['a quote that is never closed', 'diff --git "a/x b/x\nnew file mode 100644\n', 'bad-quoting'],
  ];
  for (const [name, patch, code] of cases) {
    it(`${name}: ${code}`, async () => {
      const failure = await applyDiff(Buffer.from(patch), base.tree, store);
      expect(failure).toMatchObject({ kind: 'failed', code });
      expect(failure).not.toHaveProperty('message', expect.stringMatching(/[\u0000-\u001f\u007f]/u));
    });
  }

  it('decodes an octal-quoted name before anything is checked', async () => {
    const patch = 'diff --git "a/p\\141ckage.json" "b/p\\141ckage.json"\nnew file mode 100644\n';
    expect(await applyDiff(Buffer.from(patch), base.tree, store)).toMatchObject({ kind: 'applied', declaredPaths: ['package.json'] });
  });

  it('sees an empty new file without --- and +++', async () => {
    const applied = await applyDiff(Buffer.from('diff --git a/CODEOWNERS b/CODEOWNERS\nnew file mode 100644\nindex 0000000..e69de29\n'), base.tree, store);
    expect(applied).toMatchObject({ kind: 'applied', declaredPaths: ['CODEOWNERS'] });
    if (applied.kind === 'applied') expect(await treeDelta(base.tree, applied.tree, store)).toMatchObject([{ path: 'CODEOWNERS', op: 'add' }]);
  });
});
