import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { CI_GLOBS } from './ci/ci-globs.ts';
import { foldPath } from './fold-path.ts';
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

describe('names that are looked up instead of matched', () => {
  const globs = [...CI_GLOBS, '{a,b}', '{a,}x', 'a{1,2}.b', '{a,b}/c', '{1..3}', '{1..3,x}', '{a}', '@x', 'a.b', '/a', 'a/', '*.{x,y}'];
  const names = fc.constantFrom(...globs.flatMap((glob) => glob.split('/')), 'a', 'b', 'ax', 'x', 'a1.b', '2', 'action.yml', '.drone.star', 'jenkinsfile.x', 'c', 'README.md', '.husky');

  it('say the same as the patterns', () => {
    fc.assert(
      fc.property(fc.constantFrom(...globs), fc.array(names, { minLength: 1, maxLength: 4 }), (glob, parts) => {
        const path = parts.join('/').replaceAll(/\/+/g, '/').replace(/^\/|\/$/g, '');
        fc.pre(path !== '');
        const plain = glob.replace(/\/$/, '');
        const anchored = plain.startsWith('/') ? plain.slice(1) : `**/${plain}`;
        const expected = picomatch([anchored, `${anchored}/**`], { dot: true, noextglob: true, nonegate: true, windows: false, nocase: true })(foldPath(path)) || foldPath(path) === plain.replace(/^\//, '');
        expect(matchFrozen([glob])(path)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
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
