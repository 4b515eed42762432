import { brokenError } from '../domain/errors.ts';
import type { Oid } from '../domain/ids.ts';
import type { LedgerFile } from '../ports/ledger-store.ts';
import type { TreeEntry } from '../ports/objects.ts';
import type { ObjectWriter } from './ledger-store-files.ts';

type ReadTree = (oid: Oid) => Promise<readonly TreeEntry[]>;

/**
 * Writes the tree that has `files` beside `entries`, and gives its id. Reads and writes only the trees on the paths of
 * `files`, so that the cost does not grow with the ledger. Rejects when a file's path is taken: a ledger only ever adds.
 */
export async function addFiles(entries: readonly TreeEntry[], files: readonly LedgerFile[], { writer, readTree }: { readonly writer: ObjectWriter; readonly readTree: ReadTree }): Promise<Oid> {
  const changed = new Map<string, TreeEntry>(entries.map((entry) => [entry.name, entry]));
  for (const [name, inside] of groupByFirstName(files)) {
    const before = changed.get(name);
    const [first] = inside;
    if (!first) continue;
    if (first.rest === null) {
      if (before || inside.length > 1) throw brokenError('ledger-path-taken', `The ledger already has ${first.file.path}; it only ever adds files.`);
      changed.set(name, { mode: '100644', name, oid: await writer.blob(first.file.bytes) });
      continue;
    }
    if (before && before.mode !== '040000') throw brokenError('ledger-path-taken', `The ledger has a file where ${first.file.path} needs a folder.`);
    const below = inside.flatMap(({ file, rest }) => (rest === null ? [] : [{ path: rest, bytes: file.bytes }]));
    if (below.length < inside.length) throw brokenError('ledger-path-taken', `${first.file.path} needs a folder where the same commit adds a file.`);
    changed.set(name, { mode: '040000', name, oid: await addFiles(before ? await readTree(before.oid) : [], below, { writer, readTree }) });
  }
  return writer.tree([...changed.values()]);
}

interface Inside {
  readonly file: LedgerFile;
  /** The path below the first name; null for a file right here. */
  readonly rest: string | null;
}

function groupByFirstName(files: readonly LedgerFile[]): ReadonlyMap<string, readonly Inside[]> {
  const groups = new Map<string, Inside[]>();
  for (const file of files) {
    const slash = file.path.indexOf('/');
    const name = slash < 0 ? file.path : file.path.slice(0, slash);
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) || name.endsWith('.lock')) throw brokenError('ledger-path', `${JSON.stringify(file.path)} is no path of a ledger.`);
    const group = groups.get(name) ?? [];
    group.push({ file, rest: slash < 0 ? null : file.path.slice(slash + 1) });
    groups.set(name, group);
  }
  return groups;
}
