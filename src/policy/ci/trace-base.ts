import { foldPath } from '../fold-path.ts';
import type { BaseFiles } from '../input.ts';
import { matchFrozen } from '../match-path.ts';
import { foldersFrom, folderOf, globOfPath, isReadable, isReadableCi, join, nameOf, pathsOf, type Paths } from './base-paths.ts';
import { scriptOf, type Called, type CalledFile, type CalledTask } from './called.ts';
import { readDefinition } from './read-definition.ts';
import { selectTasks } from './select-tasks.ts';
import { UNKNOWN } from './shell-commands.ts';
import type { TaskCall, TaskTool } from './task-calls.ts';
import type { Task } from './tasks/task-file.ts';
import { readTaskFile, TOOLS } from './tasks/tools.ts';

/** More files than this are not read; the rule then says so. */
export const CI_FILES_MAX = 1000;
const STEPS_MAX = 20_000;
const MATCHES_MAX = 100;
// Scripts that are read in turn: of a shell, and the programs that a build tool loads.
const FOLLOWED = /\.(?:sh|bash|zsh|ksh|rake)$|(?:^|\/)(?:rakefile|noxfile\.py|[^/.]+)$/i;

/** Who runs a file or a task, of the CI files of the base tree. */
export interface Caller {
  readonly by: string;
  readonly line: number;
  /** What stands between, as a reader would say it: `the script "build" of package.json`; null when CI itself names it. */
  readonly via: string | null;
}

/** Tasks that CI runs of the files of one tool in one folder. */
export interface CalledTasks {
  readonly tool: TaskTool;
  /** Path of a file of tasks that is there, or of one that would be read if it were. */
  readonly isFile: (foldedPath: string) => boolean;
  /** Empty: what the file itself says for that case. */
  readonly names: readonly string[];
  readonly caller: Caller;
}

export interface Trace {
  readonly files: readonly (CalledFile & { readonly caller: Caller })[];
  readonly tasks: readonly CalledTasks[];
  /** Files of the base that this has read or would read. */
  readonly wanted: readonly string[];
}

// What a file calls depends on its bytes and path alone. Kept only as long as the bytes are.
const memory = new WeakMap<Uint8Array, { readonly path: string; readonly called: readonly Called[] }>();

function calledOf(path: string, bytes: Uint8Array | null): readonly Called[] {
  if (bytes === null) return [];
  const kept = memory.get(bytes);
  if (kept?.path === path) return kept.called;
  const called = readDefinition(path, bytes);
  memory.set(bytes, { path, called });
  return called;
}

/** A file of make is no script of a shell: its lists of files would look like commands. What its targets run is read as tasks. */
const isOfMake = (path: string, bytes: Uint8Array | null): boolean =>
  /(?:^|\/)(?:gnu)?makefile$/i.test(path) || (/(?:^|\/)[^/.]+$/.test(path) && bytes !== null && /^\w+[ \t]*\+?=[ \t]*\\\r?$/m.test(new TextDecoder('latin1').decode(bytes.subarray(0, 65_536))));

// The same task is met in every round.
const taskMemory = new WeakMap<Task, Map<string, readonly Called[]>>();

function calledByTask(task: Task, { folder, home }: { folder: string; home: string }): readonly Called[] {
  const kept = taskMemory.get(task) ?? new Map<string, readonly Called[]>();
  taskMemory.set(task, kept);
  const called = kept.get(`${folder}\0${home}`) ?? scriptOf(task.script, { folder, home, variables: new Map() }, task.line);
  kept.set(`${folder}\0${home}`, called);
  return called;
}

/** Follows what the CI files of the base tree run: included definitions, tasks of other files, scripts of a shell. Nothing is executed. */
export function traceBase(basePaths: readonly string[], known: BaseFiles): Trace {
  return new Tracer(basePaths, known).trace();
}

/** The files of the base tree that are to be read: CI files known by name, and what they lead to as far as that is known. */
export const wantedCiFiles = (basePaths: readonly string[], known: BaseFiles): string[] => traceBase(basePaths, known).wanted.slice(0, CI_FILES_MAX);

interface Origin {
  readonly path: string;
  readonly called: readonly Called[];
  readonly caller: Caller | null;
}

/** Who asked for a file's tasks, and the folder that they run in. */
interface Way {
  readonly caller: Caller;
  readonly folder: string;
}

class Tracer {
  readonly #basePaths: readonly string[];
  readonly #paths: Paths;
  readonly #known: BaseFiles;
  readonly #wanted = new Set<string>();
  readonly #files: (CalledFile & { readonly caller: Caller })[] = [];
  readonly #tasks: CalledTasks[] = [];
  readonly #seen = new Set<string>();
  readonly #queue: Origin[] = [];

  constructor(basePaths: readonly string[], known: BaseFiles) {
    this.#basePaths = basePaths;
    this.#known = known;
    this.#paths = pathsOf(basePaths);
  }

  trace(): Trace {
    for (const path of [...this.#paths.ciFiles, ...[...this.#known.keys()].filter(isReadableCi)]) this.#define(path, null);
    for (let step = 0; step < STEPS_MAX; step += 1) {
      const origin = this.#queue.shift();
      if (origin === undefined) break;
      for (const called of origin.called) this.#follow(called, origin);
    }
    return { files: this.#files, tasks: this.#tasks, wanted: [...this.#wanted] };
  }

  /** Reads a file as a definition or a script, once. */
  #define(path: string, caller: Caller | null): void {
    if (this.#seen.has(`read ${path}`)) return;
    this.#wanted.add(path);
    this.#seen.add(`read ${path}`);
    const bytes = this.#known.get(path);
    if (bytes !== undefined) this.#queue.push({ path, called: caller !== null && isOfMake(path, bytes) ? [] : calledOf(path, bytes), caller });
  }

  #follow(called: Called, { path, caller }: Origin): void {
    const here: Caller = caller ?? { by: path, line: called.line, via: null };
    if (called.kind === 'task') return this.#run(called, here);
    this.#files.push({ ...called, caller: here });
    if (called.isDefinition) return this.#include(called.glob);
    const script = /^\/[^*\\?[\]{}()!]+$/.test(called.glob) ? this.#paths.byFolded.get(foldPath(called.glob.slice(1))) : undefined;
    if (script !== undefined && FOLLOWED.test(script)) this.#define(script, { ...here, via: script });
  }

  #include(glob: string): void {
    const isIncluded = matchFrozen([glob]);
    for (const path of this.#basePaths) if (isReadable(path) && isIncluded(path)) this.#define(path, null);
  }

  /** The tasks that a call means, in the files that its tool would read. */
  #run({ call }: CalledTask, caller: Caller): void {
    const key = JSON.stringify(call);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const isFile = fileMatcher(call);
    this.#tasks.push({ tool: call.tool, isFile, names: call.names, caller });
    // A file that is named is read where the tool was started.
    for (const path of this.#taskFiles(call, isFile)) this.#runIn(path, call, { caller, folder: call.files.length > 0 ? call.folder : folderOf(path) });
  }

  #taskFiles(call: TaskCall, isFile: (foldedPath: string) => boolean): string[] {
    const { isUpwards, files } = TOOLS[call.tool];
    if (call.files.length > 0) return this.#matching(call.files.map((file) => join(call.folder, file)));
    if (call.isEverywhere || call.folder.includes(UNKNOWN)) return this.#paths.taskFiles.filter(([folded]) => isFile(folded)).map(([, path]) => path);
    // The nearest folder that has one counts; where a tool knows several names, all of them.
    for (const folder of foldersFrom(call.folder, isUpwards)) {
      const found = CANDIDATES[call.tool].flatMap((name) => this.#paths.byFolded.get(foldPath(folder === '' ? name : `${folder}/${name}`)) ?? []).filter((path) => files.test(foldPath(nameOf(path))));
      if (found.length > 0) return found;
    }
    return [];
  }

  #runIn(path: string, call: TaskCall, { caller, folder }: Way): void {
    this.#wanted.add(path);
    const bytes = this.#known.get(path);
    if (bytes === undefined) return;
    const file = readTaskFile(call.tool, path, bytes);
    for (const task of selectTasks(file, call.names)) this.#runTask(task, { path, call, way: { caller, folder } });
    for (const included of file.includes) this.#runIncluded(join(folder, included), call, { caller, folder });
    // Installing a workspace installs its packages, and runs their scripts.
    if (call.tool === 'npm' && call.names.includes('postinstall') && !call.isEverywhere && this.#isWorkspace(folder, bytes)) this.#run({ kind: 'task', call: { ...call, folder, isEverywhere: true }, line: caller.line }, caller);
  }

  #isWorkspace(folder: string, bytes: Uint8Array | null): boolean {
    return ['pnpm-workspace.yaml', 'lerna.json'].some((name) => this.#paths.byFolded.has(foldPath(folder === '' ? name : `${folder}/${name}`))) || (bytes !== null && new TextDecoder().decode(bytes).includes('"workspaces"'));
  }

  #runIncluded(path: string, call: TaskCall, way: Way): void {
    const key = `include ${call.tool} ${path} ${JSON.stringify(call.names)}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#tasks.push({ tool: call.tool, isFile: matchFrozen([globOfPath(path)]), names: call.names, caller: way.caller });
    for (const each of this.#matching([path])) this.#runIn(each, call, way);
  }

  /** The files of the base that these paths mean, where they can have wildcards. */
  #matching(paths: readonly string[]): string[] {
    return paths.flatMap((path) => (/[*\u0001]/.test(path) ? this.#basePaths.filter(matchFrozen([globOfPath(path)])).slice(0, MATCHES_MAX) : (this.#paths.byFolded.get(foldPath(path)) ?? [])));
  }

  #runTask(task: Task, { path, call, way }: { path: string; call: TaskCall; way: Way }): void {
    const key = `task ${call.tool} ${path} ${task.line} ${task.name}`;
    if (this.#seen.has(key) || this.#seen.size > STEPS_MAX) return;
    this.#seen.add(key);
    const called = calledByTask(task, { folder: join(way.folder, task.folder ?? ''), home: way.folder });
    if (called.length > 0) this.#queue.push({ path, called, caller: { ...way.caller, via: `${WORDS[call.tool]} "${task.name}" of ${path}` } });
  }
}

const WORDS: Readonly<Record<TaskTool, string>> = { npm: 'the script', deno: 'the task', composer: 'the script', make: 'the target', just: 'the recipe', taskfile: 'the task', tox: 'the commands', pyproject: 'the script', pipfile: 'the script' };
const CANDIDATES: Readonly<Record<TaskTool, readonly string[]>> = {
  npm: ['package.json'], deno: ['deno.json', 'deno.jsonc'], composer: ['composer.json'], make: ['Makefile', 'GNUmakefile'], just: ['justfile', '.justfile'],
  taskfile: ['Taskfile.yml', 'Taskfile.yaml', 'Taskfile.dist.yml', 'Taskfile.dist.yaml'], tox: ['tox.ini', 'pyproject.toml', 'setup.cfg'], pyproject: ['pyproject.toml', 'pixi.toml'], pipfile: ['Pipfile'],
};

function fileMatcher(call: TaskCall): (foldedPath: string) => boolean {
  const { files, isUpwards } = TOOLS[call.tool];
  if (call.files.length > 0) return matchFrozen(call.files.map((file) => globOfPath(join(call.folder, file))));
  if (call.folder.includes(UNKNOWN)) return (path) => files.test(nameOf(path));
  if (call.isEverywhere) return (path) => files.test(nameOf(path));
  const folders = new Set(foldersFrom(foldPath(call.folder), isUpwards));
  return (path) => folders.has(folderOf(path)) && files.test(nameOf(path));
}
