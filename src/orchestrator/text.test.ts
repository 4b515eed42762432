import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, test } from 'vitest';
import { code, codeCell, fenced, inline, showHidden, storable } from './text.ts';

const types = (markdown: string): readonly string[] => fromMarkdown(markdown).children.flatMap((node) => (node.type === 'paragraph' ? node.children.map(({ type }) => type) : [node.type]));
const nasty = fc.string({ unit: fc.oneof(fc.constantFrom('`', '``', '*', '_', '[', ']', '(', ')', '<', '>', '!', '|', '\\', '~', '#', '@', '\n', ' ', '&', '-', '1.', 'http://x.test'), fc.string({ minLength: 1, maxLength: 1 })), maxLength: 40 });

// The break that keeps GitHub from reading mentions, references and addresses is an empty comment.
const isHarmless = (markdown: string): boolean => fromMarkdown(markdown).children.every((node) => node.type === 'paragraph' && node.children.every((child) => child.type === 'text' || child.type === 'inlineCode' || (child.type === 'html' && child.value === '<!-- -->')));

test('inline text mentions nobody, refers to nothing, links nowhere and brings no HTML', () => {
  const shown = inline('@octocat closes octo/api#1 GH-7 http://evil.test www.evil.test <img src=x> ![a](http://x) **b** `c`\n# d');
  expect(shown).not.toMatch(/[@#](?!<!-- -->)|:\/\/|www\.|GH-/i);
  expect(isHarmless(`x ${shown} x`)).toBe(true);
});

test('what stands between single backticks is code; a bar or a second backtick keeps it text', () => {
  expect(inline('waits as `Retry-After` says, @octocat')).toBe('waits as `Retry-After` says, @<!-- -->octocat');
  expect(inline('`a|b` and `b` and ``c`` and ` ` and `d')).toBe('\\`a\\|b\\` and `b` and \\`\\`c\\`\\` and \\` \\` and \\`d');
});

test('whatever comes in, inline text in a sentence stays text', () => {
  fc.assert(fc.property(nasty, (text) => isHarmless(`x ${inline(text)} x`)), { numRuns: 2_000 });
});

test('a bar in inline code does not begin another cell', () => expect(codeCell('a|b')).toBe('`a\\|b`'));

test('inline text is cut at its limit and says so', () => expect(inline('a'.repeat(400), 10)).toBe(`${'a'.repeat(10)}…`));

test('whatever comes in, code stays one piece of code', () => {
  fc.assert(fc.property(nasty.filter((text) => text.trim() !== ''), (text) => {
    expect(types(`x ${code(text)} x`)).toEqual(['text', 'inlineCode', 'text']);
  }), { numRuns: 2_000 });
});

test('whatever comes in, a fenced block closes where it should', () => {
  fc.assert(fc.property(nasty, (text) => {
    expect(types(`${fenced(text, 'diff')}\n\nafter`)).toEqual(['code', 'text']);
  }), { numRuns: 2_000 });
});

describe('hidden characters', () => {
  test.each([['\u202E', '202E'], ['\u200B', '200B'], ['\u0007', '0007'], ['\u{E0041}', 'E0041'], ['\uFEFF', 'FEFF']])('%j is shown', (character, point) => expect(showHidden(`a${character}b`)).toBe(`a⟨U+${point}⟩b`));
  test('line ends and tabs stay', () => expect(showHidden('a\n\tb')).toBe('a\n\tb'));
});

test('storable text is well-formed and has no NUL', () => expect(storable('a\u0000b\uD800c')).toBe('a\uFFFDb\uFFFDc'));
