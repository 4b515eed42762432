import type { PatchErrorCode } from './failure.ts';

/** One hostile patch: what it does, its bytes (a byte string), and what becomes of it: a tree, or the code it is refused with. */
export type HostilePatch = readonly [name: string, patch: string, becomes: 'a tree' | PatchErrorCode];

const LINES = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`).join('');

/** What the hostile patches are made for, by path (byte strings). */
export const HOSTILE_BASE: Readonly<Record<string, { readonly kind: 'plain' | 'executable' | 'symlink'; readonly content: string } | { readonly kind: 'submodule'; readonly commit: string }>> = {
  'a.txt': { kind: 'plain', content: LINES },
  'b.txt': { kind: 'plain', content: 'b\n' },
  'x b/x': { kind: 'plain', content: 'x\n' },
  'x': { kind: 'plain', content: 'one\n' },
  'crlf.txt': { kind: 'plain', content: LINES.replaceAll('\n', '\r\n') },
  'open.txt': { kind: 'plain', content: 'one\ntwo' },
  'empty.txt': { kind: 'plain', content: '' },
  'nul.txt': { kind: 'plain', content: `${'x'.repeat(8_000)}\n\0\nend\n` },
  'bin.dat': { kind: 'plain', content: '\0\x01\x02' },
  'run.sh': { kind: 'executable', content: '#!/bin/sh\n' },
  'link': { kind: 'symlink', content: 'a.txt' },
  'out': { kind: 'symlink', content: '/etc' },
  'inward': { kind: 'symlink', content: 'dir' },
  'dir/b.txt': { kind: 'plain', content: 'b\n' },
  'dir/deep/c.txt': { kind: 'plain', content: 'c\n' },
  'caf\xc3\xa9.txt': { kind: 'plain', content: 'composed\n' },
  'sub': { kind: 'submodule', commit: '1'.repeat(40) },
};

export const HUNK = '@@ -1,3 +1,3 @@\n-line 1\n+line one\n line 2\n line 3\n';
const X = '@@ -1 +1 @@\n-one\n+two\n';
export const modify = (path = 'a.txt', hunk = HUNK, extra = ''): string => `diff --git a/${path} b/${path}\n${extra}--- a/${path}\n+++ b/${path}\n${hunk}`;
export const add = (path: string, content = 'x', mode = '100644'): string => `diff --git a/${path} b/${path}\nnew file mode ${mode}\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+${content}\n`;
export const symlink = (path: string, target: string): string => `${add(path, target, '120000')}\\ No newline at end of file\n`;
export const remove = (path: string, hunk: string, mode = '100644'): string => `diff --git a/${path} b/${path}\ndeleted file mode ${mode}\n--- a/${path}\n+++ /dev/null\n${hunk}`;
export const move = (op: 'rename' | 'copy', from: string, to: string, similarity = '100%'): string => `diff --git a/${from} b/${to}\nsimilarity index ${similarity}\n${op} from ${from}\n${op} to ${to}\n`;

/** Names and header lines that contradict each other, or that git would have written in another way. */
export const HOSTILE_HEADERS: readonly HostilePatch[] = [
  // Names with spaces, quotes and prefixes
  ['a name that looks like two', modify('x b/x', '@@ -1 +1 @@\n-x\n+y\n').replaceAll('x b/x\n@@', 'x b/x\t\n@@').replace('--- a/x b/x', '--- a/x b/x\t'), 'a tree'],
  ['a mode change of a name that looks like two', 'diff --git a/x b/x b/x b/x\nold mode 100644\nnew mode 100755\n', 'a tree'],
  ['a rename whose header splits in another place', 'diff --git a/x b/x b/x b/x\nsimilarity index 100%\nrename from x\nrename to x b/x b/x\n', 'a tree'],
  ['a rename whose header names have one letter more', 'diff --git a/x b/y b/x b/x\nsimilarity index 100%\nrename from x\nrename to x b/x b/x\n', 'name-mismatch'],
  ['no TAB after a name with a space', modify('x b/x', '@@ -1 +1 @@\n-x\n+y\n'), 'bad-header'],
  ['a TAB after a name without a space', modify('x', X).replace('--- a/x', '--- a/x\t'), 'bad-header'],
  ['two TABs after a name', modify('x b/x', '@@ -1 +1 @@\n-x\n+y\n').replaceAll(/^(---|\+\+\+) .*$/gmu, '$&\t\t'), 'bad-header'],
  ['a date after a name', modify('x', X).replaceAll(/^(---|\+\+\+) .*$/gmu, '$&\t2026-01-01 00:00:00.000000000 +0000'), 'bad-header'],
  ['no prefix at all', modify('x', X).replaceAll(/\b[ab]\//gu, ''), 'bad-prefix'],
  ['mnemonic prefixes', modify('x', X).replaceAll('a/x', 'i/x').replaceAll('b/x', 'w/x'), 'bad-prefix'],
  ['prefixes the wrong way round', 'diff --git b/x a/x\n--- b/x\n+++ a/x\n@@ -1 +1 @@\n-one\n+two\n', 'bad-prefix'],
  ['one prefix for both', modify('x', X).replaceAll('b/x', 'a/x'), 'bad-prefix'],
  ['no a/ on the old side alone', modify('x', X).replace('--- a/x', '--- x'), 'bad-prefix'],
  ['a/ only in the first line', modify('x', X).replace('diff --git a/x b/x', 'diff --git x x'), 'name-mismatch'],
  ['a quoted name that needs no quotes', modify('"x"', X).replaceAll(/[ab]\/"x"/gu, (name) => `"${name[0]}/x"`), 'a tree'],
  ['one name quoted, the other not', 'diff --git "a/x" b/x\n--- a/x\n+++ "b/x"\n@@ -1 +1 @@\n-one\n+two\n', 'a tree'],
  ['quotes around the path but not the prefix', 'diff --git a/"x" b/"x"\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-one\n+two\n', 'name-mismatch'],
  ['a quoted name that goes on', modify('x', X).replace('--- a/x', '--- "a/x"y'), 'bad-header'],
  ['an octal escape above 377', 'diff --git "a/\\400" "b/\\400"\nnew file mode 100644\n', 'bad-quoting'],
  ['an octal escape of two digits', 'diff --git "a/\\56x" "b/\\56x"\nnew file mode 100644\n', 'bad-quoting'],
  ['a slash in octal', 'diff --git "a/..\\057x" "b/..\\057x"\nnew file mode 100644\n', 'path-traversal'],
  ['a prefix in octal', 'diff --git "\\141/x" "\\142/x"\nold mode 100644\nnew mode 100755\n', 'a tree'],
  ['a line feed in a name', 'diff --git "a/x\\ny" "b/x\\ny"\nnew file mode 100644\n', 'a tree'],
  ['a NUL in octal', 'diff --git "a/x\\000.txt" "b/x\\000.txt"\nnew file mode 100644\n', 'path-nul'],
  ['a raw control character in a name', modify('x\x1b', X), 'bad-quoting'],
  ['a raw double quote within a name', add('x"y'), 'bad-quoting'],
  ['a raw backslash within a name', add('x\\y'), 'bad-quoting'],
  ['three names', 'diff --git a/x b/x b/x\nold mode 100644\nnew mode 100755\n', 'bad-prefix'],
  ['no names', 'diff --git \nold mode 100644\nnew mode 100755\n', 'bad-prefix'],
  ['two spaces between the names', 'diff --git a/x  b/x\nold mode 100644\nnew mode 100755\n', 'bad-prefix'],
  ['a trailing space after the names', 'diff --git a/x b/x \nold mode 100644\nnew mode 100755\n', 'name-mismatch'],
  ['diff --cc', modify('x', X).replace('diff --git a/x b/x', 'diff --cc x'), 'stray-text'],
  ['diff --GIT', modify('x', X).replace('diff --git', 'diff --GIT'), 'stray-text'],

  // Carriage returns
  ['a carriage return after the header', modify('x', X).replace('b/x\n', 'b/x\r\n'), 'name-mismatch'],
  ['a carriage return after a mode', add('n').replace('100644\n', '100644\r\n'), 'bad-mode'],
  ['a carriage return after the ids', modify('x', X, 'index 1111111..2222222 100644\r\n'), 'bad-header'],
  ['a carriage return after the new name', modify('x', X).replace('+++ b/x\n', '+++ b/x\r\n'), 'bad-quoting'],
  ['a carriage return after /dev/null', add('n').replace('/dev/null\n', '/dev/null\r\n'), 'name-mismatch'],
  ['a carriage return after the hunk header', modify('x', X.replace('@@\n', '@@\r\n')), 'bad-hunk-header'],
  ['a carriage return after a rename', move('rename', 'x', 'y').replace('rename from x\n', 'rename from x\r\n'), 'bad-quoting'],
  ['a carriage return after "GIT binary patch"', `diff --git a/bin.dat b/bin.dat\nindex ${'1'.repeat(40)}..${'2'.repeat(40)} 100644\nGIT binary patch\r\nliteral 0\nHcmV?d00001\n\n`, 'bad-header'],

  // Lines that contradict each other
  ['a new file that is also deleted', add('n').replace('new file mode 100644\n', 'new file mode 100644\ndeleted file mode 100644\n'), 'header-order'],
  ['a new file with an old mode', add('n').replace('new file', 'old mode 100644\nnew file'), 'header-order'],
  ['a new file with a similarity', add('n').replace('100644\n', '100644\nsimilarity index 100%\n'), 'header-order'],
  ['a new file that comes from a name', add('n').replace('--- /dev/null', '--- a/n'), 'name-mismatch'],
  ['a new file whose ids are those of a change', add('n').replace('100644\n', '100644\nindex 1111111..2222222\n'), 'index-mismatch'],
  ['a new file whose ids are those of a deletion', add('n').replace('100644\n', '100644\nindex 1111111..0000000\n'), 'index-mismatch'],
  ['a change that ends in no file', modify('b.txt', '@@ -1 +0,0 @@\n-b\n').replace('+++ b/b.txt', '+++ /dev/null'), 'name-mismatch'],
  ['a deletion that ends in a file', remove('b.txt', '@@ -1 +1 @@\n-b\n+c\n'), 'deletion-incomplete'],
  ['a deletion with a name on both sides', remove('b.txt', '@@ -1 +0,0 @@\n-b\n').replace('+++ /dev/null', '+++ b/b.txt'), 'name-mismatch'],
  ['/dev/null on both sides', modify('x', X).replace('--- a/x', '--- /dev/null').replace('+++ b/x', '+++ /dev/null'), 'name-mismatch'],
  ['a file called dev/null', add('dev/null'), 'a tree'],
  ['a rename without "rename from"', 'diff --git a/x b/y\nsimilarity index 100%\nrename to y\n', 'header-order'],
  ['a rename without "rename to"', 'diff --git a/x b/y\nsimilarity index 100%\nrename from x\n', 'header-order'],
  ['a rename from one and a copy to another', 'diff --git a/x b/y\nsimilarity index 100%\nrename from x\ncopy to y\n', 'header-order'],
  ['old names of rename lines', 'diff --git a/x b/y\nsimilarity index 100%\nrename old x\nrename new y\n', 'header-order'],
  ['a rename onto itself', move('rename', 'x', 'x'), 'name-mismatch'],
  ['a rename with prefixes', 'diff --git a/x b/y\nsimilarity index 100%\nrename from a/x\nrename to b/y\n', 'name-mismatch'],
  ['a rename whose --- names another', `${move('rename', 'x', 'y', '50%')}--- a/b.txt\n+++ b/y\n@@ -1 +1 @@\n-b\n+c\n`, 'name-mismatch'],
  ['a rename of all that is only alike', move('rename', 'x', 'y', '90%'), 'bad-header'],
  ['a copy of all that is only alike', move('copy', 'x', 'y', '0%'), 'bad-header'],
  ['a similarity of 101', move('rename', 'x', 'y', '101%'), 'bad-header'],
  ['a similarity without a sign', move('rename', 'x', 'y', '100'), 'bad-header'],
  ['a similarity of 007', move('rename', 'x', 'y', '007%'), 'bad-header'],
  ['a dissimilarity of a rename', move('rename', 'x', 'y').replace('similarity', 'dissimilarity'), 'header-order'],
  ['a similarity alone', modify('x', X, 'similarity index 100%\n'), 'header-order'],
  ['two index lines', modify('x', X, 'index 1111111..2222222 100644\nindex 1111111..2222222 100644\n'), 'header-order'],
  ['the index line before the modes', modify('x', X, 'index 1111111..2222222\nold mode 100644\nnew mode 100755\n'), 'bad-header'],
  ['ids of three digits', modify('x', X, 'index 111..222 100644\n'), 'bad-header'],
  ['ids in capitals', modify('x', X, 'index AAAAAAA..BBBBBBB 100644\n'), 'bad-header'],
  ['ids with three dots', modify('x', X, 'index 1111111...2222222 100644\n'), 'bad-header'],
  ['three ids', modify('x', X, 'index 1111111,1111111..2222222 100644\n'), 'bad-header'],
  ['an index line and no change', 'diff --git a/x b/x\nindex 1111111..2222222 100644\n', 'bad-header'],
  ['an index line that says a rename changed nothing', `${move('rename', 'x', 'y')}index 5626abf..5626abf 100644\n`, 'bad-header'],

  // Modes
  ['a mode with a leading zero', 'diff --git a/x b/x\nold mode 0100644\nnew mode 0100755\n', 'bad-mode'],
  ['a mode of three digits', 'diff --git a/x b/x\nold mode 644\nnew mode 755\n', 'bad-mode'],
  ['a mode change of a submodule', 'diff --git a/sub b/sub\nold mode 160000\nnew mode 100644\n', 'type-change'],
  ['a mode change of a symlink', 'diff --git a/link b/link\nold mode 120000\nnew mode 120755\n', 'bad-mode'],
  ['an old mode that the base does not have', 'diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n', 'mode-mismatch'],
  ['an index mode that makes a symlink', modify('x', X, 'index 1111111..2222222 120000\n'), 'mode-mismatch'],
  ['a deletion with another mode', remove('b.txt', '@@ -1 +0,0 @@\n-b\n', '120000'), 'mode-mismatch'],
  ['modes the wrong way round', 'diff --git a/x b/x\nnew mode 100755\nold mode 100644\n', 'header-order'],

  // One path, several times
  ['one file changed twice', modify('x', X) + modify('x', '@@ -1 +1 @@\n-two\n+three\n'), 'duplicate-path'],
  ['one file changed and deleted', modify('x', X) + remove('x', '@@ -1 +0,0 @@\n-two\n'), 'duplicate-path'],
  ['one file deleted and added', remove('x', '@@ -1 +0,0 @@\n-one\n') + add('x'), 'duplicate-path'],
  ['one file added and deleted', add('x') + remove('x', '@@ -1 +0,0 @@\n-one\n'), 'duplicate-path'],
  ['a file renamed and changed', move('rename', 'x', 'y') + modify('x', X), 'duplicate-path'],
  ['two files renamed onto one', move('rename', 'x', 'y') + move('rename', 'b.txt', 'y'), 'duplicate-path'],
  ['a copy onto a file that is deleted', remove('b.txt', '@@ -1 +0,0 @@\n-b\n') + move('copy', 'x', 'b.txt'), 'duplicate-path'],
  ['a change of type parted by another file', `${remove('b.txt', '@@ -1 +0,0 @@\n-b\n')}${add('n')}${symlink('b.txt', 'x')}`, 'duplicate-path'],
  ['a change of type', `${remove('b.txt', '@@ -1 +0,0 @@\n-b\n')}${symlink('b.txt', 'x')}`, 'a tree'],
  ['a change of type the wrong way round', `${symlink('b.txt', 'x')}${remove('b.txt', '@@ -1 +0,0 @@\n-b\n')}`, 'duplicate-path'],
];
