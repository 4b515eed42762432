import { show } from './bytes.ts';
import type { FileDiff } from './diff-model.ts';
import { PatchFault } from './failure.ts';

/**
 * Refuses a path that is changed twice, but for the two ways in which git prints one change in two parts: a deletion and
 * an addition for a change of type, and (with -B) the renames of files that change places.
 */
export function assertOneChangeAPath(files: readonly FileDiff[]): void {
  const seen = new Map<string, Claim>();
  files.forEach((file, index) => {
    for (const claim of claimsOf(file, index)) {
      const before = seen.get(claim.path);
      if (before !== undefined && !areOneChange(before, claim, files)) throw new PatchFault('duplicate-path', `The patch changes ${show(claim.path)} twice. Make one diff from base to result.`);
      seen.set(claim.path, before === undefined ? claim : { ...claim, use: 'all' });
    }
  });
}

/** What one part does to a path: a move takes a file away from it, or brings one there; anything else is all there is to say about it. */
interface Claim {
  readonly path: string;
  readonly use: 'leave' | 'take' | 'all';
  readonly index: number;
}

function claimsOf(file: FileDiff, index: number): Claim[] {
  const uses = { rename: ['leave', 'take'], copy: [null, 'take'], delete: ['all', null], add: [null, 'all'], modify: [null, 'all'] } as const;
  const [old, next] = uses[file.op];
  return [
    ...(old === null || file.oldPath === null ? [] : [{ path: file.oldPath, use: old, index }]),
    ...(next === null || file.newPath === null ? [] : [{ path: file.newPath, use: next, index }]),
  ];
}

function areOneChange(before: Claim, claim: Claim, files: readonly FileDiff[]): boolean {
  const file = files[claim.index];
  if (before.index === claim.index - 1 && file !== undefined && isTypeChange(files[before.index], file)) return true;
  return before.use !== 'all' && claim.use !== 'all' && before.use !== claim.use;
}

/** Whether two neighbouring parts delete a file and add one of another kind (file, symlink, submodule) in its place. */
export function isTypeChange(first: FileDiff | undefined, second: FileDiff): boolean {
  return first?.op === 'delete' && second.op === 'add' && first.oldPath === second.newPath && first.oldMode?.slice(0, 3) !== second.newMode?.slice(0, 3);
}
