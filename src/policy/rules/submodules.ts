import { createChangeRule } from '../path-rule.ts';
import { showPath } from '../show.ts';

const SUBMODULE = '160000';
const DONE = { add: 'is added', modify: 'changes', delete: 'is removed' } as const;

/** Entries that stand for a commit of another repository, whose content no diff shows. */
export const submodules = createChangeRule('submodules', ({ change }) => {
  const { path, op, oldMode, newMode } = change;
  if (oldMode !== SUBMODULE && newMode !== SUBMODULE) return [];
  const commit = newMode === SUBMODULE ? ` to commit ${change.newBlob ?? '(none)'}` : '';
  return [{ path, message: `The submodule ${showPath(path)} ${DONE[op]}${commit}.`, why: 'A submodule brings in code that is not part of what is reviewed here.' }];
});
