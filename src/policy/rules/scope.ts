import { matchAllowed } from '../match-path.ts';
import { createRule } from '../path-rule.ts';
import { showPath } from '../show.ts';

/** Paths outside what the scope allows. Without a scope there is nothing to compare with, and Gate 3 asks for one. */
export const scope = createRule('scope', ({ changes, scope: globs }) => {
  if (globs === null) return [];
  const isAllowed = matchAllowed(globs);
  return changes
    .filter(({ change }) => !isAllowed(change.path))
    .map(({ change }) => ({
      path: change.path,
      message: `${showPath(change.path)} is outside the paths that the scope allows.`,
      why: 'The scope was fixed before the change was written; what lies outside was never asked for.',
      help: 'Drop this change, or ask again with an issue whose scope names the path.',
    }));
});
