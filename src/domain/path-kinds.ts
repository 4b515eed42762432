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

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).toLowerCase();

/** What package managers write for themselves. */
export const isLockfilePath = (path: string): boolean => LOCKFILES.has(nameOf(path));

/** What decides by its path alone about dependencies or automation; null for any other file. */
export function guardedKindOf(path: string): 'lockfile' | 'manifest' | 'ci' | null {
  const name = nameOf(path);
  if (LOCKFILES.has(name)) return 'lockfile';
  if (MANIFESTS.has(name) || /^requirements[\w.-]*\.(?:txt|in)$|\.gemspec$|\.(?:cs|fs|vb)proj$/.test(name)) return 'manifest';
  return CI_FILES.has(name) || CI_FOLDER.test(path.toLowerCase()) ? 'ci' : null;
}

const TEST_FOLDER = /(?:^|\/)(?:tests?|__tests__|specs?|e2e|testdata|__mocks__|__snapshots__|fixtures)\//;

/** Folders of a whole test program: `src/commonTest/` (Kotlin, Gradle), `Shop.Tests/` (.NET), `ShopTests/` (Swift). `Latest/` is none. */
const TEST_PROGRAM = /(?:^|\/)[\w.-]*[a-z\d.](?:Tests?|Specs)\//;

/** True for the files that test runners pick up by their name or folder, tests of types among them. */
export function isTestPath(path: string): boolean {
  const lower = path.toLowerCase();
  if (TEST_FOLDER.test(lower) || TEST_PROGRAM.test(path)) return true;
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  // `client.test.ts`, `client_test.go`, `client_spec.rb`, `index.test-d.ts` (tsd), `index.tst.ts` (TSTyche), `test_client.py`, `ClientTest.java`, `ClientTests.cs`.
  if (/[._-](?:test|spec|tests|specs|test-d|tst)\.[a-z]+$/.test(name) || /^(?:test_.*|conftest)\.pyi?$/.test(name)) return true;
  return /[a-z\d](?:Tests?|Specs?|IT)\.(?:java|kt|scala|cs|swift|php|groovy)$/.test(path) || WHOLE_SUITE.test(lower);
}

/** A small package's whole suite in one file: `test.js` at its root or at that of its sources (what AVA and Node's runner look for), `tests.py` of a Django app, `tests.rs` of a crate's module. */
const WHOLE_SUITE = /^(?:(?:packages|modules|plugins|libs)\/[^/]+\/)?(?:src\/|source\/)?test\.[cm]?[jt]sx?$|(?:^|\/)tests\.(?:py|rs)$/;
