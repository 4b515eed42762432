import { expect, test } from 'vitest';
import { withoutNoise } from './query-noise.ts';
import { parseQuery } from './query.ts';

const terms = (text: string): readonly string[] => parseQuery(text).terms;

test('what says nothing about where is no word of an issue', () => {
  const plain = 'Close the pool twice\n\nThe socket leaks.';
  const noisy = [
    '[13.x] Close the pool twice (#4711)', '', 'The socket leaks.', '* formatting', '* Apply suggestions from code review', '- fix tests', '---------', 'https://example.org/forum/html/question?id=12', 'Fixes owner/name#12', 'Closes: #13',
    'Co-authored-by: Ann Writer <ann@example.org>', 'Signed-off-by: ann@example.org', '(cherry picked from commit ac4352c565b0e821212ca5d19db942d4cf1473ae)', 'This reverts commit 0a1b2c3d4e.', 'See 0a1b2c3',
  ].join('\n');
  expect(terms(noisy)).toEqual(terms(plain));
});

test('a path below an address is still named; a text of nothing but noise stays as it is', () => {
  expect(parseQuery('See https://example.org/a/pool.ts').named).toContain('example.org/a/pool.ts');
  for (const text of ['#12', 'https://example.org/pool', '']) expect(withoutNoise(text)).toBe(text);
  expect(withoutNoise('fix tests')).toBe('fix tests');
});

test('a release is about the file that has the version', () => {
  for (const text of ['Release v4.3.4', 'Publish release post for v4.3.4', 'v5.1.0', '2.0', 'chore: release 1.2.3-rc.1']) expect(terms(text)).toContain('version');
  for (const text of ['Support logger 1.4', 'Start with TLS 1.2', 'Release the lock twice', 'Publish 3 messages']) expect(terms(text)).not.toContain('version');
});

test('long lines are read in linear time', () => {
  for (const part of ['a@', ' ', '#', '<', 'a.', '1a', 'fix ', 'See #1,']) expect(withoutNoise(`Title\nSee ${part.repeat(60_000)}\n${part.repeat(60_000)}!`)).toMatch(/^Title/);
});
