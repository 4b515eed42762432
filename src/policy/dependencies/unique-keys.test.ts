import { expect, it } from 'vitest';
import { judgeBy, added } from '../testing.ts';

const messages = (path: string, text: string): string[] => [...judgeBy('dependencies', [added(path, { text })]).violations, ...judgeBy('lockfiles', [added(path, { text })]).violations].map(({ message }) => message);

it.each([
  ['docker-compose.yml', 'services:\n  a: {image: x}\n  a: {image: y}\n'],
  ['docker-compose.yml', 'a: 1\n"a": 2\n'],
  ['pnpm-workspace.yaml', 'catalog:\n  x: 1\n  x: 2\n'],
  ['pnpm-lock.yaml', "lockfileVersion: '9.0'\npackages:\n  a@1: {resolution: {integrity: x}}\n  a@1: {resolution: {integrity: y}}\n"],
  ['action.yml', '- {a: 1, a: 2}\n'],
])('%s with a key twice is refused: %#', (path, text) => {
  expect(messages(path, text).join()).toMatch(/a key is given twice/);
});

it('takes a map of very many keys in its stride', () => {
  // By comparing each with all others this would be 450 million comparisons.
  const keys = Array.from({ length: 30_000 }, (_, index) => ` k${index}: 1\n`).join('');
  expect(messages('docker-compose.yml', `x:\n${keys}`)).toEqual([]);
  expect(messages('pnpm-lock.yaml', `lockfileVersion: '9.0'\nx:\n${keys} k7: 2\n`).join()).toMatch(/a key is given twice/);
});
