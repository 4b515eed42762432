import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Oid } from '../../domain/ids.ts';
import { PackFile, type PackedObject } from './pack-file.ts';
import { PackMemory } from './pack-memory.ts';
import { PackIndex, readIndex, type IndexData } from './pack-index.ts';

/** Bytes of all indexes that are read, of which three eighths are kept: a ledger of 10,000 workflows has 33 MB. What is beyond is read through git. */
const INDEX_BYTES_MAX = 512 * 1024 * 1024;
/** Packs that are kept open; git repacks long before. */
const PACKS_MAX = 100;

/** An index that several threads can read at once. */
export interface SharedIndex {
  readonly pack: string;
  readonly index: IndexData;
}

interface Pack {
  readonly index: PackIndex;
  readonly file: PackFile;
}

/** The objects in the packs of one object directory. */
export class PackedObjects {
  readonly #packs: readonly Pack[];

  constructor(shared: readonly SharedIndex[]) {
    const memory = new PackMemory();
    this.#packs = shared.flatMap(({ pack, index }, number) => openPack(pack, index, { memory, number }));
  }

  get isEmpty(): boolean {
    return this.#packs.length === 0;
  }

  /** True when a pack says that it has the object. */
  has = (oid: Oid): boolean => this.#packs.some(({ index }) => index.find(oid) >= 0);

  /** The object; null when no pack has it, or the one that does cannot be read here. */
  read(oid: Oid, bytesMax: number): Exclude<PackedObject, { kind: 'unclear' }> | null {
    for (const { index, file } of this.#packs) {
      const offset = index.find(oid);
      const found = offset < 0 ? null : file.read(offset, bytesMax);
      if (found && found.kind !== 'unclear') return found;
    }
    return null;
  }

  close(): void {
    for (const { file } of this.#packs) file.close();
  }
}

function openPack(pack: string, data: IndexData, place: { readonly memory: PackMemory; readonly number: number }): readonly Pack[] {
  const index = new PackIndex(data);
  try {
    return [{ index, file: new PackFile(pack, (oid) => index.find(oid), place) }];
  } catch {
    return []; // Gone since it was listed, or not readable: git says what is wrong.
  }
}

/** The indexes of the packs in `objects` (an object directory), the largest pack first. What cannot be read is left out. */
export function readIndexes(objects: string): readonly SharedIndex[] {
  const directory = join(objects, 'pack');
  const found: (SharedIndex & { readonly size: number })[] = [];
  let room = INDEX_BYTES_MAX;
  for (const name of listIndexes(directory).slice(0, PACKS_MAX)) {
    try {
      const path = join(directory, name);
      const { size } = statSync(path);
      const index = size > room ? null : readFile(path);
      if (!index) continue;
      room -= size;
      found.push({ pack: path.replace(/idx$/, 'pack'), index, size });
    } catch {
      // As above.
    }
  }
  return found.toSorted((left, right) => right.size - left.size).map(({ pack, index }) => ({ pack, index }));
}

function readFile(path: string): IndexData | null {
  const descriptor = openSync(path, 'r');
  try {
    let buffer = new Uint8Array();
    return readIndex(fstatSync(descriptor).size, (at, length) => {
      if (buffer.byteLength < length) buffer = new Uint8Array(length);
      return buffer.subarray(0, readSync(descriptor, buffer, 0, length, at));
    });
  } finally {
    closeSync(descriptor);
  }
}

function listIndexes(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter((name) => /^pack-[0-9a-f]{40}\.idx$/.test(name)).toSorted();
  } catch {
    return [];
  }
}
