import type { FileKind } from '../domain/context.ts';
import { isTestPath } from '../domain/tests-by-path.ts';
import { baseName, extensionOf, languageOf } from './languages.ts';

const LOCKFILES = new Set([
  'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb', 'deno.lock', 'poetry.lock', 'uv.lock',
  'pdm.lock', 'pipfile.lock', 'cargo.lock', 'go.sum', 'gemfile.lock', 'composer.lock', 'mix.lock', 'flake.lock', 'pubspec.lock',
]);
const MANIFESTS = new Set([
  'package.json', 'pyproject.toml', 'setup.py', 'setup.cfg', 'pipfile', 'cargo.toml', 'go.mod', 'gemfile', 'composer.json', 'mix.exs',
  'pom.xml', 'build.gradle', 'build.gradle.kts', 'pubspec.yaml', 'deno.json', 'package.swift',
]);
const CI_FILES = new Set([
  '.gitlab-ci.yml', '.travis.yml', 'azure-pipelines.yml', 'jenkinsfile', 'bitbucket-pipelines.yml', '.drone.yml', 'appveyor.yml',
  '.appveyor.yml', 'cloudbuild.yaml', '.cirrus.yml', 'action.yml', 'action.yaml', 'renovate.json', 'codeowners',
]);
const CI_FOLDER = /(?:^|\/)\.(?:github|circleci|buildkite|gitlab|woodpecker|forgejo|gitea)\//;
const DOCS = new Set(['md', 'mdx', 'rst', 'adoc', 'txt']);
const CONFIG = new Set(['json', 'jsonc', 'json5', 'yaml', 'yml', 'toml', 'ini', 'cfg', 'conf', 'properties', 'xml', 'lock', 'env']);
const BINARY = new Set([
  'png', 'jpg', 'jpeg', 'gif', 'webp', 'ico', 'pdf', 'zip', 'gz', 'tgz', 'bz2', 'xz', 'zst', 'br', '7z', 'jar', 'wasm', 'woff', 'woff2', 'ttf',
  'eot', 'otf', 'mp3', 'mp4', 'mov', 'webm', 'avif', 'ogg', 'wav', 'flac', 'm4a', 'avi', 'bmp', 'tiff', 'psd', 'icns', 'glb', 'blend', 'whl', 'nupkg', 'tar', 'rar', 'p12', 'jks', 'keystore', 'so', 'dll', 'dylib', 'exe', 'class', 'pyc', 'bin', 'db', 'sqlite', 'parquet',
]);

/** What package managers write for themselves. */
export const isLockfilePath = (path: string): boolean => LOCKFILES.has(baseName(path).toLowerCase());

/** What a file is for, by its path alone: nothing in the file can change it. */
export function fileKindOf(path: string): FileKind {
  const lower = path.toLowerCase();
  const name = baseName(lower);
  const extension = extensionOf(lower);
  if (LOCKFILES.has(name)) return 'lockfile';
  if (MANIFESTS.has(name) || /^requirements[\w.-]*\.(?:txt|in)$|\.gemspec$|\.(?:cs|fs|vb)proj$/.test(name)) return 'manifest';
  if (CI_FILES.has(name) || CI_FOLDER.test(lower)) return 'ci';
  if (BINARY.has(extension)) return 'binary';
  if (isTestPath(path)) return 'test';
  if (DOCS.has(extension) || /^docs?\/|^documentation\//.test(lower)) return 'docs';
  // `NOTICE` is a document, `notice.ts` is not.
  if (/^(?:readme|licen[cs]e|changelog|contributing|notice|authors)/.test(name) && languageOf(path) === null) return 'docs';
  if (CONFIG.has(extension) || name.startsWith('.')) return 'config';
  return extension === '' || ['csv', 'tsv', 'svg', 'log', 'map', 'snap', 'patch', 'diff'].includes(extension) ? 'data' : 'source';
}
