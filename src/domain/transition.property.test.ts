import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Command } from './command.ts';
import type { DomainEvent, EventType } from './event.ts';
import type { Outcome } from './outcome.ts';
import { outstanding } from './outstanding.ts';
import { FINAL, isFinal, STATUSES } from './status.ts';
import * as e from './testing/events.ts';
import { transition } from './transition.ts';
import { isFullyApproved, type Workflow } from './workflow.ts';

const RUNS = 2_000;
const GATES = [0, 1, 2, 3, 4, 5] as const;
const OUTCOMES = ['PASS', 'PASS', 'FAIL', 'WAITING'] as const;
const FAILURES = ['policy', 'tree', 'ci', 'unverified', null] as const;

/** Numbers in, choices out: the same numbers always tell the same story, so that a failing one shrinks. */
class Dice {
  #left: number;
  constructor(number: number) {
    this.#left = number;
  }
  below(count: number): number {
    const chosen = this.#left % count;
    this.#left = Math.floor(this.#left / count);
    return chosen;
  }
  of<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('Nothing to choose from.');
    return item;
  }
}

/** Anything, whether or not it belongs here: half of it about PatchSets that do not exist, in the past or in another run. */
function wildEvent(workflow: Workflow | null, dice: Dice): DomainEvent {
  const type: EventType = dice.of(e.ALL_TYPES);
  const known = workflow && workflow.patchSets.length > 0 ? dice.of(workflow.patchSets) : e.at(e.waiting(), dice.below(2));
  const patchSet = dice.below(4) === 0 ? { ...known, revision: known.revision + dice.below(2), digest: e.digestOf(dice.below(2), 1), repo: dice.of([...e.REPOS, 'octo/else']) } : known;
  const base = workflow ?? e.waiting();
  switch (type) {
    case 'E_WORKFLOW_CREATED':
      return e.created(dice.below(2) === 0 ? {} : { repos: [] });
    case 'E_CONTEXT_INGESTED':
      return e.ingested();
    case 'E_DECISION_RECORDED':
      return e.decided(dice.of(['GO', 'GO', 'DEFER', 'NO_GO'] as const));
    case 'E_ARTIFACT_RECORDED':
      return e.artifact(dice.of(['architecture', 'scope', 'plan', 'gates'] as const));
    case 'E_PATCH_SET_PROPOSED':
      return e.proposed(base, dice.below(3));
    case 'E_POLICY_EVALUATED':
      return e.policy(patchSet, dice.below(2));
    case 'E_GATE_EVALUATED':
      return e.gate(dice.of(GATES), dice.of(OUTCOMES), { failure: dice.of(FAILURES), ...(dice.below(2) === 0 ? { subject: patchSet } : {}) });
    case 'E_APPROVAL_REQUESTED':
      return e.requested(patchSet, 7 + dice.below(3));
    case 'E_APPROVAL_RECORDED':
      return e.approved(patchSet, dice.of([{}, { login: 'mallory' }, { expires: e.AT }, { runId: 99 }]));
    case 'E_CHANGES_REQUESTED':
      return e.changes(patchSet);
    case 'E_PATCH_SET_REJECTED':
      return e.rejected(patchSet);
    case 'E_WRITE_INTENDED':
      return e.intended(base, patchSet);
    case 'E_PATCH_SET_APPLIED':
      return e.applied(patchSet);
    case 'E_PR_OPENED':
      return e.opened(patchSet);
    case 'E_CI_OBSERVED':
      return e.observed(patchSet, dice.of(['passed', 'failed', 'pending', 'none'] as const));
    case 'E_RUN_RECORDED':
      return e.run();
    case 'E_CONTEXT_PROVIDED':
      return e.provided([{ id: 'q1', answer: 'This one.' }], dice.of(['octocat', 'mallory']));
    case 'E_NEEDS_HUMAN':
      return e.needsHuman(dice.of(STATUSES), dice.of(['asked', 'policy-changed']));
    case 'E_CANCELLED':
      return e.cancelled(dice.of(['octocat', 'mallory']));
    case 'E_WORKFLOW_FINISHED':
      return e.finished(dice.of(FINAL));
  }
}

/** What could well come next: mostly the step that leads on. */
function plausibleEvent(workflow: Workflow | null, dice: Dice): DomainEvent {
  if (!workflow) return e.created();
  const { status } = workflow;
  if (isFinal(status)) return e.finished(status);
  const sometimes = dice.below(12);
  if (sometimes === 0 && status !== 'NEEDS_HUMAN') return e.needsHuman(status === 'WAITING_USER_APPROVAL' ? dice.of([status, 'PATCHES_PROPOSED'] as const) : status, dice.of(['asked', 'policy-changed']));
  switch (status) {
    case 'INGESTED':
      return designStep(workflow, dice);
    case 'PATCHES_PROPOSED':
      return patchStep(workflow, dice);
    case 'WAITING_USER_APPROVAL': {
      const patchSet = dice.of(workflow.patchSets.filter(({ approval }) => !approval));
      if (!patchSet.request) return e.requested(patchSet, 10 + patchSet.revision);
      return sometimes < 3 ? e.changes(patchSet) : sometimes === 3 ? e.gate(4, dice.of(OUTCOMES)) : e.approved(patchSet);
    }
    case 'APPLYING_PATCHES': {
      if (workflow.gates[4]?.outcome !== 'PASS') return e.gate(4);
      const patchSet = dice.of(workflow.patchSets.filter(({ pullRequest }) => !pullRequest));
      if (!patchSet.write) return e.intended(workflow, patchSet);
      return patchSet.applied ? e.opened(patchSet) : e.applied(patchSet);
    }
    case 'PR_OPEN':
      return e.observed(dice.of(workflow.patchSets));
    case 'VERIFYING_CI': {
      const patchSet = dice.of(workflow.patchSets.filter(({ gate5 }) => gate5?.outcome !== 'PASS'));
      if (!patchSet.ci) return e.observed(patchSet);
      return e.gate(5, sometimes < 6 ? 'PASS' : dice.of(OUTCOMES), { subject: patchSet, failure: dice.of(FAILURES) });
    }
    case 'NEEDS_HUMAN':
      return e.provided([{ id: 'q1', answer: 'This one.' }]);
  }
}

function designStep(workflow: Workflow, dice: Dice): DomainEvent {
  if (!workflow.contextHash) return e.ingested();
  if (!workflow.decision) return e.decided(dice.of(['GO', 'GO', 'GO', 'GO', 'DEFER'] as const));
  const missing = (['architecture', 'scope', 'plan', 'gates'] as const).find((kind) => workflow.artifacts[kind] === undefined);
  if (missing) return e.artifact(missing);
  const open = ([0, 1, 2] as const).find((number) => workflow.gates[number]?.outcome !== 'PASS');
  return open === undefined ? e.proposed(workflow, 0) : e.gate(open);
}

function patchStep(workflow: Workflow, dice: Dice): DomainEvent {
  const open = workflow.patchSets.find(({ gate3, changesRequested }) => changesRequested !== null || gate3?.outcome !== 'PASS');
  if (!open) return e.proposed(workflow, workflow.patchSets.length);
  const index = Number(open.id.slice(3)) - 1;
  if (open.changesRequested || open.gate3 || open.applied || (open.policy?.block ?? 0) > 0) return e.proposed(workflow, index);
  return open.policy ? e.gate(3, dice.of(['PASS', 'PASS', 'PASS', 'FAIL'] as const), { subject: open }) : e.policy(open, dice.below(8) === 0 ? 1 : 0);
}

interface Seen {
  readonly before: Workflow | null;
  readonly event: DomainEvent;
  readonly outcome: Outcome;
}

const instant = (hours: number): string => new Date(Date.UTC(2026, 10, 22, 10 + hours)).toISOString().replace('.000Z', 'Z');

/** Time goes on, so that approvals run out. */
function timed(event: DomainEvent, hours: number): DomainEvent {
  if (event.type !== 'E_APPROVAL_RECORDED' || event.body.expires === e.AT) return { ...event, at: instant(hours) };
  return { ...event, at: instant(hours), body: { ...event.body, expires: instant(hours + 30) } };
}

function* tell(numbers: readonly number[], wildShare: number): Generator<Seen> {
  let workflow: Workflow | null = null;
  let hours = 0;
  for (const number of numbers) {
    const dice = new Dice(number);
    const event = timed(dice.below(100) < wildShare ? wildEvent(workflow, dice) : plausibleEvent(workflow, dice), (hours += 4));
    const outcome: Outcome = transition(workflow, event, e.ID);
    yield { before: workflow, event, outcome };
    if (outcome.kind === 'next') workflow = outcome.workflow;
  }
}

const numbers = fc.array(fc.nat({ max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 60, size: 'max' });
const story = fc.record({ numbers, wildShare: fc.constantFrom(0, 10, 30, 60) });

/** Runs over random stories and says how often each state was reached: a property that reaches nothing proves nothing. */
function always(check: (seen: Seen) => void, runs = RUNS): ReadonlyMap<string, number> {
  const reached = new Map<string, number>();
  fc.assert(
    fc.property(story, ({ numbers: chosen, wildShare }) => {
      for (const seen of tell(chosen, wildShare)) {
        check(seen);
        if (seen.outcome.kind === 'next') reached.set(seen.outcome.workflow.status, (reached.get(seen.outcome.workflow.status) ?? 0) + 1);
      }
    }),
    { numRuns: runs },
  );
  return reached;
}

/** Said anew, without the code under test. */
function isApprovedWhole({ repos, patchSets, approvers }: Workflow): boolean {
  return repos.every(({ repo }) => {
    const [patchSet, ...more] = patchSets.filter((each) => each.repo === repo);
    return patchSet?.approval != null && more.length === 0 && patchSet.approval.digest === patchSet.digest && approvers.includes(patchSet.approval.login);
  });
}

test('every story has an answer for every event, with a reason for each refusal, and every state is reached', () => {
  const reached = always(({ before, outcome }) => {
    if (outcome.kind === 'refused') expect(outcome.reason).toMatch(/^\S.*\.$/s);
    else expect(outcome.workflow.id).toBe(before === null ? e.ID : before.id);
  });
  expect([...reached.keys()].toSorted()).toEqual([...STATUSES].toSorted());
});

test('what has ended stays ended: one closing record, and the facts of a write that was under way', () => {
  let closed = 0;
  const late = new Set(['E_PATCH_SET_APPLIED', 'E_PR_OPENED']);
  always(({ before, event, outcome }) => {
    if (!before || !isFinal(before.status) || outcome.kind === 'refused') return;
    expect(outcome.workflow.status).toBe(before.status);
    expect(outcome.commands).toEqual([]);
    if (late.has(event.type)) {
      expect([before.status, before.patchSets.some(({ write }) => write !== null), outcome.workflow.outcome]).toEqual(['FAILED', true, before.outcome]);
      return;
    }
    closed += 1;
    expect([event.type, before.outcome]).toEqual(['E_WORKFLOW_FINISHED', null]);
  });
  expect(closed).toBeGreaterThan(0);
});

test('nothing is written without the complete set of approvals of the current digests and a Gate 4 that passed on that set', () => {
  const writes = { E_WRITE_INTENDED: 0, E_PATCH_SET_APPLIED: 0, E_PR_OPENED: 0 };
  fc.assert(
    fc.property(story, ({ numbers: chosen, wildShare }) => {
      let gatePassedOn = '';
      for (const { before, event, outcome } of tell(chosen, wildShare)) {
        if (outcome.kind === 'refused' || !before) continue;
        const digests = before.patchSets.map(({ digest }) => digest).join();
        if (event.type === 'E_GATE_EVALUATED' && event.body.gate === 4 && event.body.outcome === 'PASS') {
          expect(isApprovedWhole(before)).toBe(true);
          gatePassedOn = digests;
        }
        if (event.type !== 'E_WRITE_INTENDED' && event.type !== 'E_PATCH_SET_APPLIED' && event.type !== 'E_PR_OPENED') continue;
        writes[event.type] += 1;
        // What was intended before a person cancelled may come to the record after it; nothing is intended any more.
        expect(event.type === 'E_WRITE_INTENDED' ? ['APPLYING_PATCHES'] : ['APPLYING_PATCHES', 'FAILED']).toContain(before.status);
        expect(isApprovedWhole(before)).toBe(true);
        expect(gatePassedOn).toBe(digests);
      }
    }),
    { numRuns: RUNS },
  );
  for (const count of Object.values(writes)) expect(count).toBeGreaterThan(0);
});

test('nobody is asked to approve what the policy blocks or Gate 3 has not passed', () => {
  always(({ outcome }) => {
    if (outcome.kind === 'refused' || !['WAITING_USER_APPROVAL', 'APPLYING_PATCHES', 'DONE'].includes(outcome.workflow.status)) return;
    const { patchSets, repos, gates, status } = outcome.workflow;
    expect(patchSets.map(({ repo }) => repo)).toEqual(repos.map(({ repo }) => repo));
    expect([gates[0]?.outcome, gates[1]?.outcome, gates[2]?.outcome]).toEqual(['PASS', 'PASS', 'PASS']);
    for (const { policy, gate3, changesRequested } of patchSets) expect([policy?.block, gate3?.outcome, changesRequested]).toEqual([0, 'PASS', null]);
    // Otherwise it would wait for an approval that nobody can give any more.
    if (status === 'WAITING_USER_APPROVAL') expect(isFullyApproved(outcome.workflow)).toBe(false);
  });
});

test('a wish for changes and a new revision touch their own PatchSet only', () => {
  let revised = 0;
  always(({ before, event, outcome }) => {
    if (!before || outcome.kind === 'refused' || (event.type !== 'E_CHANGES_REQUESTED' && event.type !== 'E_PATCH_SET_PROPOSED')) return;
    const { patchSet } = event.body;
    const others = (workflow: Workflow) => workflow.patchSets.filter(({ id }) => id !== patchSet);
    expect(others(outcome.workflow)).toEqual(others(before));
    expect(outcome.workflow.patchSets.find(({ id }) => id === patchSet)?.approval).toBeNull();
    if (event.type === 'E_PATCH_SET_PROPOSED' && event.body.revision > 1) revised += 1;
  });
  expect(revised).toBeGreaterThan(0);
});

test('a pause resumes where it says', () => {
  let resumed = 0;
  always(({ before, event, outcome }) => {
    if (outcome.kind === 'refused') return;
    expect(outcome.workflow.status === 'NEEDS_HUMAN').toBe(outcome.workflow.pause !== null);
    if (event.type !== 'E_CONTEXT_PROVIDED') return;
    resumed += 1;
    expect(outcome.workflow.status).toBe(before?.pause?.resumes);
  });
  expect(resumed).toBeGreaterThan(0);
});

test('every command is still found in the state alone, and a state that goes on always asks for something', () => {
  const covers = (all: readonly Command[], command: Command): boolean =>
    all.some((each) => each.kind === command.kind && (!('patchSets' in command) || ('patchSets' in each && command.patchSets.every((id) => each.patchSets.includes(id)))));
  always(({ outcome }) => {
    if (outcome.kind === 'refused') return;
    const asked = outstanding(outcome.workflow);
    for (const command of outcome.commands) expect(asked, JSON.stringify(command)).toSatisfy((all: readonly Command[]) => covers(all, command));
    const { status, patchSets } = outcome.workflow;
    const waits = status === 'WAITING_USER_APPROVAL' && patchSets.every(({ request, pullRequest }) => request !== null || pullRequest !== null);
    expect(asked.length > 0 || waits || outcome.workflow.outcome !== null).toBe(true);
    for (const command of asked) if (command.kind === 'write' || command.kind === 'observe') expect(command.patchSets.length).toBeGreaterThan(0);
  });
});

test('the inputs are never changed', () => {
  always(({ before, event, outcome }) => {
    const copy = structuredClone({ before, event });
    expect(transition(before, event, e.ID)).toEqual(outcome);
    expect({ before, event }).toEqual(copy);
  }, 200);
});
