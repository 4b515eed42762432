import type { CountersignConfig } from '../domain/config.ts';
import type { Documents, Plan } from '../domain/documents.ts';
import { patchSetIdOf, type Workflow } from '../domain/workflow.ts';
import type { Proposal } from '../model/roles.ts';
import type { ScratchStore } from '../ports/objects.ts';
import { createProposal, rebuildChangeSet } from './change.ts';
import { storeOf } from './ingest.ts';
import { judgeChanges } from '../change-set/judge.ts';
import { judgeProposal, type Judged } from './judge-patch.ts';
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
      else {
        const judged = await judgeProposal({ config, today }, { documents, pinned, patchSet: patchSetIdOf(index), proposal, rebuilt, store });
        reasons.push(...reasonsOf(judged), ...idleTasks(judged, documents.plan), ...(await onlySpaces(judged, store)));
      }
    }
    return reasons.slice(0, REASONS_MAX);
  };
}

/** Said once and not judged: a task may turn out to need nothing, and white space may be what was asked for. A person decides. */
const idleTasks = ({ patches, pinned }: Judged, { tasks }: Plan): string[] =>
  tasks.filter(({ id, repo }) => repo === pinned.repo && !patches.some(({ task }) => task === id)).map(({ id, files }) => `${pinned.repo}: Task ${id} is not done: nothing changes in ${files.map(({ path }) => path).join(', ')}. Write it; where it needs no change, say in prose why.`);

async function onlySpaces({ changeSet, pinned }: Judged, store: ScratchStore): Promise<string[]> {
  const changes = await judgeChanges(changeSet, store);
  const bare = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString('latin1').replaceAll(/\s+/g, '');
  const isOnlySpaces = changes.length > 0 && changes.every(({ change, oldBytes, newBytes }) => change.op === 'modify' && change.oldBlob !== change.newBlob && bare(oldBytes) === bare(newBytes));
  return isOnlySpaces ? [`${pinned.repo}: Only white space changes. If that is what the criteria ask for, give it again as it is.`] : [];
}

function reasonsOf({ policy, gate3, pinned }: Judged): readonly string[] {
  const blocking = policy.rules.flatMap(({ violations }) => violations).filter(({ severity }) => severity === 'BLOCK').map(({ rule, message, help }) => `${pinned.repo}: rule ${rule}: ${message} ${help}`);
  // Gate 3 repeats what the policy blocks; its own reasons are those about tasks, scope and budget.
  const refused = policy.block > 0 ? [] : gate3.checks.filter(({ outcome }) => outcome === 'FAIL').map(({ reason }) => `${pinned.repo}: Gate 3: ${reason}`);
  return [...blocking, ...refused];
}
