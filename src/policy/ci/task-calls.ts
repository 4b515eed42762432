import { UNKNOWN } from './shell-commands.ts';

/** Programs that run what another file of the repository names. Each has a reader in `tasks/`. */
export type TaskTool = 'npm' | 'deno' | 'composer' | 'make' | 'just' | 'taskfile' | 'tox' | 'pyproject' | 'pipfile';

/** One call of such a program: `npm run build`, `make -C lib check`. */
export interface TaskCall {
  readonly tool: TaskTool;
  /** Names of tasks; what only the run knows is a wildcard in them. None: what the tool does when it is given no name. */
  readonly names: readonly string[];
  /** The folder that it starts in, as it is written. */
  readonly folder: string;
  /** Files that it is told to read instead of the usual ones. */
  readonly files: readonly string[];
  /** True when the packages of the whole workspace are meant. */
  readonly isEverywhere: boolean;
}

const INSTALL = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare', 'dependencies', 'pnpm:devPreinstall'];
const PACK = ['prepublish', 'prepublishOnly', 'prepack', 'prepare', 'postpack', 'publish', 'postpublish'];
const VERSION = ['preversion', 'version', 'postversion'];
const COMPOSER_INSTALL = ['pre-install-cmd', 'post-install-cmd', 'pre-update-cmd', 'post-update-cmd', 'pre-autoload-dump', 'post-autoload-dump', 'post-root-package-install', 'post-create-project-cmd'];
const INSTALLS = /^(?:ci|cit|clean-install(?:-test)?|install-(?:ci-)?test|i|it|in|ins|inst|install|add|rebuild|rb|link|update|up|upgrade|dedupe)$/;
const PACKS = /^(?:publish|pack)$/;
// Words of the package managers that are no scripts of the project.
const OTHERS = /^(?:exec|x|dlx|create|init|config|cache|store|audit|view|info|why|list|ls|outdated|login|whoami|version|set|plugin|patch|patch-commit|import|env|root|bin|help|prune|remove|rm|uninstall|un|dist-tag|access|owner|team|token|search|fund|pkg|node|workspaces?|foreach)$/;
const EVERYWHERE = /^(?:-r|--recursive|-ws|--workspaces|--workspace(?:=.*)?|-w|--filter(?:=.*)?|-F|--scope(?:=.*)?|workspaces?|--all|-A)$/;
const VALUED = /^(?:--prefix|-C|--dir|--cwd|--filter|-F|--workspace|--scope|--loglevel|--registry|--reporter|--cache|--userconfig|-f|--file|--makefile|--directory|-I|--include-dir|-o|-W|-l|-d|--working-dir|-e|--justfile|--taskfile|-t|--manifest-path|-c|--root|--config|--workspace-concurrency)$/;
const FOLDERS = /^(?:--prefix|-C|--dir|--cwd|--directory|-d|--working-dir|--working-directory)$/;

interface Parsed {
  readonly plain: readonly string[];
  readonly options: readonly string[];
  readonly folder: string;
  readonly valueOf: (option: RegExp) => readonly string[];
}

/** Options taken apart from words; `--` ends both. */
function parse(words: readonly string[]): Parsed {
  const end = words.indexOf('--');
  const own = end < 0 ? words : words.slice(0, end);
  const pairs: [string, string][] = [];
  const plain: string[] = [];
  for (let at = 0; at < own.length; at += 1) {
    const word = own[at] ?? '';
    if (!word.startsWith('-')) plain.push(word);
    else if (word.includes('=')) pairs.push([word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]);
    else if (/^-[CfF]./.test(word) && !word.startsWith('--')) pairs.push([word.slice(0, 2), word.slice(2)]);
    else if (VALUED.test(word)) pairs.push([word, own[(at += 1)] ?? '']);
    else pairs.push([word, '']);
  }
  const valueOf = (option: RegExp): string[] => pairs.filter(([name, value]) => option.test(name) && value !== '').map(([, value]) => value);
  return { plain, options: pairs.map(([name]) => name), folder: valueOf(FOLDERS).join('/'), valueOf };
}

type ReadCall = (words: readonly string[]) => readonly Partial<TaskCall>[];

/** `npm`, `yarn`, `pnpm`, `bun`: scripts by name, and those that installing and publishing run. */
function npmCall(manager: string): ReadCall {
  return (words) => {
    const { plain, options, folder } = parse(words);
    const run = plain.findIndex((word) => /^(?:run|run-script|rum|urn)$/.test(word));
    const [first = manager === 'yarn' ? 'install' : ''] = plain;
    // pnpm's -w means the root of the workspace; npm's and others' name packages.
    const isEverywhere = [...options, ...plain.slice(0, 2)].some((word) => EVERYWHERE.test(word) && !(word === '-w' && manager === 'pnpm'));
    const call = (names: readonly string[]): Partial<TaskCall>[] => (names.length === 0 ? [] : [{ tool: 'npm', names, folder, isEverywhere }]);
    if (run >= 0) return call(plain.slice(run + 1, run + 2).map(asPattern));
    const implied = [...(INSTALLS.test(first) ? INSTALL : []), ...(PACKS.test(first) ? PACK : []), ...(first === 'version' ? VERSION : []), ...(/^(?:it|cit|install-(?:ci-)?test|clean-install-test|t|tst)$/.test(first) ? ['test'] : [])];
    if (implied.length > 0) return call(implied);
    if (manager === 'npm') return call(plain.filter((word) => /^(?:test|start|stop|restart)$/.test(word)).slice(0, 1));
    // An option's value may look like the name: one word more is looked at.
    return call(plain.filter((word) => !OTHERS.test(word)).slice(0, isEverywhere ? 3 : 2).map(asPattern));
  };
}

/** `build:*`, `/^build:/`, `npm:build`: what a name can stand for. */
const asPattern = (name: string): string => (name.startsWith('/') ? '*' : name.replace(/^(?:npm|yarn|pnpm|bun|node):/, ''));

const scripts: ReadCall = (words) => [{ tool: 'npm', names: parse(words).plain.filter((word) => !/[\s/]/.test(word)).map(asPattern) }];
/** Runners of a workspace's packages: `turbo run build`, `lerna run test`, `nx run-many -t build`, `nx run app:build`. */
const workspace: ReadCall = (words) => {
  const { plain, valueOf } = parse(words);
  const names = [...plain, ...valueOf(/^(?:-t|--targets?)$/)].flatMap((word) => word.split(/[,:#]/)).filter((word) => !/^(?:run|run-many|affected|exec)$/.test(word) && word !== '');
  return names.length === 0 ? [] : [{ tool: 'npm', names, isEverywhere: true }];
};
const make: ReadCall = (words) => {
  const { plain, folder, valueOf } = parse(words);
  return [{ tool: 'make', names: plain.filter((word) => !word.includes('=')), folder, files: valueOf(/^(?:-f|--file|--makefile)$/) }];
};
const named = (tool: TaskTool, files: RegExp = /^$/): ReadCall => (words) => {
  const { plain, folder, valueOf } = parse(words);
  return [{ tool, names: plain.filter((word) => !word.includes('=')), folder, files: valueOf(files) }];
};
/** `pdm run x`, `hatch run env:x`: only behind the word `run`. */
const behind = (word: string, tool: TaskTool): ReadCall => (words) => {
  const { plain, folder } = parse(words);
  const names = plain[0] === word ? plain.slice(1, 2).flatMap((name) => [name, name.replace(/^.*:/, '')]) : [];
  return names.length === 0 ? [] : [{ tool, names, folder }];
};
const composer: ReadCall = (words) => {
  const { plain, folder } = parse(words);
  const [first = 'install'] = plain;
  const names = /^(?:install|i|update|u|upgrade|require|remove|create-project|dump-?autoload)$/.test(first) ? COMPOSER_INSTALL : /^run(?:-script)?$/.test(first) ? plain.slice(1, 2) : [first];
  return [{ tool: 'composer', names, folder }];
};
const node: ReadCall = (words) => {
  const at = words.findIndex((word) => /^--run(?:=|$)/.test(word));
  const name = at < 0 ? undefined : words[at]?.slice('--run='.length) || words[at + 1];
  return name === undefined ? [] : [{ tool: 'npm', names: [name] }];
};

const CALLS: Readonly<Record<string, readonly ReadCall[]>> = {
  npm: [npmCall('npm')], cnpm: [npmCall('npm')], yarn: [npmCall('yarn')], yarnpkg: [npmCall('yarn')], pnpm: [npmCall('pnpm')], bun: [npmCall('bun')], ni: [npmCall('yarn')], nr: [scripts], nci: [npmCall('yarn')],
  'npm-run-all': [scripts], 'npm-run-all2': [scripts], 'run-s': [scripts], 'run-p': [scripts], concurrently: [scripts], 'start-server-and-test': [scripts],
  turbo: [workspace], lerna: [workspace], nx: [workspace], rush: [workspace], wsrun: [workspace], node: [node],
  make: [make], gmake: [make], 'mingw32-make': [make], nmake: [make], bmake: [make],
  just: [named('just', /^(?:-f|--justfile)$/)], task: [named('taskfile', /^(?:-t|--taskfile)$/), named('pyproject')], 'go-task': [named('taskfile', /^(?:-t|--taskfile)$/)],
  tox: [named('tox', /^-c$/)], poe: [named('pyproject')], pdm: [behind('run', 'pyproject'), named('pyproject')], hatch: [behind('run', 'pyproject')], rye: [behind('run', 'pyproject')], pixi: [behind('run', 'pyproject')], uv: [behind('run', 'pyproject')],
  pipenv: [behind('run', 'pipfile')], composer: [composer], deno: [behind('task', 'deno')],
};

/** True for a program whose words say which tasks of another file are run. */
export const isTaskRunner = (program: string): boolean => Object.hasOwn(CALLS, program);

/** What one call of a program asks for. */
export function taskCallsOf(program: string, words: readonly string[]): TaskCall[] {
  return (CALLS[program] ?? []).flatMap((read) => read(words)).map((call) => ({ tool: 'npm', names: [], folder: '', files: [], isEverywhere: false, ...call }));
}

/** Whether a name is meant by these; `*` and what only the run knows stand for anything. */
export function matchNames(names: readonly string[]): (name: string) => boolean {
  const exact = new Set(names);
  const patterns = names.filter((name) => WILD.test(name)).map(patternOf);
  return (name) => exact.has(name) || patterns.some((pattern) => pattern.test(name));
}

const WILD = new RegExp(`[*%${UNKNOWN}]`);
const WILDS_MAX = 3;

function patternOf(name: string): RegExp {
  const parts = name.split(new RegExp(`[*%${UNKNOWN}]+`));
  // With more of them a pattern could take long to say no.
  if (parts.length - 1 > WILDS_MAX) return /^/;
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[.+?^${}()|[\]\\/]/g, String.raw`\$&`)).join('.*')}$`, 's');
}
