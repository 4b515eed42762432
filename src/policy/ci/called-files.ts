import { ACTION, readCommands, ROOT, UNKNOWN } from './shell-commands.ts';

/** Where a script runs, and what is known there. Folders are relative to the root of the repository, without a slash at the end. */
export interface ScriptPlace {
  readonly folder: string;
  /** Folder of the file that holds the script; what `github.action_path` means. */
  readonly home: string;
  readonly variables: ReadonlyMap<string, string>;
}

const SKIPPED = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!', 'time', 'case', 'in', 'not', '[', '[[', 'test', '@', '-', 'try', 'run']);
// They run what follows, after options of their own.
const WRAPPERS = new Set('sudo env exec command builtin nohup nice ionice timeout gtimeout stdbuf xvfb-run dbus-run-session retry xargs call start chmod docker podman su unshare setsid script npx bunx pnpx npm pnpm yarn poetry pipenv uv pdm hatch rye bundle mise asdf devbox nix wsl flock winpty cmd watch trap eval'.split(' '));
const INTERPRETERS = /^(?:ba|z|da|k|c|tc|fi|a)?sh$|^(?:node|nodejs|deno|bun|tsx|ts-node|esno|jiti|zx|coffee|pythonw?|pypy|py|ruby|jruby|perl|php|pwsh|powershell|rscript|julia|lua|luajit|tclsh|expect|groovy|kotlin|scala|swift|java|elixir|escript|racket|guile|awk|gawk|osascript|source|\.|import-module|invoke-expression|iex|require|import|bats)$/;
const SHELLS = /^(?:ba|z|da|k|c|tc|fi|a)?sh$|^(?:pwsh|powershell)$/;
const RUNNABLE = /\.(?:sh|bash|zsh|fish|ksh|ps1|psm1|bat|cmd|py|rb|pl|js|cjs|mjs|ts|cts|mts|php|lua|groovy|kts|ex|exs|r|jl|tcl|awk|go|java)$/i;
// Where a list of files spans lines, its entries look like programs.
const DATA = /\/$|\.(?:h|hpp|hh|c|cc|cpp|css|html?|md|txt|rst|json|ya?ml|xml|toml|lock|svg|png|jpg|gif|ico|csv|log|zip|gz|tgz|xz|deb|rpm|whl|gem|jar)$/i;
const FILE_OPTIONS = /^(?:-r|--require|--import|--loader|--experimental-loader|--env-file|-file|-f|--file|--makefile|--rcfile|--init-file)$/i;
const WORDS_MAX = 2000;
const DEPTH_MAX = 3;

/**
 * The files that a script runs, as globs from the root of the repository: `/scripts/x.sh`. Generous: a file that is only
 * named where a program would stand counts, because the cost is a question to a person.
 */
export const findCalledFiles = (script: string, place: ScriptPlace): string[] => [...new Set(calledPaths(script, place, 0).flatMap(globOf))];

/** Paths from the root, with UNKNOWN in them. */
function calledPaths(script: string, place: ScriptPlace, depth: number): string[] {
  const called: (string | null)[] = [];
  let folder = place.folder;
  for (const words of readCommands(script, place.variables)) {
    const command = words.slice(0, WORDS_MAX);
    const target = /^(?:cd|pushd|set-location)$/i.test(command[0] ?? '') ? command.find((word, index) => index > 0 && !word.startsWith('-')) : undefined;
    if (target !== undefined) folder = resolve(target, folder, place.home) ?? folder;
    for (const word of runWords(command, place, depth)) {
      // A `cd` may stand in a subshell that has ended: both folders count.
      for (const from of new Set([folder, place.folder])) called.push(resolve(word, from, place.home));
    }
  }
  return called.filter((path): path is string => path !== null && path !== '');
}

/** The words of one command that name what is run. What begins with ROOT is a path already. */
function runWords(words: readonly string[], place: ScriptPlace, depth: number): string[] {
  const start = words.findIndex((word) => !SKIPPED.has(word) && !/^(?:\$env:)?[A-Za-z_]\w*\+?=/.test(word));
  const first = start < 0 ? undefined : words[start];
  if (first === undefined) return [];
  const rest = words.slice(start + 1);
  const name = programOf(first);
  if (INTERPRETERS.test(name)) return interpreted(name, rest, { place, depth });
  if (name === 'make' || name === 'gmake') return optionFiles(rest);
  if (name === 'go') return rest[0] === 'run' ? rest.filter((word) => word.endsWith('.go')) : [];
  if (WRAPPERS.has(name)) return wrapped(rest, place, depth);
  // `./x` may be what a script of JavaScript loads, too.
  return isRunnable(first) ? (/^\.{1,2}\//.test(first) ? variantsOf('node', first) : [first]) : [];
}

/** `C:\x\bash.exe` and `/usr/bin/env` are known by their last name; `python3.12` is python. */
const programOf = (word: string): string => (word === '.' ? word : (word.split('/').at(-1) ?? '').toLowerCase().replace(/\.exe$/, '').replace(/(?<=[a-z])[\d.]+$/, ''));

const isRunnable = (word: string): boolean => RUNNABLE.test(word) || (word.includes('/') && (!DATA.test(word) || /^\.{1,2}\//.test(word)));
const isOption = (word: string): boolean => word.startsWith('-') || (/^\/[a-z]$/i.test(word));

function wrapped(words: readonly string[], place: ScriptPlace, depth: number): string[] {
  const program = words.findIndex((word) => !isOption(word) && (INTERPRETERS.test(programOf(word)) || WRAPPERS.has(programOf(word))));
  const inner = program < 0 || depth >= DEPTH_MAX ? [] : runWords(words.slice(program), place, depth + 1);
  const direct = words.filter((word) => /^\.{1,2}\//.test(word) || word.startsWith(ROOT) || word.startsWith(ACTION) || /\.(?:sh|bash|ps1|bat|cmd)$/i.test(word));
  const first = words.find((word) => !isOption(word) && !/^(?:\d+[smhd]?|run|exec|tool|dlx)$|^\w+=/.test(word));
  // `su -c "./x.sh"`, `docker run image sh -c "…"`: a word with spaces is a script of its own.
  const nested = depth >= DEPTH_MAX ? [] : words.filter((word) => /\s/.test(word)).flatMap((word) => calledPaths(word, place, depth + 1).map((path) => `${ROOT}${path}`));
  return [...inner, ...direct, ...nested, ...(first !== undefined && RUNNABLE.test(first) ? [first] : [])];
}

function interpreted(name: string, words: readonly string[], { place, depth }: { place: ScriptPlace; depth: number }): string[] {
  const code = words.findIndex((word) => /^-(?:c|command|\w*c)$/i.test(word));
  if (code >= 0 && SHELLS.test(name) && depth < DEPTH_MAX) {
    const script = words.slice(code + 1).join(' ');
    return [...calledPaths(script, place, depth + 1).map((path) => `${ROOT}${path}`), ...optionFiles(words)];
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
  if (/^(?:node|nodejs|bun|tsx|ts-node|deno|require|import|esno|jiti|zx)$/.test(name)) return [file, ...['js', 'cjs', 'mjs', 'ts', 'json'].flatMap((ending) => [`${base}.${ending}`, `${base}/index.${ending}`])];
  return [file];
}

/** Files that options name: `node -r ./hook.js`, `--import=./hook.mjs`, `make -f ci.mk`. */
function optionFiles(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    const [option, value] = word.includes('=') ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word, words[index + 1]];
    return value !== undefined && FILE_OPTIONS.test(option) ? [value] : [];
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
