import type { Dependency, Manifest, Setting } from './model.ts';
import { matches, readSettings } from './pyproject.ts';
import { asTable, asText, createLineFinder, isTable, parseToml, plain } from './toml.ts';

const KINDS = ['dependencies', 'dev-dependencies', 'build-dependencies', 'dev_dependencies', 'build_dependencies'];
const TABLES = [...KINDS, ...KINDS.map((kind) => `target.*.${kind}`), 'workspace.dependencies', 'patch.*', 'replace'];
const SETTINGS: readonly (readonly [Setting['kind'], readonly string[]])[] = [
  ['scripts', ['package.build', 'package.links', 'package.metadata.scripts', 'workspace.metadata.scripts']],
  ['registries', ['package.publish', 'source', 'registries', 'registry']],
  ['entries', ['lib.path', 'lib.proc-macro', 'bin', 'workspace.members', 'workspace.exclude', 'package.workspace']],
];

/** `Cargo.toml`: all tables of dependencies, their sources, patches, build scripts. */
export function readCargoToml(text: string): Manifest {
  const root = parseToml(text);
  const line = createLineFinder(text);
  const dependencies = TABLES.flatMap((path) =>
    matches(root, path).flatMap(([section, table]) => Object.entries(asTable(table)).map(([name, value]) => readEntry(section, name, { value, line: line(name, section) }))),
  );
  const toolchain = asText(asTable(root['package'])['rust-version']);
  const requires: Dependency[] = toolchain === null ? [] : [{ ecosystem: 'cargo', section: 'rust-version', name: 'rust', requirement: toolchain, source: null, line: line('rust-version') }];
  return { dependencies: [...dependencies, ...requires], settings: readSettings(root, SETTINGS, line) };
}

const SOURCES = ['git', 'path', 'registry', 'registry-index', 'base'];

function readEntry(section: string, key: string, { value, line }: { value: unknown; line: number | null }): Dependency {
  const table = isTable(value) ? value : { version: value };
  const sources = SOURCES.filter((name) => table[name] !== undefined).map((name) => `${name} ${String(table[name])}`);
  const alias = asText(table['package']);
  const where = [...sources, ...(alias === null ? [] : [`alias cargo:${alias}`])];
  const rest = Object.fromEntries(Object.entries(table).filter(([name]) => !SOURCES.includes(name) && name !== 'version' && name !== 'package'));
  const version = asText(table['version']) ?? '';
  return { ecosystem: 'cargo', section, name: key, requirement: Object.keys(rest).length === 0 ? version : `${version} ${plain(rest)}`.trim(), source: where.length === 0 ? null : where.join(' '), line };
}
