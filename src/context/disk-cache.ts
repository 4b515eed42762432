import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobFacts } from './analyse/analyse-blob.ts';
import { packBatch, unpackBatch } from './analyse/batch.ts';
import type { FactsCache } from './facts-cache.ts';
import { TOOLS } from './grammars.ts';

/** Whoever changes what an outline or a term is, changes this. Grammar versions are part of the key by themselves. */
const FORMAT = 10;
const BYTES_MAX = 512 * 1024 * 1024;
const SEGMENTS_MAX = 400;
const MAGIC = Buffer.from('CSFACTS\n');
const HASH_BYTES = 32;
/** Magic, hash of the rest, then four lengths: keys, outlines, blobs, terms. */
const HEAD = MAGIC.length + HASH_BYTES + 16;

/**
 * Facts on disk, in a folder of this user's own: segments of about a thousand blobs, each with its hash. A segment that is torn, old or of
 * other tools is no error but a miss. `name` keeps repositories apart.
 */
export function createDiskCache(directory: string, name: string): FactsCache {
  const version = createHash('sha256').update(JSON.stringify([FORMAT, TOOLS, process.versions.unicode])).digest('hex').slice(0, 16);
  const folder = join(directory, version, createHash('sha256').update(name).digest('hex').slice(0, 24));
  return {
    async load(keys, take) {
      const left = new Set(keys);
      for (const segment of await segmentsIn(folder)) {
        const read = await readFile(join(folder, segment)).then(decode).catch(() => null);
        for (const { key, facts } of read ?? []) if (left.delete(key)) take(key, facts);
      }
    },
    async save(entries) {
      // A cache that cannot be written is a slow one, nothing worse.
      await write(folder, encode(entries)).catch(() => undefined);
    },
  };
}

const segmentsIn = async (folder: string): Promise<string[]> => (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.facts')).sort();

async function write(folder: string, bytes: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await forget(folder, bytes.length);
  const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 24)}.facts`;
  const temporary = join(folder, `${name}.${process.pid}.tmp`);
  await writeFile(temporary, bytes, { mode: 0o600 });
  await rename(temporary, join(folder, name));
}

/** Past its size the cache starts anew: what is still there is found again soon. */
async function forget(folder: string, more: number): Promise<void> {
  const names = await segmentsIn(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name)).catch(() => null))?.size ?? 0));
  if (names.length < SEGMENTS_MAX && sizes.reduce((sum, size) => sum + size, more) <= BYTES_MAX) return;
  await Promise.all(names.map(async (name) => rm(join(folder, name), { force: true })));
}

function encode(entries: readonly { readonly key: string; readonly facts: BlobFacts }[]): Buffer {
  const { outlines, lengths, ends, hashes, counts } = packBatch(entries.map(({ facts }) => facts));
  const keys = Buffer.from(entries.map(({ key }) => key).join('\n'));
  const text = Buffer.from(outlines);
  const sizes = Buffer.from(Uint32Array.of(keys.length, text.length, entries.length, hashes.length).buffer);
  const body = Buffer.concat([sizes, bytesOf(lengths), bytesOf(ends), bytesOf(hashes), counts, keys, text]);
  return Buffer.concat([MAGIC, createHash('sha256').update(body).digest(), body]);
}

const bytesOf = (numbers: Uint32Array): Buffer => Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** The entries of a segment. Throws on anything that this version did not write. */
function decode(bytes: Buffer): { key: string; facts: BlobFacts }[] {
  if (bytes.length < HEAD || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new TypeError('not a segment');
  const body = bytes.subarray(MAGIC.length + HASH_BYTES);
  if (!createHash('sha256').update(body).digest().equals(bytes.subarray(MAGIC.length, MAGIC.length + HASH_BYTES))) throw new TypeError('a torn segment');
  const [keyBytes = 0, textBytes = 0, blobs = 0, terms = 0] = numbersAt(body, 0, 4);
  let at = 16;
  const take = (count: number): Uint32Array => {
    const numbers = numbersAt(body, at, count);
    at += count * 4;
    return numbers;
  };
  const [lengths, ends, hashes] = [take(blobs), take(blobs), take(terms)];
  const counts = Uint8Array.from(body.subarray(at, at + terms));
  const keys = body.toString('utf8', at + terms, at + terms + keyBytes).split('\n');
  const outlines = body.toString('utf8', at + terms + keyBytes, at + terms + keyBytes + textBytes);
  const facts = unpackBatch({ outlines, lengths, ends, hashes, counts });
  if (keys.length !== facts.length) throw new TypeError('keys and facts differ');
  return facts.map((each, index) => ({ key: keys[index] ?? '', facts: each }));
}

// Copied, because a file's buffer need not be aligned.
const numbersAt = (body: Buffer, at: number, count: number): Uint32Array => new Uint32Array(Uint8Array.from(body.subarray(at, at + count * 4)).buffer);
