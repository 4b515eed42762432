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

  it('counts assertions', () => {
    const old = { text: 'expect(a).toBe(1);\nassert b\nt.Errorf("x")\n' };
    expect(messages(modified('test/a.test.ts', old, { text: 'assert b\n' }))).toEqual(['test/a.test.ts has 1 line(s) with an assertion, and had 3.']);
    expect(messages(modified('test/a.test.ts', old, { text: 'expect(a).toBe(2);\nassert b\nt.Errorf("x")\n' }))).toEqual([]);
  });

  it('leaves skipped tests of the base, new tests and other files alone', () => {
    expect(messages(modified('test/a.test.ts', { text: 'it.skip(1)\n' }, { text: 'it.skip(1)\nexpect(1)\n' }), added('test/b.test.ts', { text: 'expect(1)\n' }), deleted('src/latest.ts'), modified('src/contest.ts', { text: 'expect(1)' }, { text: 'it.skip()' }))).toEqual([]);
  });
});
