import { mapOf, parseYamlMap, textAt, valueAt } from '../lockfiles/yaml.ts';
import type { Dependency, Manifest, Setting } from './model.ts';

const SECTIONS = ['dependencies', 'dev_dependencies', 'dependency_overrides'];

/** Dart's `pubspec.yaml`. */
export function readPubspec(text: string): Manifest {
  const { entries, lineOf } = parseYamlMap(text);
  const root = Object.fromEntries(entries.map(({ key, value }) => [key, value]));
  const dependencies = SECTIONS.flatMap((section) => mapOf(root, section).map(([name, value]) => readEntry(section, name, { value, line: lineOf(name) })));
  const engines = mapOf(root, 'environment').map(([name, value]): Dependency => ({ ecosystem: 'pub', section: 'engines', name, requirement: String(value), source: null, line: lineOf(name) }));
  const settings = (['executables', 'workspace', 'resolution', 'publish_to', 'hooks', 'builders'] as const).flatMap((key): Setting[] => (root[key] === undefined ? [] : [{ kind: key === 'hooks' || key === 'builders' ? 'scripts' : key === 'publish_to' ? 'registries' : 'entries', key, value: JSON.stringify(root[key]), line: lineOf(key) }]));
  return { dependencies: [...dependencies, ...engines], settings };
}

function readEntry(section: string, name: string, { value, line }: { value: unknown; line: number | null }): Dependency {
  const sources = ['git', 'path', 'hosted', 'sdk'].filter((key) => valueAt(value, key) !== undefined).map((key) => `${key} ${textAt(value, key) || JSON.stringify(valueAt(value, key))}`);
  return { ecosystem: 'pub', section, name, requirement: typeof value === 'string' ? value : textAt(value, 'version'), source: sources.length === 0 ? null : sources.join(' '), line };
}
