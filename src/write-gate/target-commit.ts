import { z } from 'zod';

import { refusedError } from '../domain/errors.ts';
import type { Oid } from '../domain/ids.ts';
import type { Intent } from '../domain/intent.ts';
import type { Workflow } from '../domain/workflow.ts';
import type { TargetLookup } from '../ports/github-lookup.ts';
import type { ScratchStore } from '../ports/objects.ts';
import type { AppliedPatchSet } from '../ports/writers.ts';
import { repoPath } from '../schema/github-path.ts';
import { oidSchema } from './fields.ts';
import { assertMayWrite } from './gate.ts';
import { isExistingRef } from './ledger-genesis.ts';
import { failed, mutate, mutateTo, type MutationAccess } from './mutate.ts';
import { isSameWrite } from './trailers.ts';
import { treeEntries } from './tree-entries.ts';

type TargetCommit = Extract<Intent, { kind: 'target-commit' }>;

export interface TargetAccess {
  readonly access: MutationAccess;
  readonly lookup: TargetLookup;
}

/** `found`: the branch was there already, from an earlier attempt, and holds exactly this write. */
export type AppliedWrite = AppliedPatchSet & { readonly found: boolean };

const treeSchema = z.object({ sha: oidSchema });
const commitSchema = z.object({ sha: oidSchema, tree: z.object({ sha: oidSchema }), verification: z.object({ verified: z.boolean() }).optional() });

/**
 * Rebuilds the approved tree in the target repository and puts it on its branch: tree, commit, ref, three requests.
 * The new ref is the only step with an effect; what an earlier attempt left without a ref is garbage that GitHub collects. So
 * it is not looked up first: only when GitHub says that the branch exists is it read, and reused if it is this very write.
 * Rejects with `refused` when GitHub's tree is not the approved one, or when somebody else has the branch.
 */
export async function applyPatchSet(target: TargetAccess, write: { intent: TargetCommit; workflow: Workflow }, objects: Pick<ScratchStore, 'readBlob'>): Promise<AppliedWrite> {
  const { intent, workflow } = write;
  assertMayWrite(intent, workflow);
  await createTree(target, intent, objects);
  const made = await createCommit(target, intent);
  const { access } = target;
  const mutation = {
    method: 'POST',
    path: repoPath(intent.repo, 'git', 'refs'),
    body: { ref: `refs/heads/${intent.branch}`, sha: made.commit },
    doing: `create the branch ${intent.branch} in ${intent.repo}`,
    repeatable: true,
  } as const;
  const answer = await mutate(access, mutation);
  if (answer.status === 201) return { branch: intent.branch, commit: made.commit, tree: intent.resultTree, verified: made.verified, found: false };
  if (answer.status === 422 && isExistingRef(answer.data)) return reuseBranch(target, intent);
  throw failed(access, mutation, answer);
}

async function createTree({ access }: TargetAccess, intent: TargetCommit, objects: Pick<ScratchStore, 'readBlob'>): Promise<void> {
  const { repo, baseTree, resultTree, changes } = intent;
  const tree = await treeEntries({ access, repo, objects }, changes);
  const mutation = { method: 'POST', path: repoPath(repo, 'git', 'trees'), body: { base_tree: baseTree, tree }, doing: `build the tree in ${repo}`, repeatable: true } as const;
  const { sha } = await mutateTo(access, mutation, { status: 201, schema: treeSchema });
  if (sha !== resultTree) throw refusedError('tree-differs', `GitHub built tree ${sha} in ${repo}, the approved one is ${resultTree}. Nothing was put on a branch.`);
}

async function createCommit({ access }: TargetAccess, intent: TargetCommit): Promise<{ commit: Oid; verified: boolean }> {
  const { repo, message, resultTree, baseCommit } = intent;
  // Without an author of our own GitHub signs the commit as the App's; whether it did is recorded, not assumed.
  const body = { message, tree: resultTree, parents: [baseCommit] };
  const mutation = { method: 'POST', path: repoPath(repo, 'git', 'commits'), body, doing: `commit in ${repo}`, repeatable: true } as const;
  const { sha, tree, verification } = await mutateTo(access, mutation, { status: 201, schema: commitSchema });
  if (tree.sha !== resultTree) throw refusedError('tree-differs', `GitHub made a commit with tree ${tree.sha} in ${repo}, the approved one is ${resultTree}. Nothing was put on a branch.`);
  return { commit: sha, verified: verification?.verified ?? false };
}

async function reuseBranch({ lookup }: TargetAccess, intent: TargetCommit): Promise<AppliedWrite> {
  const { repo, branch, resultTree, baseCommit, message } = intent;
  const head = await lookup.findBranch(repo, branch);
  const isOurs = head?.tree === resultTree && head.parents.length === 1 && head.parents[0] === baseCommit && isSameWrite(head.message, message);
  if (!head || !isOurs) {
    throw refusedError('branch-taken', `The branch ${branch} of ${repo} exists and holds something else than the approved PatchSet. Nothing was changed: look at it, delete it if it is not needed, and retry.`);
  }
  return { branch, commit: head.commit, tree: head.tree, verified: head.verified, found: true };
}
