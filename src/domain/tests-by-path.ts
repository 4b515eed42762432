const TEST_FOLDER = /(?:^|\/)(?:tests?|__tests__|specs?|e2e|testdata|__mocks__|__snapshots__|fixtures)\//;

/** True for the files that test runners pick up by their name or folder, tests of types among them. */
export function isTestPath(path: string): boolean {
  const lower = path.toLowerCase();
  if (TEST_FOLDER.test(lower)) return true;
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  // `client.test.ts`, `client_test.go`, `client_spec.rb`, `index.test-d.ts` (tsd), `index.tst.ts` (TSTyche), `test_client.py`, `ClientTest.java`, `ClientTests.cs`.
  if (/[._-](?:test|spec|tests|specs|test-d|tst)\.[a-z]+$/.test(name) || /^(?:test_.*|conftest)\.pyi?$/.test(name)) return true;
  return /[a-z\d](?:Tests?|Specs?|IT)\.(?:java|kt|scala|cs|swift|php|groovy)$/.test(path) || WHOLE_SUITE.test(lower);
}

/** A small package's whole suite in one file: `test.js` at its root or at that of its sources (what AVA and Node's runner look for), `tests.py` of a Django app, `tests.rs` of a crate's module. */
const WHOLE_SUITE = /^(?:(?:packages|modules|plugins|libs)\/[^/]+\/)?(?:src\/|source\/)?test\.[cm]?[jt]sx?$|(?:^|\/)tests\.(?:py|rs)$/;
