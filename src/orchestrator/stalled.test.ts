import { describe, expect, test } from 'vitest';
import { artifact, created, decided, gate, ingested, needsHuman, play, proposed } from '../domain/testing/events.ts';
import type { Workflow } from '../domain/workflow.ts';
import { isStalledBy, workflowsOf, type Carrier, type FailedRun } from './stalled.ts';

const designed = play(null, created(), ingested(), decided(), artifact('architecture'), artifact('scope'), artifact('plan'), artifact('gates'), gate(0), gate(1), gate(2));
const proposing = play(designed, (workflow) => proposed(workflow, 0));
const paused = play(designed, needsHuman('INGESTED'));
const watching: Workflow = { ...proposing, status: 'VERIFYING_CI' };

describe('whether a failed run leaves something undone that nobody else does', () => {
  test.each<[string, Carrier, Workflow, last: number, boolean]>([
    ['the design is recorded, its patches never came', 'start', designed, 50, true],
    ['the run that somebody dispatched recorded nothing at all', 'start', proposing, 40, true],
    ['a later run has recorded since', 'start', designed, 51, false],
    ['a person is asked already', 'start', paused, 50, false],
    ['the pull requests are watched by another file', 'start', watching, 50, false],
    ['observe failed', 'observe', watching, 40, true],
    ['observe failed, and a later one has looked', 'observe', watching, 51, false],
    ['observe failed while patches are made by another run', 'observe', proposing, 40, false],
    ['observe asked for a regeneration and could not start it', 'observe', proposing, 50, true],
    ['an answer is recorded and nothing was started', 'answer', designed, 50, true],
    ['a comment that recorded nothing, while another run is at work', 'answer', designed, 40, false],
    ['an answer to what is being watched', 'answer', watching, 50, false],
  ])('%s', (_name, carrier, workflow, last, stalled) => expect(isStalledBy({ id: 50, carrier }, workflow, last)).toBe(stalled));
});

describe('which workflow a failed run was about', () => {
  const ask = (run: Partial<FailedRun>, body = '') =>
    workflowsOf(
      { job: { controlRepo: 'octo/control', clock: { now: () => '2026-11-23T00:10:00Z' } as never }, control: { readIssue: async () => ({ body }) } as never },
      { id: 7, title: '', carrier: 'start', createdAt: '2026-11-22T23:50:00Z', ...run },
      { inTitle: (title) => /wf-\S+$/.exec(title)?.[0] ?? null, inIssue: (text) => text || null },
    );

  test('the one that its title names', async () => expect(await ask({ title: 'Observe · wf-20261122-k3v9q2' })).toEqual(['wf-20261122-k3v9q2']));
  test('the one that a starting run may have created, before or after midnight', async () => {
    const ids = await ask({ title: 'Start · https://github.com/octo/api/issues/1' });
    expect(ids).toHaveLength(2);
    expect(ids.map((id) => id.slice(0, 11))).toEqual(['wf-20261122', 'wf-20261123']);
    expect(new Set(ids.map((id) => id.slice(12))).size).toBe(1);
  });
  test('the one that the commented issue tracks', async () => expect(await ask({ carrier: 'answer', title: 'Answer · #12' }, 'wf-20261122-k3v9q2')).toEqual(['wf-20261122-k3v9q2']));
  test('none', async () => {
    expect(await ask({ carrier: 'answer', title: 'Answer · #12' })).toEqual([]);
    expect(await ask({ carrier: 'observe', title: 'Observe · all open workflows' })).toEqual([]);
  });
});
