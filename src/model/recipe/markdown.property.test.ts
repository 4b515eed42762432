import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBlocks } from './markdown.ts';
import { readIssue } from './issue.ts';

const piece = fc.constantFrom('# H\n', '- a\n', '- [ ] b\n', '> q\n', '```diff\n', '```\n', '~~~\n', '<!--', '-->', '\n', '\n\n', '  ', '\t', '1. x\n', '[a]: b\n', '***', '---\n', '===\n', 'text ', '\0', '\r\n', '<<<<<<< SEARCH\n', '## Acceptance\n');

test('never throws, and every line number is within the text', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(''))), (text) => {
    const lines = text.split(/\r\n|\r|\n/).length;
    for (const found of readBlocks(text)) expect(found.line >= 1 && found.line <= lines).toBe(true);
    readIssue('t', text);
  }), { numRuns: 500 });
});

test('a fence in an issue comes back byte for byte', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', ' ', '`', '-', '<', '#', '\t', 'é') }), { maxLength: 10 }), (lines) => {
    const body = lines.filter((line) => !/^\s*`{3}/.test(line)).join('\n');
    const raw = `\`\`\`\`new-file path=a\n${body}\n\`\`\`\``;
    expect(readIssue('t', `Problem.\n\n${raw}\n\nmore`).changes.map((fence) => fence.raw)).toEqual([raw]);
  }));
});

test.each(['>'.repeat(50), '- a\nb\n', '- '.repeat(50), '[', '```\n', '<!--\n', '# a\n', '\n', '*_`~'])('work grows with the length of %j, not with its square', (unit) => {
  // A quadratic reader would need minutes for this much; the run ends in a moment or the suite's own limit says so.
  expect(Array.isArray(readBlocks(unit.repeat(Math.ceil(100_000 / unit.length))))).toBe(true);
});
