import { compareManifests } from '../dependencies/compare.ts';
import { manifestKindOf } from '../dependencies/manifest-kinds.ts';
import { EMPTY, Unreadable } from '../dependencies/model.ts';
import { readSide } from '../dependencies/read-side.ts';
import { foldPath } from '../fold-path.ts';
import type { JudgedChange, PolicyInput } from '../input.ts';
import type { LockfileKind } from './model.ts';

/**
 * True when a manifest that the lockfile follows from changes in meaning, too: in its folder, or in one below it, where
 * the packages of a workspace stand. A manifest that was only formatted explains nothing.
 */
export function isAccompanied(path: string, { manifests, levelsUp = 0 }: LockfileKind, changes: readonly JudgedChange[]): boolean {
  const folder = folderOf(path).split('/').slice(0, levelsUp === 0 ? undefined : -levelsUp).join('/');
  return changes.some((judged) => {
    const other = foldPath(judged.change.path);
    return `${folderOf(other)}/`.startsWith(folder === '' ? '' : `${folder}/`) && manifests.test(nameOf(other)) && hasChangedMeaning(judged);
  });
}

/** True when no manifest is left beside the lockfile: both go together. */
export function isLeftBehind(path: string, { manifests }: LockfileKind, { basePaths, changes }: PolicyInput): boolean {
  const gone = new Set(changes.filter(({ change }) => change.op === 'delete').map(({ change }) => change.path));
  return !basePaths.some((other) => !gone.has(other) && folderOf(foldPath(other)) === folderOf(path) && manifests.test(nameOf(foldPath(other))));
}

function hasChangedMeaning({ change, oldBytes, newBytes }: JudgedChange): boolean {
  const kind = manifestKindOf(change.path);
  if (kind === null) return true;
  const [before, after] = [readSide(oldBytes, kind.read, EMPTY), readSide(newBytes, kind.read, EMPTY)];
  if (before instanceof Unreadable || after instanceof Unreadable) return true;
  return compareManifests(before, after).some((difference) => difference.kind !== 'setting' || difference.setting.kind !== 'scripts');
}

const folderOf = (path: string): string => foldPath(path).split('/').slice(0, -1).join('/');
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
