import type { PackageManifest } from '../../domain/context.ts';
import { LIMITS } from '../limits.ts';
import { baseName } from '../languages.ts';
import { readDotnetProject, readGems, readGradle, readMix, readPackageSwift, readPom, readSetup } from './by-pattern.ts';
import { readCargoToml } from './cargo.ts';
import type { ManifestFacts } from './manifest-facts.ts';
import { readGoMod } from './go-mod.ts';
import { readPackageJson } from './package-json.ts';
import { readComposerJson, readPubspec } from './php-and-dart.ts';
import { readPipfile, readPyproject, readRequirements } from './python.ts';

type Reader = (text: string) => ManifestFacts;

const READERS: Readonly<Record<string, Reader>> = {
  'package.json': readPackageJson,
  'pyproject.toml': readPyproject,
  'go.mod': readGoMod,
  'cargo.toml': readCargoToml,
  'composer.json': readComposerJson,
  'pubspec.yaml': readPubspec,
  'pom.xml': readPom,
  'build.gradle': readGradle,
  'build.gradle.kts': readGradle,
  gemfile: readGems,
  'package.swift': readPackageSwift,
  'mix.exs': readMix,
  pipfile: readPipfile,
  'setup.py': readSetup,
  'setup.cfg': readSetup,
};

/** The reader for a manifest's file name, or null when the file is no manifest that is understood. */
export function manifestReaderOf(path: string): Reader | null {
  const name = baseName(path).toLowerCase();
  if (Object.hasOwn(READERS, name)) return READERS[name] ?? null;
  if (/\.(?:cs|fs|vb)proj$/.test(name)) return readDotnetProject;
  if (name.endsWith('.gemspec')) return readGems;
  return /^requirements[\w.-]*\.(?:txt|in)$/.test(name) ? readRequirements : null;
}

/** What a package goes by that states no name: of .NET the project file's. */
const nameByPath = (path: string, { ecosystem }: ManifestFacts): string | null => (ecosystem === 'nuget' ? baseName(path).replace(/\.\w+$/, '') : null);

/** Parses one manifest. Rejects nothing: a manifest that cannot be read gives the parser's sentence instead. */
export function readManifest(path: string, text: string): { kind: 'read'; manifest: PackageManifest } | { kind: 'invalid'; reason: string } {
  const reader = manifestReaderOf(path);
  if (reader === null) return { kind: 'invalid', reason: 'no reader for this manifest' };
  try {
    const facts = reader(text);
    return { kind: 'read', manifest: { path, ...facts, name: facts.name ?? nameByPath(path, facts), dependencies: facts.dependencies.slice(0, LIMITS.dependenciesPerManifest) } };
  } catch (error) {
    const sentence = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    return { kind: 'invalid', reason: `the manifest does not parse: ${sentence.slice(0, 200)}` };
  }
}
