import type { EventOf } from '../event.ts';
import { next, refused, type Outcome } from '../outcome.ts';
import type { Status } from '../status.ts';
import type { PatchSetState, Workflow } from '../workflow.ts';
import { unapproved } from './gate-evaluated.ts';

/** A pause: stores why, what is asked, and the state that an answer resumes. */
export function onNeedsHuman(workflow: Workflow, event: EventOf<'E_NEEDS_HUMAN'>): Outcome {
  const { code, reason, questions, resumes } = event.body;
  if (!mayResume(workflow.status).includes(resumes)) return refused('mismatch', `A pause in ${workflow.status} cannot resume ${resumes}.`);
  return next({ ...workflow, status: 'NEEDS_HUMAN', pause: { code, reason, questions, resumes } }, { kind: 'ask-human' });
}

/** A pause resumes where it began, except that a changed policy sends what waits for approval back to be proposed anew. */
function mayResume(status: Status): readonly Status[] {
  return status === 'WAITING_USER_APPROVAL' ? ['WAITING_USER_APPROVAL', 'PATCHES_PROPOSED'] : [status];
}

/** A listed person answered or said `/retry`: the workflow goes on where it paused. */
export function onContextProvided(workflow: Workflow, event: EventOf<'E_CONTEXT_PROVIDED'>): Outcome {
  if (!workflow.pause) return refused('not-in-this-state', `${workflow.id} asks nothing.`);
  const { login, answers } = event.body;
  if (!workflow.approvers.some((approver) => approver.toLowerCase() === login.toLowerCase())) return refused('not-an-approver', `${login} is not on the list of approvers.`);
  const resumed: Workflow = {
    ...workflow,
    status: workflow.pause.resumes,
    pause: null,
    answers: [...workflow.answers, ...answers.map(({ id, answer }) => ({ id, answer, login }))],
  };
  switch (workflow.pause.resumes) {
    case 'INGESTED':
      return next({ ...resumed, decision: null, gates: { ...resumed.gates, 0: null, 1: null, 2: null } }, { kind: 'design' });
    case 'PATCHES_PROPOSED':
      return reopen(resumed, workflow.pause.code, answers);
    case 'WAITING_USER_APPROVAL':
      return askAgain(resumed, unapproved(resumed).map(({ id }) => id));
    case 'APPLYING_PATCHES':
      return askAgain(resumed, unwritten(resumed).slice(0, 1));
    default:
      return lookAgain(resumed, event.at);
  }
}

// A retry is a new run with a new review: the old run's approval no longer counts.
function askAgain(workflow: Workflow, ids: readonly string[]): Outcome {
  const patchSets = workflow.patchSets.map((patchSet) => (ids.includes(patchSet.id) ? { ...patchSet, request: null } : patchSet));
  return next({ ...workflow, patchSets }, { kind: 'request-approval', patchSets: ids });
}

const unwritten = (workflow: Workflow): readonly string[] => workflow.patchSets.filter(({ pullRequest }) => !pullRequest).map(({ id }) => id);

// A reviewer's wish that could not be served as it stood is completed by the answer.
const addAnswers = ({ changesRequested }: PatchSetState, answers: readonly { readonly answer: string }[]): PatchSetState['changesRequested'] =>
  changesRequested && { ...changesRequested, comment: [changesRequested.comment, ...answers.map(({ answer }) => answer)].join('\n\n') };

// What was seen before the pause no longer counts: it is looked at again, with the whole waiting time.
function lookAgain(workflow: Workflow, at: string): Outcome {
  const patchSets = workflow.patchSets.map((patchSet) => (patchSet.gate5?.outcome === 'PASS' ? patchSet : { ...patchSet, ci: null, gate5: null }));
  return next({ ...workflow, patchSets, observedSince: at }, { kind: 'observe', patchSets: patchSets.map(({ id }) => id) });
}

// Under a changed policy no digest holds any more: every PatchSet is proposed anew. Otherwise only what never passed Gate 3.
function reopen(workflow: Workflow, code: string, answers: readonly { readonly answer: string }[]): Outcome {
  const stale = (patchSet: PatchSetState): boolean => code === 'policy-changed' || patchSet.gate3?.outcome !== 'PASS' || patchSet.changesRequested !== null;
  const patchSets = workflow.patchSets.map((patchSet) => (stale(patchSet) ? { ...patchSet, gate3: null, approval: null, request: null, changesRequested: addAnswers(patchSet, answers) } : patchSet));
  const ids = workflow.patchSets.filter(stale).map(({ id }) => id);
  return next({ ...workflow, patchSets }, { kind: 'propose', patchSets: ids });
}

/** A person ends it. What was written stays written and stays recorded. */
export function onCancelled(workflow: Workflow, event: EventOf<'E_CANCELLED'>): Outcome {
  const { login } = event.body;
  if (!workflow.approvers.some((approver) => approver.toLowerCase() === login.toLowerCase())) return refused('not-an-approver', `${login} is not on the list of approvers.`);
  return next({ ...workflow, status: 'FAILED', pause: null }, { kind: 'finish' });
}
