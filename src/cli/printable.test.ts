import { describe, expect, test } from 'vitest';
import { visibleText } from '../../site/src/lib/visible.ts';
import { inline as documentText, showHidden as documentLines } from '../model/render/markdown.ts';
import { code, inline, showHidden } from '../orchestrator/text.ts';
import { showText } from '../policy/show.ts';
import { printable, printableLines } from './printable.ts';

const PLACES: Readonly<Record<string, (text: string) => string>> = {
  'the terminal': printable, 'lines in the terminal': printableLines, 'prose on GitHub': inline, 'code on GitHub': (text) => code(text).replaceAll('`', ''), 'a block on GitHub': showHidden,
  'prose of a document': documentText, 'a block of a document': documentLines, 'a sentence of the policy': showText, 'the site': visibleText,
};

describe.each(Object.entries(PLACES))('%s', (_place, show) => {
  test.each(['\u202E', '\u200B', '\u2066', '\u00AD', '\u3164', '\u115F', '\uFEFF', '\u001B', '\u0000', '\u0085', '\u{E0041}', '\uE000', '\u2028'])('spells %j as every other place does', (character) => {
    const mark = `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
    expect(show(`a${character}b`)).toBe(`a${mark}b`);
  });
});

test('the look of an emoji stays, except in names that a rule speaks of', () => {
  for (const [place, show] of Object.entries(PLACES)) expect(show('⚠\uFE0F'), place).toBe(show === showText ? '⚠⟨U+FE0F⟩' : '⚠\uFE0F');
});

test('nothing that moves a cursor gets through to a terminal', () => {
  for (const show of [printable, printableLines]) expect(show('a\r\f\v\u001B[2J\u0008b\u009B1mc')).not.toMatch(/(?!\n)\p{Cc}/u);
  expect(printable('👩\u200D💻 می\u200Cخواهم')).toBe('👩\u200D💻 می\u200Cخواهم');
});
