import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldPath } from './fold-path.ts';
import { matchFrozen } from './match-path.ts';
import { added, caughtBy } from './testing.ts';

const FROZEN = ['.github/workflows/ci.yml', 'packages/web/action.yml', 'Jenkinsfile', '.circleci/config.yml', 'a/b/CODEOWNERS', '.husky/pre-commit'];
// Every code point that NFKC turns into one given ASCII character: full width, mathematical, circled, superscript ….
const VARIANTS = new Map<string, string[]>();
for (let code = 0x80; code <= 0x1ffff; code += 1) {
  if (code >= 0xd800 && code <= 0xdfff) continue;
  const character = String.fromCodePoint(code);
  const folded = character.normalize('NFKC').toLowerCase();
  if (/^[\x21-\x7e]$/.test(folded)) VARIANTS.set(folded, [...(VARIANTS.get(folded) ?? []), character]);
}

const disguise = (path: string): fc.Arbitrary<string> =>
  fc.tuple(...Array.from(path).map((character) => fc.constantFrom(character, character.toUpperCase(), character.toLowerCase(), ...(VARIANTS.get(character.toLowerCase()) ?? [])))).map((characters) => characters.join(''));
const ignorable = fc.constantFrom('', '\u200C', '\u200D', '\u00AD', '\uFEFF', '\u{E0041}');

describe('folding', () => {
  it('catches every case and NFKC variant of a frozen path', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FROZEN).chain(disguise), (path) => {
        expect(caughtBy('ci-files', [added(path)])).toEqual([path]);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(FROZEN)('catches %s in capitals', (path) => {
    expect(foldPath(path.toUpperCase())).toBe(foldPath(path));
    expect(caughtBy('ci-files', [added(path.toUpperCase())])).toEqual([path.toUpperCase()]);
  });

  it('catches a frozen path with characters in it that HFS+ ignores', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FROZEN), fc.array(ignorable, { minLength: 40, maxLength: 40 }), (path, extras) => {
        const hidden = Array.from(path).map((character, index) => character + (extras[index] ?? '')).join('');
        expect(caughtBy('ci-files', [added(hidden)])).toEqual([hidden]);
      }),
    );
  });

  it('catches a frozen name at any depth and everything below a frozen folder', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    fc.assert(
      fc.property(fc.array(name, { maxLength: 5 }), fc.array(name, { maxLength: 5 }), (above, below) => {
        expect(matchFrozen(['infra/prod'])([...above, 'infra', 'prod', ...below].join('/'))).toBe(true);
      }),
    );
  });

  it('changes nothing the second time, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (path) => {
        expect(foldPath(foldPath(path))).toBe(foldPath(path));
      }),
      { numRuns: 5000 },
    );
  });

  it('changes nothing the second time, for any single character', () => {
    const unstable: string[] = [];
    for (let code = 0; code <= 0x1ffff; code += 1) {
      const character = String.fromCodePoint(code);
      if (foldPath(foldPath(character)) !== foldPath(character)) unstable.push(code.toString(16));
    }
    expect(unstable).toEqual([]);
  });
});
