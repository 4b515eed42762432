import type { Sha256, WorkflowId } from '../domain/ids.ts';
import type { EventBodies } from '../domain/event.ts';
import type { Intent } from '../domain/intent.ts';
import { CountersignError, refusedError } from '../domain/errors.ts';
import { isFinal } from '../domain/status.ts';
import type { PatchSetState, Workflow, WorkflowRepo } from '../domain/workflow.ts';
import type { Documents } from '../domain/documents.ts';
import type { ScratchStore } from '../ports/objects.ts';
import { parseProposal, rebuildChangeSet } from './change.ts';
import { readDocuments, requireBytes } from './documents.ts';
import type { Ports, StepReport } from './ports.ts';
import { record, requireWorkflow } from './record.ts';
import { commitMessage, renderPullRequest } from './render-pull-request.ts';
import { stateLine } from './say.ts';

type WritePorts = Pick<Ports, 'job' | 'ledger' | 'repos' | 'targetWriters'>;

type Written =
  | { readonly kind: 'written'; readonly applied: EventBodies['E_PATCH_SET_APPLIED']; readonly opened: EventBodies['E_PR_OPENED'] }
  | { readonly kind: 'failed'; readonly patchSet: string; readonly code: string; readonly reason: string };

/** Second step of the write job: one target repo after the other. What is written is recorded, whatever happens to the next. */
export async function write(ports: WritePorts, input: { readonly workflow: WorkflowId }): Promise<StepReport> {
  const loaded = await requireWorkflow(ports, input.workflow);
  const { workflow } = loaded;
  if (workflow.status !== 'APPLYING_PATCHES') throw refusedError('not-applying', `${workflow.id} is ${workflow.status}: nothing may be written.`);
  const documents = await readDocuments(ports, workflow);
  const outcomes: Written[] = [];
  for (const patchSet of workflow.patchSets.filter(({ pullRequest }) => !pullRequest)) {
    outcomes.push(await writeOne(ports, { workflow, documents, patchSet, tip: loaded.tip }));
    if (outcomes.at(-1)?.kind === 'failed') break;
  }
  const recorded = await record(ports, workflow.id, (draft) => {
    for (const outcome of outcomes) {
      if (outcome.kind === 'written') {
        if (!draft.workflow.patchSets.find(({ id }) => id === outcome.applied.patchSet)?.applied) draft.record('E_PATCH_SET_APPLIED', outcome.applied);
        draft.record('E_PR_OPENED', outcome.opened);
      } else if (!isFinal(draft.workflow.status)) draft.record('E_NEEDS_HUMAN', { code: outcome.code, reason: `${outcome.patchSet}: ${outcome.reason}`.slice(0, 2_000), questions: [], resumes: 'APPLYING_PATCHES' });
    }
  });
  const after = recorded.workflow ?? workflow;
  const links = outcomes.flatMap((outcome) => (outcome.kind === 'written' ? [`- [${outcome.opened.repo}#${outcome.opened.number}](${outcome.opened.url})`] : []));
  const cancelled = isFinal(after.status) ? ['**Cancelled while it was being written.** What was written is on the record; close the pull requests and delete their branches.', ''] : [];
  return { ok: outcomes.every(({ kind }) => kind === 'written') && cancelled.length === 0, workflow: workflow.id, state: after.status, next: '', summary: [...cancelled, stateLine(after, ports.job), '', ...links].join('\n') };
}

/** The evidence that `write` reads. */
export async function evidenceForWriting(ledger: Ports['ledger'], id: WorkflowId): Promise<ReadonlyMap<Sha256, Uint8Array>> {
  const { workflow } = await requireWorkflow({ ledger }, id);
  return ledger.readEvidence(id, [...Object.values(workflow.artifacts), ...workflow.patchSets.map(({ proposal }) => proposal)]);
}

interface Target {
  readonly workflow: Workflow;
  readonly documents: Documents;
  readonly patchSet: PatchSetState;
  /** The ledger commit that holds the approvals: the target commit names it. */
  readonly tip: string;
}

async function writeOne(ports: WritePorts, target: Target): Promise<Written> {
  const { workflow, patchSet } = target;
  const pinned = workflow.repos.find(({ repo }) => repo === patchSet.repo);
  if (!pinned) throw refusedError('unknown-repository', `${patchSet.repo} is not pinned.`);
  const store = await ports.repos.open(pinned.repo, pinned.baseCommit);
  try {
    return await writeRebuilt(ports, target, { pinned, store });
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return { kind: 'failed', patchSet: patchSet.id, code: error.code, reason: error.message };
  } finally {
    await store.close();
  }
}

/** Rebuilds the approved tree from the pinned base, mints, writes, opens the pull request, revokes. */
async function writeRebuilt(ports: WritePorts, target: Target, { pinned, store }: { pinned: WorkflowRepo; store: ScratchStore }): Promise<Written> {
  const { workflow, patchSet } = target;
  const proposal = parseProposal(requireBytes(await ports.ledger.readEvidence(workflow.id, [patchSet.proposal]), patchSet.proposal, workflow.id), patchSet.proposal);
  const rebuilt = await rebuildChangeSet(proposal, pinned, store);
  if (rebuilt.kind === 'failed') throw refusedError(rebuilt.code, rebuilt.message);
  if (rebuilt.changeSet.result.tree !== patchSet.resultTree) {
    throw refusedError('tree-differs', `The approved result tree is ${patchSet.resultTree}, rebuilding it gave ${rebuilt.changeSet.result.tree}. Nothing was written.`);
  }
  const writer = await ports.targetWriters.open({ kind: 'mint-token', repo: pinned.repo }, workflow);
  try {
    ports.job.log(`writing   ${patchSet.id} to ${pinned.repo}`);
    const commit = commitIntent(target, pinned, rebuilt.changeSet.changes);
    const applied = await writer.apply(commit, workflow, store);
    const { repo, patchSet: id, revision, digest } = commit;
    const { title, body } = renderPullRequest({ job: ports.job, ...target, applied });
    const opened = await writer.openPullRequest({ kind: 'pull-request', repo, patchSet: id, revision, digest, branch: applied.branch, baseBranch: pinned.baseBranch, commit: applied.commit, title, body }, workflow);
    return { kind: 'written', applied: { repo, patchSet: id, revision, digest, ...applied }, opened: { repo, patchSet: id, revision, digest, ...opened } };
  } finally {
    await writer.revoke();
  }
}

function commitIntent({ workflow, patchSet, tip }: Target, pinned: WorkflowRepo, changes: Extract<Intent, { kind: 'target-commit' }>['changes']): Extract<Intent, { kind: 'target-commit' }> {
  if (!patchSet.write) throw refusedError('write-not-intended', `No intended write of ${patchSet.id} is on the record.`);
  return {
    kind: 'target-commit',
    repo: pinned.repo,
    patchSet: patchSet.id,
    revision: patchSet.revision,
    digest: patchSet.digest,
    branch: patchSet.write.branch,
    baseCommit: pinned.baseCommit,
    baseTree: pinned.baseTree,
    resultTree: patchSet.resultTree,
    changes,
    message: commitMessage(workflow, patchSet, tip),
  };
}
