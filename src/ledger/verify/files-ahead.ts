import type { LedgerAddition } from './changes.ts';
import type { FileContent, ObjectCheck } from './read-object.ts';

/** Bytes of files kept for commits whose turn has not come; what comes beyond is read again then. */
const BYTES_AHEAD = 64 * 1024 * 1024;
/** A commit of more files is hostile, or very large: its files are read one after the other. */
const FILES_AT_ONCE = 500;

/** Reads files that take their time before it is their turn, as long as what waits fits into memory. */
export class FilesAhead {
  readonly #objects: ObjectCheck;
  #bytes = 0;

  constructor(objects: ObjectCheck) {
    this.#objects = objects;
  }

  /** The additions, read already where that helps and there is room. */
  read(additions: readonly LedgerAddition[]): readonly LedgerAddition[] | Promise<readonly LedgerAddition[]> {
    if (this.#bytes >= BYTES_AHEAD || additions.length > FILES_AT_ONCE || this.#isAtHand(additions)) return additions;
    return this.#objects.files(additions.map(({ request }) => request)).then((contents) => additions.map((addition, index) => this.#keep(addition, contents[index] ?? null)));
  }

  // What was added at once lies together: one of them stands for all.
  #isAtHand([first]: readonly LedgerAddition[]): boolean {
    return !first || this.#objects.isAtHand(first.oid);
  }

  #keep(addition: LedgerAddition, content: FileContent): LedgerAddition {
    const size = content instanceof Uint8Array ? content.byteLength : 0;
    if (this.#bytes + size > BYTES_AHEAD) return addition;
    this.#bytes += size;
    const { path, oid, meaning, request } = addition;
    const take = (): FileContent => {
      this.#bytes -= size;
      return content;
    };
    return { path, oid, meaning, request, take };
  }
}
