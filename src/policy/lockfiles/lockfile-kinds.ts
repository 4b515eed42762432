import { foldPath } from '../fold-path.ts';
import { readComposerLock, readDenoLock, readNugetLock, readPipfileLock } from './json-locks.ts';
import { readGemfileLock, readGoSum, readHashedRequirements } from './line-locks.ts';
import type { LockfileKind } from './model.ts';
import { readBunLock, readNpmLock } from './npm-lock.ts';
import { readFlakeLock, readGradleLock, readMixLock, readPackageResolved, readPodfileLock, readPubspecLock, readVerificationMetadata } from './other-locks.ts';
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

const gradle = (read: LockfileKind['read']): LockfileKind => ({ ecosystem: 'maven', read, manifests: /\.gradle(?:\.kts)?$|\.versions\.toml$|^gradle\.properties$/, hosts: [] });

const swift: LockfileKind = { ecosystem: 'swift', read: readPackageResolved, manifests: /^package(?:@[\w.-]+)?\.swift$|^project\.pbxproj$/, hosts: ['github.com', 'gitlab.com', 'bitbucket.org'] };

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
  [/^(?:buildscript-)?gradle\.lockfile$/, gradle(readGradleLock)],
  [/^verification-metadata\.xml$/, { ...gradle(readVerificationMetadata), levelsUp: 1 }],
  [/^mix\.lock$/, { ecosystem: 'hex', read: readMixLock, manifests: /^mix\.exs$/, hosts: ['repo.hex.pm', 'hex.pm'] }],
  [/^pubspec\.lock$/, { ecosystem: 'pub', read: readPubspecLock, manifests: /^pubspec\.ya?ml$/, hosts: ['pub.dev', 'pub.dartlang.org'] }],
  [/^podfile\.lock$/, { ecosystem: 'cocoapods', read: readPodfileLock, manifests: /^podfile$|\.podspec$/, hosts: [] }],
  [/^package\.resolved$/, swift],
  [/^flake\.lock$/, { ecosystem: 'nix', read: readFlakeLock, manifests: /^flake\.nix$/, hosts: ['github.com', 'gitlab.com', 'git.sr.ht', 'releases.nixos.org', 'channels.nixos.org', 'api.flakehub.com', 'flakehub.com'] }],
  [/^.*\.lockfile$/, other('maven', /\.gradle(?:\.kts)?$|\.versions\.toml$/)],
  [/^conda-lock\.ya?ml$|^pixi\.lock$/, other('conda', /^(?:environment.*\.ya?ml|pixi\.toml|pyproject\.toml)$/)],
  [/^vlt-lock\.json$/, other('npm', NPM)],
  [/^paket\.lock$/, other('nuget', /^paket\.dependencies$/)],
  [/^(?:chart|requirements)\.lock$/, other('other', /^(?:chart|requirements)\.ya?ml$/)],
  [/^shard\.lock$/, other('other', /^shard\.ya?ml$/)],
  [/^conan\.lock$/, other('other', /^conanfile\.(?:py|txt)$/)],
  [/^renv\.lock$/, other('other', /^description$/)],
  [/^cartfile\.resolved$/, other('swift', /^cartfile(?:\.private)?$/)],
  [/^module\.bazel\.lock$/, other('other', /^module\.bazel$/)],
  [/^(?:stack\.yaml|cabal\.project)\.(?:lock|freeze)$/, other('other', /^(?:stack\.yaml|package\.yaml|cabal\.project|.*\.cabal)$/)],
  [/^devbox\.lock$/, other('nix', /^devbox\.json$/)],
  [/^\.terraform\.lock\.hcl$/, other('other', /\.tf(?:\.json)?$/)],
];
// By folder and name: lists of what is checked in, and what Xcode keeps inside of a project.
const PLACED: readonly (readonly [RegExp, LockfileKind])[] = [
  [/\/xcshareddata\/swiftpm\/package\.resolved$/, { ...swift, levelsUp: 3 }],
  [/(?:^|\/)vendor\/modules\.txt$/, { ...other('go', /^go\.(?:mod|work)$/), levelsUp: 1 }],
  [/(?:^|\/)[^/]+\/[^/]+\/\.cargo-checksum\.json$/, { ...other('cargo', /^cargo\.(?:toml|lock)$/), levelsUp: 2 }],
  [/(?:^|\/)vendor\/composer\/installed\.json$/, { ...other('composer', /^composer\.json$/), levelsUp: 2 }],
];

/** How a path's file is read when it is a lockfile; null when it is none. */
export function lockfileKindOf(path: string): LockfileKind | null {
  const folded = foldPath(path);
  const name = folded.slice(folded.lastIndexOf('/') + 1);
  return (PLACED.find(([pattern]) => pattern.test(folded)) ?? KINDS.find(([pattern]) => pattern.test(name)))?.[1] ?? null;
}

const REQUIREMENTS = /(?:^|\/)(?:[^/]*[-_.])?(?:requirements|constraints)(?:[-_.][^/]*)?\.txt$|(?:^|\/)requirements\/(?:[^/]+\/){0,5}[^/]+\.(?:txt|pip)$/;

/** A requirements file is a manifest, and with hashes it fixes what is fetched as a lockfile does. */
export const hashedRequirements = python(readHashedRequirements);
export const isRequirements = (path: string): boolean => REQUIREMENTS.test(foldPath(path));
