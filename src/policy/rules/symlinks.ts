import { createChangeRule } from '../path-rule.ts';
import { showPath, showText } from '../show.ts';

const SYMLINK = '120000';
const why = 'A symbolic link can lead out of the repository, and later writes through it land where nobody reviewed them.';

/** Links that come, change, or turn into something else. Deleting one is harmless. */
export const symlinks = createChangeRule('symlinks', ({ change, newBytes }) => {
  const { path, oldMode, newMode } = change;
  if (newMode === SYMLINK) return [{ path, message: `${showPath(path)} is a symbolic link to ${showTarget(newBytes)}.`, why }];
  if (oldMode === SYMLINK && newMode !== null) return [{ path, message: `${showPath(path)} was a symbolic link and becomes a file.`, why }];
  return [];
});

const showTarget = (bytes: Uint8Array | null): string => (bytes === null ? 'an unknown place' : `"${showText(new TextDecoder().decode(bytes.subarray(0, 1024)))}"`);
