import type { Node } from 'jsonc-parser';
import { compact, itemsOf, memberOf, membersOf, parseJson, textOf, type JsonText, type Member } from './json.ts';
import { Unreadable, type Dependency, type Manifest, type Setting } from './model.ts';
import { parseNpmSpec } from './npm-spec.ts';

const SECTIONS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
const OVERRIDES = ['overrides', 'resolutions', 'pnpm.overrides', 'pnpm.packageExtensions', 'dependenciesMeta', 'pnpm.patchedDependencies', 'pnpm.configDependencies'];
// Settings of tools that load code when they run.
const LOADERS = [
  'eslintConfig.extends', 'eslintConfig.plugins', 'eslintConfig.parser', 'eslintConfig.overrides', 'babel', 'prettier', 'stylelint', 'commitlint', 'postcss', 'xo', 'browserify', 'ts-node', 'tsup', 'oclif', 'remarkConfig',
  'ava', 'mocha', 'tap', 'nyc.require', 'c8.require', 'build',
  ...['globalSetup', 'globalTeardown', 'setupFiles', 'setupFilesAfterEnv', 'setupTestFrameworkScriptFile', 'transform', 'testRunner', 'runner', 'resolver', 'preset', 'reporters', 'testEnvironment', 'snapshotSerializers', 'watchPlugins', 'moduleNameMapper', 'projects', 'testResultsProcessor', 'testSequencer', 'dependencyExtractor'].map((key) => `jest.${key}`),
];
// Keys whose every change counts, by what it changes.
const SETTINGS: Readonly<Record<Setting['kind'], readonly string[]>> = {
  scripts: ['config', 'gypfile', 'husky', 'simple-git-hooks', 'lint-staged', 'pre-commit', 'pre-push', 'gitHooks', 'trustedDependencies', 'pnpm.onlyBuiltDependencies', 'pnpm.neverBuiltDependencies', 'pnpm.ignoredBuiltDependencies', 'pnpm.dangerouslyAllowAllBuilds', 'allowScripts', 'lavamoat', 'wireit', 'nx', 'release', 'renovate', 'pnpm.allowBuilds', 'pnpm.onlyBuiltDependenciesFile', 'pnpm.executionEnv', ...LOADERS],
  registries: ['publishConfig', 'private', 'bundleDependencies', 'bundledDependencies', 'bundle', 'peerDependenciesMeta', 'packageExtensions', 'catalog', 'catalogs'],
  entries: ['bin', 'exports', 'imports', 'main', 'module', 'browser', 'types', 'typings', 'type', 'directories', 'workspaces', 'react-native', 'files'],
};

/** `package.json`: everything that decides what is fetched, what runs and what is entered. */
export function readPackageJson(text: string): Manifest {
  const json = parseJson(text);
  if (json.root.type !== 'object') throw new Unreadable('it is no JSON object');
  const dependencies = SECTIONS.flatMap((section) => readSection(section, json));
  const overrides = OVERRIDES.flatMap((section) => flatten(section, at(json, section), json));
  const scripts = membersOf(json.root, json).find(({ key }) => key === 'scripts');
  if (scripts && scripts.node.type !== 'object') throw new Unreadable('"scripts" is no object', scripts.line);
  const settings = [
    ...membersOf(scripts?.node, json).map((member) => setting('scripts', `scripts.${member.key}`, member)),
    ...Object.entries(SETTINGS).flatMap(([kind, keys]) => keys.flatMap((key) => readSetting(kindOf(kind), key, json))),
  ];
  return { dependencies: [...dependencies, ...overrides, ...readTools(json)], settings };
}

const kindOf = (text: string): Setting['kind'] => (text === 'scripts' || text === 'registries' ? text : 'entries');
const at = (json: JsonText, path: string): Node | undefined => path.split('.').reduce<Node | undefined>(memberOf, json.root);
const setting = (kind: Setting['kind'], key: string, { node, line }: Pick<Member, 'node' | 'line'>): Setting => ({ kind, key, value: compact(node), line });

function readSetting(kind: Setting['kind'], key: string, json: JsonText): Setting[] {
  const node = at(json, key);
  if (!node) return [];
  // Lists of names are taken one by one, so that a finding names the one that is new.
  if (node.type === 'object' && (key === 'bin' || key === 'exports' || key === 'imports')) return membersOf(node, json).map((member) => setting(kind, `${key}[${JSON.stringify(member.key)}]`, member)).concat(orderOf(kind, key, node, json));
  return [setting(kind, key, { node, line: json.lineOf(node) })];
}

/** In `exports` the first condition that fits wins, so its order is part of what it says. */
const orderOf = (kind: Setting['kind'], key: string, node: Node, json: JsonText): Setting[] => {
  const conditions = membersOf(node, json).filter((member) => !/^[.#]/.test(member.key)).map((member) => member.key);
  return key === 'bin' || conditions.length === 0 ? [] : [{ kind, key: `the order of ${key}`, value: conditions.join(','), line: json.lineOf(node) }];
};

function readSection(section: string, json: JsonText): Dependency[] {
  const node = memberOf(json.root, section);
  // Old tools also take lists and texts here, and guess.
  if (node && node.type !== 'object') throw new Unreadable(`"${section}" is no object`, json.lineOf(node));
  return membersOf(node, json).map((member) => dependency(section, member.key, member));
}

function dependency(section: string, name: string, { node, line }: Pick<Member, 'node' | 'line'>): Dependency {
  const spec = textOf(node);
  if (spec === null) throw new Unreadable(`the version of "${name.slice(0, 80)}" is no text`, line);
  return { ecosystem: 'npm', section, name, ...parseNpmSpec(spec), line };
}

/** Overrides nest: `{"a": {"b": "1"}}` sets b below a. */
function flatten(section: string, node: Node | undefined, json: JsonText, depth = 0): Dependency[] {
  return membersOf(node, json).flatMap((member) => {
    // `foo@^1`, `a>b`, `**/a`: the name is the last part, without its range.
    const name = /(@?[^@>/]*(?:\/[^@>/]+)?)(?:@[^>]*)?$/.exec(member.key.replace(/^.*(?:>|\*\*\/)/, ''))?.[1] ?? member.key;
    const where = member.key === name ? section : `${section} (${member.key})`;
    if (member.node.type === 'object' && depth < 50) return flatten(`${section}.${member.key}`, member.node, json, depth + 1);
    const spec = textOf(member.node);
    return [spec === null ? { ecosystem: 'npm', section: where, name, requirement: compact(member.node), source: null, line: member.line } : dependency(where, name === '.' ? section : name, member)];
  });
}

/** `packageManager: pnpm@9.1.0+sha512.…`, `engines` and `devEngines`: the programs that work on the project. */
function readTools(json: JsonText): Dependency[] {
  const manager = memberOf(json.root, 'packageManager');
  const [, name, version = ''] = /^([^@]+)@?(.*)$/.exec(textOf(manager) ?? '') ?? [];
  const [plain = '', hash] = version.split('+');
  const listed = manager && name !== undefined ? [{ ecosystem: 'npm' as const, section: 'packageManager', name, requirement: hash === undefined ? plain : `${plain} ${hash}`, source: /^https?:/.test(version) ? `url ${version}` : hash === undefined ? null : `hash ${hash.split('.')[0] ?? ''}`, line: json.lineOf(manager) }] : [];
  const engines = ['engines', 'devEngines', 'volta'].flatMap((section) => membersOf(memberOf(json.root, section), json).map(({ key, node, line }) => ({ ecosystem: 'npm' as const, section, name: key, requirement: textOf(node) ?? compact(node), source: null, line })));
  return [...listed, ...engines];
}

/** `deno.json`, `bower.json` and the like: maps of names to specifiers. */
export function readJsonMaps(text: string, about: { readonly sections: readonly string[]; readonly scripts: readonly string[]; readonly registries: readonly string[] }): Manifest {
  const json = parseJson(text, { comments: true });
  const dependencies = about.sections.flatMap((section) => flatten(section, memberOf(json.root, section), json));
  const pick = (kind: Setting['kind'], keys: readonly string[]): Setting[] => keys.flatMap((key) => readSetting(kind, key, json));
  const items = itemsOf(memberOf(json.root, 'workspace')).length > 0 ? ['workspace'] : [];
  return { dependencies, settings: [...pick('scripts', about.scripts), ...pick('registries', about.registries), ...pick('entries', ['exports', ...items])] };
}
