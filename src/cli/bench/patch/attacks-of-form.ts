import { add, blockedBy, empty, emptyQuoted, HUNK, modify, modifyAt, move, type Rows } from './attack-base.ts';

const CI = '.github/workflows/x.yml';
const renameTo = (...lines: readonly string[]): string => `diff --git a/a.txt b/c.txt\nsimilarity index 100%\nrename from a.txt\n${lines.map((name) => `rename to ${name}\n`).join('')}`;
const SUBMODULE = `Subproject commit ${'1'.repeat(40)}`;
const NEW_BINARY = `diff --git a/n.bin b/n.bin\nnew file mode 100644\nindex ${'0'.repeat(40)}..8352675d67aed6625ece79af41c27fdb4ee2e867\nGIT binary patch\nliteral 3\nKcmZQzWC8#H2LJ>B\n\nliteral 0\nHcmV?d00001\n\n`;

/** Attacks by the form of a patch: paths, kinds of file, header lines, hunks. */
export const ATTACKS_OF_FORM: Rows = {
  'paths that leave the tree: .., absolute, an empty part': [
    ['a parent folder', add('../x'), 'path-traversal', '../x'],
    ['a parent folder within', add('src/../../x'), 'path-traversal', 'src/../../x'],
    ['a single dot', add('./x'), 'path-traversal', './x'],
    ['an absolute path', add('/etc/x'), 'path-absolute', '/etc/x'],
    ['an empty part', add('src//x'), 'path-empty', 'src//x'],
    ['in a rename alone', move('rename', 'a.txt', '../x'), 'path-traversal', '../x'],
    ['quoted in octal', emptyQuoted('\\056\\056/x'), 'path-traversal', '../x'],
  ],
  '.git in every spelling': [
    ['.git', add('.git/hooks/x'), 'path-git-directory', '.git/hooks/x'],
    ['.GIT', add('.GIT/config'), 'path-git-directory', '.GIT/config'],
    ['git~1', add('git~1/config'), 'path-git-directory', 'git~1/config'],
    ['an NTFS stream', add('.git::$INDEX_ALLOCATION/config'), 'path-git-directory', '.git::$INDEX_ALLOCATION/config'],
    ['an ignorable character', add('.g\xe2\x80\x8cit/config'), 'path-git-directory', '.git/config'],
    ['below another folder', add('src/.git/config'), 'path-git-directory', 'src/.git/config'],
  ],
  'a frozen path in other case or Unicode; collisions': [
    ['other case', add('.GitHub/workflows/x.yml'), blockedBy('ci-files'), CI],
    ['full-width letters', add('.g\xef\xbd\x89thub/workflows/x.yml'), blockedBy('ci-files'), CI],
    ['a collision of case', add('readme.md'), blockedBy('hostile-paths'), 'README.md'],
    ['a collision of Unicode forms', add('cafe\xcc\x81.txt'), blockedBy('hostile-paths'), 'caf\xc3\xa9.txt'],
  ],
  'names of other systems: backslash, CON., control characters, a dot or space at the end': [
    ['a backslash', emptyQuoted('src\\\\x'), blockedBy('hostile-paths'), 'src\\x'],
    ['a device', add('CON.txt'), blockedBy('hostile-paths'), null],
    ['a device and a dot', add('CON.'), blockedBy('hostile-paths'), null],
    ['a control character', emptyQuoted('x\\033y'), blockedBy('hostile-paths'), 'x\x1by'],
    ['a NUL', emptyQuoted('x\\000.txt'), 'path-nul', 'x'],
    ['a dot at the end', add('x.'), blockedBy('hostile-paths'), null],
    ['a space at the end', empty('x '), blockedBy('hostile-paths'), null],
    ['bytes that are not UTF-8', emptyQuoted('x\\377'), blockedBy('hostile-paths'), 'x\xff'],
  ],
  'look-alike names': [['Cyrillic in Latin', add('p\xd0\xb0ckage.json'), blockedBy('hostile-paths'), 'package.json']],
  'symlinks': [
    ['a symlink', `${add('l', '/etc/passwd', '120000')}\\ No newline at end of file\n`, blockedBy('symlinks'), null],
    ['a write through one', add('link/x'), 'through-symlink', null],
    ['a write through one that the patch makes', `${add('up', '/etc', '120000')}\\ No newline at end of file\n${add('up/passwd')}`, 'path-conflict', 'up/passwd'],
    ['.gitmodules as one', `${add('.gitmodules', 'x', '120000')}\\ No newline at end of file\n`, 'symlink-gitmodules', '.gitmodules'],
  ],
  'submodules': [
    ['a submodule', add('sub', SUBMODULE, '160000'), blockedBy('submodules'), null],
    ['.gitmodules', add('.gitmodules'), blockedBy('git-control-files'), '.gitmodules'],
  ],
  'modes: a change of mode alone, +x, setuid': [
    ['an executable bit alone', 'diff --git a/tool.sh b/tool.sh\nold mode 100644\nnew mode 100755\n', blockedBy('executables'), null],
    ['a new file that can be run', add('x.sh', '#!/bin/sh', '100755'), blockedBy('executables'), null],
    ['setuid', add('x', 'x', '104755'), 'bad-mode', null],
    ['group-writable', add('x', 'x', '100664'), 'bad-mode', null],
    ['a file that becomes a symlink', 'diff --git a/a.txt b/a.txt\nold mode 100644\nnew mode 120000\n', 'type-change', null],
    ['another mode than the base has', 'diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n', 'mode-mismatch', null],
  ],
  'renames and copies onto a frozen path; rename to after +++, or other than the header': [
    ['a rename', move('rename', 'a.txt', CI), blockedBy('ci-files'), CI],
    ['a copy', move('copy', 'a.txt', CI), blockedBy('ci-files'), CI],
    ['rename to another name than the header', renameTo(CI), 'name-mismatch', CI],
    ['rename to twice', renameTo('c.txt', CI), 'header-order', CI],
    ['rename to below +++', modify().replace('+++ b/a.txt\n', `+++ b/a.txt\nrename to ${CI}\n`), 'bad-hunk-header', CI],
    ['rename to below the index line', modify().replace('--- a', `index 1111111..2222222 100644\nrename to ${CI}\n--- a`), 'header-order', CI],
  ],
  'header names that do not agree; no diff --git line; other prefixes': [
    ['a header of another file', modify().replace('diff --git a/a.txt b/a.txt', 'diff --git a/x b/x'), 'name-mismatch', 'a.txt'],
    ['an old side of another file', modify().replace('--- a/a.txt', '--- a/package.json'), 'name-mismatch', 'package.json'],
    ['a new side of another file', modify().replace('+++ b/a.txt', '+++ b/package.json'), 'name-mismatch', 'package.json'],
    ['no diff --git line', `--- a/a.txt\n+++ b/a.txt\n${HUNK}`, 'traditional-header', null],
    ['other prefixes', modify().replaceAll(' a/', ' x/').replaceAll(' b/', ' y/'), 'bad-prefix', null],
    ['no prefixes', modify().replaceAll(/ [ab]\//gu, ' '), 'bad-prefix', null],
  ],
  'octal-quoted names': [
    ['a frozen path', emptyQuoted('\\056github/workflows/x.yml'), blockedBy('ci-files'), CI],
    ['package.json', emptyQuoted('p\\141ckage.json').replaceAll('p\\141ckage.json', 'sub/p\\141ckage.json').replace('index 0000000..e69de29\n', '--- /dev/null\n+++ "b/sub/p\\141ckage.json"\n@@ -0,0 +1 @@\n+{ "scripts": { "postinstall": "node x.js" } }\n'), blockedBy('dependencies'), 'sub/package.json'],
    ['an escape beyond one byte', emptyQuoted('\\400'), 'bad-quoting', null],
  ],
  'stray bytes: a TAB after a name, prose around a diff, a body that looks like a header': [
    ['TAB after a name', modify().replace('+++ b/a.txt', '+++ b/a.txt\t2026-01-01'), 'bad-header', null],
    ['prose before', `Harmless:\n${modify()}`, 'stray-text', null],
    ['prose between', `${modify()}\n${add('x')}`, 'stray-text', null],
    ['prose after', `${modify()}Regards\n`, 'stray-text', null],
    ['a second file without its header line', `${modify()}--- a/.github/workflows/ci.yml\n+++ b/.github/workflows/ci.yml\n@@ -1 +1 @@\n-on: push\n+on: pull_request\n`, 'hunk-counts', '.github/workflows/ci.yml'],
    ['a header that is a line of the hunk', modifyAt('@@ -1,4 +1,6 @@', ` line 1\n+diff --git a/${CI} b/${CI}\n+new file mode 100644\n--- /dev/null\n+++ b/${CI}\n line 2\n line 3\n`), 'context-mismatch', null],
  ],
  'hunks that count too few or too many lines': [
    ['too few', modify('a.txt', HUNK.replace('-1,3 +1,3', '-1,2 +1,2')), 'hunk-counts', null],
    ['too many', modify('a.txt', HUNK.replace('-1,3 +1,3', '-1,4 +1,4')), 'hunk-counts', null],
    ['a count beyond 32 bits', modify('a.txt', HUNK.replace('-1,3', '-1,4294967299')), 'bad-hunk-header', null],
    ['a count with a zero before it', modify('a.txt', HUNK.replace('-1,3', '-1,03')), 'bad-hunk-header', null],
  ],
  'an offset, fuzz, no context': [
    ['an offset', modifyAt('@@ -3,3 +3,3 @@', ' line 5\n-line 6\n+x\n line 7\n'), 'context-mismatch', null],
    ['fuzz', modifyAt('@@ -4,3 +4,3 @@', ' line x\n-line 5\n+x\n line 6\n'), 'context-mismatch', null],
    ['no context', modifyAt('@@ -5,0 +6 @@', '+x\n'), 'no-context', null],
    ['another new position', modifyAt('@@ -4,3 +9,3 @@', ' line 4\n-line 5\n+x\n line 6\n'), 'hunk-position', null],
    ['hunks out of order', modifyAt('@@ -9,3 +9,3 @@', ' line 9\n-line 10\n+x\n line 11\n@@ -4,3 +4,3 @@\n line 4\n-line 5\n+x\n line 6\n'), 'hunk-order', null],
  ],
  'one path twice; one source renamed twice': [
    ['two changes of one file', modify() + modify('a.txt', '@@ -9,3 +9,3 @@\n line 9\n-line 10\n+x\n line 11\n'), 'duplicate-path', null],
    ['one source renamed twice', move('rename', 'a.txt', 'c') + move('rename', 'a.txt', 'd'), 'duplicate-path', null],
    ['two files renamed onto one', move('rename', 'a.txt', 'c') + move('rename', 'README.md', 'c'), 'duplicate-path', null],
  ],
  'wrong ids': [
    ['an index line of another blob', modify().replace('--- a', `index ${'1'.repeat(40)}..${'2'.repeat(40)} 100644\n--- a`), 'index-mismatch', null],
    ['a new file that says it has other content', empty('x').replace('e69de29', '1111111'), 'index-mismatch', null],
  ],
  'binary patches': [
    ['a new binary file', NEW_BINARY, blockedBy('binary-files'), null],
    ['without content', 'diff --git a/bin.dat b/bin.dat\nindex 1111111..2222222 100644\nBinary files a/bin.dat and b/bin.dat differ\n', 'binary-without-content', null],
    ['a size that lies', NEW_BINARY.replace('literal 3', 'literal 9'), 'binary-malformed', null],
    ['a reverse half that leads elsewhere', NEW_BINARY.replace('literal 0\nHcmV?d00001', 'literal 3\nKcmZQzWC8#H2LJ>B'), 'binary-mismatch', null],
    ['content that is not the id', NEW_BINARY.replace('8352675d', '9352675d'), 'index-mismatch', null],
  ],
  'line ends, a missing last one, bytes that are not UTF-8': [
    ['CRLF for LF in the headers', modify().replaceAll('\n', '\r\n'), 'bad-quoting', null],
    ['CRLF for LF in the lines', modify().replaceAll(/(?<=line \w+)\n/gu, '\r\n'), 'context-mismatch', null],
    ['cut off', modify().slice(0, -1), 'truncated', null],
    ['an end marker where the file goes on', modifyAt('@@ -1,2 +1,2 @@', '-line 1\n+line one\n line 2\n\\ No newline at end of file\n'), 'misplaced-end-marker', null],
    ['UTF-8 for Latin-1', modify('latin1.txt', '@@ -1 +1 @@\n-caf\xc3\xa9\n+x\n'), 'context-mismatch', null],
  ],
  'an empty new file without ---': [['CODEOWNERS', empty('CODEOWNERS'), blockedBy('ci-files'), 'CODEOWNERS']],
};
