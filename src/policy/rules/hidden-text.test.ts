import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findHidden, revealHidden } from '../hidden-characters.ts';
import { added, caughtBy, judgeBy, modified } from '../testing.ts';

describe('hidden-text', () => {
  it.each([
    ['bidirectional', 'a\u202Eb'], ['isolate', 'a\u2066b'], ['zero width space', 'a\u200Bb'], ['joiner between Latin letters', 'a\u200Db'], ['tag', 'hi\u{E0068}\u{E0069}'], ['escape', 'a\u001b[31mb'], ['lone carriage return', 'bad()\rgood()'], ['backspace', 'a\bb'], ['byte order mark inside', 'a\uFEFFb'], ['variation selector after a letter', 'a\uFE0F\u{E0100}'], ['private use', '\uE000'], ['C1 control', 'a\u009Bb'], ['line separator', 'a\u2028b'], ['soft hyphen', 'a\u00ADb'], ['form feed inside of a line', 'a\fb'], ['Hangul filler', 'a\u3164b'],
  ])('catches %s characters with their line, and names them', (_, bad) => {
    const { violations } = judgeBy('hidden-text', [modified('a.ts', { text: 'one\n' }, { text: `one\n${bad}\n` })]);
    expect(violations.map(({ line }) => line)).toEqual([2]);
    expect(violations[0]?.message).toMatch(/U\+[0-9A-F]{4}/);
  });
  it.each([['plain text\twith tab'], ['windows line\r'], ['emoji 👩‍💻 ❤️ 1️⃣'], ['نمی‌خواهم'], ['क्‍ष'], ['first\n\fpage'], ['日本語 é ß']])('lets %j pass', (line) => {
    expect(caughtBy('hidden-text', [added('a.txt', { text: `\uFEFF${line}\n` })])).toEqual([]);
  });
  it('counts no further than it needs to, and lists at most twenty lines a file', () => {
    const { violations } = judgeBy('hidden-text', [added('a', { text: `${'\u200B'.repeat(1_000_000)}\n`.repeat(2) }), added('b', { text: '\u200B\n'.repeat(50) })]);
    expect(violations.map(({ path }) => path)).toEqual(['a', 'a', ...Array.from({ length: 20 }, () => 'b')]);
    expect(violations[0]?.message).toContain('at least 100 hidden character(s): U+200B');
  });
  it('judges only lines that the base does not have', () => {
    expect(caughtBy('hidden-text', [modified('a', { text: 'a\u202Eb\n' }, { text: 'new\na\u202Eb\n' })])).toEqual([]);
  });
  it.each([
    ['a flag of tags that is none', '\u{1F3F4}\u{E0068}\u{E0069}\u{E007F}'], ['a message behind an emoji', '😀\uFE0F\u{E0101}\u{E0102}'], ['a direction mark between Latin letters', 'a\u200Eb'], ['an override in Hebrew', 'שלום \u202Eabc'], ['a zero width space in Latin text', 'pass\u200Bword'],
    ['a blank Braille cell', 'a\u2800b'], ['a noncharacter', 'a\uFFFEb'], ['a grapheme joiner', 'a\u034Fb'], ['an Ogham-like filler', 'a\u115Fb'], ['interlinear annotation', 'a\uFFF9b'], ['a variation selector of Han behind a letter', 'a\uFE00'],
  ])('catches %s', (_, bad) => {
    expect(caughtBy('hidden-text', [added('a.md', { text: `one\n${bad}\n` })])).toEqual(['a.md']);
  });
  it.each([
    ['a flag', '🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F} 🏳️‍🌈 👨‍👩‍👧‍👦'], ['Arabic', 'مرحبا بالعالم\u200F.'], ['Hebrew', 'שלום\u200F (API) עולם'], ['Khmer', 'ភាសា\u200Bខ្មែរ'], ['a spinner', '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'], ['a Han variant', '葛\u{E0100}'],
    ['a Russian comment', '// тест: с URL и COM-портом, URLы'], ['a Greek formula', 'const Δt = 3 * μm / sinα; // β-Test, λx'], ['mixed Japanese', 'const 名前 = "ＡＢＣ"; // React的な'], ['accents', 'naïve façade Ångström İstanbul'], ['a formula', 'the set ℝ of 𝑥'], ['phonetic script', '// pronounced ˈɡɪt ˈhʌb, IPA /ɡ/'], ['short Greek names', 'const αmax = 1, ρmin = 2, νs = 3'], ['Roman numerals', 'Chapter Ⅻ, Ⅲ'], ['an old German word', 'Straſze'.replace('ſ', 's')],
  ])('lets %s pass', (_, line) => {
    expect(judgeBy('hidden-text', [added('docs/a.md', { text: `${line}\n` })]).violations).toEqual([]);
  });
  it.each([
    ['Cyrillic in a Latin word', 'if (user.isАdmin) {', 'U+0410'], ['Greek omicron', 'const passwοrd = 1;', 'U+03BF'], ['Greek alpha inside', 'pαssword = 1', 'U+03B1'], ['a word of look-alikes', 'сору(a, b)', 'U+0441'], ['Armenian', 'const cօde = 1', 'U+0585'], ['a word in another style', 'import os; os.𝓼𝔂𝓼𝓽𝓮𝓶("id")', 'U+1D4FC'], ['wide letters', 'ｅval(x)', 'U+FF45'], ['a Roman numeral', 'adⅿin = 1', 'U+217F'], ['a long s', 'ſystem(x)', 'U+017F'], ['a phonetic alpha', 'const ɑdmin = 1', 'U+0251'], ['Greek alpha before a word', 'const αdmin = 1', 'U+03B1'], ['Lisu', 'ꓮdmin = 1', 'U+A4EE'],
  ])('catches an identifier with %s', (_, line, point) => {
    const { violations } = judgeBy('hidden-text', [added('src/a.py', { text: `one\n${line}\n` })]);
    expect(violations).toMatchObject([{ severity: 'BLOCK', line: 2 }]);
    expect(violations[0]?.message).toContain(point);
  });
  it('keeps a byte order mark that was there, also when the first line changes', () => {
    expect(caughtBy('hidden-text', [modified('a.cs', { text: '\uFEFFusing A;\n' }, { text: '\uFEFFusing B;\n' })])).toEqual([]);
  });
});

describe('revealHidden', () => {
  const show = (character: string): string => `<${character.codePointAt(0)?.toString(16)}>`;
  it('shows what hides and keeps what belongs there', () => {
    expect(revealHidden('a\u202Eb 👩‍💻 \u{E0041}\u001b[1m\tx', show)).toBe('a<202e>b 👩‍💻 <e0041><1b>[1m\tx');
  });
  it('leaves nothing hidden in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect([...findHidden(revealHidden(text, show))]).toEqual([]);
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});
