import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deriveEdits } from '../cli/bench/patch/derive-edits.ts';
import { byteString, bytesOf } from './bytes.ts';
import type { Edit } from './edit-model.ts';
import { textOf } from './lossless-text.ts';
import { parseEditBlocks } from './parse-edit-blocks.ts';
import { replaceLines } from './replace-lines.ts';

// Few different lines, so that they stand there often; every ending, also none at the end and a lone carriage return.
const line = fc.tuple(fc.constantFrom('a', 'b', '', '\r', '=======', 'caf\xe9'), fc.constantFrom('\n', '\n', '\r\n', '\r\r\n')).map(([text, ending]) => text + ending);
const file = fc.tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('', '', 'end', 'end\r', '\r')).map(([lines, last]) => lines.join('') + last);
/** A file, and what a change of some of its lines makes of it. */
const change = fc.tuple(file, fc.nat(9), fc.nat(4), fc.array(line, { maxLength: 3 }), fc.option(file)).map(([before, at, removed, added, other]) => {
  const lines = before.split(/(?<=\n)/u);
  return { before, after: other ?? lines.toSpliced(at, removed, ...added).join('') };
});

function edited(before: string, after: string): string {
  const blocks = deriveEdits([{ path: 'x', old: bytesOf(before), next: bytesOf(after) }]);
  const parsed = parseEditBlocks(textOf(byteString(blocks ?? Buffer.alloc(0))), { anyBytes: true });
  if (parsed.kind === 'malformed') throw new Error(parsed.message);
  const replacements = parsed.edits.filter((edit): edit is Extract<Edit, { kind: 'replace' }> => edit.kind === 'replace');
  return byteString(replaceLines(replacements, bytesOf(before)));
}

it('derived edit blocks make exactly the new file, whatever the lines of both end in', () => {
  fc.assert(fc.property(change, ({ before, after }) => {
    fc.pre(before !== after);
    expect(JSON.stringify(edited(before, after))).toBe(JSON.stringify(after));
  }), { numRuns: 2_000 });
});

it('a line feed below carriage returns, where the last line had no ending', () => {
  expect(edited('a\r\nb', 'a\r\nb\nc\n')).toBe('a\r\nb\nc\n');
  expect(edited('a\r\nb', 'a\r\nb\n')).toBe('a\r\nb\n');
});
