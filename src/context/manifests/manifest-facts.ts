import type { Dependency, PackageManifest } from '../../domain/context.ts';

/** What a reader finds in a manifest, whatever its path. */
export type ManifestFacts = Omit<PackageManifest, 'path'>;

/** A value's own entries when it is a plain object, else none. */
export const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
export const memberOf = (value: unknown, key: string): unknown => entriesOf(value).find(([name]) => name === key)?.[1];
export const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value.slice(0, 500) : null);
export const itemsOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** A table `name → requirement`; what is not text is shown as JSON so that nothing is left out. */
export const dependencyTable = (value: unknown, group: Dependency['group']): Dependency[] =>
  entriesOf(value).map(([name, requirement]) => ({ name, requirement: (textOf(requirement) ?? JSON.stringify(requirement) ?? '').slice(0, 500), group }));
