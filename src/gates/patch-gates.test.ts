import { describe, expect, it } from 'vitest';
import type { Change } from '../domain/change-set.ts';
import type { PolicyResult } from '../domain/policy.ts';
import { concludeGate } from './gate-check.ts';
import { evaluateGate3, type Gate3Evidence } from './gate-3-patch.ts';
import { evaluateGate4, type Gate4Evidence } from './gate-4-approval.ts';
import { evaluateGate5, type Gate5Evidence, type ObservedCheckEvidence } from './gate-5-verification.ts';
import { OID, OTHER_SHA, SHA, plan, scope, subject, summaryOf, workflow } from './testing.ts';

const TREE = 'd'.repeat(40);
const change = (path: string, op: Change['op'] = 'modify'): Change => ({ path, op, oldMode: op === 'add' ? null : '100644', newMode: op === 'delete' ? null : '100644', oldBlob: op === 'add' ? null : OID, newBlob: op === 'delete' ? null : OID });
const changeSet = (...changes: Change[]) => ({ base: { commit: OID, tree: OID }, result: { tree: TREE }, changes });
const policy: PolicyResult = { format: 'countersign/policy-result@1', repo: 'octo/api', policy: SHA, verdict: 'pass', block: 0, warn: 0, rules: [] };
const violation = { rule: 'ci-files', severity: 'BLOCK' as const, path: 'x', line: null, message: 'Changes x.', why: 'w', help: 'Drop it.' };
const blocked: PolicyResult = { ...policy, verdict: 'block', block: 1, rules: [{ rule: 'ci-files', severity: 'BLOCK', examined: 1, allowed: [], violations: [violation] }] };

const evidence3: Gate3Evidence = { subject, repo: 'octo/api', plan, scope, changeSet: changeSet(change('src/a.ts'), change('src/b.ts', 'add')), declaredPaths: ['src/b.ts', 'src/a.ts'], patches: [{ id: 'P1', task: 'T1', paths: ['src/a.ts', 'src/b.ts'] }], policy, stats: { added: 10, removed: 5 } };
const gate3 = (more: Partial<Gate3Evidence>) => summaryOf(evaluateGate3({ ...evidence3, ...more }));

describe('gate 3', () => {
  it('passes, about its PatchSet', () => {
    expect(gate3({})).toEqual({ outcome: 'PASS', failure: null, reasons: '' });
    expect(evaluateGate3(evidence3)).toMatchObject({ gate: 3, subject });
  });

  it.each<[string, Partial<Gate3Evidence>, string, string]>([
    ['a change of nothing', { changeSet: changeSet(), declaredPaths: [], patches: [] }, 'changes nothing', 'invalid'],
    ['a silent change', { declaredPaths: ['src/a.ts'] }, 'src/b.ts changes, but the proposal does not name it', 'invalid'],
    ['a path that is named and does not change', { declaredPaths: ['src/a.ts', 'src/b.ts', 'src/c.ts'] }, 'names src/c.ts, but it does not change', 'invalid'],
    ['an unplanned change', { changeSet: changeSet(change('src/a.ts'), change('src/b.ts', 'add'), change('src/c.ts')) }, 'src/c.ts belongs to no task', 'invalid'],
    ['another operation than planned', { changeSet: changeSet(change('src/a.ts', 'delete'), change('src/b.ts', 'add')) }, 'says to modify src/a.ts, but the change is: delete', 'invalid'],
    ['a change in no patch', { patches: [{ id: 'P1', task: 'T1', paths: ['src/a.ts'] }] }, 'src/b.ts is in no patch', 'invalid'],
    ['a change in two patches', { patches: [...evidence3.patches, { id: 'P2', task: 'T1', paths: ['src/a.ts'] }] }, 'src/a.ts is in more than one patch', 'invalid'],
    ["a patch for another repository's task", { patches: [{ id: 'P1', task: 'T2', paths: ['src/a.ts', 'src/b.ts'] }] }, 'T2, which is no task for octo/api', 'invalid'],
    ['a change outside', { changeSet: changeSet(change('README.md')), declaredPaths: ['README.md'] }, 'README.md is outside the scope', 'invalid'],
    ['a forbidden change, in disguise', { changeSet: changeSet(change('src/Generated/x.ts')) }, 'src/Generated/x.ts is forbidden by the scope', 'invalid'],
    ['a blocking rule', { policy: blocked }, 'Rule ci-files: Changes x. Drop it.', 'policy'],
    ['a blocking verdict without violations', { policy: { ...policy, verdict: 'block', block: 1 } }, 'lists no violation', 'policy'],
    ['a policy result of another repository', { policy: { ...policy, repo: 'octo/web' } }, 'about octo/web', 'invalid'],
    ['too many lines', { stats: { added: 30, removed: 11 } }, "41 lines change, and the plan's budget is 40", 'invalid'],
    ['too many files', { plan: { ...plan, budget: { files: 1, lines: 40 } } }, "2 files change, and the plan's budget is 1", 'invalid'],
  ])('fails on %s', (_, more, reason, failure) => {
    expect(gate3(more)).toMatchObject({ outcome: 'FAIL', failure });
    expect(gate3(more).reasons).toContain(reason);
  });

  it('names the policy as the cause when other things fail too', () => {
    expect(gate3({ policy: blocked, declaredPaths: [] }).failure).toBe('policy');
  });
});

const evidence4: Gate4Evidence = { workflow, currentDigests: { 'ps-1': SHA, 'ps-2': SHA }, environment: { name: 'countersign-approval', exists: true, reviewers: 1 }, approvers: ['octocat'], currentPolicies: { 'octo/api': SHA, 'octo/web': SHA }, now: '2026-11-22T12:00:00Z' };
const gate4 = (more: Partial<Gate4Evidence>) => summaryOf(evaluateGate4({ ...evidence4, ...more }));
const withFirst = (more: object) => ({ workflow: { ...workflow, patchSets: workflow.patchSets.map((patchSet, index) => (index === 0 ? Object.assign({ ...patchSet }, more) : patchSet)) } });
const approval = workflow.patchSets[0]?.approval;

describe('gate 4', () => {
  it('passes when the set is complete', () => {
    expect(gate4({})).toEqual({ outcome: 'PASS', failure: null, reasons: '' });
  });

  it('waits for the missing approvals', () => {
    expect(gate4(withFirst({ approval: null }))).toMatchObject({ outcome: 'WAITING', failure: null });
    expect(gate4(withFirst({ approval: null })).reasons).toContain('Nobody has approved ps-1 r1 (sha256:aaaa');
  });

  it.each<[string, Partial<Gate4Evidence>, string, string]>([
    ['a missing environment', { environment: { name: 'e', exists: false, reviewers: 0 } }, 'e does not exist', 'invalid'],
    ['an environment without reviewers', { environment: { name: 'countersign-approval', exists: true, reviewers: 0 } }, 'no required reviewers', 'invalid'],
    ['another environment', withFirst({ approval: { ...approval, environment: 'staging' } }), 'in the environment staging', 'invalid'],
    ['a repository without a PatchSet', { workflow: { ...workflow, patchSets: workflow.patchSets.slice(0, 1) } }, 'octo/web has no PatchSet', 'invalid'],
    ['no repositories', { workflow: { ...workflow, repos: [], patchSets: [] } }, 'no repository', 'invalid'],
    ['a manifest that is not what was approved', { currentDigests: { 'ps-1': OTHER_SHA, 'ps-2': SHA } }, 'got sha256:cccc', 'tree'],
    ['a manifest that is gone', { currentDigests: { 'ps-1': SHA } }, 'got none', 'tree'],
    ['an approval of another digest', withFirst({ approval: { ...approval, digest: OTHER_SHA } }), 'superseded', 'invalid'],
    ['a person who is not listed any more', { approvers: ['hubot'] }, 'Octocat is not listed', 'invalid'],
    ['a person who was not listed at the start', { workflow: { ...workflow, approvers: ['hubot'] } }, 'Octocat is not listed', 'invalid'],
    ['a bot', { ...withFirst({ approval: { ...approval, login: 'x[bot]' } }), approvers: ['octocat', 'x[bot]'] }, 'x[bot] is a bot', 'invalid'],
    ['an expired approval', { now: '2026-12-06T10:00:00Z' }, 'expired at 2026-12-06T10:00:00Z', 'invalid'],
    ['wanted changes', withFirst({ approval: null, changesRequested: { login: 'octocat', comment: 'c' } }), 'octocat asked for changes', 'invalid'],
    ['a changed policy', { currentPolicies: { 'octo/api': OTHER_SHA, 'octo/web': SHA } }, 'policy for octo/api changed', 'policy'],
    ['an unknown policy', { currentPolicies: {} }, 'policy for octo/web changed', 'policy'],
    ['no policy result', withFirst({ policy: null }), 'never judged', 'policy'],
    ['a blocking policy result', withFirst({ policy: { policy: SHA, result: SHA, block: 2, warn: 0 } }), '2 violation(s) block ps-1', 'policy'],
  ])('fails on %s', (_, more, reason, failure) => {
    expect(gate4(more)).toMatchObject({ outcome: 'FAIL', failure });
    expect(gate4(more).reasons).toContain(reason);
  });
});

const observed = (context: string, state: ObservedCheckEvidence['state'], integrationId: number | null = null): ObservedCheckEvidence => ({ context, state, integrationId, url: null });
const evidence5: Gate5Evidence = { subject, approvedTree: TREE, headTree: TREE, requiredChecks: [{ context: 'test', integrationId: null }], observedChecks: [observed('test', 'passed')], configuredChecks: [], verification: 'required', isPolicyCurrent: true };
const gate5 = (more: Partial<Gate5Evidence>) => summaryOf(evaluateGate5({ ...evidence5, ...more }));

describe('gate 5', () => {
  it.each<[string, Partial<Gate5Evidence>]>([
    ['every required check passed', {}],
    ['a check that nobody requires failed', { observedChecks: [observed('test', 'passed'), observed('optional', 'failed')] }],
    ['the right App reported', { requiredChecks: [{ context: 'test', integrationId: 7 }], observedChecks: [observed('test', 'passed', 7), observed('test', 'failed', 8)] }],
    ['the configured check passed, where none is required', { requiredChecks: [], configuredChecks: ['test'] }],
    ['the config asks for no verification', { requiredChecks: [], observedChecks: [], verification: 'none' }],
  ])('passes when %s', (_, more) => {
    expect(gate5(more)).toMatchObject({ outcome: 'PASS', failure: null });
  });

  it.each<[string, Partial<Gate5Evidence>, string]>([
    ['unreported', { observedChecks: [] }, 'has not been reported'],
    ['reported by the wrong App', { requiredChecks: [{ context: 'test', integrationId: 7 }], observedChecks: [observed('test', 'passed', 8)] }, 'by App 7'],
    ['not complete', { observedChecks: [observed('test', 'pending')] }, 'has not completed'],
    ['complete in one of two reports', { observedChecks: [observed('test', 'passed'), observed('test', 'pending')] }, 'has not completed'],
    ['unreported, though configured', { requiredChecks: [], configuredChecks: ['test'], observedChecks: [], verification: 'none' }, 'has not been reported'],
  ])('waits while a required check is %s', (_, more, reason) => {
    expect(gate5(more)).toMatchObject({ outcome: 'WAITING', failure: null });
    expect(gate5(more).reasons).toContain(reason);
  });

  it.each<[string, Partial<Gate5Evidence>, string, string]>([
    ['another tree', { headTree: OID }, 'somebody changed the branch', 'tree'],
    ['another tree while checks are pending', { headTree: OID, observedChecks: [] }, 'somebody changed the branch', 'tree'],
    ['a policy that no longer holds', { isPolicyCurrent: false }, 'no longer holds', 'policy'],
    ['a failed check', { observedChecks: [observed('test', 'failed')] }, 'test failed', 'ci'],
    ['a failed report beside a passed one', { observedChecks: [observed('test', 'passed'), observed('test', 'failed')] }, 'test failed', 'ci'],
    ['a check that needs a person', { observedChecks: [observed('test', 'action_required')] }, 'waits for a person to act', 'ci'],
    ['one failed of two, the other pending', { requiredChecks: [{ context: 'a', integrationId: null }, { context: 'b', integrationId: null }], observedChecks: [observed('a', 'failed')] }, 'b is required and has not been reported', 'ci'],
    ['nothing that verifies', { requiredChecks: [], observedChecks: [observed('test', 'passed')] }, 'nothing verified the change', 'unverified'],
    ['everything at once: the tree first', { headTree: OID, isPolicyCurrent: false, observedChecks: [observed('test', 'failed')] }, 'test failed', 'tree'],
  ])('fails on %s', (_, more, reason, failure) => {
    expect(gate5(more)).toMatchObject({ outcome: 'FAIL', failure });
    expect(gate5(more).reasons).toContain(reason);
  });

  it('says plainly that nothing was verified', () => {
    const { checks } = evaluateGate5({ ...evidence5, requiredChecks: [], observedChecks: [], verification: 'none' });
    expect(checks.at(-1)?.reason).toMatch(/^Not verified by CI/);
  });
});

describe('a gate without checks', () => {
  it('fails', () => {
    expect(concludeGate(1, null, [])).toMatchObject({ outcome: 'FAIL', failure: 'invalid' });
  });
});
