const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a directory',
  ENOENT: 'it does not exist',
  EEXIST: 'a file of that name is there',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links lead in a circle',
  EMFILE: 'too many files are open',
};

/** Why the operating system refused, in words. */
export function systemReason(error: unknown): string {
  const code = codeOf(error);
  return (code === null ? undefined : WORDS[code]) ?? (error instanceof Error ? error.message : String(error));
}

/** A sentence for what the person can mend on this machine (a full disk, a missing right), or null if it is something else. */
export function systemSentence(error: unknown): string | null {
  if (isDiskFull(error)) return `The disk is full${placeOf(error)}. Make room, or name a directory on another disk with --dir, then run the same command again: nothing that was finished is lost.`;
  const isMine = ['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? '') && placeOf(error) !== '';
  return isMine ? `It cannot be written${placeOf(error)}: ${systemReason(error)}. Mend its permissions, or name another directory with --dir.` : null;
}

// git and the jobs' steps say it in the operating system's words.
const isDiskFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '') || (error instanceof Error && (/no space left on device|\bENOSPC\b|disk quota exceeded/i.test(error.message) || (error.cause !== undefined && isDiskFull(error.cause))));

const codeOf = (error: unknown): string | null => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null);

/** The file that could not be written: of a copy, where it was to go. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('dest' in error && typeof error.dest === 'string') return ` (${error.dest})`;
  return 'path' in error && typeof error.path === 'string' ? ` (${error.path})` : '';
}
