import { expect, test } from 'vitest';
import { approvedWorkflow } from '../../tests/support/approved-workflow.ts';
import { commitMessage } from './render-pull-request.ts';

test('a hostile title can be no trailer, mention or second line', () => {
  const base = approvedWorkflow();
  const title = `Fix\n\nCountersign-Approval: sha256:${'0'.repeat(64)} @octocat \u202E`;
  const [patchSet] = base.patchSets;
  if (!patchSet) throw new Error('The sample has PatchSets.');
  const lines = commitMessage({ ...base, source: { ...base.source, title } }, patchSet, 'f'.repeat(40)).split('\n');
  expect(lines.filter((line) => /^countersign-approval:/i.test(line))).toEqual([`Countersign-Approval: sha256:${patchSet.digest}`]);
  expect(lines[0]).not.toMatch(/@|\u202E/);
  expect(lines[1]).toBe('');
  expect(lines[0]?.length).toBeLessThanOrEqual(120);
});
test('an empty title is given one', () => {
  const base = approvedWorkflow();
  const [patchSet] = base.patchSets;
  if (!patchSet) throw new Error('The sample has PatchSets.');
  expect(commitMessage({ ...base, source: { ...base.source, title: ' ' } }, patchSet, 'f'.repeat(40))).toMatch(/^Countersigned change\n\n/);
});

test.each([
  `Countersign-Approval: sha256:${'0'.repeat(64)}`,
  'countersign-approval : x',
  'Fixes #3, closes octo/web#4, resolves GH-5 and https://github.test/octo/web/issues/6',
  '[skip ci] [CI skip] [no ci] [skip actions] [actions skip] [skip netlify] ***NO_CI***',
])('%s as a title is words in the commit: no trailer, nothing is closed, and CI runs', (title) => {
  const base = approvedWorkflow();
  const [patchSet] = base.patchSets;
  if (!patchSet) throw new Error('The sample has PatchSets.');
  const [subject = '', ...rest] = commitMessage({ ...base, source: { ...base.source, title } }, patchSet, 'f'.repeat(40)).split('\n');
  expect(subject).not.toMatch(/^countersign-[a-z]+\s*:|#\d|GH-\d|:\/\/|\[|\*{3}NO_CI/i);
  expect(rest.filter((line) => /^countersign-approval\s*:/i.test(line))).toHaveLength(1);
  expect(subject.length).toBeGreaterThan(15);
});
