import { inputError } from '../../domain/errors.ts';
import type { Oid } from '../../domain/ids.ts';
import type { LedgerObjects, RawObject } from '../../ports/ledger-objects.ts';
import { oidOf, parseCommit, type GitType } from './git-object.ts';
import type { Place, Report } from './problem.ts';

/** Bytes of a tree that is still read: about 180,000 files of evidence in one folder. */
const TREE_BYTES_MAX = 16 * 1024 * 1024;
/** Bytes of a commit object. */
const COMMIT_BYTES_MAX = 1024 * 1024;
/** A file beyond this is no mistake but an attempt: nothing after it is looked at. */
const FILE_BYTES_ABSURD = 256 * 1024 * 1024;

export interface Commit {
  readonly oid: Oid;
  readonly tree: Oid;
  readonly parents: readonly Oid[];
}

/** A file's bytes, how large it is when that is more than was asked for, or null when it cannot be read, which was reported. */
export type FileContent = Uint8Array | { readonly size: number } | null;

export interface FileRequest {
  readonly oid: Oid;
  readonly bytesMax: number;
  readonly place: Place;
}

const MISSING: RawObject = { kind: 'missing' };

/** Reads objects and believes none of them: the bytes must have the id that was asked for. What is wrong becomes a problem. */
export class ObjectCheck {
  readonly #objects: LedgerObjects;
  readonly #report: Report;

  constructor(objects: LedgerObjects, report: Report) {
    this.#objects = objects;
    this.#report = report;
  }

  commit(oid: Oid): Commit | null | Promise<Commit | null> {
    const found = this.#objects.read(oid, COMMIT_BYTES_MAX);
    return found instanceof Promise ? found.then((read) => this.#checkCommit(oid, read)) : this.#checkCommit(oid, found);
  }

  #checkCommit(oid: Oid, found: RawObject): Commit | null {
    const bytes = this.#check(oid, 'commit', { found, place: {} });
    const parsed = bytes && parseCommit(bytes);
    if (bytes && !parsed) this.#report('object-corrupt', `The commit ${oid} is not one that git would write.`, {}, { expected: 'a tree, parents and an author', found: 'something else' });
    return parsed && { oid, ...parsed };
  }

  /** A folder's bytes. Rejects with an `input` error when it holds more than any ledger's. */
  tree(oid: Oid, place: Place): Uint8Array | null | Promise<Uint8Array | null> {
    const found = this.#objects.read(oid, TREE_BYTES_MAX);
    return found instanceof Promise ? found.then((read) => this.#check(oid, 'tree', { found: read, place })) : this.#check(oid, 'tree', { found, place });
  }

  file(request: FileRequest): FileContent | Promise<FileContent> {
    const found = this.#objects.read(request.oid, request.bytesMax);
    return found instanceof Promise ? found.then((read) => this.#checkFile(request, read)) : this.#checkFile(request, found);
  }

  /** True when the file comes at once: then nothing is won by asking for it early. */
  isAtHand = (oid: Oid): boolean => this.#objects.isAtHand?.(oid) === true;

  /** Several files, in the same order. */
  async files(requests: readonly FileRequest[]): Promise<readonly FileContent[]> {
    if (!this.#objects.readAll) return Promise.all(requests.map(async (request) => this.file(request)));
    const found = await this.#objects.readAll(requests);
    return requests.map((request, index) => this.#checkFile(request, found[index] ?? MISSING));
  }

  #checkFile({ oid, place }: FileRequest, found: RawObject): FileContent {
    if (found.kind === 'too-large' && found.type === 'blob' && found.size <= FILE_BYTES_ABSURD) return { size: found.size };
    return this.#check(oid, 'blob', { found, place });
  }

  #check(oid: Oid, type: GitType, { found, place }: { readonly found: RawObject; readonly place: Place }): Uint8Array | null {
    switch (found.kind) {
      case 'missing':
        this.#report('object-missing', `The ${NOUNS[type]} ${oid} is not there. Fetch the whole branch.`, place, { expected: oid, found: 'nothing' });
        return null;
      case 'damaged':
        this.#report('object-corrupt', `The ${NOUNS[type]} ${oid} cannot be read: ${found.reason}.`, place, { expected: oid, found: 'damaged bytes' });
        return null;
      case 'too-large':
        throw tooLarge(type, found.size, place.path ?? oid);
      case 'object':
        break;
    }
    const actual = oidOf(found.type, found.bytes);
    if (actual !== oid) this.#report('object-corrupt', `The ${NOUNS[type]} ${oid} has other bytes than its id says.`, place, { expected: oid, found: actual });
    else if (found.type !== type) this.#report('object-corrupt', `The object ${oid} is of another type than its place asks for.`, place, { expected: type, found: found.type });
    else return found.bytes;
    return null;
  }
}

const NOUNS: Readonly<Record<GitType, string>> = { commit: 'commit', tree: 'folder', blob: 'file' };

function tooLarge(type: GitType, size: number, where: string): Error {
  const bytes = size.toLocaleString('en-US');
  const shown = JSON.stringify(where === '' ? 'the top folder' : where.slice(0, 200));
  if (type === 'tree') return inputError('ledger-too-large', `${shown} is a folder of ${bytes} bytes, about ${Math.round(size / 80).toLocaleString('en-US')} files or more; no ledger has such a folder, and it was not read.`);
  return inputError('ledger-too-large', `${shown} is a ${NOUNS[type]} of ${bytes} bytes; no ledger has such a ${NOUNS[type]}, and it was not read.`);
}
