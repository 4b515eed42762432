/**
 * Names that some git, on some file system, takes for the `.git` directory. They are refused everywhere, whatever
 * the system this runs on: HFS+ drops ignorable characters, NTFS drops trailing dots and spaces, cuts at a colon
 * and knows the short name `git~1`; Windows splits at backslashes too.
 */

// The code points HFS+ ignores when it compares names (git's utf8.c, next_hfs_char).
const HFS_IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu;

/** The name that all those systems may see. */
const foldName = (part: string): string => {
  const folded = part.replace(HFS_IGNORED, '').normalize('NFKC').toLowerCase();
  return (folded.split(':', 1)[0] ?? '').replace(/[. ]+$/u, '');
};

const isGitDirectoryPart = (part: string): boolean => /^(?:\.git|git~\d+)$/u.test(foldName(part));

/** True when one path component (no `/`), decoded as UTF-8, stands for the `.git` directory on any system. */
export const isGitDirectoryName = (name: string): boolean => name.split('\\').some(isGitDirectoryPart);

/** True when one path component stands for `.gitmodules` on any system; the short names of NTFS as in git's path.c. */
export const isGitModulesName = (name: string): boolean => name.split('\\').some((part) => /^(?:\.gitmodules|(?:gitmod|gi7eba|gi7eb|gi7e|gi7)~\d+)$/u.test(foldName(part)));
