import { expect, test } from 'vitest';
import type { ChangeSet } from '../domain/change-set.ts';
import type { Plan } from '../domain/documents.ts';
import { patchesOf } from './plan-of.ts';

const task = (id: string, repo: string, ...paths: string[]): Plan['tasks'][number] => ({ id, title: id, criteriaIds: [], repo, files: paths.map((path) => ({ path, operation: 'modify' })), dependsOn: [], verification: '' });
const plan: Plan = {
  schemaVersion: 1, workflow: 'wf-20261122-k3v9q2', stage: 'plan', author: 'recipe', inputHashes: [], contextHash: '0'.repeat(64), evidence: [], unknowns: [], assumptions: [],
  tasks: [task('T1', 'octo/api', 'src/*.ts'), task('T2', 'octo/api', 'src/a.ts', 'docs/[x].md'), task('T3', 'octo/web', 'src/a.ts')],
  budget: { files: 9, lines: 9 }, rollback: '',
};
const changeSet = (...paths: string[]): ChangeSet => ({
  base: { commit: '1'.repeat(40), tree: '2'.repeat(40) }, result: { tree: '3'.repeat(40) },
  changes: paths.map((path) => ({ path, op: 'modify', oldMode: '100644', newMode: '100644', oldBlob: '4'.repeat(40), newBlob: '5'.repeat(40) })),
}) satisfies ChangeSet;

test('a file belongs to the first task of its repository that names it, by glob or by its very name', () => {
  expect(patchesOf(plan, 'octo/api', changeSet('src/a.ts', 'docs/[x].md', 'other.txt'))).toEqual([
    { id: 'patch-T1', task: 'T1', paths: ['src/a.ts'] },
    { id: 'patch-T2', task: 'T2', paths: ['docs/[x].md'] },
  ]);
});
