import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutKeys } from './key-form.ts';

const KEY = 'sk-a+b/c"d==0123456789';
const WRITTEN: Readonly<Record<string, (key: string) => string>> = {
  'as it is': (key) => key,
  'in JSON': (key) => JSON.stringify({ key }),
  'in an address': (key) => `https://x/?key=${encodeURIComponent(key)}`,
  hexadecimal: (key) => Buffer.from(`Bearer ${key}`).toString('hex'),
  'large hexadecimal': (key) => Buffer.from(key).toString('hex').toUpperCase(),
  base64: (key) => Buffer.from(key).toString('base64'),
  'base64 behind a user': (key) => Buffer.from(`u:${key}`).toString('base64'),
  'base64 among others': (key) => Buffer.from(`user:${key} and more`).toString('base64'),
  'base64 for addresses': (key) => Buffer.from(`a${key}`).toString('base64url'),
};

test.each(Object.entries(WRITTEN))('a key written %s is taken out', (_name, write) => {
  const kept = withoutKeys(`before ${write(KEY)} after`, [KEY]);
  expect(kept).toMatch(/^before [^]*\*\*\*[^]* after$/);
  expect(kept).not.toBe(`before ${write(KEY)} after`);
});

test('base64 keeps no whole character of a key, wherever it stands', () => {
  fc.assert(fc.property(fc.string({ maxLength: 5 }), fc.stringMatching(/^[!-~]{8,40}$/), fc.string({ maxLength: 5 }), (before, key, after) => {
    const kept = withoutKeys(Buffer.from(`${before}${key}${after}`).toString('base64'), [key]);
    expect(kept).toContain('***');
    expect(kept.replace('***', '').length).toBeLessThanOrEqual(Math.ceil((Buffer.byteLength(before + after) * 4) / 3) + 8);
  }));
});

test('a placeholder takes nothing out', () => {
  expect(withoutKeys('none of ollama, EMPTY', ['none', '', 'ollama', 'EMPTY', 'x-1'])).toBe('none of ollama, EMPTY');
  expect(withoutKeys('a short key sk-12', ['sk-12'])).toBe('a short key ***');
});
