import type { Dependency, Manifest, Setting } from './model.ts';
import { parseRequirement, pypiName, pythonSource } from './python-requirement.ts';
import { asList, asTable, asText, at, createLineFinder, isTable, parseToml, plain, type FindLine, type Table } from './toml.ts';

// PEP 508 lists, `*` for any key.
const LISTS = [
  'project.dependencies',
  'project.optional-dependencies.*',
  'dependency-groups.*',
  'build-system.requires',
  'tool.uv.dev-dependencies',
  'tool.uv.override-dependencies',
  'tool.uv.constraint-dependencies',
  'tool.uv.build-constraint-dependencies',
  'tool.pdm.dev-dependencies.*',
  'tool.hatch.envs.*.dependencies',
  'tool.hatch.envs.*.extra-dependencies',
  'tool.rye.dev-dependencies',
  'tool.pdm.plugins',
  'tool.hatch.env.requires',
  'tool.uv.extra-build-dependencies.*',
  'tool.flit.metadata.requires',
  'tool.flit.metadata.dev-requires',
  'tool.flit.metadata.requires-extra.*',
];
// Poetry's tables of name to version.
const TABLES = ['tool.poetry.dependencies', 'tool.poetry.dev-dependencies', 'tool.poetry.group.*.dependencies', 'tool.poetry.requires-plugins', 'tool.pixi.dependencies', 'tool.pixi.pypi-dependencies', 'tool.pixi.host-dependencies', 'tool.pixi.build-dependencies', 'tool.pixi.feature.*.dependencies', 'tool.pixi.feature.*.pypi-dependencies', 'tool.pixi.target.*.dependencies', 'tool.uv.sources', 'tool.pdm.resolution.overrides'];
const SETTINGS: readonly (readonly [Setting['kind'], readonly string[]])[] = [
  ['scripts', ['build-system.build-backend', 'build-system.backend-path', 'tool.poetry.build', 'tool.pdm.scripts', 'tool.pdm.build', 'tool.hatch.envs.*.scripts', 'tool.hatch.envs.*.pre-install-commands', 'tool.hatch.envs.*.post-install-commands', 'tool.hatch.env.collectors', 'tool.hatch.version', 'tool.hatch.build.hooks', 'tool.hatch.build.targets.*.hooks', 'tool.hatch.metadata.hooks', 'tool.setuptools.cmdclass', 'tool.poe', 'tool.taskipy', 'tool.cibuildwheel', 'tool.tox', 'tool.nox', 'tool.pixi.tasks', 'tool.pixi.feature.*.tasks', 'tool.pixi.activation', 'tool.rye.scripts', 'tool.briefcase']],
  ['registries', ['tool.poetry.source', 'tool.uv.index', 'tool.uv.index-url', 'tool.uv.extra-index-url', 'tool.uv.default-index', 'tool.uv.find-links', 'tool.uv.no-index', 'tool.uv.index-strategy', 'tool.uv.allow-insecure-host', 'tool.uv.pip', 'tool.uv.no-build-isolation', 'tool.uv.no-build-isolation-package', 'tool.uv.dependency-metadata', 'tool.uv.python-install-mirror', 'tool.uv.pypy-install-mirror', 'tool.uv.keyring-provider', 'tool.pdm.source', 'tool.pixi.project.channels', 'tool.pixi.workspace.channels', 'tool.hatch.metadata.allow-direct-references', 'tool.rye.sources']],
  ['entries', ['project.scripts', 'project.gui-scripts', 'project.entry-points', 'tool.poetry.scripts', 'tool.poetry.plugins', 'tool.poetry.packages', 'tool.poetry.include', 'tool.poetry.extras', 'tool.flit.scripts', 'tool.flit.entrypoints', 'tool.flit.module', 'tool.uv.workspace', 'tool.setuptools.packages', 'tool.setuptools.py-modules', 'tool.setuptools.script-files', 'tool.setuptools.dynamic', 'tool.setuptools.package-dir', 'tool.maturin.manifest-path', 'tool.pytest.ini_options.required_plugins', 'project.dynamic']],
];

/** `pyproject.toml`: PEP 621, PEP 735, build system, Poetry, uv, PDM, Hatch. */
export function readPyproject(text: string): Manifest {
  const root = parseToml(text);
  const line = createLineFinder(text);
  const lists = LISTS.flatMap((path) => matches(root, path).flatMap(([section, value]) => readList(section, value, line)));
  const tables = TABLES.flatMap((path) => matches(root, path).flatMap(([section, value]) => readTable(section, asTable(value), line)));
  const python = asText(at(root, 'project.requires-python'));
  const requires: Dependency[] = python === null ? [] : [{ ecosystem: 'pypi', section: 'requires-python', name: 'python', requirement: python, source: null, line: line('requires-python') }];
  return { dependencies: [...lists, ...tables, ...requires], settings: readSettings(root, SETTINGS, line) };
}

/** `Pipfile`. */
export function readPipfile(text: string): Manifest {
  const root = parseToml(text);
  const line = createLineFinder(text);
  const known = new Set(['source', 'scripts', 'requires', 'pipenv']);
  // Every other table is a category of packages.
  const tables = Object.entries(root).filter(([key, value]) => !known.has(key) && isTable(value)).flatMap(([section, value]) => readTable(section, asTable(value), line));
  return { dependencies: tables, settings: readSettings(root, [['scripts', ['scripts']], ['registries', ['source', 'pipenv']], ['entries', ['requires']]], line) };
}

/** Values at a dotted path in which `*` stands for any one key, each with its own path. */
export function matches(root: unknown, path: string): [string, unknown][] {
  let found: [string, unknown][] = [['', root]];
  for (const key of path.split('.')) {
    found = found.flatMap(([prefix, value]): [string, unknown][] => {
      const table = asTable(value);
      const keys = key === '*' ? Object.keys(table) : Object.hasOwn(table, key) ? [key] : [];
      return keys.map((name) => [prefix === '' ? name : `${prefix}.${name}`, table[name]]);
    });
  }
  return found;
}

export function readSettings(root: Table, settings: readonly (readonly [Setting['kind'], readonly string[]])[], line: FindLine): Setting[] {
  return settings.flatMap(([kind, paths]) => paths.flatMap((path) => matches(root, path).map(([key, value]): Setting => ({ kind, key, value: plain(value), line: line(key.split('.').at(-1) ?? key, key.split('.').slice(0, -1).join('.')) ?? line(key) }))));
}

function readList(section: string, value: unknown, line: FindLine): Dependency[] {
  return asList(value).map((item): Dependency => {
    const text = asText(item);
    const parsed = text === null ? null : parseRequirement(text, section, lineOf(text, line));
    // `{include-group = "x"}`, or something that only its own tool understands.
    return parsed ?? { ecosystem: 'pypi', section, name: text ?? plain(item), requirement: '', source: text === null ? 'group' : pythonSource(text), line: null };
  });
}

const lineOf = (requirement: string, line: FindLine): number | null => line(/^[\w.-]+/.exec(requirement.trim())?.[0] ?? '');

function readTable(section: string, table: Table, line: FindLine): Dependency[] {
  return Object.entries(table).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((item) => readEntry(section, name, item, line(name, section))));
}

const SOURCES = ['git', 'url', 'path', 'file', 'workspace', 'index', 'source', 'editable'];

function readEntry(section: string, name: string, value: unknown, line: number | null): Dependency {
  const table = isTable(value) ? value : { version: value };
  const sources = SOURCES.filter((key) => table[key] !== undefined && table[key] !== false).map((key) => `${key === 'file' ? 'path' : key === 'index' || key === 'source' ? 'registry' : key} ${String(table[key])}`);
  const rest = Object.fromEntries(Object.entries(table).filter(([key]) => !SOURCES.includes(key) && key !== 'version'));
  const version = asText(table['version']) ?? '';
  return {
    ecosystem: 'pypi',
    section,
    name: pypiName(name),
    requirement: Object.keys(rest).length === 0 ? version : `${version} ${plain(rest)}`.trim(),
    source: sources.length === 0 ? null : sources.join(' '),
    line,
  };
}
