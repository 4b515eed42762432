import type { PatchSetRef } from './event.ts';
import { isSha256, workflowDirectory, type RepoName, type WorkflowId } from './ids.ts';
import { approvalTrailer, type Intent, type WriteDecision } from './intent.ts';
import { currentPatchSet } from './outcome.ts';
import { isFinal } from './status.ts';
import { isFullyApproved, type PatchSetState, type Workflow } from './workflow.ts';

type Refusal = Extract<WriteDecision, { kind: 'refused' }>;
type Of<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

const ALLOWED: WriteDecision = { kind: 'allowed' };
const refuse = (code: string, reason: string): Refusal => ({ kind: 'refused', code, reason });
// GitHub compares repository names without regard to case, so "is it a target?" must do so too.
const sameRepo = (left: RepoName, right: RepoName): boolean => left.toLowerCase() === right.toLowerCase();

/**
 * The one rule for every mutating GitHub request. Pure: it sees the intent and the fold of the ledger (null: no workflow
 * yet), nothing else. A target repository is only ever reached through `targetRefusal`, which demands the complete set of
 * approvals; everything else is refused unless it can only touch the control repository.
 */
export function mayWrite(intent: Intent, workflow: Workflow | null): WriteDecision {
  switch (intent.kind) {
    case 'ledger-genesis':
      return controlRefusal(intent.repo, workflow) ?? ALLOWED;
    case 'ledger-commit':
      return controlRefusal(intent.repo, workflow) ?? ledgerCommitRefusal(intent, workflow) ?? ALLOWED;
    case 'tracking-issue-create':
      return controlRefusal(intent.repo, workflow) ?? trackingCreateRefusal(intent, workflow) ?? ALLOWED;
    case 'tracking-issue-update':
      return controlRefusal(intent.repo, workflow) ?? trackingUpdateRefusal(intent, workflow) ?? ALLOWED;
    case 'review-dispatch':
      return controlRefusal(intent.repo, workflow) ?? reviewRefusal(intent, workflow) ?? ALLOWED;
    case 'continue-dispatch':
      return controlRefusal(intent.repo, workflow) ?? continueRefusal(intent, workflow) ?? ALLOWED;
    case 'mint-token':
      return targetRefusal(intent.repo, workflow) ?? writtenRefusal(intent.repo, workflow) ?? ALLOWED;
    case 'target-commit':
      return targetRefusal(intent.repo, workflow) ?? commitRefusal(intent, workflow) ?? ALLOWED;
    case 'pull-request':
      return targetRefusal(intent.repo, workflow) ?? pullRequestRefusal(intent, workflow) ?? ALLOWED;
  }
}

/**
 * A control-plane write must not land in a target repository. The tracking issue lies in the control repository, so once
 * it is known it names it; before that, a target is only accepted when the source issue itself lies there.
 */
function controlRefusal(repo: RepoName, workflow: Workflow | null): Refusal | null {
  if (!workflow) return null;
  const { trackingIssue, repos, source } = workflow;
  if (trackingIssue) {
    return sameRepo(trackingIssue.repo, repo) ? null : refuse('not-the-control-repo', `${repo} is not the control repository (${trackingIssue.repo}).`);
  }
  const isTarget = repos.some((target) => sameRepo(target.repo, repo));
  return isTarget && !sameRepo(source.repo, repo) ? refuse('not-the-control-repo', `${repo} is a target repository of ${workflow.id}, not the control repository.`) : null;
}

function ledgerCommitRefusal(intent: Of<'ledger-commit'>, workflow: Workflow | null): Refusal | null {
  if (workflow && workflow.id !== intent.workflow) return refuse('foreign-workflow', `The records belong to ${intent.workflow}, the workflow is ${workflow.id}.`);
  if (intent.paths.length === 0) return refuse('nothing-to-write', 'A ledger commit without files records nothing.');
  const stray = intent.paths.find((path) => !isRecordPath(path, intent.workflow));
  return stray === undefined ? null : refuse('not-a-ledger-path', `${JSON.stringify(stray.slice(0, 200))} is not a path of the ledger's layout for ${intent.workflow}.`);
}

/** An event file or an evidence file of this workflow. `ledger.json` belongs to the genesis and is never written again. */
function isRecordPath(path: string, workflow: WorkflowId): boolean {
  const directory = `${workflowDirectory(workflow)}/`;
  if (!path.startsWith(directory)) return false;
  const rest = path.slice(directory.length);
  return /^\d{4}-[a-z0-9]+(?:-[a-z0-9]+)*\.json$/.test(rest) || /^evidence\/[0-9a-f]{64}\.(?:json|md|diff|txt)$/.test(rest);
}

function trackingCreateRefusal(intent: Of<'tracking-issue-create'>, workflow: Workflow | null): Refusal | null {
  if (!workflow) return null;
  if (workflow.id !== intent.workflow) return refuse('foreign-workflow', `The tracking issue is for ${intent.workflow}, the workflow is ${workflow.id}.`);
  const { trackingIssue } = workflow;
  return trackingIssue ? refuse('already-tracked', `${workflow.id} has its tracking issue already: ${trackingIssue.repo}#${trackingIssue.number}.`) : null;
}

function trackingUpdateRefusal(intent: Of<'tracking-issue-update'>, workflow: Workflow | null): Refusal | null {
  if (!workflow) return noWorkflow(intent.kind);
  // Without a tracking issue of its own a workflow is tracked on its source issue, and on no other.
  const tracked = workflow.trackingIssue ?? workflow.source;
  if (sameRepo(tracked.repo, intent.repo) && tracked.number === intent.number) return null;
  return refuse('not-the-tracking-issue', `${intent.repo}#${intent.number} is not the tracking issue of ${workflow.id}.`);
}

function reviewRefusal(intent: Of<'review-dispatch'>, workflow: Workflow | null): Refusal | null {
  if (!workflow) return noWorkflow(intent.kind);
  if (workflow.status !== 'WAITING_USER_APPROVAL' && workflow.status !== 'APPLYING_PATCHES') {
    return refuse('not-in-this-state', `${workflow.id} is ${workflow.status}: no countersignature is asked for now.`);
  }
  const found = current(intent, workflow);
  if (found.kind === 'refused') return found;
  const { id, repo, gate3 } = found.patchSet;
  if (gate3?.outcome !== 'PASS') return refuse('gate-not-passed', `${id} has not passed Gate 3.`);
  return repo === intent.targetRepo ? null : refuse('mismatch', `${id} belongs to ${repo}, not to ${intent.targetRepo}.`);
}

function continueRefusal(intent: Of<'continue-dispatch'>, workflow: Workflow | null): Refusal | null {
  if (!workflow) return noWorkflow(intent.kind);
  if (workflow.id !== intent.workflow) return refuse('foreign-workflow', `The continuation is for ${intent.workflow}, the workflow is ${workflow.id}.`);
  return isFinal(workflow.status) ? refuse('final', `${workflow.id} has ended (${workflow.status}).`) : null;
}

/** What every write to a target repository needs. Refuses unless each of these holds right now. */
function targetRefusal(repo: RepoName, workflow: Workflow | null): Refusal | null {
  if (!workflow) return noWorkflow('a target write');
  if (!workflow.repos.some((target) => target.repo === repo)) return refuse('not-a-target', `${repo} is not a repository of ${workflow.id}.`);
  if (workflow.status !== 'APPLYING_PATCHES') return refuse('not-in-this-state', `${workflow.id} is ${workflow.status}: nothing may be written to ${repo}.`);
  const unapproved = approvalGap(workflow);
  if (unapproved) return unapproved;
  return workflow.gates[4]?.outcome === 'PASS' ? null : refuse('gate-not-passed', 'Gate 4 has not passed.');
}

/** Why the set of approvals is not complete, or null. Stricter than the state machine, so that either alone would do. */
function approvalGap(workflow: Workflow): Refusal | null {
  if (!isFullyApproved(workflow)) return refuse('not-approved', `Not every PatchSet of ${workflow.id} is approved.`);
  for (const { repo } of workflow.repos) {
    const patchSets = workflow.patchSets.filter((patchSet) => patchSet.repo === repo);
    const [patchSet] = patchSets;
    if (!patchSet || patchSets.length !== 1) return refuse('not-approved', `${repo} has ${patchSets.length} PatchSets, expected exactly one.`);
    const gap = patchSetGap(patchSet, workflow);
    if (gap) return gap;
  }
  return null;
}

function patchSetGap(patchSet: PatchSetState, workflow: Workflow): Refusal | null {
  const { id, approval, changesRequested, digest, gate3 } = patchSet;
  if (!approval || approval.digest !== digest || !isSha256(digest)) return refuse('not-approved', `${id} is not approved at its current digest.`);
  if (changesRequested) return refuse('not-approved', `${changesRequested.login} asked for changes to ${id}.`);
  if (!workflow.approvers.some((login) => login.toLowerCase() === approval.login.toLowerCase())) {
    return refuse('not-an-approver', `${approval.login} approved ${id} but is not on the list of approvers.`);
  }
  return gate3?.outcome === 'PASS' ? null : refuse('gate-not-passed', `${id} has not passed Gate 3.`);
}

function writtenRefusal(repo: RepoName, workflow: Workflow | null): Refusal | null {
  const written = workflow?.patchSets.find((patchSet) => patchSet.repo === repo)?.pullRequest;
  return written ? refuse('already-written', `${repo} has its pull request #${written.number} already: no token is needed.`) : null;
}

function commitRefusal(intent: Of<'target-commit'>, workflow: Workflow | null): Refusal | null {
  const bracket = writeBracket(intent, workflow);
  if (bracket.kind === 'refused') return bracket;
  const { patchSet, pinned } = bracket;
  if (patchSet.applied) return refuse('already-written', `${patchSet.id} was written already: commit ${patchSet.applied.commit}.`);
  if (intent.baseCommit !== pinned.baseCommit || intent.baseTree !== pinned.baseTree) return refuse('mismatch', `${patchSet.id} was approved on base ${pinned.baseCommit}, not on ${intent.baseCommit}.`);
  if (intent.resultTree !== patchSet.resultTree) return refuse('mismatch', `${patchSet.id} was approved with tree ${patchSet.resultTree}, not ${intent.resultTree}.`);
  const trailer = approvalTrailer(patchSet.digest);
  const trailers = intent.message.split('\n').filter((line) => /^countersign-approval\s*:/i.test(line));
  return trailers.length === 1 && trailers[0] === trailer ? null : refuse('no-approval-trailer', `The commit message must name the approval once: ${trailer}`);
}

function pullRequestRefusal(intent: Of<'pull-request'>, workflow: Workflow | null): Refusal | null {
  const bracket = writeBracket(intent, workflow);
  if (bracket.kind === 'refused') return bracket;
  const { patchSet, pinned } = bracket;
  if (patchSet.pullRequest) return refuse('already-written', `${patchSet.id} has its pull request already: #${patchSet.pullRequest.number}.`);
  if (intent.baseBranch !== pinned.baseBranch) return refuse('mismatch', `${patchSet.id} was approved for ${pinned.baseBranch}, not for ${intent.baseBranch}.`);
  // `applied` may still be empty: the branch and the pull request are recorded by one ledger commit, after both exist.
  if (patchSet.applied && patchSet.applied.commit !== intent.commit) return refuse('mismatch', `${patchSet.id} was written as commit ${patchSet.applied.commit}, not ${intent.commit}.`);
  return null;
}

type Bracket = { readonly kind: 'open'; readonly patchSet: PatchSetState; readonly pinned: Workflow['repos'][number] };

/** The write bracket: the current revision, and `E_WRITE_INTENDED` in the ledger with this very branch. */
function writeBracket(intent: Of<'target-commit'> | Of<'pull-request'>, workflow: Workflow | null): Bracket | Refusal {
  if (!workflow) return noWorkflow(intent.kind);
  const found = current(intent, workflow);
  if (found.kind === 'refused') return found;
  const { patchSet } = found;
  const pinned = workflow.repos.find((target) => target.repo === intent.repo);
  if (!pinned || patchSet.repo !== intent.repo) return refuse('mismatch', `${patchSet.id} belongs to ${patchSet.repo}, not to ${intent.repo}.`);
  if (!patchSet.write) return refuse('write-not-intended', `No write of ${patchSet.id} is recorded in the ledger: record the intent before the first request.`);
  if (patchSet.write.branch !== intent.branch) return refuse('mismatch', `${patchSet.id} is being written to ${patchSet.write.branch}, not to ${intent.branch}.`);
  if (!isWorkflowBranch(intent.branch, workflow.id)) return refuse('foreign-branch', `${JSON.stringify(intent.branch)} is not a branch of ${workflow.id}: expected countersign/${workflow.id}/…`);
  return { kind: 'open', patchSet, pinned };
}

const isWorkflowBranch = (branch: string, workflow: WorkflowId): boolean =>
  branch.startsWith(`countersign/${workflow}/`) && /^[a-z0-9-]+$/.test(branch.slice(`countersign/${workflow}/`.length));

function current(ref: PatchSetRef, workflow: Workflow): { readonly kind: 'found'; readonly patchSet: PatchSetState } | Refusal {
  const found = currentPatchSet(workflow, ref);
  return found.kind === 'found' ? found : refuse(found.code, found.reason);
}

const noWorkflow = (what: string): Refusal => refuse('no-workflow', `Without a workflow in the ledger there is nothing that allows ${what}.`);
