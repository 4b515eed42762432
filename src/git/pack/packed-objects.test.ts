import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { writeSampleLedger } from '../../cli/bench/ledger-sample.ts';
import { git } from '../../ledger/testing/temporary-repository.ts';
import { openLedgerRepository } from '../ledger-objects.ts';
import { PackFile } from './pack-file.ts';
import { PackMemory } from './pack-memory.ts';
import { PackIndex, readIndex, type IndexData } from './pack-index.ts';
import { PackedObjects, readIndexes } from './packed-objects.ts';

const LIMIT = 64 * 1024 * 1024;
let parent: string;
let gitDir: string;
let ids: readonly string[];
let known: ReadonlyMap<string, { readonly type: string; readonly size: number }>;

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'countersign-packs-'));
  gitDir = join(parent, 'ledger.git');
  await writeSampleLedger({ gitDir, workflows: 2 });
  // A blob over several windows, one that zlib cannot shrink, an empty one, and a tag.
  for (const bytes of [Buffer.alloc(700_000, 'wide '), Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 2_654_435_761) >>> 24)), Buffer.alloc(0)]) {
    const blob = git(gitDir, ['hash-object', '-w', '--stdin'], bytes).toString().trim();
    git(gitDir, ['update-ref', `refs/keep/${blob}`, blob]);
  }
  git(gitDir, ['-c', 'user.name=a', '-c', 'user.email=a@b', 'tag', '-a', 'v1', '-m', 'one', 'ledger']);
  const listed = git(gitDir, ['cat-file', '--batch-all-objects', '--batch-check']).toString().trim().split('\n').map((line) => line.split(' '));
  known = new Map(listed.map(([oid = '', type = '', size]) => [oid, { type, size: Number(size) }]));
  ids = [...known.keys()];
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

function copyRepacked(name: string, repack: readonly string[]): string {
  const copy = join(parent, name);
  cpSync(gitDir, copy, { recursive: true });
  git(copy, ['-c', 'pack.writeReverseIndex=false', 'repack', '-q', '-a', '-d', '-f', ...repack]);
  return copy;
}

const hashObject = (type: string, bytes: Uint8Array): string => createHash('sha1').update(`${type} ${bytes.byteLength}\0`).update(bytes).digest('hex');

function expectAll(directory: string): void {
  const packed = new PackedObjects(readIndexes(join(directory, 'objects')));
  for (const [oid, { type, size }] of known) {
    const found = packed.read(oid, LIMIT);
    expect([found?.kind, found?.type], oid).toEqual(['object', type]);
    if (found?.kind === 'object') expect(hashObject(found.type, found.bytes)).toBe(oid);
    if (size > 0) expect(packed.read(oid, size - 1)).toEqual({ kind: 'too-large', type, size });
  }
  packed.close();
}

it('reads every object of a pack as git does: deltas by place and by name, several packs, small windows', () => {
  expectAll(copyRepacked('by-place', ['--depth=50', '--window=10']));
  const byName = copyRepacked('by-name', ['--depth=20', '--window=10']);
  git(byName, ['config', 'repack.usedeltabaseoffset', 'false']);
  git(byName, ['repack', '-q', '-a', '-d', '-f']);
  expectAll(byName);
  const several = copyRepacked('several', ['--max-pack-size=1m', '--depth=0', '--window=0']);
  expect(readIndexes(join(several, 'objects')).length).toBeGreaterThan(0);
  expectAll(several);
});

it('reads deltas whose bases lie in other windows when there is room for one window only', async () => {
  const large = join(parent, 'large.git');
  await writeSampleLedger({ gitDir: large, workflows: 20 });
  const [shared] = readIndexes(join(large, 'objects'));
  if (!shared) throw new Error('git made no pack');
  const index = new PackIndex(shared.index);
  const file = new PackFile(shared.pack, (oid) => index.find(oid), { memory: new PackMemory(1) });
  for (const oid of git(large, ['rev-list', '--objects', '--no-object-names', 'ledger']).toString().trim().split('\n')) {
    const found = file.read(index.find(oid), LIMIT);
    expect(found.kind === 'object' ? hashObject(found.type, found.bytes) : found.kind).toBe(oid);
  }
  file.close();
});

it('does not mix packs up that share their memory, even where their objects begin at the same places', () => {
  const memory = new PackMemory(2);
  const packs = ['--depth=50', '--depth=0'].map((depth, number) => {
    const copy = copyRepacked(`shared${number}`, [depth, '--window=10']);
    const [shared] = readIndexes(join(copy, 'objects'));
    if (!shared) throw new Error('git made no pack');
    const index = new PackIndex(shared.index);
    return { index, file: new PackFile(shared.pack, (oid) => index.find(oid), { memory, number }) };
  });
  for (const oid of ids) {
    for (const { index, file } of packs) {
      const found = file.read(index.find(oid), LIMIT);
      expect(found.kind === 'object' ? hashObject(found.type, found.bytes) : found.kind).toBe(oid);
      // Now from what was kept.
      const again = file.read(index.find(oid), LIMIT);
      expect(again.kind === 'object' ? hashObject(again.type, again.bytes) : again.kind).toBe(oid);
    }
  }
  for (const { file } of packs) file.close();
});

it('leaves to git what it cannot read: no pack, another version, a damaged one', async () => {
  expect(readIndexes(join(parent, 'nothing'))).toEqual([]);
  const directory = join(copyRepacked('damaged', []), 'objects', 'pack');
  const [name = ''] = readdirSync(directory).filter((file) => file.endsWith('.pack'));
  const path = join(directory, name);
  const whole = readFileSync(path);
  const [oid = ''] = ids;
  rmSync(path);
  for (const bytes of [Buffer.alloc(0), whole.subarray(0, 40), Buffer.from(whole).fill(0xff, 12), Buffer.from(whole).fill(0, 12)]) {
    writeFileSync(path, bytes);
    const packed = new PackedObjects(readIndexes(join(directory, '..')));
    for (const each of ids) expect(packed.read(each, LIMIT), each).toBe(null);
    packed.close();
    const repository = await openLedgerRepository(join(directory, '..'));
    const found = await repository.read(oid, LIMIT);
    expect(['missing', 'damaged']).toContain(found.kind);
    await repository.close();
  }
});

it('ends for a pack whose bytes were changed at random, and gives no more than was asked for', () => {
  const directory = join(copyRepacked('changed', ['--depth=50', '--window=10']), 'objects', 'pack');
  const [name = ''] = readdirSync(directory).filter((file) => file.endsWith('.pack'));
  const whole = readFileSync(join(directory, name));
  rmSync(join(directory, name));
  const seed = Number(process.env['COUNTERSIGN_SEED'] ?? 1);
  let state = (seed % 2_147_483_646) + 1;
  const draw = (limit: number): number => (state = (state * 48_271) % 2_147_483_647) % limit;
  for (let round = 0; round < 10; round++) {
    const bytes = Buffer.from(whole);
    for (let change = 0; change < 300; change++) bytes[12 + draw(bytes.length - 12)] = draw(256);
    writeFileSync(join(directory, name), bytes);
    const packed = new PackedObjects(readIndexes(join(directory, '..')));
    for (const oid of ids) {
      const found = packed.read(oid, 100_000);
      expect(found?.kind === 'object' ? found.bytes.byteLength : 0).toBeLessThanOrEqual(100_000);
    }
    packed.close();
  }
});

it('refuses an index whose parts do not fit together', () => {
  const directory = join(gitDir, 'objects', 'pack');
  const [name = ''] = readdirSync(directory).filter((file) => file.endsWith('.idx'));
  const whole = readFileSync(join(directory, name));
  const read = (bytes: Buffer): IndexData | null => readIndex(bytes.length, (at, length) => bytes.subarray(at, at + length));
  const data = read(whole);
  const index = data && new PackIndex(data);
  expect(index?.find(ids[0] ?? '')).toBeGreaterThan(0);
  for (const name of ['f'.repeat(40), '0'.repeat(40), `${ids[0]?.slice(0, 15)}g${'0'.repeat(24)}`, ids[0]?.slice(1) ?? '', '']) expect(index?.find(name), name).toBe(-1);
  const cut = Buffer.concat([whole, Buffer.alloc(3)]);
  for (const bytes of [Buffer.alloc(0), whole.subarray(0, 1_000), whole.subarray(0, -1), cut, Buffer.from(whole).fill(9, 4, 8), Buffer.from(whole).fill(0xff, 8, 12)]) expect(read(bytes)).toBe(null);
});

it('leaves two names that begin alike to git, and reads places of more than 31 bits', () => {
  const names = ['00'.repeat(20), `aa${'00'.repeat(19)}`, `aa${'00'.repeat(18)}01`, `ff${'ee'.repeat(19)}`];
  const fanout = Buffer.alloc(1_024);
  for (let first = 0; first < 256; first++) fanout.writeUInt32BE(names.filter((name) => Number.parseInt(name.slice(0, 2), 16) <= first).length, first * 4);
  const offsets = Buffer.from('0000000c00000020000000308000000000000001000000ff', 'hex');
  const bytes = Buffer.concat([Buffer.from('ff744f6300000002', 'hex'), fanout, ...names.map((name) => Buffer.from(name, 'hex')), Buffer.alloc(16), offsets, Buffer.alloc(40)]);
  const data = readIndex(bytes.length, (at, length) => bytes.subarray(at, at + length));
  const index = data && new PackIndex(data);
  expect(names.map((name) => index?.find(name))).toEqual([12, -1, -1, 2 ** 32 + 255]);
});
