import type { Oid } from '../domain/ids.ts';
import type { ScratchStore, TreeEntry } from '../ports/objects.ts';
import { throughSymlink, type TreeFile } from './base-tree.ts';
import { show } from './bytes.ts';
import { assertSymlinkPath } from './check-path.ts';
import { PatchFault } from './failure.ts';
import { MAX_DIRECTORIES } from './limits.ts';

/** What is to stand at each path (byte strings) that changes; null for nothing. */
export type PathChanges = ReadonlyMap<string, TreeFile | null>;

interface Node {
  /** Undefined: nothing is said about the path itself. */
  file: TreeFile | null | undefined;
  readonly children: Map<string, Node>;
}

/**
 * Writes the tree that differs from `base` in exactly these paths and gives its id. Directories that become empty
 * go. Refuses a file where a directory stays, and a directory where a file, symlink or submodule stays.
 */
export async function writeResult(base: Oid, changes: PathChanges, store: ScratchStore): Promise<Oid> {
  const root: Node = { file: undefined, children: new Map() };
  let directories = 0;
  for (const [path, file] of changes) {
    if (file?.mode === '120000') assertSymlinkPath(path);
    const place = nodeAt(root, path);
    place.node.file = file;
    directories += place.made;
    if (directories - changes.size > MAX_DIRECTORIES) throw new PatchFault('too-many-files', `The change touches more than ${MAX_DIRECTORIES} directories. Split it.`);
  }
  return store.writeTree(await rebuild(base, root, { store, prefix: '' }));
}

/** The node of a path, and how many had to be made on the way. */
function nodeAt(root: Node, path: string): { readonly node: Node; readonly made: number } {
  let node = root;
  let made = 0;
  for (const part of path.split('/')) {
    let child = node.children.get(part);
    if (child === undefined) {
      child = { file: undefined, children: new Map() };
      node.children.set(part, child);
      made += 1;
    }
    node = child;
  }
  return { node, made };
}

interface Place {
  readonly store: ScratchStore;
  readonly prefix: string;
}

async function rebuild(tree: Oid | null, node: Node, place: Place): Promise<readonly TreeEntry[]> {
  const entries = new Map((tree === null ? [] : await place.store.readTree(tree)).map((entry) => [entry.name, entry]));
  for (const [name, child] of node.children) {
    const next = await rebuildEntry(entries.get(name), child, { store: place.store, prefix: `${place.prefix}${name}` });
    if (next === null) entries.delete(name);
    else entries.set(name, { ...next, name });
  }
  return [...entries.values()];
}

/** The entry that takes the place of `old`, without its name; null when nothing is left. */
async function rebuildEntry(old: TreeEntry | undefined, node: Node, place: Place): Promise<Omit<TreeEntry, 'name'> | null> {
  const below = await rebuildBelow(old, node, place);
  if (node.file === undefined || node.file === null) return below;
  if (below !== null) throw new PatchFault('path-conflict', `${show(place.prefix)} would be a file and a directory at once.`);
  return node.file;
}

async function rebuildBelow(old: TreeEntry | undefined, node: Node, place: Place): Promise<Omit<TreeEntry, 'name'> | null> {
  const directory = old?.mode === '040000' ? old : null;
  if (node.children.size === 0) return directory;
  if (old !== undefined && directory === null && node.file === undefined) {
    if (old.mode === '120000') throw throughSymlink(`${place.prefix}/${[...node.children.keys()][0] ?? ''}`, place.prefix);
    throw new PatchFault('path-conflict', `${show(place.prefix)} is a file in the base, so nothing can be put below it.`);
  }
  const entries = await rebuild(directory?.oid ?? null, node, { ...place, prefix: `${place.prefix}/` });
  return entries.length === 0 ? null : { mode: '040000', oid: await place.store.writeTree(entries) };
}
