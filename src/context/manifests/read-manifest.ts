import type { Dependency, PackageManifest } from '../../domain/context.ts';
import { LIMITS } from '../limits.ts';
import { baseName } from '../languages.ts';
import { readCargoToml } from './cargo.ts';
import { readGoMod } from './go-mod.ts';
import { readPackageJson } from './package-json.ts';
import { readPyproject, readRequirements } from './python.ts';

export type ManifestFacts = Omit<PackageManifest, 'path'>;
type Reader = (text: string) => ManifestFacts;

const READERS: Readonly<Record<string, Reader>> = {
  'package.json': readPackageJson,
  'pyproject.toml': readPyproject,
  'go.mod': readGoMod,
  'cargo.toml': readCargoToml,
};

/** The reader for a manifest's file name, or null when the file is no manifest that is understood. */
export function manifestReaderOf(path: string): Reader | null {
  const name = baseName(path).toLowerCase();
  if (Object.hasOwn(READERS, name)) return READERS[name] ?? null;
  return /^requirements[\w.-]*\.(?:txt|in)$/.test(name) ? readRequirements : null;
}

/** Parses one manifest. Rejects nothing: a manifest that cannot be read gives the parser's sentence instead. */
export function readManifest(path: string, text: string): { kind: 'read'; manifest: PackageManifest } | { kind: 'invalid'; reason: string } {
  const reader = manifestReaderOf(path);
  if (reader === null) return { kind: 'invalid', reason: 'no reader for this manifest' };
  try {
    const facts = reader(text);
    return { kind: 'read', manifest: { path, ...facts, dependencies: facts.dependencies.slice(0, LIMITS.dependenciesPerManifest) } };
  } catch (error) {
    const sentence = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    return { kind: 'invalid', reason: `the manifest does not parse: ${sentence.slice(0, 200)}` };
  }
}

/** A value's own entries when it is a plain object, else none. */
export const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
export const memberOf = (value: unknown, key: string): unknown => entriesOf(value).find(([name]) => name === key)?.[1];
export const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value.slice(0, 500) : null);
export const itemsOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** A table `name → requirement`; what is not text is shown as JSON so that nothing is left out. */
export const dependencyTable = (value: unknown, group: Dependency['group']): Dependency[] =>
  entriesOf(value).map(([name, requirement]) => ({ name, requirement: (textOf(requirement) ?? JSON.stringify(requirement) ?? '').slice(0, 500), group }));
