import { createChangeRule } from '../path-rule.ts';
import { showPath } from '../show.ts';

const EXECUTABLE = '100755';
const why = 'A file that can be run is run: by hooks, by scripts, or by a person who trusts the repository.';

/** Files that become executable. Changing what an executable file says is judged as any other change of text. */
export const executables = createChangeRule('executables', ({ change }) => {
  const { path, oldMode, newMode } = change;
  if (newMode !== EXECUTABLE || oldMode === EXECUTABLE) return [];
  const message = oldMode === null ? `Adds the executable file ${showPath(path)}.` : `Makes ${showPath(path)} executable (${oldMode} → ${newMode}).`;
  return [{ path, message, why }];
});
