import { expect, test } from 'vitest';
import { workflowDirectory } from '../domain/ids.ts';
import type { CommitResult, LedgerStore, WorkflowSnapshot } from '../ports/ledger-store.ts';
import { sha256 } from '../schema/sha256.ts';
import { rememberingStore } from './remembering-store.ts';

const ID = 'wf-20261122-k3v9q2';
const OTHER = 'wf-20261122-aaaaaa';
const bytes = new TextEncoder().encode('{}');
const event = { path: `${workflowDirectory(ID)}/0001-workflow-created.json`, bytes };
const evidence = { path: `${workflowDirectory(ID)}/evidence/${sha256(bytes)}.json`, bytes };
const commit = (expectedTip: string) => ({ expectedTip, message: 'm', files: [event, evidence] });

function store(result: CommitResult, tip = 'tip-1') {
  const calls: string[] = [];
  const under: LedgerStore = {
    readWorkflow: async (id): Promise<WorkflowSnapshot> => (calls.push(`read ${id}`), { tip, ledger: 'l', events: [] }),
    readEvidence: async (_id, hashes) => (calls.push(`evidence ${hashes.length}`), new Map(hashes.map((hash) => [hash, bytes]))),
    commit: async () => (calls.push('commit'), result),
  };
  return { remembering: rememberingStore(under), calls };
}

test('what was read or written is not asked for again', async () => {
  const { remembering, calls } = store({ kind: 'committed', commit: 'tip-2' });
  await remembering.readWorkflow(ID);
  await remembering.readWorkflow(ID);
  await remembering.commit(commit('tip-1'));
  expect(await remembering.readWorkflow(ID)).toEqual({ tip: 'tip-2', ledger: 'l', events: [event] });
  expect(await remembering.readEvidence(ID, [sha256(bytes)])).toEqual(new Map([[sha256(bytes), bytes]]));
  expect(calls).toEqual([`read ${ID}`, 'commit']);
});
test('a lost race forgets everything', async () => {
  const { remembering, calls } = store({ kind: 'lost-race' });
  await remembering.readWorkflow(ID);
  await remembering.commit(commit('tip-1'));
  await remembering.readWorkflow(ID);
  expect(calls).toEqual([`read ${ID}`, 'commit', `read ${ID}`]);
});
test('a workflow that was read at another tip than the one built on is read again', async () => {
  const { remembering, calls } = store({ kind: 'committed', commit: 'tip-2' });
  remembering.remember(OTHER, { tip: 'tip-0', ledger: 'l', events: [] });
  await remembering.commit(commit('tip-1'));
  await remembering.readWorkflow(OTHER);
  expect(calls).toEqual(['commit', `read ${OTHER}`]);
});
test('only missing evidence is read', async () => {
  const { remembering, calls } = store({ kind: 'lost-race' });
  await remembering.readEvidence(ID, ['a']);
  await remembering.readEvidence(ID, ['a', 'b']);
  expect(calls).toEqual(['evidence 1', 'evidence 1']);
});
