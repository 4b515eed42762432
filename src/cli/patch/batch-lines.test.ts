import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseBatchLine } from './batch-line.ts';
import { batchLines, type BatchLine } from './batch-lines.ts';

const directory = mkdtempSync(join(tmpdir(), 'countersign-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) yield bytes.subarray(at, (at += size));
  yield bytes.subarray(at);
}

async function read(bytes: Uint8Array, sizes: readonly number[] = [], longest?: number): Promise<BatchLine[]> {
  const lines: BatchLine[] = [];
  for await (const line of batchLines(chunksOf(bytes, sizes), longest)) lines.push(line);
  return lines;
}
const said = (lines: readonly BatchLine[]): string[] => lines.map((line) => (line.kind === 'line' ? line.text : line.code));

describe('the lines of a batch', () => {
  it('are the same however the bytes come', async () => {
    const text = fc.array(fc.constantFrom('a', 'ü', '😀', '\n', '\r\n', ' ', '{"patch": "x"}'), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat({ max: 9 }), { maxLength: 20 }), async (parts, sizes) => {
        const whole = parts.join('');
        expect(said(await read(Buffer.from(whole), sizes))).toEqual(whole.split('\n').filter((line) => line.trim() !== ''));
      }),
    );
  });

  it('may be too long or no UTF-8, each for itself', async () => {
    expect(said(await read(Buffer.from('one\n0123456789\ntwo\n\nx\xff\nthree', 'latin1'), [5, 3], 8))).toEqual(['one', 'too-large', 'two', 'bad-batch-line', 'three']);
  });

  it('come before the input ends', async () => {
    let asked = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        asked += 1;
        yield Buffer.from('x\n');
      }
    }
    for await (const line of batchLines(endless())) {
      expect(line).toEqual({ kind: 'line', text: 'x' });
      if (asked === 3) break;
    }
    expect(asked).toBe(3);
  });
});

describe('a patch in a batch line', () => {
  const defaults = { repo: '.', base: 'main', format: 'diff', scope: [] } as const;
  const bytesOf = async (patch: string): Promise<string> => Buffer.from((await parseBatchLine(JSON.stringify({ patch }), defaults)).patch).toString('latin1');

  it('is its very bytes: those that are not UTF-8 as lone surrogates', async () => {
    expect(await bytesOf('ü\n\udcff\udc80x\n😀')).toBe('\xc3\xbc\n\xff\x80x\n\xf0\x9f\x98\x80');
    await expect(bytesOf('a\n\ud800')).rejects.toMatchObject({ code: 'bad-batch-line' });
    await expect(bytesOf('a\n\udc7f')).rejects.toMatchObject({ code: 'bad-batch-line' });
  });

  it('is a file when it has no line break', async () => {
    writeFileSync(join(directory, 'x.diff'), Buffer.of(0xff, 0x0a));
    expect(await bytesOf(join(directory, 'x.diff'))).toBe('\xff\n');
  });
});
