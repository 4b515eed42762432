import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { TestRepository } from '../git/test-repository.ts';
import { parseCanonicalDiff } from './parse-canonical-diff.ts';

const repository = new TestRepository();
const lines = Array.from({ length: 20 }, (_, index) => `l${index}\n`).join('');
let diff: Buffer;

beforeAll(() => {
  const base = repository.commit({ 'a.txt': lines, 'old name.txt': lines.replace('l1\n', 'other\n'), 'q"ü.txt': 'x\n', 'gone.txt': 'x', 'b.dat': Uint8Array.from([0, 1]), 'mode.sh': 'x\n' });
  const result = repository.commit({
    'a.txt': lines.replace('l2\n', '').replace('l17\n', 'L17\nextra\n'),
    'old name.txt': null,
    'new name.txt': lines.replace('l1\n', 'other\n').replace('l9\n', 'L9\n'),
    'q"ü.txt': 'y',
    'gone.txt': null,
    'b.dat': Uint8Array.from([0, 2]),
    'mode.sh': { kind: 'executable', content: 'x\n' },
    'new.txt': '+++ b/x\n',
  });
  diff = repository.diff(base.tree, result.tree);
});
afterAll(() => repository.remove());

describe('parseCanonicalDiff', () => {
  it('gives files, hunks, lines and numbers as the diff has them', () => {
    const files = parseCanonicalDiff(diff);
    expect(files.map(({ oldPath, newPath, status, added, removed, binary }) => [status, oldPath, newPath, added, removed, binary])).toEqual([
      ['modified', 'a.txt', 'a.txt', 2, 2, false],
      ['modified', 'b.dat', 'b.dat', 0, 0, true],
      ['deleted', 'gone.txt', null, 0, 1, false],
      ['modified', 'mode.sh', 'mode.sh', 0, 0, false],
      ['renamed', 'old name.txt', 'new name.txt', 1, 1, false],
      ['added', null, 'new.txt', 1, 0, false],
      ['modified', 'q"ü.txt', 'q"ü.txt', 1, 1, false],
    ]);
    const [first] = files;
    expect(first?.hunks).toHaveLength(2);
    expect(first?.hunks[1]?.lines.filter(({ kind }) => kind !== 'context')).toEqual([
      { kind: 'delete', text: 'l17', oldLine: 18, newLine: null, noNewline: false },
      { kind: 'add', text: 'L17', oldLine: null, newLine: 17, noNewline: false },
      { kind: 'add', text: 'extra', oldLine: null, newLine: 18, noNewline: false },
    ]);
    expect(files.at(-1)?.hunks[0]?.lines.at(-1)).toMatchObject({ text: 'y', noNewline: true });
    expect(files[5]?.hunks[0]?.lines[0]?.text).toBe('+++ b/x');
  });

  it('never throws and always ends, whatever the bytes', () => {
    const near = fc.tuple(fc.nat(5_000), fc.nat(40), fc.uint8Array({ maxLength: 30 })).map(([at, cut, bytes]) => Buffer.concat([diff.subarray(0, at), bytes, diff.subarray(at + cut)]));
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), near), (bytes) => Array.isArray(parseCanonicalDiff(bytes))));
  });
});
