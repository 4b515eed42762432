import type { EventOf } from '../event.ts';
import { next, refused, type Outcome } from '../outcome.ts';
import type { Status } from '../status.ts';
import { isSameQuestion, type Answer, type Pause, type PatchSetState, type Question, type Workflow } from '../workflow.ts';
import { unapproved, withoutGatesFrom } from './gate-evaluated.ts';

const POLICY_CHANGED = 'policy-changed';

/** A pause: stores why, what is asked, and the state that an answer resumes. */
export function onNeedsHuman(workflow: Workflow, event: EventOf<'E_NEEDS_HUMAN'>): Outcome {
  const { code, reason, questions, resumes } = event.body;
  if (!mayResume(workflow.status, code).includes(resumes)) return refused('mismatch', `A pause in ${workflow.status} cannot resume ${resumes}.`);
  return next({ ...workflow, status: 'NEEDS_HUMAN', pause: { code, reason, questions, resumes } }, { kind: 'ask-human' });
}

/** A pause resumes where it began, except that a changed policy sends what waits for approval back to be proposed anew. */
function mayResume(status: Status, code: string): readonly Status[] {
  return status === 'WAITING_USER_APPROVAL' && code === POLICY_CHANGED ? ['WAITING_USER_APPROVAL', 'PATCHES_PROPOSED'] : [status];
}

/** A listed person answered or said `/retry`: the workflow goes on where it paused. */
export function onContextProvided(workflow: Workflow, event: EventOf<'E_CONTEXT_PROVIDED'>): Outcome {
  if (!workflow.pause) return refused('not-in-this-state', `${workflow.id} asks nothing.`);
  const { login, answers } = event.body;
  if (!workflow.approvers.some((approver) => approver.toLowerCase() === login.toLowerCase())) return refused('not-an-approver', `${login} is not on the list of approvers.`);
  const { questions } = workflow.pause;
  const given = answers.map(({ id, answer }): Answer => ({ id, question: questions.find((asked) => asked.id === id)?.question ?? null, answer, login }));
  const resumed: Workflow = {
    ...workflow,
    status: workflow.pause.resumes,
    pause: null,
    answers: [...workflow.answers, ...given],
    unanswered: stillOpen(workflow.unanswered, workflow.pause, given),
  };
  switch (workflow.pause.resumes) {
    case 'INGESTED':
      return next({ ...resumed, decision: null, artifacts: {}, gates: withoutGatesFrom(resumed, 0) }, { kind: 'design' });
    case 'PATCHES_PROPOSED':
      return reopen(resumed, workflow.pause.code, answers);
    case 'WAITING_USER_APPROVAL':
      return askAgain(withoutExpired(resumed, event.at), unapproved);
    case 'APPLYING_PATCHES':
      return askAgain(withoutExpired(resumed, event.at), (left) => [...new Set([...unwritten(left).slice(0, 1), ...unapproved(left)])]);
    default:
      return lookAgain(resumed, event.at);
  }
}

/** A whole change that a person gives (`/propose`) answers everything: they have decided. */
const WHOLE_CHANGE = 'proposal';

/** Questions of documents outlive a retry and an answer to another one; how to go on after a failure is no such question. */
function stillOpen(before: readonly Question[], { code, questions }: Pause, given: readonly Answer[]): readonly Question[] {
  if (given.some(({ id }) => id === WHOLE_CHANGE)) return [];
  const asked = code === 'deferred' || /^gate-[012]$/.test(code) ? questions : [];
  const all = [...before.filter((left) => !asked.some(({ question }) => isSameQuestion(question, left.question))), ...asked];
  return all.filter((left) => !given.some(({ question }) => question !== null && isSameQuestion(question, left.question)));
}

// A retry is a new run with a new review: the old run's approval no longer counts.
function askAgain(workflow: Workflow, choose: (workflow: Workflow) => readonly PatchSetState[]): Outcome {
  const chosen = choose(workflow).map(({ id }) => id);
  const patchSets = workflow.patchSets.map((patchSet) => (chosen.includes(patchSet.id) ? { ...patchSet, request: null } : patchSet));
  return next({ ...workflow, patchSets }, { kind: 'request-approval', patchSets: chosen });
}

/** What is not written yet and whose approval has run out needs a new one, and Gate 4 has to pass on the new set. */
function withoutExpired(workflow: Workflow, at: string): Workflow {
  const isExpired = ({ approval, pullRequest }: PatchSetState): boolean => approval !== null && !pullRequest && approval.expires <= at;
  if (!workflow.patchSets.some(isExpired)) return workflow;
  return { ...workflow, gates: { ...workflow.gates, 4: null }, patchSets: workflow.patchSets.map((patchSet) => (isExpired(patchSet) ? { ...patchSet, approval: null } : patchSet)) };
}

const unwritten = (workflow: Workflow): readonly PatchSetState[] => workflow.patchSets.filter(({ pullRequest }) => !pullRequest);

// Under a changed policy no digest holds any more: every PatchSet is proposed anew. Otherwise only what never passed Gate 3.
function reopen(workflow: Workflow, code: string, answers: readonly { readonly answer: string }[]): Outcome {
  const stale = (patchSet: PatchSetState): boolean => code === POLICY_CHANGED || patchSet.gate3?.outcome !== 'PASS' || patchSet.changesRequested !== null;
  const patchSets = workflow.patchSets.map((patchSet) => {
    if (stale(patchSet)) return { ...patchSet, ...verdictsAfter(code, patchSet), approval: null, request: null, changesRequested: addAnswers(patchSet, answers) };
    // An open review may have ended while nobody listened: it is asked for again once all are ready.
    return patchSet.approval ? patchSet : { ...patchSet, request: null };
  });
  const ids = workflow.patchSets.filter(stale).map(({ id }) => id);
  return next({ ...workflow, patchSets }, { kind: 'propose', patchSets: ids });
}

// What was refused stays refused, so that something else is proposed; a changed policy takes every verdict back.
const verdictsAfter = (code: string, { policy, gate3 }: PatchSetState): Pick<PatchSetState, 'policy' | 'gate3'> =>
  code === POLICY_CHANGED ? { policy: null, gate3: null } : { policy, gate3: gate3?.outcome === 'FAIL' ? gate3 : null };

// A reviewer's wish that could not be served as it stood is completed by the answer.
const addAnswers = ({ changesRequested }: PatchSetState, answers: readonly { readonly answer: string }[]): PatchSetState['changesRequested'] =>
  changesRequested && { ...changesRequested, comment: [changesRequested.comment, ...answers.map(({ answer }) => answer)].join('\n\n') };

// What was seen before the pause no longer counts: it is looked at again, with the whole waiting time.
function lookAgain(workflow: Workflow, at: string): Outcome {
  const patchSets = workflow.patchSets.map((patchSet) => (patchSet.gate5?.outcome === 'PASS' ? patchSet : { ...patchSet, ci: null, gate5: null }));
  return next({ ...workflow, patchSets, observedSince: at }, { kind: 'observe', patchSets: patchSets.filter(({ gate5 }) => gate5?.outcome !== 'PASS').map(({ id }) => id) });
}

/** A person ends it. What was written stays written and stays recorded. */
export function onCancelled(workflow: Workflow, event: EventOf<'E_CANCELLED'>): Outcome {
  const { login } = event.body;
  if (!workflow.approvers.some((approver) => approver.toLowerCase() === login.toLowerCase())) return refused('not-an-approver', `${login} is not on the list of approvers.`);
  return next({ ...workflow, status: 'FAILED', pause: null }, { kind: 'finish' });
}
