import { Unreadable } from '../../dependencies/model.ts';
import { decodeText } from '../../text-lines.ts';
import type { TaskTool } from '../task-calls.ts';
import { readComposerScripts, readDenoTasks, readNpmScripts } from './json-scripts.ts';
import { readJustfile } from './justfile.ts';
import { readMakefile } from './makefile.ts';
import { readPipfileScripts, readPyprojectTasks, readToxIni, readToxPyproject } from './python-tasks.ts';
import { NO_TASKS, type ReadTasks, type TaskFile } from './task-file.ts';
import { readTaskfile } from './taskfile.ts';

/** How a tool finds its files of tasks. */
export interface Tool {
  /** Names of its files, folded. The tool may take the first alone; here each counts. */
  readonly files: RegExp;
  /** True when it also looks in the folders above. */
  readonly isUpwards: boolean;
  /** True when another rule judges a change of its commands already (`dependencies`, by meaning). */
  readonly isManifest: boolean;
}

const tool = (files: RegExp, isUpwards: boolean, isManifest: boolean): Tool => ({ files, isUpwards, isManifest });

export const TOOLS: Readonly<Record<TaskTool, Tool>> = {
  npm: tool(/^package\.json$/, true, true),
  deno: tool(/^deno\.jsonc?$/, true, true),
  composer: tool(/^composer\.json$/, false, true),
  make: tool(/^(?:gnu)?makefile$/, false, false),
  just: tool(/^\.?justfile$/, true, false),
  taskfile: tool(/^taskfile(?:\.dist)?\.ya?ml$/, true, false),
  tox: tool(/^(?:tox\.ini|pyproject\.toml|setup\.cfg)$/, false, false),
  pyproject: tool(/^(?:pyproject|pixi)\.toml$/, true, true),
  pipfile: tool(/^pipfile$/, true, true),
};

const READERS: Readonly<Record<Exclude<TaskTool, 'tox'>, ReadTasks>> = { npm: readNpmScripts, deno: readDenoTasks, composer: readComposerScripts, make: readMakefile, just: readJustfile, taskfile: readTaskfile, pyproject: readPyprojectTasks, pipfile: readPipfileScripts };
const readerOf = (name: TaskTool, path: string): ReadTasks => (name === 'tox' ? (/\.toml$/i.test(path) ? readToxPyproject : readToxIni) : READERS[name]);

// What a file says depends on its bytes and on who reads it. Kept only as long as the bytes are.
const memory = new WeakMap<Uint8Array, Map<string, TaskFile>>();

/** The tasks of a file. One that its own tool would refuse has none that run. */
export function readTaskFile(name: TaskTool, path: string, bytes: Uint8Array | null): TaskFile {
  if (bytes === null) return NO_TASKS;
  const kept = memory.get(bytes) ?? new Map<string, TaskFile>();
  memory.set(bytes, kept);
  const key = `${name} ${path}`;
  const known = kept.get(key) ?? readOrNone(readerOf(name, path), decodeText(bytes) ?? '');
  kept.set(key, known);
  return known;
}

function readOrNone(read: ReadTasks, text: string): TaskFile {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof Unreadable) return NO_TASKS;
    throw error;
  }
}
