import { describe, expect, it } from 'vitest';
import { evaluateGate0 } from './gate-0-intake.ts';
import { evaluateGate1 } from './gate-1-architecture.ts';
import { evaluateGate2 } from './gate-2-plan.ts';
import { architecture, decision, gates, plan, scope, summaryOf, unknown, workflow } from './testing.ts';
import { parseGateResult } from '../schema/gate-records.ts';

const repos = ['octo/api', 'octo/web'];
const gate1 = (more: object) => summaryOf(evaluateGate1({ workflow: workflow.id, repos, architecture, scope, hasEvidence: () => true, ...more }));
const gate2 = (more: object) => summaryOf(evaluateGate2({ workflow: workflow.id, scope, plan, gates, ...more }));
const [first, second] = plan.tasks;
if (!first || !second) throw new Error('two tasks');

describe('gate 0', () => {
  it('passes, with a reason for each check', () => {
    const result = evaluateGate0({ workflow, decision });
    expect(summaryOf(result)).toEqual({ outcome: 'PASS', failure: null, reasons: '' });
    expect(result.checks.every(({ reason }) => reason.length > 10)).toBe(true);
    expect(parseGateResult(result).kind).toBe('valid');
  });

  it.each([
    ['an unpinned source', { source: { ...workflow.source, revision: '' } }, {}, 'not pinned by its hash'],
    ['an unpinned base', { repos: [{ ...workflow.repos[0], baseCommit: 'main' }] }, {}, 'base of octo/api is not pinned'],
    ['no repository', { repos: [] }, {}, 'exactly one primary'],
    ['two primaries of one name', { repos: [workflow.repos[0], { ...workflow.repos[0], repo: 'Octo/API' }] }, {}, 'octo/api is in the workflow twice'],
    ['nobody to approve', { approvers: [] }, {}, 'Nobody may countersign'],
    ['a decision of another workflow', {}, { workflow: 'wf-20261122-aaaaaa' }, 'belongs to wf-20261122-aaaaaa'],
    ['NO_GO', {}, { verdict: 'NO_GO' }, 'is NO_GO, not GO: It is clear.'],
    ['DEFER', {}, { verdict: 'DEFER' }, 'is DEFER, not GO'],
    ['no reason', {}, { reasons: [] }, 'gives no reason'],
    ['a citation of nothing', {}, { reasons: [{ text: 'r', evidenceIds: ['E9'] }] }, 'reason 1 cites E9'],
    ['an open blocking question', {}, { unknowns: [unknown] }, 'U1: Which port?'],
    ['an empty answer', {}, { unknowns: [{ ...unknown, answer: ' ' }] }, 'U1: Which port?'],
    ['too much spent', { costMicroUsd: 1_000_001 }, {}, 'limits.costUsd'],
  ])('fails on %s', (_, inWorkflow, inDecision, reason) => {
    const result = evaluateGate0({ workflow: Object.assign({ ...workflow }, inWorkflow), decision: Object.assign({ ...decision }, inDecision) });
    expect(summaryOf(result)).toMatchObject({ outcome: 'FAIL', failure: 'invalid' });
    expect(summaryOf(result).reasons).toContain(reason);
  });

  it('goes on with answered and with harmless questions, and without a cost limit', () => {
    const unknowns = [{ ...unknown, answer: '443', answeredBy: 'octocat' }, { ...unknown, id: 'U2', blocking: false }];
    const result = evaluateGate0({ workflow: { ...workflow, limits: { ...workflow.limits, costMicroUsdMax: null } }, decision: { ...decision, unknowns } });
    expect(result.outcome).toBe('PASS');
  });

  it('lists every failure, and shows what others wrote safely', () => {
    const result = evaluateGate0({ workflow: { ...workflow, approvers: [] }, decision: { ...decision, verdict: 'DEFER', reasons: [{ text: '\u001b[2J\u202E', evidenceIds: [] }] } });
    expect(result.checks.filter(({ outcome }) => outcome === 'FAIL')).toHaveLength(2);
    expect(summaryOf(result).reasons).toContain('⟨U+001B⟩[2J⟨U+202E⟩');
  });
});

describe('gate 1', () => {
  it('passes', () => {
    expect(gate1({})).toEqual({ outcome: 'PASS', failure: null, reasons: '' });
  });

  it.each([
    ['evidence that is not there', { hasEvidence: () => false }, 'Evidence E1 cites src/a.ts'],
    ['no component', { architecture: { ...architecture, components: [], interfaces: [] } }, 'names no component'],
    ['a component elsewhere', { repos: ['octo/api'] }, 'octo/web, which is not part'],
    ['an interface to nothing', { architecture: { ...architecture, components: architecture.components.slice(0, 1) } }, 'names page, which is no component'],
    ['an assumption on nothing', { scope: { ...scope, assumptions: [{ id: 'A1', text: 't', evidenceIds: ['E7'] }] } }, 'assumption A1 cites E7'],
    ['no non-goals', { scope: { ...scope, nonGoals: [] } }, 'no non-goal'],
    ['blank non-goals', { scope: { ...scope, nonGoals: [' '] } }, 'no non-goal'],
    ['no goals', { scope: { ...scope, goals: [] } }, 'no goal'],
    ['no criteria', { scope: { ...scope, acceptanceCriteria: [] } }, 'no acceptance criterion'],
    ['a criterion without verification', { scope: { ...scope, acceptanceCriteria: [{ ...scope.acceptanceCriteria[0], verification: '' }] } }, 'C1 does not say how it is verified'],
    ['nothing allowed', { scope: { ...scope, allowedPaths: [{ repo: 'octo/api', paths: [] }] } }, 'allows no path'],
    ['paths elsewhere', { scope: { ...scope, forbiddenPaths: [{ repo: 'octo/x', paths: ['a'] }] } }, 'octo/x, which is not part'],
    ['an open question', { scope: { ...scope, unknowns: [unknown] } }, 'U1: Which port?'],
  ])('fails on %s', (_, more, reason) => {
    expect(gate1(more)).toMatchObject({ outcome: 'FAIL', failure: 'invalid' });
    expect(gate1(more).reasons).toContain(reason);
  });
});

describe('gate 2', () => {
  it('passes', () => {
    expect(gate2({})).toEqual({ outcome: 'PASS', failure: null, reasons: '' });
  });

  it.each([
    ['a criterion without a task', { plan: { ...plan, tasks: [first] } }, 'No task serves criterion C2'],
    ['a task without a criterion', { plan: { ...plan, tasks: [first, second, { ...second, id: 'T3', criteriaIds: [] }] } }, 'T3 serves no criterion'],
    ['a task for a criterion that is not there', { plan: { ...plan, tasks: [first, { ...second, criteriaIds: ['C2', 'C9'] }] } }, 'T2 serves C9'],
    ['a task without verification', { plan: { ...plan, tasks: [first, { ...second, verification: '' }] } }, 'T2 does not say how'],
    ['a task without files', { plan: { ...plan, tasks: [first, { ...second, files: [] }] } }, 'T2 names no file'],
    ['a dependency on nothing', { plan: { ...plan, tasks: [first, { ...second, dependsOn: ['T9'] }] } }, 'T2 depends on T9'],
    ['a circle', { plan: { ...plan, tasks: [{ ...first, dependsOn: ['T2'] }, second] } }, 'wait for each other: T1, T2'],
    ['a task that waits for itself', { plan: { ...plan, tasks: [{ ...first, dependsOn: ['T1'] }, second] } }, 'Task T1 depends on itself.'],
    ['a file outside', { plan: { ...plan, tasks: [first, { ...second, files: [{ path: 'README.md', operation: 'modify' }] }] } }, 'README.md in octo/web, which is outside the scope'],
    ['a file in another case', { plan: { ...plan, tasks: [first, { ...second, files: [{ path: 'App/page.ts', operation: 'modify' }] }] } }, 'App/page.ts in octo/web, which is outside'],
    ['a forbidden file', { plan: { ...plan, tasks: [{ ...first, files: [{ path: 'src/generated/x.ts', operation: 'add' }] }, second] } }, 'which is forbidden by the scope'],
    ['no budget', { plan: { ...plan, budget: { files: 0, lines: 0 } } }, 'both must be at least 1'],
    ['a budget below the plan', { plan: { ...plan, budget: { files: 2, lines: 40 } } }, 'names 3 files, more than its budget of 2'],
    ['a gate left out', { gates: { ...gates, gates: gates.gates.slice(0, 5) } }, 'gate 5 0 times'],
    ['a gate that requires nothing', { gates: { ...gates, gates: gates.gates.map((entry) => ({ ...entry, requires: [] })) } }, 'does not say what gate 0 requires'],
    ['a plan of another workflow', { plan: { ...plan, workflow: 'wf-20261122-aaaaaa' } }, 'plan document belongs to'],
  ])('fails on %s', (_, more, reason) => {
    expect(gate2(more)).toMatchObject({ outcome: 'FAIL', failure: 'invalid' });
    expect(gate2(more).reasons).toContain(reason);
  });
});
