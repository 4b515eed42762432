// The command in a few files instead of hundreds, made anew when a source changes: half of what a short command takes is the loading of its files.
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const ROOT = dirname(import.meta.dirname);

/** Where compiled commands lie, and what says which of them is the newest and what it was made of: `{root, entry, inputs: [[path, bytes, time], …]}`. */
export const folderOf = (root) => `${root}/node_modules/.cache/countersign/command`;
export const recordOf = (root) => `${folderOf(root)}/current.json`;

/** The path of the compiled command, which is compiled first if a source has changed. Null where that cannot be done: the sources then run as they are. */
export async function compiledCommand(root = ROOT) {
  try {
    const entry = current(root);
    if (entry !== null) return entry;
    const { compileCommand } = await import('./compile-command.mjs');
    return await compileCommand(root);
  } catch {
    // Whatever is wrong with the sources is said when they are run.
    return null;
  }
}

/** Null unless every file that went into it is as it was. */
function current(root) {
  const { entry, inputs = [], root: madeFor } = read(root);
  // Its places are written out: in a copy of the checkout they lead to the original.
  if (madeFor !== root) return null;
  for (const [path, bytes, time] of inputs) {
    const found = statSync(`${root}/${path}`, { throwIfNoEntry: false });
    if (found === undefined || found.size !== bytes || found.mtimeMs !== time) return null;
  }
  return inputs.length > 0 && statSync(entry, { throwIfNoEntry: false }) !== undefined ? entry : null;
}

function read(root) {
  try {
    return JSON.parse(readFileSync(recordOf(root), 'utf8'));
  } catch {
    // There is none yet, or somebody wrote into it.
    return {};
  }
}
