import { describe, expect, test } from 'vitest';
import type { Command } from './command.ts';
import type { DomainEvent } from './event.ts';
import type { Status } from './status.ts';
import { transition } from './transition.ts';
import type { Workflow } from './workflow.ts';
import * as e from './testing/events.ts';

const next = (workflow: Workflow | null, event: DomainEvent): { workflow: Workflow; commands: readonly Command[] } => {
  const outcome = transition(workflow, event, e.ID);
  if (outcome.kind === 'refused') throw new Error(`${event.type}: ${outcome.code}: ${outcome.reason}`);
  return outcome;
};
const refusal = (workflow: Workflow | null, event: DomainEvent): string => {
  const outcome = transition(workflow, event, e.ID);
  return outcome.kind === 'refused' ? outcome.code : 'next';
};
const ingested = (): Workflow => e.play(null, e.created(), e.ingested());
const proposedOne = (): Workflow => e.play(e.designed(), (workflow) => e.proposed(workflow, 0));
const gate3 = (workflow: Workflow, index: number, outcome: 'PASS' | 'FAIL' = 'PASS'): DomainEvent => e.gate(3, outcome, { subject: e.at(workflow, index) });
const gate5 = (workflow: Workflow, index: number, outcome: 'PASS' | 'FAIL' | 'WAITING', failure: 'policy' | 'tree' | 'ci' | 'unverified' | null = null): DomainEvent =>
  e.gate(5, outcome, { subject: e.at(workflow, index), failure });

describe('the arrows of the diagram', () => {
  test('nothing → INGESTED', () => {
    const { workflow, commands } = next(null, e.created());
    expect(workflow).toMatchObject({ id: e.ID, status: 'INGESTED' });
    expect(commands).toEqual([{ kind: 'design' }]);
  });
  test('INGESTED → PATCHES_PROPOSED with the first PatchSet, once Gates 0 to 2 have passed', () => {
    expect(proposedOne().status).toBe('PATCHES_PROPOSED');
    const undesigned = e.play(ingested(), e.decided());
    expect(refusal(undesigned, e.proposed(undesigned, 0))).toBe('gate-not-passed');
  });
  test('INGESTED → DECLINED with a NO-GO', () => {
    const { workflow, commands } = next(ingested(), e.decided('NO_GO'));
    expect(workflow.status).toBe('DECLINED');
    expect(commands).toEqual([{ kind: 'finish' }]);
  });
  test('INGESTED → NEEDS_HUMAN → INGESTED with a DEFER, and with a blocking unknown whatever the verdict', () => {
    for (const decision of [e.decided('DEFER'), e.decided('GO', [{ id: 'q1', question: 'Which one?' }])]) {
      const { workflow, commands } = next(ingested(), decision);
      expect(workflow).toMatchObject({ status: 'NEEDS_HUMAN', pause: { resumes: 'INGESTED' } });
      expect(commands).toEqual([{ kind: 'ask-human' }]);
      const answered = next(workflow, e.provided([{ id: 'q1', answer: 'This one.' }]));
      expect(answered.workflow).toMatchObject({ status: 'INGESTED', pause: null, answers: [{ id: 'q1', answer: 'This one.', login: 'octocat' }] });
      expect(answered.commands).toEqual([{ kind: 'design' }]);
    }
  });
  test('PATCHES_PROPOSED → WAITING_USER_APPROVAL when Gate 3 has passed for every repository, and not before', () => {
    const one = e.revise(e.designed(), 0);
    expect(one.status).toBe('PATCHES_PROPOSED');
    const two = e.play(one, (workflow) => e.proposed(workflow, 1), e.on(1, e.policy));
    const { workflow, commands } = next(two, gate3(two, 1));
    expect(workflow.status).toBe('WAITING_USER_APPROVAL');
    expect(commands).toEqual([{ kind: 'request-approval', patchSets: ['ps-1', 'ps-2'] }]);
  });
  test('PATCHES_PROPOSED → BLOCKED_POLICY when the regenerations are used up', () => {
    const first = next(proposedOne(), e.policy(e.at(proposedOne(), 0), 1));
    expect(first.workflow).toMatchObject({ status: 'PATCHES_PROPOSED', regenerationsUsed: 1 });
    expect(first.commands).toEqual([{ kind: 'propose', patchSets: ['ps-1'] }]);
    const again = e.play(first.workflow, (workflow) => e.proposed(workflow, 0));
    const second = next(again, e.policy(e.at(again, 0), 1));
    expect(second.workflow.status).toBe('BLOCKED_POLICY');
    expect(second.commands).toEqual([{ kind: 'finish' }]);
  });
  test('WAITING_USER_APPROVAL → PATCHES_PROPOSED with a wish for changes', () => {
    const { workflow, commands } = next(e.waiting(), e.changes(e.at(e.waiting(), 0)));
    expect(workflow.status).toBe('PATCHES_PROPOSED');
    expect(commands).toEqual([{ kind: 'propose', patchSets: ['ps-1'] }]);
  });
  test('WAITING_USER_APPROVAL → FAILED with a rejection', () => {
    expect(next(e.waiting(), e.rejected(e.at(e.waiting(), 1))).workflow.status).toBe('FAILED');
  });
  test('WAITING_USER_APPROVAL → APPLYING_PATCHES with the last approval, and not with the first', () => {
    const first = e.play(e.waiting(), e.on(0, e.approved));
    expect(first.status).toBe('WAITING_USER_APPROVAL');
    const { workflow, commands } = next(first, e.approved(e.at(first, 1)));
    expect(workflow.status).toBe('APPLYING_PATCHES');
    expect(commands).toEqual([{ kind: 'write', patchSets: ['ps-1', 'ps-2'] }]);
  });
  test('APPLYING_PATCHES → NEEDS_HUMAN → APPLYING_PATCHES: what was written stays recorded', () => {
    const halfway = e.play(e.applying(), e.gate(4), (workflow) => e.intended(workflow, e.at(workflow, 0)), e.on(0, (patchSet) => e.applied(patchSet)), e.on(0, (patchSet) => e.opened(patchSet)));
    const paused = e.play(halfway, e.needsHuman('APPLYING_PATCHES', 'write-refused'));
    expect(paused).toMatchObject({ status: 'NEEDS_HUMAN', pause: { resumes: 'APPLYING_PATCHES' } });
    const { workflow, commands } = next(paused, e.provided());
    expect(workflow.status).toBe('APPLYING_PATCHES');
    expect(e.at(workflow, 0)).toEqual(e.at(halfway, 0));
    expect(commands).toEqual([{ kind: 'request-approval', patchSets: ['ps-2'] }]);
  });
  test('APPLYING_PATCHES → PR_OPEN with the last pull request, → VERIFYING_CI with the first observation', () => {
    expect(e.prOpen().status).toBe('PR_OPEN');
    expect(next(e.prOpen(), e.observed(e.at(e.prOpen(), 0))).workflow.status).toBe('VERIFYING_CI');
  });
  test('VERIFYING_CI → DONE when Gate 5 has passed for every PatchSet', () => {
    const one = next(e.verifying(), gate5(e.verifying(), 0, 'PASS')).workflow;
    expect(one.status).toBe('VERIFYING_CI');
    const { workflow, commands } = next(one, gate5(one, 1, 'PASS'));
    expect(workflow.status).toBe('DONE');
    expect(commands).toEqual([{ kind: 'finish' }]);
  });
  test('VERIFYING_CI → PATCHES_PROPOSED when CI failed and a regeneration remains, → NEEDS_HUMAN when none does', () => {
    const { workflow, commands } = next(e.verifying(), gate5(e.verifying(), 0, 'FAIL', 'ci'));
    expect(workflow).toMatchObject({ status: 'PATCHES_PROPOSED', ciRegenerationsUsed: 1 });
    expect(commands).toEqual([{ kind: 'propose', patchSets: ['ps-1'] }]);
    const spent: Workflow = { ...e.verifying(), ciRegenerationsUsed: 1 };
    expect(next(spent, gate5(spent, 0, 'FAIL', 'ci')).workflow).toMatchObject({ status: 'NEEDS_HUMAN', pause: { code: 'gate-5-ci', resumes: 'VERIFYING_CI' } });
  });
  test.each<['policy' | 'tree' | 'unverified', Status]>([['policy', 'BLOCKED_POLICY'], ['tree', 'NEEDS_HUMAN'], ['unverified', 'NEEDS_HUMAN']])('VERIFYING_CI, Gate 5 fails by %s → %s', (failure, status) => {
    expect(next(e.verifying(), gate5(e.verifying(), 1, 'FAIL', failure)).workflow.status).toBe(status);
  });
  test('VERIFYING_CI stays while Gate 5 waits', () => {
    const { workflow, commands } = next(e.verifying(), gate5(e.verifying(), 0, 'WAITING'));
    expect(workflow.status).toBe('VERIFYING_CI');
    expect(commands).toEqual([{ kind: 'observe', patchSets: ['ps-1'] }]);
  });
  const open = [ingested, proposedOne, e.waiting, e.applying, e.prOpen, e.verifying, () => e.play(e.waiting(), e.needsHuman('WAITING_USER_APPROVAL'))];
  test.each(open.map((make) => [make().status, make] as const))('%s → FAILED when a listed person cancels, and only then', (_status, make) => {
    expect(next(make(), e.cancelled()).workflow).toMatchObject({ status: 'FAILED', pause: null });
    expect(refusal(make(), e.cancelled('mallory'))).toBe('not-an-approver');
  });
  test('a write that was under way when a person cancelled is recorded, and the end stays', () => {
    const intended = e.play(e.applying(), e.gate(4, 'PASS'), (workflow) => e.intended(workflow, e.at(workflow, 0)), (workflow) => e.intended(workflow, e.at(workflow, 1)));
    const cancelled = e.play(intended, e.cancelled());
    const written = e.play(cancelled, ...[0, 1].flatMap((index) => [e.on(index, (patchSet) => e.applied(patchSet)), e.on(index, (patchSet) => e.opened(patchSet))]));
    expect(written.status).toBe('FAILED');
    expect(written.patchSets.map(({ pullRequest }) => pullRequest !== null)).toEqual([true, true]);
    const early = e.play(e.waiting(), e.cancelled());
    expect(refusal(early, e.applied(e.at(early, 0)))).toBe('not-approved');
    expect(refusal(written, e.intended(written, e.at(written, 0)))).toBe('final');
  });
});

describe('approvals', () => {
  test('a wish for changes keeps the other approvals; the new revision loses its own', () => {
    const first = e.play(e.waiting(), e.on(1, e.approved), e.on(0, e.changes));
    expect(e.at(first, 1).approval).not.toBeNull();
    const second = e.revise(first, 0);
    expect(second.status).toBe('WAITING_USER_APPROVAL');
    expect(e.at(second, 0)).toMatchObject({ revision: 2, approval: null, request: null, gate3: { outcome: 'PASS' }, changesRequested: null });
    expect(e.at(second, 1)).toEqual(e.at(first, 1));
  });
  test('a review under way is not asked for again when another PatchSet has its new revision', () => {
    const revised = e.play(e.waiting(), e.on(0, e.changes), (workflow) => e.proposed(workflow, 0), e.on(0, e.policy));
    expect(next(revised, gate3(revised, 0)).commands).toEqual([{ kind: 'request-approval', patchSets: ['ps-1'] }]);
  });
  test.each([
    ['by a stranger', { login: 'mallory' }, 'not-an-approver'],
    ['that has expired', { expires: e.AT }, 'expired'],
    ['given in another run', { runId: 99 }, 'superseded'],
  ])('one %s does not count', (_name, changes, code) => expect(refusal(e.waiting(), e.approved(e.at(e.waiting(), 0), changes))).toBe(code));
  test('one of an earlier revision does not count', () => {
    const before = e.waiting();
    const after = e.revise(e.play(before, e.on(0, e.changes)), 0);
    expect(refusal(after, e.approved(e.at(before, 0)))).toBe('superseded');
  });
  test('logins are compared as GitHub compares them', () => expect(refusal(e.waiting(), e.approved(e.at(e.waiting(), 0), { login: 'OctoCat' }))).toBe('next'));
  test('Gate 4 cannot pass before the set of approvals is complete', () => {
    const half = e.play(e.waiting(), e.on(0, e.approved));
    expect(refusal(half, e.gate(4))).toBe('not-approved');
    expect(refusal(half, e.gate(4, 'WAITING'))).toBe('next');
  });
});

describe('verdicts stand only on what they judged', () => {
  test('a document recorded anew takes back the gates that judged it', () => {
    const { gates } = e.play(e.designed(), e.artifact('scope'));
    expect(gates).toMatchObject({ 0: { outcome: 'PASS' }, 1: null, 2: null });
    expect(e.play(e.designed(), e.artifact('plan')).gates).toMatchObject({ 1: { outcome: 'PASS' }, 2: null });
    expect(e.play(e.designed(), e.decided()).gates).toMatchObject({ 0: null, 1: null, 2: null });
  });
  test('a gate evaluated anew takes back the later ones', () => expect(e.play(e.designed(), e.gate(0, 'FAIL')).gates).toMatchObject({ 0: { outcome: 'FAIL' }, 1: null, 2: null }));
  test('Gate 0 needs a GO: after an answer, a new one', () => {
    const resumed = e.play(ingested(), e.decided('DEFER'), e.provided());
    expect(refusal(resumed, e.gate(0))).toBe('out-of-order');
  });
  test('the policy judges before Gate 3, never after it', () => {
    const judged = e.revise(e.designed(), 0);
    expect(refusal(judged, e.policy(e.at(judged, 0), 1))).toBe('out-of-order');
  });
  test('Gate 3 cannot pass over a BLOCK violation, and not without a policy result', () => {
    expect(refusal(proposedOne(), gate3(proposedOne(), 0))).toBe('out-of-order');
    const blocked = e.play(proposedOne(), e.on(0, (patchSet) => e.policy(patchSet, 1)));
    expect(refusal(blocked, gate3(blocked, 0))).toBe('gate-not-passed');
  });
  test('a PatchSet that stands is not replaced unasked', () => {
    const judged = e.revise(e.designed(), 0);
    expect(refusal(judged, e.proposed(judged, 0))).toBe('out-of-order');
  });
  test('what was written is not judged anew: it needs a new revision', () => {
    const failed = e.play(e.verifying(), (workflow) => gate5(workflow, 0, 'FAIL', 'ci'));
    expect(refusal(failed, gate3(failed, 1))).toBe('out-of-order');
  });
});

describe('writes', () => {
  test('none is intended before Gate 4', () => expect(refusal(e.applying(), e.intended(e.applying(), e.at(e.applying(), 0)))).toBe('gate-not-passed'));
  test('nothing is applied that was not intended, and no pull request opened that was not applied', () => {
    const ready = e.play(e.applying(), e.gate(4));
    expect(refusal(ready, e.applied(e.at(ready, 0)))).toBe('out-of-order');
    expect(refusal(ready, e.opened(e.at(ready, 0)))).toBe('mismatch');
  });
  test('another tree, base or repository than the approved one is refused', () => {
    const ready = e.play(e.applying(), e.gate(4));
    const patchSet = e.at(ready, 0);
    expect(refusal(ready, e.intended(ready, { ...patchSet, resultTree: e.oid('f') }))).toBe('mismatch');
    expect(refusal(ready, e.intended(ready, { ...patchSet, repo: 'octo/web' }))).toBe('mismatch');
    const writing = e.play(ready, e.intended(ready, patchSet));
    expect(refusal(writing, e.applied({ ...patchSet, resultTree: e.oid('f') }))).toBe('mismatch');
    expect(refusal(writing, e.applied(patchSet, 'octo/web'))).toBe('mismatch');
    const written = e.play(writing, e.applied(patchSet));
    expect(refusal(written, e.opened(patchSet, 'octo/web'))).toBe('mismatch');
    expect(refusal(e.prOpen(), e.observed(e.at(e.prOpen(), 0), 'passed', 'octo/web'))).toBe('mismatch');
  });
});

describe('pauses', () => {
  test('resume where they began; only a changed policy sends a waiting workflow back', () => {
    expect(refusal(e.waiting(), e.needsHuman('INGESTED'))).toBe('mismatch');
    expect(refusal(e.waiting(), e.needsHuman('PATCHES_PROPOSED'))).toBe('mismatch');
    const resumed = e.play(e.waiting(), e.on(0, e.approved), e.needsHuman('PATCHES_PROPOSED', 'policy-changed'), e.provided());
    expect(resumed.status).toBe('PATCHES_PROPOSED');
    for (const patchSet of resumed.patchSets) expect(patchSet).toMatchObject({ policy: null, gate3: null, approval: null, request: null });
  });
  test('what Gate 3 refused stays refused after a retry: something else has to be proposed', () => {
    const refusedOne = e.play(e.designed(), (workflow) => e.proposed(workflow, 0), e.on(0, e.policy), e.on(0, (patchSet) => e.gate(3, 'FAIL', { subject: patchSet, failure: 'invalid' })));
    const resumed = e.play(refusedOne, e.needsHuman('PATCHES_PROPOSED', 'gate-3'), e.provided());
    expect(e.at(resumed, 0)).toMatchObject({ policy: e.at(refusedOne, 0).policy, gate3: { outcome: 'FAIL' } });
  });
  test('a retry while patches are proposed asks the open reviews again: their runs may be the reason', () => {
    const paused = e.play(e.waiting(), e.on(0, e.changes), e.needsHuman('PATCHES_PROPOSED', 'review-run-failed'), e.provided());
    expect(e.at(paused, 1).request).toBeNull();
    const revised = e.play(paused, (workflow) => e.proposed(workflow, 0), e.on(0, e.policy));
    expect(next(revised, gate3(revised, 0)).commands).toEqual([{ kind: 'request-approval', patchSets: ['ps-1', 'ps-2'] }]);
  });
  test('only a listed person answers', () => {
    const paused = e.play(ingested(), e.decided('DEFER'));
    expect(refusal(paused, e.provided([], 'mallory'))).toBe('not-an-approver');
  });
  test('CI failed on the last revision: a person is asked, since nothing may be proposed any more', () => {
    const workflow: Workflow = { ...e.verifying(), limits: { ...e.verifying().limits, revisionsMax: 1 } };
    expect(next(workflow, gate5(workflow, 0, 'FAIL', 'ci')).workflow.status).toBe('NEEDS_HUMAN');
  });
});

describe('ends', () => {
  const declined = (): Workflow => e.play(ingested(), e.decided('NO_GO'));
  test('take one closing record, about the end they reached', () => {
    expect(refusal(declined(), e.finished('DONE'))).toBe('mismatch');
    const closed = e.play(declined(), e.finished('DECLINED'));
    expect(closed.outcome).toEqual({ status: 'DECLINED', reason: 'It ended.' });
    expect(refusal(closed, e.finished('DECLINED'))).toBe('already-recorded');
  });
  test('take nothing else', () => {
    expect(refusal(declined(), e.cancelled())).toBe('final');
    expect(refusal(declined(), e.run())).toBe('final');
  });
});

test('a workflow begins once, and with its own record', () => {
  expect(refusal(null, e.ingested())).toBe('not-created');
  expect(refusal(ingested(), e.created())).toBe('already-created');
  expect(refusal(null, e.created({ repos: [] }))).toBe('mismatch');
  expect(e.play(ingested(), e.run(5), e.run(null), e.run(7)).costMicroUsd).toBe(12);
});
