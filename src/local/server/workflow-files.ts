// GitHub lets no bot change `.github/workflows/` without the permission `workflows`, whatever its contents permission.
import { parseCommit, parseTree } from './git/object-format.ts';
import type { GitStore } from './git/git-store.ts';
import { holds } from './permissions.ts';
import { Refusal } from './reply.ts';
import { repoOf, storeOf } from './world.ts';
import type { Call } from './world.ts';

/** The tree id of `.github/workflows` in a commit; empty text when there is none. */
async function workflowsTree(store: GitStore, commit: string): Promise<string> {
  const found = await store.read(commit, 'commit');
  let tree = found === null ? '' : parseCommit(found.bytes).tree;
  for (const name of ['.github', 'workflows']) {
    const object = tree === '' ? null : await store.read(tree, 'tree');
    tree = object === null ? '' : (parseTree(object.bytes).find((item) => item.name === name)?.oid ?? '');
  }
  return tree;
}

/** The commits whose workflow files are known already: the branch's own head, else every branch's. */
async function knownHeads(store: GitStore, before: string | null): Promise<string[]> {
  return before !== null ? [before] : (await store.listRefs('refs/heads/')).map((ref) => ref.oid);
}

export async function assertWorkflowsUntouched(call: Call, change: { before: string | null; after: string }): Promise<void> {
  const { token } = call;
  if (token === null || token.kind === 'personal' || token.kind === 'session' || holds(token, 'workflows', 'write')) return;
  const store = storeOf(call);
  const after = await workflowsTree(store, change.after);
  if (after === '') return;
  for (const head of await knownHeads(store, change.before)) if ((await workflowsTree(store, head)) === after) return;
  throw new Refusal(403, `refusing to allow a GitHub App to create or update workflow files in ${repoOf(call).name} without \`workflows\` permission`);
}
