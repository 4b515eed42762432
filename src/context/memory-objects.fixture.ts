import { createHash } from 'node:crypto';
import { outsideError } from '../domain/errors.ts';
import type { Oid } from '../domain/ids.ts';
import type { ObjectReader, TreeEntry } from '../ports/objects.ts';

export interface MemoryRepo extends ObjectReader {
  readonly tree: Oid;
  readonly commit: Oid;
}

export type MemoryFiles = Readonly<Record<string, string | Uint8Array | { readonly link: string } | { readonly submodule: Oid }>>;

const oidOf = (kind: string, bytes: string | Uint8Array): Oid => createHash('sha1').update(`${kind} ${Buffer.byteLength(bytes)}\0`).update(bytes).digest('hex');

/** A pinned commit in memory, for tests: real blob ids, trees by content. */
export function fakeObjects(files: MemoryFiles): MemoryRepo {
  const blobs = new Map<Oid, Uint8Array>();
  const trees = new Map<Oid, readonly TreeEntry[]>();
  const addBlob = (bytes: string | Uint8Array): Oid => {
    const oid = oidOf('blob', bytes);
    blobs.set(oid, Buffer.from(bytes));
    return oid;
  };
  const addTree = (prefix: string): Oid => {
    const entries: TreeEntry[] = [];
    const folders = new Set<string>();
    for (const [path, content] of Object.entries(files)) {
      if (!path.startsWith(prefix)) continue;
      const rest = path.slice(prefix.length);
      const name = Buffer.from(rest.split('/')[0] ?? '').toString('latin1');
      if (rest.includes('/')) folders.add(rest.split('/')[0] ?? '');
      else if (typeof content === 'string' || content instanceof Uint8Array) entries.push({ mode: '100644', name, oid: addBlob(content) });
      else if ('link' in content) entries.push({ mode: '120000', name, oid: addBlob(content.link) });
      else entries.push({ mode: '160000', name, oid: content.submodule });
    }
    for (const folder of folders) entries.push({ mode: '040000', name: Buffer.from(folder).toString('latin1'), oid: addTree(`${prefix}${folder}/`) });
    entries.sort((left, right) => (left.name < right.name ? -1 : 1));
    const oid = oidOf('tree', JSON.stringify(entries));
    trees.set(oid, entries);
    return oid;
  };
  const tree = addTree('');
  const found = <Value>(value: Value | undefined, oid: Oid): Value => {
    if (value === undefined) throw outsideError('no-object', `there is no object ${oid}`);
    return value;
  };
  return {
    tree,
    commit: oidOf('commit', tree),
    readBlob: async (oid) => found(blobs.get(oid), oid),
    readSizes: async (oids) => new Map(oids.flatMap((oid) => (blobs.has(oid) ? [[oid, blobs.get(oid)?.length ?? 0] as const] : []))),
    readTree: async (oid) => found(trees.get(oid), oid),
    readCommit: async () => ({ tree, parents: [], message: 'base' }),
  };
}
