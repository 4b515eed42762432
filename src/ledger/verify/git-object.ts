import { hexOf, latin1Of } from '#bytes';
import { sha1Hex } from '#digest';
import type { Oid } from '../../domain/ids.ts';

// Git's object formats on plain bytes, so that they are read the same under Node and in a browser.

export type GitType = 'commit' | 'tree' | 'blob';

const encoder = new TextEncoder();

/** The id that git gives `bytes`. */
export const oidOf = (type: string, bytes: Uint8Array): Oid => sha1Hex(headOf(type, bytes.byteLength), bytes);

// What comes before the content: `blob 123` and NUL. Most objects are small, and there are three types of them.
const HEADS_MAX = 8_192;
const heads: ReadonlyMap<string, (Uint8Array | undefined)[]> = new Map(['commit', 'tree', 'blob'].map((type) => [type, []]));

function headOf(type: string, size: number): Uint8Array {
  const kept = size < HEADS_MAX ? heads.get(type) : undefined;
  const known = kept?.[size];
  if (known) return known;
  const head = encoder.encode(`${type} ${size}\0`);
  if (kept) kept[size] = head;
  return head;
}

/** What a ledger's commit says about its place in history; null when it is no commit that git would read. */
export function parseCommit(bytes: Uint8Array): { readonly tree: Oid; readonly parents: readonly Oid[] } | null {
  const [, tree, parents = ''] = COMMIT.exec(latin1Of(bytes, 0, Math.min(bytes.byteLength, COMMIT_HEAD_MAX))) ?? [];
  return tree === undefined ? null : { tree, parents: [...parents.matchAll(/[0-9a-f]{40}/g)].map(([oid]) => oid) };
}

const COMMIT = /^tree ([0-9a-f]{40})\n((?:parent [0-9a-f]{40}\n)*)author /;
// A few parents at most are expected; a commit with hundreds is refused as unreadable.
const COMMIT_HEAD_MAX = 8_192;

/** One entry of a tree, still in the tree's bytes. */
export interface RawEntry {
  readonly mode: string;
  /** The name's bytes as latin1. */
  readonly name: string;
  readonly oid: Oid;
}

const SPACE = 0x20;
const SLASH = 0x2f;
const OID_BYTES = 20;
const FOLDER_MODE = '40000';
export const isTreeMode = (mode: string): boolean => mode === FOLDER_MODE;

/** Walks over the entries of one tree without decoding those that nobody asks about. */
export class TreeCursor {
  readonly bytes: Uint8Array;
  /** Where the entry under the cursor begins and ends; `end` is −1 when the tree is cut off there. */
  start = 0;
  end = 0;
  #space = 0;
  #nul = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#measure();
  }

  get isDone(): boolean {
    return this.start >= this.bytes.length;
  }

  get isCutOff(): boolean {
    return this.end < 0;
  }

  next(): void {
    this.start = this.end;
    this.#measure();
  }

  /** True when both cursors stand on the very same bytes. */
  equals(other: TreeCursor): boolean {
    const length = this.end - this.start;
    if (other.end - other.start !== length) return false;
    const [a, b, i, j] = [this.bytes, other.bytes, this.start, other.start];
    // From the end: two entries of one name differ in their ids.
    for (let at = length - 1; at >= 0; at--) if (a[i + at] !== b[j + at]) return false;
    return true;
  }

  get oid(): Oid {
    return hexOf(this.bytes, this.#nul + 1, this.end);
  }

  get mode(): string {
    return modeOf(this.bytes, this.start, this.#space);
  }

  get name(): string {
    return latin1Of(this.bytes, this.#space + 1, this.#nul);
  }

  read(): RawEntry {
    return { mode: this.mode, name: this.name, oid: this.oid };
  }

  /** Goes on to the entry that begins at `start`. */
  moveTo(start: number): void {
    this.end = start;
    this.next();
  }

  /** Git's order of names: bytes, where a folder's name counts as if it ended in a slash. */
  compareName(other: TreeCursor): number {
    const [a, b] = [this.bytes, other.bytes];
    let [i, j] = [this.#space + 1, other.#space + 1];
    while (i < this.#nul && j < other.#nul && a[i] === b[j]) {
      i++;
      j++;
    }
    const left = i < this.#nul ? (a[i] ?? 0) : this.#isFolder && i === this.#nul ? SLASH : 0;
    const right = j < other.#nul ? (b[j] ?? 0) : other.#isFolder && j === other.#nul ? SLASH : 0;
    return left - right;
  }

  /** True when both name the same thing, whatever its mode. */
  sameName(other: TreeCursor): boolean {
    const length = this.#nul - this.#space;
    if (other.#nul - other.#space !== length) return false;
    for (let at = 1; at < length; at++) if (this.bytes[this.#space + at] !== other.bytes[other.#space + at]) return false;
    return true;
  }

  get #isFolder(): boolean {
    return this.bytes[this.start] === 0x34; // '4': of the modes that git writes, only 40000 begins so.
  }

  #measure(): void {
    this.end = this.start;
    if (this.isDone) return;
    const { bytes } = this;
    let at = this.start;
    while (at < bytes.length && bytes[at] !== SPACE) at++;
    this.#space = at++;
    while (at < bytes.length && bytes[at] !== 0) at++;
    this.#nul = at;
    this.end = at + OID_BYTES + 1 > bytes.length ? -1 : at + OID_BYTES + 1;
  }
}

// Of the two that a ledger has, without decoding them.
function modeOf(bytes: Uint8Array, from: number, to: number): string {
  if (isText(FOLDER_CODES, bytes, { from, to })) return FOLDER_MODE;
  return isText(FILE_CODES, bytes, { from, to }) ? FILE_MODE : latin1Of(bytes, from, to);
}

const FILE_MODE = '100644';
const FOLDER_CODES = encoder.encode(FOLDER_MODE);
const FILE_CODES = encoder.encode(FILE_MODE);

function isText(codes: Uint8Array, bytes: Uint8Array, { from, to }: { readonly from: number; readonly to: number }): boolean {
  if (to - from !== codes.length) return false;
  for (let at = 0; at < codes.length; at++) if (bytes[from + at] !== codes[at]) return false;
  return true;
}

/** Every entry of a small tree; null when it is cut off. */
export function parseTree(bytes: Uint8Array): readonly RawEntry[] | null {
  const entries: RawEntry[] = [];
  for (const cursor = new TreeCursor(bytes); !cursor.isDone; cursor.next()) {
    if (cursor.isCutOff) return null;
    entries.push(cursor.read());
  }
  return entries;
}
