import type { FileDiff } from './diff-model.ts';
import type { PatchErrorCode } from './failure.ts';

/**
 * What git may accept and we refuse, each on purpose: the whole list. Where we refuse with any other code, `git apply`
 * refuses too; where we accept, it accepts with the same tree. Differential fuzzing holds both to it.
 */
export const DELIBERATE_REFUSALS: Readonly<Partial<Record<PatchErrorCode, string>>> = {
  'too-large': 'a cap: git takes 1 GB',
  'too-many-files': 'a cap',
  'too-many-hunks': 'a cap',
  'line-too-long': 'a cap',
  'file-too-large': 'a cap',
  'truncated': 'git takes a patch whose last line has no line feed, whether or not it was cut off',
  'bad-mail': 'git looks for a diff anywhere in a mail, also in its message',
  'several-commits': 'git applies one mail after the other; here a patch is one change from base to result',
  'stray-text': 'git skips text before, between and after diffs',
  'traditional-header': 'git takes a diff without a "diff --git" line, and guesses how many path components to drop',
  'bad-header': 'git skips header lines that it does not know, and does not read dates, percentages and modes to their end',
  'header-order': 'git takes header lines in any order and twice; the last one wins',
  'name-mismatch': 'git takes the name from one line and does not compare it with all others',
  'bad-prefix': 'git drops one path component, whatever it is called',
  'bad-quoting': 'git takes raw what it would print in quotes',
  'bad-mode': 'git takes any octal number for a mode, and keeps what it can of it',
  'type-change': 'git lets a mode change turn a file into a symlink or submodule',
  'duplicate-path': 'git changes one path several times, in order',
  'bad-hunk-header': 'git does not read a hunk header to its end',
  'hunk-counts': 'git drops lines that a hunk header does not count',
  'hunk-line': 'git takes an empty line for an empty context line, and any line that begins with a backslash for the end marker',
  'hunk-order': 'git looks for a hunk anywhere',
  'hunk-position': 'git does not compare the new position with the old one',
  'hunk-without-change': 'git takes hunks of nothing but context',
  'no-context': 'with zero context git asks for --unidiff-zero only in some places',
  'misplaced-end-marker': 'git takes an end marker within a file for the line before it',
  'binary-without-content': 'git takes the result from the repository, if it happens to be there',
  'binary-malformed': 'git does not read the reverse half, nor bytes behind the end of the compressed data',
  'binary-mismatch': 'git does not check that the reverse half leads back, nor that a deletion leaves nothing',
  'path-empty': 'git makes one slash of several, and skips a part whose header it does not understand before it looks at its names',
  'path-absolute': 'git skips a part whose header it does not understand before it looks at its names',
  'path-traversal': 'git skips a part whose header it does not understand before it looks at its names',
  'path-git-directory': 'git on Linux takes names that another system takes for .git',
  'symlink-gitmodules': 'git on Linux takes names that another system takes for .gitmodules',
  'path-nul': 'git cuts a quoted name at a NUL',
  'path-too-long': 'a cap',
  'path-too-deep': 'a cap',
  'context-mismatch': 'git looks for a hunk at other lines too',
  'mode-mismatch': 'git warns and goes on',
  'index-mismatch': 'git does not compare the object ids of a text diff',
  'bad-submodule': 'git reads a submodule from the first hunk and does not look at the rest',
  'no-change': 'git applies what leaves the tree as it is',
};

export const isDeliberate = (code: string): boolean => Object.hasOwn(DELIBERATE_REFUSALS, code);

/**
 * The one diff of git's own that `git apply` refuses and we take: a symlink is renamed, unchanged, and a file comes to
 * stand below its old path. The rename names no mode, so git does not see that the symlink goes away.
 */
export const isRefusedByGitAlone = (files: readonly FileDiff[]): boolean =>
  files.some(({ op, oldPath, body }) => op === 'rename' && body.kind === 'none' && files.some(({ newPath }) => newPath?.startsWith(`${oldPath ?? ''}/`) === true));
