import { createChangeRule } from '../path-rule.ts';
import { showPath } from '../show.ts';

const SUBMODULE = '160000';
const DONE = { add: 'is added', modify: 'changes', delete: 'is deleted' } as const;

/** Content that a reviewer cannot read as text. */
export const binaryFiles = createChangeRule('binary-files', ({ change, oldBytes, newBytes, added }) => {
  if (change.newMode === SUBMODULE || change.oldMode === SUBMODULE) return [];
  // Git looks at the first 8000 bytes only; a NUL further down must not hide content from the reviewer either.
  if (added !== null && !hasNul(oldBytes) && !hasNul(newBytes)) return [];
  const size = newBytes === null ? '' : ` (${newBytes.length} bytes)`;
  return [{ path: change.path, message: `The binary file ${showPath(change.path)} ${DONE[change.op]}${size}.`, why: 'Nobody can read a binary file in a diff, so nobody can approve what it holds.' }];
});

const hasNul = (bytes: Uint8Array | null): boolean => bytes !== null && bytes.includes(0);
