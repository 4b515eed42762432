import { isGitDirectoryName, isGitModulesName } from '../domain/git-names.ts';
import { show } from './bytes.ts';
import { PatchFault } from './failure.ts';
import { MAX_NAME_BYTES, MAX_PATH_BYTES, MAX_PATH_DEPTH } from './limits.ts';
import { textOf } from './lossless-text.ts';

/**
 * Refuses a path (byte string) that no change set may name, whatever the policy says: it must be relative, plain and
 * must not lead into a git directory on any system. Everything that is merely unwise is for the policy.
 */
export function assertPath(path: string): void {
  if (path === '') throw new PatchFault('path-empty', 'A path is empty.');
  if (path.length > MAX_PATH_BYTES) throw new PatchFault('path-too-long', `The path ${show(path, 60)} has ${path.length} bytes; at most ${MAX_PATH_BYTES} are taken.`);
  if (path.includes('\0')) throw new PatchFault('path-nul', `The path ${show(path)} holds a NUL byte.`);
  if (path.startsWith('/')) throw new PatchFault('path-absolute', `The path ${show(path)} is absolute; name it from the root of the repository.`);
  const longest = Math.max(...path.split('/').map((part) => part.length));
  if (longest > MAX_NAME_BYTES) throw new PatchFault('path-too-long', `The path ${show(path, 60)} has a part of ${longest} bytes; file systems take names of ${MAX_NAME_BYTES}.`);
  const parts = textOf(path).split('/');
  if (parts.length > MAX_PATH_DEPTH) throw new PatchFault('path-too-deep', `The path ${show(path, 60)} is ${parts.length} levels deep; at most ${MAX_PATH_DEPTH} are taken.`);
  for (const part of parts) assertPart(part, path);
}

function assertPart(part: string, path: string): void {
  if (part === '') throw new PatchFault('path-empty', `The path ${show(path)} has an empty part (a slash too many).`);
  if (part === '.' || part === '..') throw new PatchFault('path-traversal', `The path ${show(path)} has the part "${part}"; name it plainly from the root of the repository.`);
  if (isGitDirectoryName(part)) throw new PatchFault('path-git-directory', `The path ${show(path)} leads into a git directory on some system; nothing is ever written there.`);
}

/** Refuses a symlink that some system would read as `.gitmodules`: git follows none there, for what it leads to is not in the tree. */
export function assertSymlinkPath(path: string): void {
  if (textOf(path).split('/').some(isGitModulesName)) throw new PatchFault('symlink-gitmodules', `The symlink ${show(path)} is named like .gitmodules, which git reads as a plain file only.`);
}
