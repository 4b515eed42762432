import { hexOf } from '#bytes';
import type { Oid } from '../../domain/ids.ts';
import type { LedgerObjects } from '../../ports/ledger-objects.ts';
import { ObjectCheck, type Commit } from './read-object.ts';

const OID_BYTES = 20;
/** Of each commit, its own id and its tree's. */
const ENTRY_BYTES = 2 * OID_BYTES;
const BLOCK = 4_096;
/** Commits that are not at hand and are still asked for one by one: git lists more of them faster. */
const AWAITED_MAX = 1_000;

/** A line of commits, each read and hashed once, in 40 bytes each. */
export class KnownHistory {
  readonly #blocks: Uint8Array[] = [];
  readonly #merges = new Set<number>();
  /** What the oldest of them names as its parent. */
  readonly #before: Oid | null;
  #count = 0;

  constructor(before: Oid | null) {
    this.#before = before;
  }

  get length(): number {
    return this.#count;
  }

  /** Takes the parent of the commit before. */
  add({ oid, tree, parents }: Commit): void {
    const at = this.#count % BLOCK;
    if (at === 0) this.#blocks.push(new Uint8Array(BLOCK * ENTRY_BYTES));
    const block = this.#blocks.at(-1);
    if (!block) return;
    writeHex(block, at * ENTRY_BYTES, oid);
    writeHex(block, at * ENTRY_BYTES + OID_BYTES, tree);
    if (parents.length > 1) this.#merges.add(this.#count);
    this.#count++;
  }

  /** A merge is given by its id, to be read again. */
  async *oldestFirst(): AsyncGenerator<Oid | Commit> {
    let parent = this.#before;
    for (let index = this.#count - 1; index >= 0; index--) {
      const block = this.#blocks[Math.floor(index / BLOCK)] ?? new Uint8Array();
      const at = (index % BLOCK) * ENTRY_BYTES;
      const oid = hexOf(block, at, at + OID_BYTES);
      yield this.#merges.has(index) ? oid : { oid, tree: hexOf(block, at + OID_BYTES, at + ENTRY_BYTES), parents: parent === null ? [] : [parent] };
      parent = oid;
    }
  }
}

/**
 * Follows first parents from `tip` back to the first commit, or to `since`. Null when it does not get there, for whatever
 * reason: then the history must be had from elsewhere, and what is wrong with it is found on the way forward.
 */
export async function walkHistory(objects: LedgerObjects, tip: Oid, since?: Oid): Promise<KnownHistory | null> {
  const check = new ObjectCheck(objects, () => undefined);
  const history = new KnownHistory(since ?? null);
  let awaited = 0;
  for (let at: Oid | undefined = tip; at !== since; ) {
    const reading: ReturnType<ObjectCheck['commit']> = at === undefined ? null : check.commit(at);
    if (reading instanceof Promise && ++awaited > AWAITED_MAX) return null;
    const commit: Commit | null = reading instanceof Promise ? await reading : reading;
    if (!commit) return null;
    history.add(commit);
    [at] = commit.parents;
    if (at === undefined && since === undefined) break;
  }
  return history;
}

function writeHex(bytes: Uint8Array, start: number, hex: string): void {
  for (let at = 0; at < OID_BYTES; at++) bytes[start + at] = (digit(hex.charCodeAt(at * 2)) << 4) | digit(hex.charCodeAt(at * 2 + 1));
}

const digit = (code: number): number => (code > 0x39 ? code - 0x57 : code - 0x30);
