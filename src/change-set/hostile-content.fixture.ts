import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { add, HOSTILE_BASE, modify, move, remove, symlink, type HostilePatch } from './hostile-headers.fixture.ts';

const idOf = (content: string): string => createHash('sha1').update(`blob ${Buffer.from(content, 'latin1').length}\0`).update(content, 'latin1').digest('hex');
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~';

/** One half of a binary patch that holds `data` (a byte string); its size may lie. */
function half(kind: 'literal' | 'delta', data: string, size = data.length, packed = deflateSync(Buffer.from(data, 'latin1'))): string {
  const lines: string[] = [];
  for (let at = 0; at < packed.length; at += 52) {
    const part = packed.subarray(at, at + 52);
    const padded = Buffer.concat([part, Buffer.alloc(3)]);
    let line = String.fromCharCode(part.length <= 26 ? 64 + part.length : 70 + part.length);
    for (let group = 0; group < part.length; group += 4) {
      let value = padded.readUInt32BE(group);
      let digits = '';
      for (let digit = 0; digit < 5; digit += 1, value = Math.floor(value / 85)) digits = (ALPHABET[value % 85] ?? '') + digits;
      line += digits;
    }
    lines.push(`${line}\n`);
  }
  return `${kind} ${size}\n${lines.join('')}\n`;
}

const OLD = '\0\x01\x02';
const NEW = '\0\x03\x04\x05';
const binary = (forward: string, reverse = half('literal', OLD), ids = `${idOf(OLD)}..${idOf(NEW)}`): string => `diff --git a/bin.dat b/bin.dat\nindex ${ids} 100644\nGIT binary patch\n${forward}${reverse}`;
const literal = half('literal', NEW);
const delta = (...bytes: readonly number[]): string => half('delta', String.fromCharCode(...bytes));
const mid = (...hunks: readonly string[]): string => modify('a.txt', hunks.join(''));
const ZEROS = '\0'.repeat(20_000_000);
const [FIRST, SECOND] = ['1'.repeat(40), '2'.repeat(40)];
const submodule = (before: string, after: string, extra = ''): string => modify('sub', `@@ -1 +1 @@\n-Subproject commit ${before}\n+Subproject commit ${after}\n`, extra);
const NUL_FILE = HOSTILE_BASE['nul.txt'];

/** Hunks, binary content, paths and kinds of file. */
export const HOSTILE_CONTENT: readonly HostilePatch[] = [
  // The arithmetic of hunks
  ['a hunk that begins at line 0', mid('@@ -0,3 +1,3 @@\n-line 1\n+x\n line 2\n line 3\n'), 'bad-hunk-header'],
  ['a hunk of nothing', mid('@@ -1,0 +1,0 @@\n'), 'hunk-without-change'],
  ['a negative count', mid('@@ -1,-3 +1,3 @@\n-line 1\n+x\n line 2\n line 3\n'), 'bad-hunk-header'],
  ['a count of ten digits', mid('@@ -1,9999999999 +1,3 @@\n-line 1\n+x\n line 2\n line 3\n'), 'bad-hunk-header'],
  ['a count beyond 32 bits', mid('@@ -1,4294967299 +1,3 @@\n-line 1\n+x\n line 2\n line 3\n'), 'bad-hunk-header'],
  ['a line number with a plus', mid('@@ -+1,3 +1,3 @@\n-line 1\n+x\n line 2\n line 3\n'), 'bad-hunk-header'],
  ['a line number with a zero in front', mid('@@ -01,3 +1,3 @@\n-line 1\n+x\n line 2\n line 3\n'), 'bad-hunk-header'],
  ['a combined hunk', mid('@@@ -1,3 -1,3 +1,3 @@@\n--line 1\n++x\n  line 2\n  line 3\n'), 'bad-hunk-header'],
  ['text right behind the hunk header', mid('@@ -1,3 +1,3 @@x\n-line 1\n+x\n line 2\n line 3\n'), 'bad-hunk-header'],
  ['two hunks with one line in both', mid('@@ -1,3 +1,3 @@\n-line 1\n+x\n line 2\n line 3\n', '@@ -3,3 +3,3 @@\n line 3\n-line 4\n+y\n line 5\n'), 'hunk-order'],
  ['two hunks that touch', mid('@@ -1,3 +1,3 @@\n-line 1\n+x\n line 2\n line 3\n', '@@ -4,3 +4,3 @@\n line 4\n-line 5\n+y\n line 6\n'), 'a tree'],
  ['one hunk twice', mid('@@ -1,3 +1,3 @@\n-line 1\n+x\n line 2\n line 3\n'.repeat(2)), 'hunk-order'],
  ['a hunk one line too far down', mid('@@ -11,3 +11,3 @@\n line 10\n-line 11\n+x\n line 12\n'), 'context-mismatch'],
  ['a hunk that fits at its new line only', mid('@@ -3,3 +2,3 @@\n line 2\n-line 3\n+x\n line 4\n'), 'hunk-position'],
  ['a hunk behind the last line', mid('@@ -30,0 +31 @@\n+x\n'), 'no-context'],
  ['a hunk far behind the last line', mid('@@ -40,0 +41 @@\n+x\n'), 'context-mismatch'],
  ['a line put in without context', mid('@@ -5,0 +6 @@\n+x\n'), 'no-context'],
  ['a line taken out without context', mid('@@ -5 +4,0 @@\n-line 5\n'), 'no-context'],
  ['a line put before the first without context', mid('@@ -0,0 +1 @@\n+x\n'), 'no-context'],
  ['an insertion into an empty file', modify('empty.txt', '@@ -0,0 +1 @@\n+x\n'), 'a tree'],
  ['a new file of two hunks', 'diff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x\n@@ -0,0 +2 @@\n+y\n', 'hunk-order'],
  ['two insertions into an empty file', modify('empty.txt', '@@ -0,0 +1 @@\n+x\n@@ -0,0 +2 @@\n+y\n'), 'hunk-order'],
  ['an empty file that becomes empty', modify('empty.txt', '@@ -0,0 +0,0 @@\n'), 'hunk-without-change'],
  ['no hunk at all', modify('a.txt', ''), 'bad-hunk-header'],
  ['a hunk body that looks like a header', modify('open.txt', '@@ -1,2 +1,3 @@\n one\n--- a/b.txt\n+++ b/b.txt\n two\n\\ No newline at end of file\n'), 'hunk-counts'],
  ['an added line that looks like a header', mid('@@ -29,2 +29,4 @@\n line 29\n line 30\n+diff --git a/x b/x\n+deleted file mode 100644\n'), 'a tree'],
  ['a missing space before an empty context line', modify('x', '@@ -1 +1,2 @@\n one\n\n'), 'hunk-line'],
  ['a TAB before a context line', modify('x', '@@ -1 +1,2 @@\n\tone\n+two\n'), 'hunk-line'],
  ['prose between hunks', mid('@@ -1,3 +1,3 @@\n-line 1\n+x\n line 2\n line 3\n', 'and then\n', '@@ -9,3 +9,3 @@\n line 9\n-line 10\n+y\n line 11\n'), 'stray-text'],
  ['an empty line between files', `${modify('x', '@@ -1 +1 @@\n-one\n+two\n')}\n${modify('b.txt', '@@ -1 +1 @@\n-b\n+c\n')}`, 'stray-text'],
  ['an empty line after the last hunk', `${modify('x', '@@ -1 +1 @@\n-one\n+two\n')}\n`, 'stray-text'],
  ['a fence after the last hunk', `${modify('x', '@@ -1 +1 @@\n-one\n+two\n')}\`\`\`\n`, 'stray-text'],
  ['a NUL after the last hunk', `${modify('x', '@@ -1 +1 @@\n-one\n+two\n')}\0\n`, 'stray-text'],
  ['an old end marker that is not true', modify('x', '@@ -1 +1 @@\n-one\n\\ No newline at end of file\n+two\n'), 'misplaced-end-marker'],
  ['an old end marker left out', modify('open.txt', '@@ -1,2 +1,2 @@\n one\n-two\n+2\n\\ No newline at end of file\n'), 'context-mismatch'],
  ['an end marker twice', modify('open.txt', '@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n\\ No newline at end of file\n+2\n'), 'hunk-line'],
  ['an end marker before any line', modify('open.txt', '@@ -1,2 +1,2 @@\n\\ No newline at end of file\n one\n-two\n+2\n'), 'hunk-line'],
  ['an end marker in another language', modify('open.txt', '@@ -1,2 +1,2 @@\n one\n-two\n\\ Kein Zeilenumbruch am Dateiende.\n+2\n'), 'hunk-line'],
  ['line feeds for a file with CRLF', modify('crlf.txt'), 'context-mismatch'],
  ['CRLF for a file with line feeds', modify('x', '@@ -1 +1 @@\n-one\r\n+two\r\n'), 'context-mismatch'],
  ['a NUL in the context', modify('nul.txt', `@@ -1,3 +1,3 @@\n ${'x'.repeat(8_000)}\n \0\n-end\n+END\n`), 'a tree'],
  ['a rename onto other content', `${move('rename', 'x', 'y', '50%')}--- a/x\n+++ b/y\n@@ -1 +1 @@\n-other\n+two\n`, 'context-mismatch'],

  // Binary content
  ['a literal', binary(literal), 'a tree'],
  ['a literal that says one byte more', binary(half('literal', NEW, NEW.length + 1)), 'binary-malformed'],
  ['a literal that says one byte less', binary(half('literal', NEW, NEW.length - 1)), 'binary-malformed'],
  ['a literal of ten million times its size', binary(half('literal', ZEROS, 4)), 'binary-malformed'],
  ['a literal that says 4 GB', binary(half('literal', NEW, 4_294_967_300)), 'file-too-large'],
  ['bytes after the compressed data', binary(half('literal', NEW, NEW.length, Buffer.concat([deflateSync(Buffer.from(NEW, 'latin1')), Buffer.from('more')]))), 'binary-malformed'],
  ['two compressed streams', binary(half('literal', NEW, NEW.length, Buffer.concat([deflateSync(Buffer.from(NEW, 'latin1')), deflateSync(Buffer.from('x'))]))), 'binary-malformed'],
  ['compressed data cut off', binary(half('literal', NEW, NEW.length, deflateSync(Buffer.from(NEW, 'latin1')).subarray(0, -3))), 'binary-malformed'],
  ['a wrong checksum of compressed data', binary(half('literal', NEW, NEW.length, Buffer.from(deflateSync(Buffer.from(NEW, 'latin1')).map((byte, index, all) => (index === all.length - 1 ? byte ^ 1 : byte))))), 'binary-malformed'],
  ['content that is not the new id', binary(half('literal', 'other')), 'index-mismatch'],
  ['content made for another file', binary(literal, half('literal', OLD), `${'3'.repeat(40)}..${idOf(NEW)}`), 'index-mismatch'],
  ['a reverse half that leads elsewhere', binary(literal, half('literal', 'other')), 'binary-mismatch'],
  ['no reverse half', binary(literal, ''), 'binary-malformed'],
  ['short ids', binary(literal).replace(/index (.{7}).{33}\.\.(.{7}).{33}/u, 'index $1..$2'), 'binary-malformed'],
  ['a third half', binary(literal, half('literal', OLD) + literal), 'stray-text'],
  ['a line that says another length', binary(literal.replace(/(?<=\n)[A-Za-z]/u, 'Z')), 'binary-malformed'],
  ['a digit that is none', binary(literal.replace(/(?<=\n.)./u, '"')), 'binary-malformed'],
  ['a delta', binary(delta(3, 4, 0x91, 0, 1, 3, 3, 4, 5)), 'a tree'],
  ['a delta that copies beyond its base', binary(delta(3, 4, 0x91, 2, 4)), 'binary-mismatch'],
  ['a delta for a base of another size', binary(delta(9, 4, 0x91, 0, 1, 3, 3, 4, 5)), 'binary-mismatch'],
  ['a delta that makes too much', binary(delta(3, 2, 0x91, 0, 1, 3, 3, 4, 5)), 'binary-mismatch'],
  ['a delta that makes too little', binary(delta(3, 9, 0x91, 0, 1, 3, 3, 4, 5)), 'binary-mismatch'],
  ['a delta that is cut off', binary(delta(3, 4, 0x91, 0, 1, 3, 3)), 'binary-mismatch'],
  ['a delta with the reserved instruction', binary(delta(3, 4, 0)), 'binary-mismatch'],
  ['a delta of a size without an end', binary(delta(...Array.from({ length: 12 }, () => 0xff))), 'binary-mismatch'],
  ['a delta that makes 100 GB of one', binary(delta(3, 0x80, 0x80, 0x80, 0x80, 0x80, 3)), 'file-too-large'],
  ['an empty delta', binary(half('delta', '')), 'binary-mismatch'],
  ['a binary patch of a submodule', `diff --git a/sub b/sub\nindex ${FIRST}..${SECOND} 160000\nGIT binary patch\n${half('literal', `Subproject commit ${SECOND}\n`)}${half('literal', `Subproject commit ${FIRST}\n`)}`, 'bad-submodule'],
  ['a binary patch of a text file', `diff --git a/x b/x\nindex ${idOf('one\n')}..${idOf('two\n')} 100644\nGIT binary patch\n${half('literal', 'two\n')}${half('literal', 'one\n')}`, 'a tree'],
  ['a deletion that leaves binary content', `diff --git a/bin.dat b/bin.dat\ndeleted file mode 100644\nindex ${idOf(OLD)}..${'0'.repeat(40)}\nGIT binary patch\n${literal}${half('literal', OLD)}`, 'binary-mismatch'],
  ['binary files differ', `diff --git a/bin.dat b/bin.dat\nindex ${idOf(OLD)}..${idOf(NEW)} 100644\nBinary files a/bin.dat and b/bin.dat differ\n`, 'binary-without-content'],

  // Symlinks and submodules
  ['a write through a symlink that is there', add('out/passwd'), 'through-symlink'],
  ['a change through a symlink that is there', modify('inward/b.txt', '@@ -1 +1 @@\n-b\n+c\n'), 'through-symlink'],
  ['a deletion through a symlink', remove('inward/b.txt', '@@ -1 +0,0 @@\n-b\n'), 'through-symlink'],
  ['a rename out of a symlink', move('rename', 'inward/b.txt', 'c.txt'), 'through-symlink'],
  ['a symlink that is made and then written through', symlink('up', '/etc') + add('up/passwd'), 'path-conflict'],
  ['a write below a symlink that is made afterwards', add('up/passwd') + symlink('up', '/etc'), 'path-conflict'],
  ['a symlink renamed and then written through', move('rename', 'out', 'up') + add('up/passwd'), 'path-conflict'],
  ['a symlink copied and then written through', move('copy', 'out', 'up') + add('up/passwd'), 'path-conflict'],
  ['a directory that becomes a symlink', remove('x b/x', '@@ -1 +0,0 @@\n-x\n') + symlink('x b', '/etc'), 'bad-header'],
  ['a symlink in place of a directory that stays', symlink('dir', '/etc'), 'path-conflict'],
  ['a symlink that becomes a directory', `diff --git a/out b/out\ndeleted file mode 120000\n--- a/out\n+++ /dev/null\n@@ -1 +0,0 @@\n-/etc\n\\ No newline at end of file\n${add('out/passwd')}`, 'a tree'],
  ['a symlink with a line feed at its end', modify('link', '@@ -1 +1 @@\n-a.txt\n\\ No newline at end of file\n+b.txt\n'), 'a tree'],
  ['.gitmodules as a symlink', symlink('.gitmodules', 'x'), 'symlink-gitmodules'],
  ['.GITMODULES as a symlink', symlink('.GITMODULES', 'x'), 'symlink-gitmodules'],
  ['GITMOD~1 as a symlink, renamed', move('rename', 'link', 'GITMOD~1'), 'symlink-gitmodules'],
  ['.gitmodules as a file', add('.gitmodules'), 'a tree'],
  ['a submodule of another commit', submodule(FIRST, SECOND), 'a tree'],
  ['a submodule that is dirty', submodule(FIRST, `${SECOND}-dirty`), 'bad-submodule'],
  ['a submodule of a short id', submodule(FIRST, '2222222'), 'bad-submodule'],
  ['a submodule without an end', submodule(FIRST, SECOND).concat('\\ No newline at end of file\n'), 'bad-submodule'],
  ['a submodule of two lines', modify('sub', `@@ -1 +1,2 @@\n-Subproject commit ${FIRST}\n+Subproject commit ${SECOND}\n+x\n`), 'bad-submodule'],
  ['a submodule whose ids say another', submodule(FIRST, SECOND, `index ${FIRST.slice(0, 7)}..3333333 160000\n`), 'index-mismatch'],
  ['a file below a submodule', add('sub/x'), 'path-conflict'],
  ['a file as a submodule', add('n', `Subproject commit ${FIRST}`, '160000'), 'a tree'],
  ['an empty submodule', 'diff --git a/n b/n\nnew file mode 160000\n', 'bad-submodule'],

  // What is there and what is not
  ['a new file that is there', add('x'), 'already-exists'],
  ['a new file that is an empty file', add('empty.txt'), 'already-exists'],
  ['a new file where a directory is', add('dir'), 'path-conflict'],
  ['a new file below a file', add('x/y'), 'path-conflict'],
  ['two new files, one below the other', add('n') + add('n/m'), 'path-conflict'],
  ['a deletion of what is not there', remove('none', '@@ -1 +0,0 @@\n-b\n'), 'missing-in-base'],
  ['a deletion of a directory', remove('dir', '@@ -1 +0,0 @@\n-b\n'), 'not-a-file'],
  ['a rename of a directory', move('rename', 'dir', 'd'), 'not-a-file'],
  ['a rename into its own place', move('rename', 'x', 'x/y'), 'a tree'],
  ['a file that takes the place of its directory', move('rename', 'x b/x', 'x b').replace('diff --git a/x b/x b/x b', 'diff --git a/x b/x b/x b'), 'a tree'],
  ['a change of a file in other letters', modify('A.TXT'), 'missing-in-base'],
  ['a name of the same letters in another form', modify('cafe\xcc\x81.txt', '@@ -1 +1 @@\n-composed\n+x\n'), 'missing-in-base'],
  ['a file in other letters beside it', add('A.TXT'), 'a tree'],

  // Paths
  ['.git in capitals', add('.GIT/hooks/post-checkout'), 'path-git-directory'],
  ['.git as a file', add('.git', 'gitdir: /tmp/x'), 'path-git-directory'],
  ['.git in a folder', add('dir/.git/config'), 'path-git-directory'],
  ['.git with a dot behind', add('.git./config'), 'path-git-directory'],
  ['.git with a space behind', `diff --git a/.git /config b/.git /config\nnew file mode 100644\n`, 'path-git-directory'],
  ['.git with spaces and dots behind', `diff --git a/.git . ./config b/.git . ./config\nnew file mode 100644\n`, 'path-git-directory'],
  ['.git with a stream', add('.git:x/config'), 'path-git-directory'],
  ['the short name of .git', add('GIT~1/config'), 'path-git-directory'],
  ['another short name of .git', add('git~2/config'), 'path-git-directory'],
  ['.git with a zero-width joiner', add('.gi\xe2\x80\x8dt/config'), 'path-git-directory'],
  ['.git with a byte order mark', add('\xef\xbb\xbf.git/config'), 'path-git-directory'],
  ['.git in full-width letters', add('\xef\xbc\x8e\xef\xbd\x87\xef\xbd\x89\xef\xbd\x94/config'), 'path-git-directory'],
  ['.git behind a backslash', 'diff --git "a/x\\\\.git\\\\config" "b/x\\\\.git\\\\config"\nnew file mode 100644\n', 'path-git-directory'],
  ['.github is not .git', add('.github/x'), 'a tree'],
  ['a dot', add('./x2'), 'path-traversal'],
  ['two dots at the end', add('n/..'), 'path-traversal'],
  ['two dots that lead back', add('dir/../n'), 'path-traversal'],
  ['an absolute path', add('/etc/passwd'), 'path-absolute'],
  ['an absolute path in a rename', 'diff --git a/x b//etc/passwd\nsimilarity index 100%\nrename from x\nrename to /etc/passwd\n', 'path-absolute'],
  ['a drive', add('C:/x'), 'a tree'],
  ['a slash at the end', add('n/'), 'path-empty'],
  ['two slashes', add('n//m'), 'path-empty'],
  ['nothing but the prefix', 'diff --git a/ b/\nnew file mode 100644\n', 'path-empty'],
  ['a name of 256 bytes', add('n'.repeat(256)), 'path-too-long'],
  ['a name of 255 bytes', add('n'.repeat(255)), 'a tree'],
  ['a path of 4,096 bytes', add(`${`${'d'.repeat(63)}/`.repeat(63)}${'n'.repeat(64)}`), 'path-too-long'],
  ['a path of 129 levels', add(`${'d/'.repeat(128)}n`), 'path-too-deep'],
  ['a path of 128 levels', add(`${'d/'.repeat(127)}n`), 'a tree'],
  ['a context of another file', modify('nul.txt', `@@ -1 +1 @@\n-${NUL_FILE?.kind === 'plain' ? NUL_FILE.content.slice(0, 7_999) : ''}\n+x\n`), 'context-mismatch'],
];
