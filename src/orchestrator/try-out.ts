import type { CountersignConfig } from '../domain/config.ts';
import type { Documents } from '../domain/documents.ts';
import { patchSetIdOf, type Workflow } from '../domain/workflow.ts';
import type { Proposal } from '../model/roles.ts';
import type { ScratchStore } from '../ports/objects.ts';
import { createProposal, rebuildChangeSet } from './change.ts';
import { storeOf } from './ingest.ts';
import { judgeProposal } from './judge-patch.ts';
import { storable } from './text.ts';

/** As many reasons as a role is told at once. */
export const REASONS_MAX = 20;

interface TryOut {
  readonly documents: Documents;
  readonly stores: ReadonlyMap<string, ScratchStore>;
  readonly config: CountersignConfig;
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

/**
 * What the record job would say of proposals, said to the think job first: why one does not apply, what the policy blocks,
 * what Gate 3 refuses. It decides nothing: the record job rebuilds and judges everything again.
 */
export function createTryOut(workflow: Workflow, { documents, stores, config, today }: TryOut): (proposals: readonly Proposal[]) => Promise<readonly string[]> {
  return async (proposals) => {
    const reasons: string[] = [];
    for (const [index, pinned] of workflow.repos.entries()) {
      const parts = proposals.filter(({ repo }) => repo === pinned.repo).map(({ format, text }) => ({ format, text: storable(text) }));
      if (parts.length === 0) continue;
      const [proposal, store] = [createProposal(pinned.repo, parts), storeOf(stores, pinned.repo)];
      const rebuilt = await rebuildChangeSet(proposal, pinned, store);
      if (rebuilt.kind === 'failed') reasons.push(`${pinned.repo}: ${rebuilt.message}`);
      else reasons.push(...reasonsOf(await judgeProposal({ config, today }, { documents, pinned, patchSet: patchSetIdOf(index), proposal, rebuilt, store })));
    }
    return reasons.slice(0, REASONS_MAX);
  };
}

function reasonsOf({ policy, gate3, pinned }: Awaited<ReturnType<typeof judgeProposal>>): readonly string[] {
  const blocking = policy.rules.flatMap(({ violations }) => violations).filter(({ severity }) => severity === 'BLOCK').map(({ rule, message, help }) => `${pinned.repo}: rule ${rule}: ${message} ${help}`);
  // Gate 3 repeats what the policy blocks; its own reasons are those about tasks, scope and budget.
  const refused = policy.block > 0 ? [] : gate3.checks.filter(({ outcome }) => outcome === 'FAIL').map(({ reason }) => `${pinned.repo}: Gate 3: ${reason}`);
  return [...blocking, ...refused];
}
