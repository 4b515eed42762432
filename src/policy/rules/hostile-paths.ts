import { findCollisions } from '../collisions.ts';
import { isInResult } from '../input.ts';
import { createRule, limitOf } from '../path-rule.ts';
import { findPathFaults } from '../path-faults.ts';
import type { Finding } from '../rule.ts';
import { showPath } from '../show.ts';

const why = 'Such a name means another file on some system, or shows a reader something else than what is written.';

/** Names that deceive a system or a reader. Deleting a badly named file is welcome. */
export const hostilePaths = createRule('hostile-paths', (input, settings) => {
  const limits = { pathBytesMax: limitOf(settings, 'pathBytesMax'), nameBytesMax: limitOf(settings, 'nameBytesMax') };
  const faulty = input.changes.filter(isInResult).flatMap(({ change: { path } }) =>
    findPathFaults(path, limits).map(({ what, isDeceit }): Finding => {
      const finding = { path, message: `The path ${showPath(path)} ${what}.`, why };
      return isDeceit ? { ...finding, allowable: false, help: 'Rename the file: no setting allows this name.' } : finding;
    }),
  );
  const colliding = findCollisions(input).map(({ path, other, kind }): Finding => {
    const relation = kind === 'same-file' ? 'is the same file where case or Unicode form do not count' : 'looks the same';
    return { path, message: `The path ${showPath(path)} collides with ${showPath(other)}: it ${relation}.`, why };
  });
  return [...faulty, ...colliding];
});
