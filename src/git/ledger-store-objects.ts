import { join } from 'node:path';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';

import { inputError } from '../domain/errors.ts';
import type { Oid } from '../domain/ids.ts';
import type { TreeEntry } from '../ports/objects.ts';
import type { LedgerDisk, PackedReader } from './ledger-store-disk.ts';
import { isMissing } from './ledger-store-ref.ts';
import { corrupt, hashObject, parseTree, type ObjectType } from './object-codec.ts';

const inflateBytes = promisify(inflate);
/** Evidence has at most 32 MiB; a tree or an event of that size is no ledger's. */
const OBJECT_BYTES_MAX = 64 * 1024 * 1024;
/** Some hundred thousand files in one folder: verification reads no larger one either. */
const TREE_BYTES_MAX = 16 * 1024 * 1024;
const HEADER_BYTES_MAX = 32;
const TREES_KEPT_MAX = 200;

/** Trees by their id, which says what is in them: they cannot go stale. */
export type TreeShelf = Map<Oid, readonly TreeEntry[]>;

/**
 * Reads a ledger's objects by id for one operation. What was appended lately is a loose file and is read as one; for the
 * rest there is one `git cat-file`, which finds an object in a pack of millions without loading its index.
 */
export class LedgerObjects {
  readonly #disk: LedgerDisk;
  readonly #gitDir: string;
  readonly #trees: TreeShelf;
  #packed: PackedReader | null = null;

  constructor(disk: LedgerDisk, gitDir: string, trees: TreeShelf) {
    this.#disk = disk;
    this.#gitDir = gitDir;
    this.#trees = trees;
  }

  /** The object's bytes, which have that id. Rejects when it is missing, damaged, of another type or too large. */
  async read(oid: Oid, type: ObjectType): Promise<Buffer> {
    const object = (await this.#readLoose(oid)) ?? (await this.#readPacked(oid));
    if (object.type !== type) throw corrupt(oid, `it is a ${object.type}, expected a ${type}`);
    return object.content;
  }

  /** A blob's bytes, as nothing but bytes. */
  async blob(oid: Oid): Promise<Uint8Array> {
    const { buffer, byteOffset, byteLength } = await this.read(oid, 'blob');
    return new Uint8Array(buffer, byteOffset, byteLength);
  }

  async tree(oid: Oid): Promise<readonly TreeEntry[]> {
    const known = this.#trees.get(oid);
    if (known) return known;
    const bytes = await this.read(oid, 'tree');
    if (bytes.byteLength > TREE_BYTES_MAX) throw tooLarge(oid, TREE_BYTES_MAX);
    const entries = parseTree(bytes, oid);
    if (this.#trees.size >= TREES_KEPT_MAX) this.#trees.clear();
    this.#trees.set(oid, entries);
    return entries;
  }

  close(): void {
    this.#packed?.close();
  }

  async #readLoose(oid: Oid): Promise<{ readonly type: string; readonly content: Buffer } | null> {
    const path = join(this.#gitDir, 'objects', oid.slice(0, 2), oid.slice(2));
    try {
      const { size } = await this.#disk.fs.stat(path);
      if (size > OBJECT_BYTES_MAX) throw tooLarge(oid);
      return openFrame(oid, await this.#disk.fs.readFile(path));
    } catch (error) {
      // Never loose, or packed by now.
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async #readPacked(oid: Oid): Promise<{ readonly type: string; readonly content: Buffer }> {
    this.#packed ??= this.#disk.openPacked(this.#gitDir);
    const object = await this.#packed.read(oid);
    if (object === null) throw corrupt(oid, 'it is missing');
    if (object.content.byteLength > OBJECT_BYTES_MAX) throw tooLarge(oid);
    return object;
  }
}

async function openFrame(oid: Oid, deflated: Buffer): Promise<{ readonly type: string; readonly content: Buffer }> {
  const frame = await inflateBytes(deflated, { maxOutputLength: OBJECT_BYTES_MAX + HEADER_BYTES_MAX }).catch((cause: unknown) => {
    throw cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(oid) : corrupt(oid, 'it cannot be decompressed');
  });
  const end = frame.subarray(0, HEADER_BYTES_MAX).indexOf(0);
  const [, type = ''] = /^(blob|tree|commit|tag) \d+$/.exec(frame.toString('latin1', 0, Math.max(end, 0))) ?? [];
  const content = frame.subarray(end + 1);
  if (!isObjectType(type) || hashObject(type, content) !== oid) throw corrupt(oid, 'its bytes do not have that id');
  return { type, content };
}

const isObjectType = (text: string): text is ObjectType => text === 'blob' || text === 'tree' || text === 'commit' || text === 'tag';
const tooLarge = (oid: Oid, most = OBJECT_BYTES_MAX) => inputError('ledger-too-large', `The git object ${oid} of the ledger has more than ${most.toLocaleString('en-US')} bytes, which no file or folder of a ledger has. Run "countersign ledger verify".`);
