import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { THINK_BYTES_MAX } from '../src/schema/think.ts';
import { unpackThought } from './artifact.ts';

const FORGED_SIZE_AT = 22;

test('the one file of an archive is read, whatever stands beside it', () => {
  expect(unpackThought(zipSync({ '../outside': strToU8('x'), 'think.json': strToU8('{}') }))).toEqual(strToU8('{}'));
});

test.each([0, 9] as const)('more than is read is not unpacked: compressed at level %i', (level) => {
  expect(unpackThought(zipSync({ 'think.json': new Uint8Array(THINK_BYTES_MAX + 7) }, { level }))).toHaveLength(THINK_BYTES_MAX + 1);
});

test('an archive that says it is smaller than it is gives no more than it said, or nothing', () => {
  const archive = zipSync({ 'think.json': new Uint8Array(100_000) });
  const view = new DataView(archive.buffer, archive.byteOffset);
  const directory = view.getUint32(archive.length - 6, true);
  view.setUint32(FORGED_SIZE_AT, 10, true);
  view.setUint32(directory + 24, 10, true);
  let bytes: Uint8Array;
  try {
    bytes = unpackThought(archive);
  } catch {
    bytes = new Uint8Array();
  }
  expect(bytes.length).toBeLessThanOrEqual(10);
});

test.each([
  ['an archive of other files', zipSync({ '../think.json': strToU8('{}') }), /holds no think\.json/],
  ['an empty archive', zipSync({}), /holds no think\.json/],
  ['bytes that are no archive', new Uint8Array(1_000).fill(7), /invalid zip/],
  ['nothing', new Uint8Array(), /invalid zip/],
])('%s is refused', (_, archive, says) => {
  expect(() => unpackThought(archive)).toThrow(says);
});
