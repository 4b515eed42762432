import { isFinal, type Status } from '../../domain/status.ts';
import type { GateRecord, Workflow } from '../../domain/workflow.ts';
import type { DomainEvent } from '../../domain/event.ts';
import { modelCost } from '../../domain/model-cost.ts';
import { turnLine } from '../../orchestrator/say.ts';

/** Who has to act next. */
export type Turn = 'you' | 'countersign' | 'ci' | 'nobody';

const TURNS: Readonly<Record<Exclude<Status, 'DONE' | 'FAILED' | 'BLOCKED_POLICY' | 'DECLINED'>, Turn>> = {
  INGESTED: 'countersign',
  PATCHES_PROPOSED: 'countersign',
  WAITING_USER_APPROVAL: 'you',
  APPLYING_PATCHES: 'countersign',
  PR_OPEN: 'ci',
  VERIFYING_CI: 'ci',
  NEEDS_HUMAN: 'you',
};

export const turnOf = (status: Status): Turn => (isFinal(status) ? 'nobody' : TURNS[status]);

/** `countersign status WORKFLOW --json`. */
export function summaryOf(workflow: Workflow, events: readonly DomainEvent[]) {
  const { id, status, source, gates, pause, outcome } = workflow;
  return {
    workflow: id,
    state: status,
    turn: turnOf(status),
    says: turnLine(workflow),
    createdAt: workflow.createdAt,
    source: { repo: source.repo, number: source.number, url: source.url, title: source.title },
    trackingIssue: workflow.trackingIssue,
    asks: pause && { code: pause.code, reason: pause.reason, questions: pause.questions },
    outcome,
    gates: [0, 1, 2, 4].map((gate) => ({ gate, outcome: outcomeOf(gates[gate as 0 | 1 | 2 | 4]) })),
    patchSets: workflow.patchSets.map((patchSet) => ({
      patchSet: patchSet.id,
      repo: patchSet.repo,
      revision: patchSet.revision,
      digest: patchSet.digest,
      stats: patchSet.stats,
      policy: patchSet.policy && { block: patchSet.policy.block, warn: patchSet.policy.warn },
      gate3: outcomeOf(patchSet.gate3),
      gate5: outcomeOf(patchSet.gate5),
      review: patchSet.request?.url ?? null,
      approval: patchSet.approval && { login: patchSet.approval.login, at: patchSet.approval.at, expires: patchSet.approval.expires },
      changesRequestedBy: patchSet.changesRequested?.login ?? null,
      pullRequest: patchSet.pullRequest && { number: patchSet.pullRequest.number, url: patchSet.pullRequest.url, head: patchSet.pullRequest.head },
      ci: patchSet.ci?.conclusion ?? null,
    })),
    costMicroUsd: workflow.costMicroUsd,
    callsOfUnknownCost: modelCost(events).unknownCalls,
  };
}
export type WorkflowSummary = ReturnType<typeof summaryOf>;

const outcomeOf = (gate: GateRecord | null): GateRecord['outcome'] | null => gate?.outcome ?? null;
