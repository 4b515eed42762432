/**
 * Names that some git, on some file system, takes for the `.git` directory. They are refused everywhere, whatever
 * the system this runs on: HFS+ drops ignorable characters, NTFS drops trailing dots and spaces, cuts at a colon
 * and knows the short name `git~1`; Windows splits at backslashes too.
 */

// The code points HFS+ ignores when it compares names (git's utf8.c, next_hfs_char).
const HFS_IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu;

const isGitDirectoryPart = (part: string): boolean => {
  const folded = part.replace(HFS_IGNORED, '').normalize('NFKC').toLowerCase();
  const name = (folded.split(':', 1)[0] ?? '').replace(/[. ]+$/u, '');
  return name === '.git' || /^git~\d+$/u.test(name);
};

/** True when one path component (no `/`), decoded as UTF-8, stands for the `.git` directory on any system. */
export const isGitDirectoryName = (name: string): boolean => name.split('\\').some(isGitDirectoryPart);
