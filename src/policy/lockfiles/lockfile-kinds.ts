import { foldPath } from '../fold-path.ts';
import { readComposerLock, readDenoLock, readNugetLock, readPipfileLock } from './json-locks.ts';
import { readGemfileLock, readGoSum, readHashedRequirements } from './line-locks.ts';
import type { LockfileKind } from './model.ts';
import { readBunLock, readNpmLock } from './npm-lock.ts';
import { readPnpmLock } from './pnpm-lock.ts';
import { readCargoLock, readPoetryLock, readPylock, readUvLock } from './toml-locks.ts';
import { readYarnLock } from './yarn-lock.ts';

const NPM_HOSTS = ['registry.npmjs.org', 'registry.yarnpkg.com'];
const PYPI_HOSTS = ['pypi.org', 'files.pythonhosted.org'];
const NPM = /^(?:package\.(?:json|ya?ml|json5)|pnpm-workspace\.ya?ml|bower\.json)$/;
const PYTHON = /^(?:pyproject\.toml|setup\.(?:cfg|py)|pipfile|.*requirements.*\.(?:txt|in))$/;

const npm = (read: LockfileKind['read']): LockfileKind => ({ ecosystem: 'npm', read, manifests: NPM, hosts: NPM_HOSTS });
const python = (read: LockfileKind['read']): LockfileKind => ({ ecosystem: 'pypi', read, manifests: PYTHON, hosts: PYPI_HOSTS });
// Formats of which only the fact of a change is judged.
const other = (ecosystem: LockfileKind['ecosystem'], manifests: RegExp): LockfileKind => ({ ecosystem, read: null, manifests, hosts: [] });

// By the folded name of the file.
const KINDS: readonly (readonly [RegExp, LockfileKind])[] = [
  [/^(?:package-lock|npm-shrinkwrap)\.json$/, npm(readNpmLock)],
  [/^yarn\.lock$/, npm(readYarnLock)],
  [/^pnpm-lock(?:\.[\w-]+)?\.ya?ml$/, npm(readPnpmLock)],
  [/^bun\.lock$/, npm(readBunLock)],
  [/^bun\.lockb$/, other('npm', NPM)],
  [/^deno\.lock$/, { ...npm(readDenoLock), manifests: /^(?:deno\.jsonc?|package\.json|import_map\.json)$/ }],
  [/^(?:poetry|pdm)\.lock$/, python(readPoetryLock)],
  [/^uv\.lock$/, python(readUvLock)],
  [/^pylock(?:\.[\w-]+)?\.toml$/, python(readPylock)],
  [/^pipfile\.lock$/, python(readPipfileLock)],
  [/^cargo\.lock$/, { ecosystem: 'cargo', read: readCargoLock, manifests: /^cargo\.toml$/, hosts: ['crates.io', 'index.crates.io', 'static.crates.io'] }],
  [/^go(?:\.work)?\.sum$/, { ecosystem: 'go', read: readGoSum, manifests: /^go\.(?:mod|work)$/, hosts: [] }],
  [/^(?:gemfile\.lock|gems\.locked|.*\.gemfile\.lock)$/, { ecosystem: 'gem', read: readGemfileLock, manifests: /^(?:gemfile|gems\.rb|.*\.gemspec|.*\.gemfile|\.ruby-version)$/, hosts: ['rubygems.org', 'index.rubygems.org'] }],
  [/^composer\.lock$/, { ecosystem: 'composer', read: readComposerLock, manifests: /^composer\.json$/, hosts: ['api.github.com', 'github.com', 'codeload.github.com', 'gitlab.com', 'bitbucket.org', 'repo.packagist.org', 'packagist.org'] }],
  [/^packages\.lock\.json$/, { ecosystem: 'nuget', read: readNugetLock, manifests: /^(?:.*\.(?:cs|fs|vb)proj|directory\.[\w.]+\.(?:props|targets)|packages\.config)$/, hosts: [] }],
  [/^(?:buildscript-)?gradle\.lockfile$|^.*\.lockfile$|^verification-metadata\.xml$/, other('maven', /\.gradle(?:\.kts)?$|\.versions\.toml$/)],
  [/^conda-lock\.ya?ml$|^pixi\.lock$/, other('conda', /^(?:environment.*\.ya?ml|pixi\.toml|pyproject\.toml)$/)],
  [/^flake\.lock$/, other('conda', /^flake\.nix$/)],
  [/^mix\.lock$/, other('conda', /^mix\.exs$/)],
  [/^pubspec\.lock$/, other('conda', /^pubspec\.ya?ml$/)],
  [/^podfile\.lock$/, other('conda', /^podfile$|\.podspec$/)],
  [/^package\.resolved$/, other('conda', /^package(?:@[\w.-]+)?\.swift$/)],
];

/** How a path's file is read when it is a lockfile; null when it is none. */
export function lockfileKindOf(path: string): LockfileKind | null {
  const folded = foldPath(path);
  const name = folded.slice(folded.lastIndexOf('/') + 1);
  return KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

const REQUIREMENTS = /(?:^|\/)(?:[^/]*[-_.])?(?:requirements|constraints)(?:[-_.][^/]*)?\.txt$|(?:^|\/)requirements\/[^/]+\.txt$/;

/** A requirements file is a manifest, and with hashes it fixes what is fetched as a lockfile does. */
export const hashedRequirements = python(readHashedRequirements);
export const isRequirements = (path: string): boolean => REQUIREMENTS.test(foldPath(path));
