import { describe, expect, it } from 'vitest';
import { matchAllowed, matchFrozen } from './match-path.ts';

describe('what must not be touched', () => {
  it.each([
    ['infra', 'a/Infra/b/c.tf', true],
    ['infra/', 'infra', true],
    ['infra/**', 'x/infra/y', true],
    ['/infra', 'x/infra', false],
    ['/infra', 'INFRA/x', true],
    ['app/[slug]/page.tsx', 'app/[slug]/page.tsx', true],
    [String.raw`app/\[slug\]/*.tsx`, 'app/[Slug]/page.tsx', true],
    [String.raw`a\*b`, 'a*b', true],
    [String.raw`a\*b`, 'axxb', false],
    ['foo.', 'foo', true],
    ['a (b)', 'a (b)', true],
    ['*.pem', 'deep/.hidden.PEM', true],
    ['{a,b}.txt', 'x/B.txt', true],
    ['a?c', 'abc', true],
    ['!a', 'b', false],
    ['secret', 'secret\n/x', false],
    ['infra', 'x\n/infra', true],
    ['infra', 'infrastructure', false],
  ])('%j and %j: %s', (glob, path, expected) => {
    expect(matchFrozen([glob])(path)).toBe(expected);
  });
});

describe('what may be touched', () => {
  it.each([
    ['src/**', 'src/a/b.ts', true],
    ['src/**', 'SRC/a.ts', false],
    ['src/**', 'x/src/a.ts', false],
    ['src', 'src/a.ts', false],
    ['src/*', 'src/.env', true],
    ['app/[slug]/page.tsx', 'app/[slug]/page.tsx', true],
    ['!src', 'anything', false],
    ['@(a|b)', 'a', false],
    ['(a+)+', 'aaaa', false],
    ['**', 'a\nb', false],
  ])('%j and %j: %s', (glob, path, expected) => {
    expect(matchAllowed([glob])(path)).toBe(expected);
  });

  it('is nothing without a glob', () => {
    expect(matchAllowed([])('a')).toBe(false);
  });
});
