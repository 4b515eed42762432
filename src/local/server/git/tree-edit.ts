// Changes paths in a tree, as GitHub's "create a tree" with `base_tree` does.
import type { GitStore } from './git-store.ts';
import { parseTree, serializeTree } from './object-format.ts';
import type { TreeItem } from './object-format.ts';

/** `oid: null` deletes the path. Paths are UTF-8 with `/`; modes as the API writes them (`100644`, `040000`, …). */
export interface TreeChange {
  readonly path: string;
  readonly mode: string;
  readonly oid: string | null;
}
export type TreeResult = { readonly kind: 'written'; readonly oid: string } | { readonly kind: 'refused'; readonly reason: string };

class Refused extends Error {}

const rawName = (name: string): string => Buffer.from(name, 'utf8').toString('latin1');
/** Names that git itself and GitHub refuse in a tree. */
const isForbiddenName = (name: string): boolean => name === '' || name === '.' || name === '..' || name.includes('\0') || /^\.git$/i.test(name) || /^git~1$/i.test(name);

export async function editTree(store: GitStore, base: string | null, changes: readonly TreeChange[]): Promise<TreeResult> {
  const bad = changes.find((change) => change.path.split('/').some(isForbiddenName));
  if (bad !== undefined) return { kind: 'refused', reason: `tree.path contains a malformed path component` };
  try {
    const oid = await edit(store, base, changes.map((change) => ({ ...change, parts: change.path.split('/').map(rawName) })));
    return { kind: 'written', oid: oid ?? (await store.write('tree', Buffer.alloc(0))) };
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', reason: error.message };
    throw error;
  }
}

type Step = TreeChange & { readonly parts: readonly string[] };

/** Gives null when the tree becomes empty: git keeps no empty directories. */
async function edit(store: GitStore, base: string | null, changes: readonly Step[]): Promise<string | null> {
  const items = new Map((await readItems(store, base)).map((item) => [item.name, item]));
  const below = new Map<string, Step[]>();
  for (const change of changes) {
    const [name = '', ...rest] = change.parts;
    if (rest.length > 0) below.set(name, [...(below.get(name) ?? []), { ...change, parts: rest }]);
    else if (change.oid !== null) items.set(name, { mode: change.mode.replace(/^0/, ''), name, oid: change.oid });
    else if (!items.delete(name)) throw new Refused('GitRPC::BadObjectState');
  }
  for (const [name, steps] of below) {
    const found = items.get(name);
    const oid = await edit(store, found?.mode === '40000' ? found.oid : null, steps);
    if (oid === null) items.delete(name);
    else items.set(name, { mode: '40000', name, oid });
  }
  return items.size === 0 ? null : await store.write('tree', serializeTree([...items.values()]));
}

async function readItems(store: GitStore, oid: string | null): Promise<TreeItem[]> {
  if (oid === null) return [];
  const tree = await store.read(oid, 'tree');
  if (tree === null) throw new Refused('tree.sha does not exist');
  return parseTree(tree.bytes);
}
