import type { ChangeSet, FileStat } from '../domain/change-set.ts';
import type { RepoName, Sha256 } from '../domain/ids.ts';
import type { WorkflowRepo } from '../domain/workflow.ts';
import { buildChangeSet } from '../change-set/build.ts';
import { parseCanonical } from '../ledger/canonical-json.ts';
import type { ScratchStore } from '../ports/objects.ts';
import { proposalSchema, type Proposal } from '../schema/think.ts';
import { refusedError } from '../domain/errors.ts';

export type Rebuilt =
  | { readonly kind: 'built'; readonly changeSet: ChangeSet; readonly declaredPaths: readonly string[]; readonly diff: Uint8Array; readonly stats: readonly FileStat[] }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** Applies a proposal's parts to the pinned base, exactly, in a scratch store. From here on only the tree delta counts. */
export async function rebuildChangeSet(proposal: Proposal, pinned: WorkflowRepo, store: ScratchStore): Promise<Rebuilt> {
  return buildChangeSet({ repo: pinned.repo, base: { commit: pinned.baseCommit, tree: pinned.baseTree }, parts: proposal.parts, store });
}

export const createProposal = (repo: RepoName, parts: Proposal['parts']): Proposal => ({ format: 'countersign/proposal@1', repo, parts });

/** A proposal as the ledger holds it. */
export function parseProposal(bytes: Uint8Array, hash: Sha256): Proposal {
  const parsed = proposalSchema.safeParse(parseCanonical(bytes));
  if (!parsed.success) throw refusedError('bad-proposal', `The proposal ${hash} does not have the expected form. Run \`countersign ledger verify\`.`);
  return parsed.data;
}
