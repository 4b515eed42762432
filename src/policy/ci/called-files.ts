import { indirectWords } from './indirect-calls.ts';
import { isInterpreter, programOf, WRAPPERS } from './programs.ts';
import { ACTION, readCommands, ROOT, UNKNOWN } from './shell-commands.ts';
import { isTaskRunner, taskCallsOf, type TaskCall } from './task-calls.ts';

/** Where a script runs, and what is known there. Folders are relative to the root of the repository, without a slash at the end. */
export interface ScriptPlace {
  readonly folder: string;
  /** Folder of the file that holds the script; what `github.action_path` means. */
  readonly home: string;
  readonly variables: ReadonlyMap<string, string>;
}

const SKIPPED = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!', 'time', 'case', 'in', 'not', '[', '[[', 'test', '@', '-', 'try', 'run']);
const SHELLS = /^(?:ba|z|da|k|c|tc|fi|a)?sh$|^(?:pwsh|powershell)$/;
const RUNNABLE = /\.(?:sh|bash|zsh|fish|ksh|ps1|psm1|bat|cmd|py|rb|pl|js|cjs|mjs|ts|cts|mts|php|lua|groovy|kts|ex|exs|r|jl|tcl|awk|go|java)$/i;
// Where a list of files spans lines, its entries look like programs.
const DATA = /\/$|\.(?:h|hpp|hh|c|cc|cpp|css|html?|md|txt|rst|json|ya?ml|xml|toml|lock|svg|png|jpg|gif|ico|csv|log|zip|gz|tgz|xz|deb|rpm|whl|gem|jar)$/i;
const FILE_OPTIONS = /^(?:-r|--require|--import|--loader|--experimental-loader|--env-file|-file|-f|--file|--makefile|--rcfile|--init-file)$/i;
// A program's configuration counts where it is itself a program: `webpack --config build/prod.js`.
const CONFIG_OPTIONS = /^(?:-c|--config|--configuration|--conf|--webpack-config|--rollup-config|--setup|--setup-file|--global-setup|--preset|--plugin|--reporter|--resolver)$/i;
const CODE_CONFIG = /\.(?:[cm]?[jt]s|py|rb|php|lua|groovy)$/i;
// Programs that run a file of a fixed name, wherever they are started.
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  rake: ['Rakefile', 'Rakefile.rb', `rakelib/${UNKNOWN}`], nox: ['noxfile.py'], gulp: [`gulpfile.${UNKNOWN}`, `gulpfile.babel.${UNKNOWN}`, `gulpfile.js/${UNKNOWN}`], grunt: [`Gruntfile.${UNKNOWN}`], jake: ['Jakefile', 'Jakefile.js'], cake: ['Cakefile'],
  invoke: ['tasks.py', 'tasks/__init__.py'], inv: ['tasks.py', 'tasks/__init__.py'], fab: ['fabfile.py'], doit: ['dodo.py'], mage: ['magefile.go', `magefiles/${UNKNOWN}`], waf: ['wscript'], scons: ['SConstruct'], ant: ['build.xml'], psake: ['psakefile.ps1'], 'invoke-build': [`${UNKNOWN}.build.ps1`], toast: ['toast.yml'],
};
// What follows them is a folder or a package, and no program.
const PLACE_OPTIONS = /^(?:-C|-F|-w|-p|-o|--(?:filter|prefix|dir|cwd|workspace|scope|project|root|directory|out-?dir|output|workdir|package|ignore|exclude))$/;
const WORDS_MAX = 2000;
const DEPTH_MAX = 3;

/** What a script uses of the repository: files that it runs, as globs from the root (`/scripts/x.sh`), and tasks that other files name. */
export interface Uses {
  readonly globs: readonly string[];
  /** Folders are relative to the root here; what only the run knows is a wildcard. */
  readonly tasks: readonly TaskCall[];
}

/** Generous: a file that is only named where a program would stand counts, because the cost is a question to a person. */
export function findUses(script: string, place: ScriptPlace): Uses {
  const tasks: TaskCall[] = [];
  const paths = calledPaths(script, { place, depth: 0, tasks });
  return { globs: [...new Set(paths.flatMap(globOf))], tasks };
}

/** How far into scripts inside scripts, and where the tasks go that are found. */
interface Reading {
  readonly place: ScriptPlace;
  readonly depth: number;
  readonly tasks: TaskCall[];
}

const inner = (reading: Reading): Reading => ({ ...reading, depth: reading.depth + 1 });

/** Paths from the root, with UNKNOWN in them. */
function calledPaths(script: string, reading: Reading): string[] {
  const { place } = reading;
  const called: (string | null)[] = [];
  let folder = place.folder;
  for (const words of readCommands(script, place.variables)) {
    const command = words.slice(0, WORDS_MAX);
    const target = /^(?:cd|pushd|set-location)$/i.test(command[0] ?? '') ? command.find((word, index) => index > 0 && !word.startsWith('-')) : undefined;
    if (target !== undefined) folder = resolve(target, folder, place.home) ?? folder;
    // A `cd` may stand in a subshell that has ended: both folders count.
    const folders = [...new Set([folder, place.folder])];
    for (const word of [...runWords(command, reading), ...indirectWords(command)]) for (const from of folders) called.push(resolve(RUNNABLE.test(word) ? word.replaceAll(/[*?]+/g, UNKNOWN) : word, from, place.home));
    for (const call of tasksOf(command)) {
      for (const from of folders) {
        const at = resolve(call.folder === '' ? '.' : call.folder, from, place.home);
        if (at !== null) reading.tasks.push({ ...call, folder: at });
      }
    }
  }
  return called.filter((path): path is string => path !== null && path !== '');
}

/** The tasks that one command asks for, also behind programs that run others. */
function tasksOf(words: readonly string[]): TaskCall[] {
  const start = startOf(words);
  const names = words.slice(start).map(programOf);
  const [first = ''] = names;
  const end = WRAPPERS.has(first) || isInterpreter(first) ? names.length : 1;
  const at = names.findIndex((name, index) => index < end && isTaskRunner(name) && !(index === 0 && name === 'npx'));
  if (at < 0) return [];
  // `pnpm exec turbo run build`, `npx nx build`: the second one is what counts, and the first one may count, too.
  const further = names.findIndex((name, index) => index > at && index < end && isTaskRunner(name));
  return [at, further].filter((index) => index >= 0).flatMap((index) => taskCallsOf(names[index] ?? '', words.slice(start + index + 1)));
}

const startOf = (words: readonly string[]): number => {
  const start = words.findIndex((word) => !SKIPPED.has(word) && !/^(?:\$env:)?[A-Za-z_]\w*\+?=/.test(word));
  return start < 0 ? words.length : start;
};

/** The words of one command that name what is run. What begins with ROOT is a path already. */
function runWords(words: readonly string[], reading: Reading): string[] {
  const start = startOf(words);
  const first = words[start];
  if (first === undefined) return [];
  const rest = words.slice(start + 1);
  const name = programOf(first);
  const files = [...(Object.hasOwn(PROGRAMS, name) ? (PROGRAMS[name] ?? []) : []), ...configFiles(rest)];
  if (isInterpreter(name)) return [...files, ...interpreted(name, rest, reading)];
  if (name === 'make' || name === 'gmake') return optionFiles(rest);
  if (name === 'go') return rest[0] === 'run' ? rest.filter((word) => word.endsWith('.go')) : [];
  if (name === 'cargo' && rest[0] === 'xtask') return [`xtask/${UNKNOWN}`, `xtask/src/${UNKNOWN}`];
  if (WRAPPERS.has(name)) return [...files, ...wrapped(rest, reading)];
  // `./x` may be what a script of JavaScript loads, too.
  return [...files, ...(isRunnable(first) ? (/^\.{1,2}\//.test(first) ? variantsOf('node', first) : [first]) : [])];
}

const isRunnable = (word: string): boolean => RUNNABLE.test(word) || (word.includes('/') && !DATA.test(word));
const isOption = (word: string): boolean => word.startsWith('-') || (/^\/[a-z]$/i.test(word));

function wrapped(words: readonly string[], reading: Reading): string[] {
  const isDeep = reading.depth >= DEPTH_MAX;
  const program = words.findIndex((word) => !isOption(word) && (isInterpreter(programOf(word)) || WRAPPERS.has(programOf(word)) || Object.hasOwn(PROGRAMS, programOf(word))));
  const behind = program < 0 || isDeep ? [] : runWords(words.slice(program), inner(reading));
  const direct = words.filter((word, index) => !PLACE_OPTIONS.test(words[index - 1] ?? '')).filter((word) => /^\.{1,2}\//.test(word) || word.startsWith(ROOT) || word.startsWith(ACTION) || /\.(?:sh|bash|ps1|bat|cmd)$/i.test(word));
  const first = words.find((word) => !isOption(word) && !/^(?:\d+[smhd]?|run|exec|tool|dlx)$|^\w+=/.test(word));
  // `su -c "./x.sh"`, `docker run image sh -c "…"`: a word with spaces is a script of its own.
  const nested = isDeep ? [] : words.filter((word) => /\s/.test(word)).flatMap((word) => calledPaths(word, inner(reading)).map((path) => `${ROOT}${path}`));
  return [...behind, ...direct, ...nested, ...(first !== undefined && RUNNABLE.test(first) ? [first] : [])];
}

function interpreted(name: string, words: readonly string[], reading: Reading): string[] {
  const code = words.findIndex((word) => /^-(?:c|command|\w*c)$/i.test(word));
  if (code >= 0 && SHELLS.test(name) && reading.depth < DEPTH_MAX) {
    const script = words.slice(code + 1).join(' ');
    return [...calledPaths(script, inner(reading)).map((path) => `${ROOT}${path}`), ...optionFiles(words)];
  }
  const module = name.startsWith('py') ? words.findIndex((word) => word === '-m') : -1;
  const moduleName = module < 0 ? undefined : words[module + 1];
  // A module of the repository hides one of the same name that is installed.
  if (moduleName !== undefined && /^[\w.]+$/.test(moduleName)) return [`${moduleName.replaceAll('.', '/')}.py`, `${moduleName.replaceAll('.', '/')}/__main__.py`];
  // A test runner's arguments are tests; the rule `tests` watches those.
  if (name === 'bats' || words.includes('--test') || words[0] === 'test') return optionFiles(words);
  const plain = words.filter((word) => !isOption(word));
  const file = plain.find((word) => isRunnable(word)) ?? plain[0];
  return [...optionFiles(words), ...(file === undefined ? [] : [...variantsOf(name, file)])];
}

/** What an interpreter finds when the name has no ending. */
function variantsOf(name: string, file: string): string[] {
  if (RUNNABLE.test(file)) return [file];
  const base = file.replace(/\/+$/, '');
  if (name.startsWith('py')) return [file, `${base}/__main__.py`];
  if (/^(?:node|nodejs|bun|tsx|ts-node|deno|require|import|esno|jiti|zx)$/.test(name)) return [file, ...['js', 'cjs', 'mjs', 'ts'].flatMap((ending) => [`${base}.${ending}`, `${base}/index.${ending}`])];
  return [file];
}

const configFiles = (words: readonly string[]): string[] => valuesOf(words, CONFIG_OPTIONS).filter((value) => CODE_CONFIG.test(value));

/** Files that options name: `node -r ./hook.js`, `--import=./hook.mjs`, `make -f ci.mk`. */
const optionFiles = (words: readonly string[]): string[] => valuesOf(words, FILE_OPTIONS);

function valuesOf(words: readonly string[], options: RegExp): string[] {
  return words.flatMap((word, index) => {
    const [option, value] = word.includes('=') ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word, words[index + 1]];
    return value !== undefined && options.test(option) ? [value] : [];
  });
}

/** A path as a glob that is tied to the root, or to nothing where its beginning is unknown. Nothing but wildcards would mean every file. */
export function globOf(path: string): string[] {
  const glob = escapeGlob(path);
  if (!/[^*/.]/.test(glob)) return [];
  return [glob.startsWith('*') ? `**/${glob.replace(/^\*\//, '')}` : `/${glob}`];
}

const escapeGlob = (path: string): string => path.replaceAll(/[\\*?[\]{}()!]/g, String.raw`\$&`).replaceAll(new RegExp(`${UNKNOWN}+`, 'g'), '*');

/** A word as a path from the root, or null for what lies outside the repository. */
export function resolve(word: string, folder: string, home: string): string | null {
  if (word.includes('://') || /^[~%-]|^\/(?!\/)|^[a-z]:/i.test(word)) return null;
  const from = word.startsWith(ROOT) || word.startsWith(UNKNOWN) ? '' : word.startsWith(ACTION) ? home : folder;
  const parts: string[] = [];
  for (const part of `${from}/${word.replaceAll(ROOT, '').replaceAll(ACTION, '')}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
