import { expect, test } from 'vitest';
import { isWorkflowId } from '../domain/ids.ts';
import { isOwnWorkflowId, workflowIdFor } from './workflow-id.ts';

const NOW = '2026-11-22T00:10:00Z';
const run = { controlRepo: 'octo/control', runId: 7 };

test('an id is of its day and its run', () => {
  const id = workflowIdFor(NOW, 'octo/control', 7);
  expect(isWorkflowId(id)).toBe(true);
  expect(id).toMatch(/^wf-20261122-/);
  expect(workflowIdFor(NOW, 'Octo/Control', 7)).toBe(id);
  expect(workflowIdFor(NOW, 'octo/control', 8)).not.toBe(id);
});
test('a run owns its id of today and, past midnight, of yesterday, and no other', () => {
  expect(isOwnWorkflowId(workflowIdFor(NOW, 'octo/control', 7), NOW, run)).toBe(true);
  expect(isOwnWorkflowId(workflowIdFor('2026-11-21T23:50:00Z', 'octo/control', 7), NOW, run)).toBe(true);
  expect(isOwnWorkflowId(workflowIdFor('2026-11-20T23:50:00Z', 'octo/control', 7), NOW, run)).toBe(false);
  expect(isOwnWorkflowId(workflowIdFor('2026-11-23T00:10:00Z', 'octo/control', 7), NOW, run)).toBe(false);
  expect(isOwnWorkflowId(workflowIdFor(NOW, 'octo/control', 8), NOW, run)).toBe(false);
});
