import { constants, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Inflater } from './inflate.ts';

const STRATEGIES = [constants.Z_DEFAULT_STRATEGY, constants.Z_FILTERED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE, constants.Z_FIXED];
const inflater = new Inflater();

// Texts as ledgers have them, noise, and long repetitions: all kinds of blocks, and distances up to the largest.
const content = fc.oneof(
  fc.uint8Array({ maxLength: 3_000 }),
  fc.string({ maxLength: 2_000 }).map((text) => new TextEncoder().encode(JSON.stringify({ text, more: text }))),
  fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(3_000)).map(([piece, times]) => Uint8Array.from({ length: piece.length * times }, (_, at) => piece[at % piece.length] ?? 0)),
);
const settings = fc.record({ level: fc.integer({ min: 0, max: 9 }), strategy: fc.constantFrom(...STRATEGIES), memLevel: fc.integer({ min: 1, max: 9 }), windowBits: fc.integer({ min: 9, max: 15 }) });

it('gives back what zlib deflated, whatever the settings and wherever the stream stands', () => {
  fc.assert(
    fc.property(content, settings, fc.uint8Array({ maxLength: 20 }), (bytes, options, around) => {
      const source = Buffer.concat([around, deflateSync(bytes, options), around]);
      const target = new Uint8Array(bytes.length);
      expect(inflater.inflate(source, around.length, target)).toBe(true);
      expect(Buffer.compare(target, bytes)).toBe(0);
    }),
    { numRuns: 400 },
  );
});

it('refuses another size, a stream that is cut short, and any other method', () => {
  const bytes = Buffer.from('a ledger only ever adds; '.repeat(200));
  const stream = deflateSync(bytes);
  for (const size of [0, 1, bytes.length - 1, bytes.length + 1]) expect(inflater.inflate(stream, 0, new Uint8Array(size))).toBe(false);
  // The last four bytes are zlib's own checksum, which is not looked at.
  for (let length = 0; length < stream.length - 5; length++) expect(inflater.inflate(stream.subarray(0, length), 0, new Uint8Array(bytes.length)), `${length} bytes`).toBe(false);
  for (const head of [[0x78, 0x00], [0x79, 0x9c], [0x78, 0xbb], [0, 0]]) expect(inflater.inflate(Buffer.concat([Buffer.from(head), stream.subarray(2)]), 0, new Uint8Array(bytes.length))).toBe(false);
});

it('ends on any bytes, and writes nothing outside its target', () => {
  fc.assert(
    fc.property(content, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.nat(4_000), (bytes, at, noise, size) => {
      const stream = deflateSync(bytes);
      stream.set(noise.subarray(0, Math.max(0, stream.length - (at % stream.length))), at % stream.length);
      const room = new Uint8Array(size + 20).fill(7);
      inflater.inflate(stream, 0, room.subarray(10, 10 + size));
      expect(room.subarray(0, 10).every((byte) => byte === 7) && room.subarray(10 + size).every((byte) => byte === 7)).toBe(true);
    }),
    { numRuns: 400 },
  );
});
