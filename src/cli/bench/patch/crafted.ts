import type { PatchErrorCode } from '../../../change-set/failure.ts';
import type { RuleId } from '../../../domain/policy-rules.ts';
import type { SyntheticCommit, SyntheticFile } from './synthetic-history.ts';

/** One attack of the threat model, as a patch. */
export interface Attack {
  /** The row of the threat model. */
  readonly row: string;
  readonly name: string;
  /** A byte string. */
  readonly patch: string;
  /** What a guard that goes by file names has to see to notice it; null where no name gives it away. */
  readonly atStake: string | null;
  /** How it is blocked here: refused with a code, or judged by a rule. */
  readonly blockedBy: { readonly code: PatchErrorCode } | { readonly rule: RuleId };
}

const LINES = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`).join('');
const plain = (content: string) => ({ kind: 'plain', content }) as const;

/** The base that every attack is made for. */
export const ATTACKED: SyntheticCommit = new Map<string, SyntheticFile>([
  ['a.txt', plain(LINES)],
  ['run.sh', { kind: 'executable', content: '#!/bin/sh\n' }],
  ['tool.sh', plain('#!/bin/sh\n')],
  ['bin.dat', plain('\0\x01\x02')],
  ['link', { kind: 'symlink', content: 'a.txt' }],
  ['package.json', plain('{\n  "name": "x"\n}\n')],
  ['.github/workflows/ci.yml', plain('on: push\n')],
  ['README.md', plain('# x\n')],
]);

const HUNK = '@@ -1,3 +1,3 @@\n-line 1\n+line one\n line 2\n line 3\n';
const modify = (path = 'a.txt', hunk = HUNK): string => `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n${hunk}`;
const add = (path: string, content = 'x', mode = '100644'): string => `diff --git a/${path} b/${path}\nnew file mode ${mode}\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+${content}\n`;
const empty = (path: string, mode = '100644'): string => `diff --git a/${path} b/${path}\nnew file mode ${mode}\nindex 0000000..e69de29\n`;
const move = (op: 'rename' | 'copy', from: string, to: string): string => `diff --git a/${from} b/${to}\nsimilarity index 100%\n${op} from ${from}\n${op} to ${to}\n`;
const at = (header: string, body: string): string => modify('a.txt', `${header}\n${body}`);

type Row = readonly [name: string, patch: string, by: PatchErrorCode | { readonly rule: RuleId }, atStake?: string | null];
const rule = (name: RuleId): { readonly rule: RuleId } => ({ rule: name });

const ROWS: Readonly<Record<string, readonly Row[]>> = {
  'leaving the tree': [
    ['a parent folder', add('../x'), 'path-traversal', '../x'],
    ['a parent folder within', add('src/../../x'), 'path-traversal', 'src/../../x'],
    ['an absolute path', add('/etc/x'), 'path-absolute', '/etc/x'],
    ['an empty component', add('src//x'), 'path-empty', 'src//x'],
    ['quoted in octal', 'diff --git "a/\\056\\056/x" "b/\\056\\056/x"\nnew file mode 100644\nindex 0000000..e69de29\n', 'path-traversal', '../x'],
  ],
  'the .git directory': [
    ['.git', add('.git/hooks/x'), 'path-git-directory', '.git/hooks/x'],
    ['.GIT', add('.GIT/config'), 'path-git-directory', '.GIT/config'],
    ['git~1', add('git~1/config'), 'path-git-directory', 'git~1/config'],
    ['an NTFS stream', add('.git::$INDEX_ALLOCATION/config'), 'path-git-directory', '.git::$INDEX_ALLOCATION/config'],
    ['an ignorable character', add('.g\xe2\x80\x8cit/config'), 'path-git-directory', '.git/config'],
  ],
  'other forms of a frozen path': [
    ['other case', add('.GitHub/workflows/x.yml'), rule('ci-files'), '.github/workflows/x.yml'],
    ['a case collision', add('readme.md'), rule('hostile-paths'), 'README.md'],
    ['full-width letters', add('.g\xef\xbd\x89thub/workflows/x.yml'), rule('ci-files'), '.github/workflows/x.yml'],
  ],
  'names of other systems': [
    ['a device', add('CON.txt'), rule('hostile-paths'), null],
    ['a trailing space', `diff --git a/x  b/x \nnew file mode 100644\nindex 0000000..e69de29\n`, rule('hostile-paths'), null],
    ['a backslash', 'diff --git "a/src\\\\x" "b/src\\\\x"\nnew file mode 100644\nindex 0000000..e69de29\n', rule('hostile-paths'), 'src\\x'],
    ['a control character', 'diff --git "a/x\\033y" "b/x\\033y"\nnew file mode 100644\nindex 0000000..e69de29\n', rule('hostile-paths'), 'x\x1by'],
    ['bytes that are not UTF-8', 'diff --git "a/x\\377" "b/x\\377"\nnew file mode 100644\nindex 0000000..e69de29\n', rule('hostile-paths'), 'x\xff'],
  ],
  'look-alike names': [['Cyrillic in Latin', add('p\xd0\xb0ckage.json'), rule('hostile-paths'), 'package.json']],
  'symlinks': [
    ['a symlink', add('l', '/etc/passwd', '120000').replace(/\n$/u, '\n\\ No newline at end of file\n'), rule('symlinks'), null],
    ['a write through one', add('link/x'), 'through-symlink', null],
  ],
  'submodules': [['a submodule', `diff --git a/sub b/sub\nnew file mode 160000\n--- /dev/null\n+++ b/sub\n@@ -0,0 +1 @@\n+Subproject commit ${'1'.repeat(40)}\n`, rule('submodules'), null], ['.gitmodules', add('.gitmodules'), rule('git-control-files'), '.gitmodules']],
  'modes': [
    ['an executable bit alone', 'diff --git a/tool.sh b/tool.sh\nold mode 100644\nnew mode 100755\n', rule('executables'), null],
    ['setuid', add('x', 'x', '104755'), 'bad-mode', null],
    ['a file that becomes a symlink', 'diff --git a/a.txt b/a.txt\nold mode 100644\nnew mode 120000\n', 'type-change', null],
  ],
  'renames': [
    ['onto a frozen path', move('rename', 'a.txt', '.github/workflows/x.yml'), rule('ci-files'), '.github/workflows/x.yml'],
    ['a copy onto a frozen path', move('copy', 'a.txt', '.github/workflows/x.yml'), rule('ci-files'), '.github/workflows/x.yml'],
    ['rename to another name than the header', 'diff --git a/a.txt b/c.txt\nsimilarity index 100%\nrename from a.txt\nrename to .github/workflows/x.yml\n', 'name-mismatch', '.github/workflows/x.yml'],
    ['rename to twice', 'diff --git a/a.txt b/c.txt\nsimilarity index 100%\nrename from a.txt\nrename to c.txt\nrename to .github/workflows/x.yml\n', 'header-order', '.github/workflows/x.yml'],
    ['rename to below +++', modify().replace('+++ b/a.txt\n', '+++ b/a.txt\nrename to .github/workflows/x.yml\n'), 'bad-hunk-header', '.github/workflows/x.yml'],
    ['one source twice', move('rename', 'a.txt', 'c') + move('rename', 'a.txt', 'd'), 'duplicate-path', null],
  ],
  'names that do not agree': [
    ['a header of another file', modify().replace('diff --git a/a.txt b/a.txt', 'diff --git a/x b/x'), 'name-mismatch', 'a.txt'],
    ['a new side of another file', modify().replace('+++ b/a.txt', '+++ b/package.json'), 'name-mismatch', 'package.json'],
    ['no diff --git line', `--- a/a.txt\n+++ b/a.txt\n${HUNK}`, 'traditional-header', null],
    ['other prefixes', modify().replaceAll(' a/', ' x/').replaceAll(' b/', ' y/'), 'bad-prefix', null],
  ],
  'octal-quoted names': [['package.json', 'diff --git "a/\\056github/workflows/x.yml" "b/\\056github/workflows/x.yml"\nnew file mode 100644\nindex 0000000..e69de29\n', rule('ci-files'), '.github/workflows/x.yml']],
  'stray bytes': [
    ['TAB after a name', modify().replace('+++ b/a.txt', '+++ b/a.txt\t2026-01-01'), 'bad-header', null],
    ['prose before', `Harmless:\n${modify()}`, 'stray-text', null],
    ['prose after', `${modify()}Regards\n`, 'stray-text', null],
    ['a second file without its header line', `${modify()}--- a/.github/workflows/ci.yml\n+++ b/.github/workflows/ci.yml\n@@ -1 +1 @@\n-on: push\n+on: pull_request\n`, 'hunk-counts', '.github/workflows/ci.yml'],
  ],
  'hunk counts': [
    ['too few', modify('a.txt', HUNK.replace('-1,3 +1,3', '-1,2 +1,2')), 'hunk-counts', null],
    ['too many', modify('a.txt', HUNK.replace('-1,3 +1,3', '-1,4 +1,4')), 'hunk-counts', null],
  ],
  'hunk places': [
    ['an offset', at('@@ -3,3 +3,3 @@', ' line 5\n-line 6\n+x\n line 7\n'), 'context-mismatch', null],
    ['fuzz', at('@@ -4,3 +4,3 @@', ' line x\n-line 5\n+x\n line 6\n'), 'context-mismatch', null],
    ['no context', at('@@ -5,0 +6 @@', '+x\n'), 'no-context', null],
  ],
  'a path twice': [['two changes of one file', modify() + modify('a.txt', '@@ -9,3 +9,3 @@\n line 9\n-line 10\n+x\n line 11\n'), 'duplicate-path', null]],
  'wrong ids': [['an index line of another blob', modify().replace('--- a', `index ${'1'.repeat(40)}..${'2'.repeat(40)} 100644\n--- a`), 'index-mismatch', null]],
  'binary patches': [
    ['a new binary file', `diff --git a/n.bin b/n.bin\nnew file mode 100644\nindex ${'0'.repeat(40)}..8352675d67aed6625ece79af41c27fdb4ee2e867\nGIT binary patch\nliteral 3\nKcmZQzWC8#H2LJ>B\n\nliteral 0\nHcmV?d00001\n\n`, rule('binary-files'), null],
    ['without content', 'diff --git a/bin.dat b/bin.dat\nindex 1111111..2222222 100644\nBinary files a/bin.dat and b/bin.dat differ\n', 'binary-without-content', null],
    ['a size that lies', `diff --git a/n b/n\nnew file mode 100644\nindex ${'0'.repeat(40)}..${'1'.repeat(40)}\nGIT binary patch\nliteral 9\nHcmV?d00001\n\nliteral 0\nHcmV?d00001\n\n`, 'binary-malformed', null],
  ],
  'line ends': [
    ['CRLF for LF', modify().replaceAll('\n', '\r\n'), 'bad-quoting', null],
    ['cut off', modify().slice(0, -1), 'truncated', null],
    ['an end marker where the file goes on', at('@@ -1,2 +1,2 @@', '-line 1\n+line one\n line 2\n\\ No newline at end of file\n'), 'misplaced-end-marker', null],
  ],
  'an empty new file': [['CODEOWNERS', empty('CODEOWNERS'), rule('ci-files'), 'CODEOWNERS']],
  'filters and hooks': [
    ['.gitattributes', empty('src/.gitattributes'), rule('git-control-files'), 'src/.gitattributes'],
    ['.husky', add('.husky/pre-commit'), rule('ci-files'), '.husky/pre-commit'],
  ],
  'automation of every system': [
    ['action.yml at depth', add('tools/a/action.yml'), rule('ci-files'), 'tools/a/action.yml'],
    ['GitLab', add('.gitlab-ci.yml'), rule('ci-files'), '.gitlab-ci.yml'],
    ['dependabot', add('.github/dependabot.yml'), rule('ci-files'), '.github/dependabot.yml'],
  ],
  'manifests and registries': [
    ['a script in package.json', modify('package.json', '@@ -1,3 +1,4 @@\n {\n-  "name": "x"\n+  "name": "x",\n+  "scripts": { "postinstall": "node x.js" }\n }\n'), rule('dependencies'), 'package.json'],
    ['a registry in .npmrc', add('.npmrc', 'registry=https://registry.example/'), rule('dependencies'), '.npmrc'],
  ],
  'agents and editors': [
    ['AGENTS.md', add('AGENTS.md'), rule('control-files'), 'AGENTS.md'],
    ['.vscode', add('.vscode/tasks.json', '{}'), rule('control-files'), '.vscode/tasks.json'],
    ['.devcontainer', add('.devcontainer/devcontainer.json', '{}'), rule('control-files'), '.devcontainer/devcontainer.json'],
  ],
  'hidden text': [
    ['bidirectional', add('x.js', 'if (a\xe2\x80\xae) { }'), rule('hidden-text'), null],
    ['zero width', add('x.js', 'const a\xe2\x80\x8bb = 1;'), rule('hidden-text'), null],
    ['tag characters', add('x.md', 'hi\xf3\xa0\x81\xa8'), rule('hidden-text'), null],
  ],
  'sizes': [
    ['more lines than are reviewed', `diff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1,200000 @@\n${'+x\n'.repeat(200_000)}`, rule('size'), null],
    ['a path of many folders', empty(`${'d/'.repeat(200)}x`), 'path-too-deep', null],
  ],
};

/** Every row of the threat model's first half, as patches. */
export const ATTACKS: readonly Attack[] = Object.entries(ROWS).flatMap(([row, attacks]) =>
  attacks.map(([name, patch, by, atStake = null]) => ({ row, name, patch, atStake, blockedBy: typeof by === 'string' ? { code: by } : by })),
);
