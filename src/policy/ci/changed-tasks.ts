import { foldPath } from '../fold-path.ts';
import type { JudgedChange } from '../input.ts';
import { selectTasks } from './select-tasks.ts';
import { readCommands } from './shell-commands.ts';
import type { TaskTool } from './task-calls.ts';
import type { Task } from './tasks/task-file.ts';
import { readTaskFile, TOOLS } from './tasks/tools.ts';
import type { CalledTasks, Caller } from './trace-base.ts';

/** Tasks that CI runs, and that run something else after the change. */
export interface ChangedTasks {
  readonly names: readonly string[];
  readonly line: number | null;
  readonly caller: Caller;
}

const NAMES_MAX = 5;
// What a command works on; a list of sources or objects grows with every new file.
const MATERIAL = /\.(?:o|obj|a|so|lib|h|hpp|hh|hxx|c|cc|cpp|cxx|m|mm|s|asm|md|txt|rst|svg|png|css|html?)$/i;

/** Whether a change of a file of tasks changes what CI runs of it. Null: not, or a rule that compares by meaning looks at it already. */
export function findChangedTasks({ change: { path }, oldBytes, newBytes }: JudgedChange, called: readonly CalledTasks[]): ChangedTasks | null {
  const folded = foldPath(path);
  for (const { tool, isFile, names, caller } of called) {
    if (TOOLS[tool].isManifest || !isFile(folded)) continue;
    const before = commandsOf(tool, { path, bytes: oldBytes, names });
    const after = commandsOf(tool, { path, bytes: newBytes, names });
    const changed = [...new Set([...after.keys(), ...before.keys()])].filter((name) => before.get(name)?.meaning !== after.get(name)?.meaning);
    const [first] = changed;
    if (first !== undefined) return { names: changed.slice(0, NAMES_MAX), line: after.get(first)?.line ?? null, caller };
  }
  return null;
}

function commandsOf(tool: TaskTool, { path, bytes, names }: { path: string; bytes: Uint8Array | null; names: readonly string[] }): Map<string, { readonly meaning: string; readonly line: number }> {
  const commands = new Map<string, { readonly meaning: string; readonly line: number }>();
  for (const task of selectTasks(readTaskFile(tool, path, bytes), names)) {
    const meaning = meaningOf(task);
    if (meaning === '[]') continue;
    const known = commands.get(task.name);
    commands.set(task.name, { meaning: `${known?.meaning ?? ''}${meaning}`, line: known?.line ?? task.line });
  }
  return commands;
}

const meaningOf = ({ script, folder }: Task): string => {
  const commands = readCommands(script).map((words) => words.filter((word, index) => index === 0 || !MATERIAL.test(word)));
  return commands.length === 0 ? '[]' : JSON.stringify(folder === undefined ? commands : [folder, commands]);
};
