import { describe, expect, it } from 'vitest';
import { added, deleted, judgeBy, modified } from '../testing.ts';

const messages = (...changes: Parameters<typeof judgeBy>[1]) => judgeBy('tests', changes).violations.map(({ message }) => message);

describe('weakened tests', () => {
  it.each(['test/client.test.ts', 'src/__tests__/a.js', 'pkg/client_test.go', 'tests/test_client.py', 'test_x.py', 'src/ClientTest.java', 'spec/client_spec.rb', 'a.spec.tsx', 'Tests/ClientTests.cs'])('sees that %s goes', (path) => {
    expect(messages(deleted(path))).toEqual([`Deletes the test file ${path}.`]);
  });

  it('sees that a moved test file is still there', () => {
    expect(messages(deleted('test/a.test.ts', { blob: 'e'.repeat(40) }), added('test/b/a.test.ts', { blob: 'e'.repeat(40) }))).toEqual([]);
  });

  it.each(["it.skip('x', f)", "describe.only('x', f)", "xit('x', f)", '@pytest.mark.skip', '@unittest.skipIf(True, "")', 't.Skip("later")', '#[ignore]', '@Disabled', 'self.skipTest("x")'])('sees that %s leaves a test out, with its line', (line) => {
    const { violations } = judgeBy('tests', [modified('test/a.test.ts', { text: 'one\n' }, { text: `one\n${line}\n` })]);
    expect(violations).toMatchObject([{ severity: 'WARN', line: 2, message: 'Line 2 of test/a.test.ts leaves tests out.' }]);
  });

  it('sees one more skip that stands there already', () => {
    const skip = "  $this->markTestSkipped('zip extension missing');\n";
    expect(messages(modified('test/ATest.php', { text: `one\n${skip}` }, { text: `one\n${skip}two\n${skip}` }))).toEqual(['Line 4 of test/ATest.php leaves tests out.']);
    expect(messages(modified('test/ATest.php', { text: `one\n${skip}` }, { text: `  ${skip}one\n` }))).toEqual([]);
  });

  it('sees assertions and tests that a comment of several lines hides, and no comment in a glob', () => {
    const old = "it('a', () => {\n  expect(run()).toBe(1);\n});\nit('b', () => {\n  expect(run()).toBe(2);\n});\n";
    expect(messages(modified('test/a.test.ts', { text: old }, { text: `${old.replace("it('b'", "/* it('b'")}*/\n` }))).toHaveLength(2);
    expect(messages(modified('test/a.test.ts', { text: old }, { text: `const g = 'src/**/*.ts';\n${old}const h = 'a/*';\nconst i = '*/b';\n` }))).toEqual([]);
  });

  it('sees a test that returns before it has done anything', () => {
    const old = "it('a', () => {\n  expect(run()).toBe(1);\n});\n";
    expect(messages(modified('test/a.test.ts', { text: old }, { text: old.replace('  expect', '  return;\n  expect') }))).toEqual(['Line 1 of test/a.test.ts is a test with nothing in it.']);
  });

  it('counts assertions', () => {
    const old = { text: 'expect(a).toBe(1);\nassert b\nt.Errorf("x")\n' };
    expect(messages(modified('test/a.test.ts', old, { text: 'assert b\n' }))).toEqual(['test/a.test.ts has 1 line(s) with an assertion, and had 3 (gone or changed: lines 1, 3 before).']);
    expect(messages(modified('test/a.test.ts', old, { text: 'expect(a).toBe(2);\nassert b\nt.Errorf("x")\n' }))).toEqual([]);
  });

  it('leaves skipped tests of the base, new tests and other files alone', () => {
    expect(messages(modified('test/a.test.ts', { text: 'it.skip(1)\n' }, { text: 'it.skip(1)\nexpect(1)\n' }), added('test/b.test.ts', { text: 'expect(1)\n' }), deleted('src/latest.ts'), modified('src/contest.ts', { text: 'expect(1)' }, { text: 'it.skip()' }))).toEqual([]);
  });

  it.each([
    ['a.spec.rb', "  skip 'later'"],
    ['a_spec.rb', "  xit 'works' do"],
    ['a_spec.rb', "it 'works', skip: true do"],
    ['test_a.py', 'pytestmark = pytest.mark.skip'],
    ['test_a.py', 'raise unittest.SkipTest("x")'],
    ['a_test.go', '\tt.SkipNow()'],
    ['ATests.cs', '[Fact(Skip = "x")]'],
    ['ATest.java', '@Ignore("later")'],
    ['ATests.swift', 'throw XCTSkip("x")'],
    ['ATest.php', '$this->markTestSkipped("x");'],
    ['a.test.ts', "it('x', { skip: true }, f)"],
    ['a_test.exs', '@tag :skip'],
    ['a_test.dart', "test('x', f, skip: 'later');"],
    ['a.spec.ts', 'test.fixme()'],
    ['a_test.cc', 'TEST(A, DISABLED_Works) {'],
    ['a.test.js', "it.todo('x')"],
    ['a.test.js', "test.concurrent.skip('x', f)"],
    ['test_a.py', 'pytest.importorskip("redis")'],
    ['test_a.py', 'def no_test_works(self):'],
    ['ATest.java', 'public void disable_testSelf() {'],
    ['test_a.py', 'if False:'],
    ['a_test.c', '#if 0'],
  ])('in %s sees that %s leaves a test out', (path, line) => {
    expect(messages(modified(`test/${path}`, { text: 'one\n' }, { text: `one\n${line}\n` }))).toEqual([`Line 2 of test/${path} leaves tests out.`]);
  });
  it.each([['// it.skip is not used here'], ['skipped = count(results)'], ["expect(list.skip(2)).toEqual([3])"], ["it('does not skip blanks', f)"], ['await page.skipLink.click()'], ['pending.push(item)'], ['const only = values.only']])('is silent about %s', (line) => {
    expect(messages(modified('test/a.test.ts', { text: 'one\n' }, { text: `one\n${line}\n` }))).toEqual([]);
  });
  it('sees an assertion that is commented out, and one that always holds', () => {
    expect(messages(modified('test/a.test.ts', { text: 'a();\nexpect(a).toBe(1);\n' }, { text: 'a();\n// expect(a).toBe(1);\n' }))).toEqual(['test/a.test.ts has 0 line(s) with an assertion, and had 1 (gone or changed: line 2 before).']);
    expect(messages(modified('test/a.test.ts', { text: 'expect(a).toBe(1);\n' }, { text: 'expect(true).toBe(true);\n' }))).toEqual(['Line 1 of test/a.test.ts asserts what always holds.']);
  });
  it('points at the place in the result where assertions are gone', () => {
    const old = "it('a', () => {\n  one();\n  expect(1);\n  two();\n});\n";
    expect(judgeBy('tests', [modified('test/a.test.ts', { text: old }, { text: old.replace('  expect(1);\n', '') })]).violations).toMatchObject([{ line: 2, severity: 'WARN' }]);
  });
  it.each([
    ['a.test.ts', "it('works', () => {\n  expect(run()).toBe(1);\n});\n", "it('works', () => {\n});\n"],
    ['a.test.ts', "it('works', async () => {\n  expect(run()).toBe(1);\n});\n", "it('works', async () => {});\n"],
    ['test_a.py', 'def test_works():\n    assert run() == 1\n', 'def test_works():\n    pass\n'],
    ['a_test.go', 'func TestWorks(t *testing.T) {\n\trun(t)\n}\n', 'func TestWorks(t *testing.T) {\n}\n'],
    ['ATest.java', '  @Test\n  public void testWorks() {\n    run();\n  }\n', '  @Test\n  public void testWorks() {\n  }\n'],
    ['a_spec.rb', "it 'works' do\n  run\nend\n", "it 'works' do\nend\n"],
  ])('in %s sees a test that was emptied', (path, old, now) => {
    expect(messages(modified(`test/${path}`, { text: old }, { text: now })).filter((message) => message.includes('nothing in it'))).toHaveLength(1);
  });
  it('sees a test that is gone from a file that stays', () => {
    const old = "it('a', () => {\n  run();\n});\nit('b', () => {\n  run();\n});\n";
    expect(messages(modified('test/a.test.ts', { text: old }, { text: old.slice(old.indexOf("it('b'")) }))).toEqual(['test/a.test.ts has 1 test(s), and had 2 (the first that is gone: line 1 before).']);
  });
  it('compares a test file with what it was before it moved', () => {
    const old = "it('a', () => {\n  expect(run()).toBe(1);\n});\n";
    expect(messages(deleted('test/a.test.ts', { text: old }), added('test/unit/a.test.ts', { text: `${old}\n`, blob: 'e'.repeat(40) }))).toEqual([]);
    expect(messages(deleted('test/a.test.ts', { text: old }), added('test/unit/a.test.ts', { text: old.replace('expect', 'ignored'), blob: 'e'.repeat(40) }))).toEqual(['test/unit/a.test.ts has 0 line(s) with an assertion, and had 1 (gone or changed: line 2 before).']);
  });
  it('sees tests inside Rust and Vitest sources', () => {
    expect(messages(modified('src/lib.rs', { text: '#[test]\nfn a() {}\n' }, { text: '#[test]\n#[ignore]\nfn a() {}\n' }))).toEqual(['Line 2 of src/lib.rs leaves tests out.']);
  });
});

describe('lowered coverage', () => {
  it.each([
    ['vitest.config.ts', 'coverage: { thresholds: {\n lines: 90,\n branches: 80 } }', 'coverage: { thresholds: {\n lines: 70,\n branches: 80 } }', 'lines from 90 to 70', 2],
    ['jest.config.js', 'coverageThreshold: { global: { branches: 80, functions: 80 } }', 'coverageThreshold: { global: { branches: 80, functions: 8 } }', 'functions from 80 to 8', 1],
    ['package.json', '{"jest": {"coverageThreshold": {"global": {\n"lines": 95}}}}', '{"jest": {"coverageThreshold": {"global": {\n"lines": 9.5}}}}', 'lines from 95 to 9.5', 2],
    ['.nycrc', '{"check-coverage": true, "statements": 100}', '{"check-coverage": true, "statements": 50}', 'statements from 100 to 50', 1],
    ['.coveragerc', '[report]\nfail_under = 85', '[report]\nfail_under = 60', 'fail-under from 85 to 60', 2],
    ['pyproject.toml', '[tool.coverage.report]\nfail_under = 85', '[tool.coverage.report]\nfail_under = 0', 'fail-under from 85 to 0', 2],
    ['tox.ini', 'commands = pytest --cov-fail-under=90', 'commands = pytest --cov-fail-under=10', 'fail-under from 90 to 10', 1],
    ['codecov.yml', 'coverage:\n  status:\n    project:\n      target: 80%', 'coverage:\n  status:\n    project:\n      target: 20%', 'target from 80 to 20', 4],
    ['pom.xml', '<!-- jacoco -->\n<minimum>0.80</minimum>', '<!-- jacoco -->\n<minimum>0.20</minimum>', 'minimum from 0.8 to 0.2', 2],
    ['spec/spec_helper.rb', "require 'simplecov' # coverage\nSimpleCov.minimum_coverage 90", "require 'simplecov' # coverage\nSimpleCov.minimum_coverage 30", 'minimum-coverage from 90 to 30', 2],
  ])('in %s', (path, old, now, what, line) => {
    const { violations } = judgeBy('tests', [modified(path, { text: old }, { text: now })]);
    expect(violations).toMatchObject([{ severity: 'WARN', line, message: `Line ${line} of ${path} lowers the coverage threshold ${what}.` }]);
    expect(messages(modified(path, { text: now }, { text: old }))).toEqual([]);
  });
  it('sees a threshold that is gone, one by which coverage may fall, and a check that is off', () => {
    expect(messages(modified('vitest.config.ts', { text: 'thresholds: {\nlines: 90,\n}' }, { text: 'thresholds: {\n}' }))).toEqual(['vitest.config.ts no longer sets the coverage threshold lines (it was 90).']);
    expect(messages(modified('codecov.yml', { text: 'coverage:\n  threshold: 1%' }, { text: 'coverage:\n  threshold: 50%' }))).toEqual(['Line 2 of codecov.yml lets coverage fall by 50, and it was 1.']);
    expect(messages(modified('.nycrc', { text: '{"check-coverage": true}' }, { text: '{"check-coverage": false}' }))).toEqual(['Line 1 of .nycrc switches a check of coverage off.']);
  });
});

describe('checks that may fail', () => {
  it.each([
    ['package.json', '"test": "vitest run || true"'],
    ['package.json', '"test": "jest --passWithNoTests"'],
    ['package.json', '"test": "echo no tests"'],
    ['package.json', '"lint": "eslint . ; exit 0"'],
    ['Makefile', '\tpytest || true'],
    ['ci/test.sh', 'npm test || :'],
    ['.github/workflows/ci.yml', '        continue-on-error: true'],
    ['.gitlab-ci.yml', '  allow_failure: true'],
    ['pom.xml', '<skipTests>true</skipTests>'],
    ['jest.config.js', "testPathIgnorePatterns: ['slow']"],
    ['pyproject.toml', 'addopts = "--deselect tests/test_a.py::test_b"'],
  ])('in %s: %s', (path, line) => {
    expect(judgeBy('tests', [modified(path, { text: 'one\n' }, { text: `one\n${line}\n` })]).violations).toMatchObject([{ severity: 'WARN', line: 2 }]);
  });
  it.each([['package.json', '"test": "vitest run"'], ['package.json', '"start": "node a.js || true"'], ['run.sh', 'rm -f x || true'], ['package.json', '"test:echo": "node test/echo.js"']])('is silent in %s about %s', (path, line) => {
    expect(messages(modified(path, { text: 'one\n' }, { text: `one\n${line}\n` }))).toEqual([]);
  });
});
