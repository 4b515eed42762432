import { workflowDirectory, type Oid, type WorkflowId } from '../domain/ids.ts';
import type { LedgerAnswer, LedgerEntry } from './ledger-query.ts';

/** A file of the ledger as the query answered it. */
export type PinnedFile = Pick<LedgerEntry, 'name' | 'oid' | 'object'>;

/**
 * `pinned`: tip, genesis and files are proven to belong to one commit. `torn`: the branch moved while GitHub answered, so
 * its parts may be of two commits; ask again.
 */
export type Pinning =
  | { readonly kind: 'pinned'; readonly tip: Oid; readonly genesis: PinnedFile; readonly events: readonly LedgerEntry[]; readonly evidence: readonly LedgerEntry[] }
  | { readonly kind: 'no-ledger' }
  | { readonly kind: 'torn' };

interface Tree {
  readonly oid: Oid;
  readonly entries: readonly LedgerEntry[] | null;
}

/**
 * GitHub resolves the parts of a query one by one, and the branch may move in between. So each tree is only believed when
 * the tree above it, up to the tip's own root tree, names exactly its id. A new tip with old files could otherwise lead to
 * a decision on stale events that the compare-and-swap would accept.
 */
export function pinLedger(answer: LedgerAnswer, id: WorkflowId): Pinning {
  const target = answer.ledger?.target;
  if (!target) return { kind: 'no-ledger' };
  if (!target.tree) return { kind: 'torn' };
  const genesis = target.tree.entries?.find(({ name }) => name === 'ledger.json');
  if (!genesis || answer.genesis?.oid !== genesis.oid) return { kind: 'torn' };
  const levels = [answer.root, answer.year, answer.month, answer.day, answer.workflow, answer.evidence];
  const trees = followTrees(target.tree, [...workflowDirectory(id).split('/'), 'evidence'], levels);
  if (!trees) return { kind: 'torn' };
  const [, , , , workflow, evidence] = trees;
  return {
    kind: 'pinned',
    tip: target.oid,
    genesis: { name: genesis.name, oid: genesis.oid, object: answer.genesis },
    events: (workflow?.entries ?? []).filter(({ name, type }) => name !== 'evidence' || type !== 'tree'),
    evidence: evidence?.entries ?? [],
  };
}

/** The trees along `names` below `root`; null where there is none. No answer at all when they do not hang together. */
function followTrees(root: Tree, names: readonly string[], levels: readonly (Tree | null)[]): (Tree | null)[] | null {
  const trees: (Tree | null)[] = [];
  let above: Tree | null = root;
  for (const [index, name] of names.entries()) {
    const entry: LedgerEntry | undefined = above?.entries?.find((candidate) => candidate.name === name);
    const tree = levels[index] ?? null;
    if ((entry?.oid ?? null) !== (tree?.oid ?? null)) return null;
    trees.push(tree);
    above = tree;
  }
  return trees;
}
