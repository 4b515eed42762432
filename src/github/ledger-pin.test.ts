import { expect, test } from 'vitest';

import { pinLedger } from './ledger-pin.ts';
import type { LedgerAnswer } from './ledger-query.ts';

const oid = (digit: string): string => digit.repeat(40);
const entry = (name: string, type: string, digit: string) => ({ name, type, oid: oid(digit) });
const tree = (digit: string, ...entries: ReturnType<typeof entry>[]) => ({ oid: oid(digit), entries });
const blob = { byteSize: 2, isBinary: false, isTruncated: false, text: '{}' };

const answer: LedgerAnswer = {
  defaultBranchRef: { name: 'main' },
  config: null,
  ledger: { target: { oid: oid('f'), tree: tree('0', entry('ledger.json', 'blob', '9'), entry('workflows', 'tree', '1')) } },
  genesis: { ...blob, oid: oid('9') },
  root: tree('1', entry('2026', 'tree', '2')),
  year: tree('2', entry('11', 'tree', '3')),
  month: tree('3', entry('22', 'tree', '4')),
  day: tree('4', entry('wf-20261122-k3v9q2', 'tree', '5')),
  workflow: tree('5', entry('0001-workflow-created.json', 'blob', 'a'), entry('evidence', 'tree', '6')),
  evidence: tree('6', entry(`${'e'.repeat(64)}.json`, 'blob', 'b')),
};
const pin = (changes: Partial<LedgerAnswer>, id = 'wf-20261122-k3v9q2') => pinLedger({ ...answer, ...changes }, id).kind;

test('a whole answer is of its tip', () => {
  const pinned = pinLedger(answer, 'wf-20261122-k3v9q2');
  expect(pinned).toMatchObject({ kind: 'pinned', tip: oid('f') });
  expect(pinned.kind === 'pinned' && pinned.events.map(({ name }) => name)).toEqual(['0001-workflow-created.json']);
  expect(pinned.kind === 'pinned' && pinned.evidence).toHaveLength(1);
});

test('a workflow that does not exist has no events', () => {
  const none = pinLedger({ ...answer, workflow: null, evidence: null }, 'wf-20261122-zzzzzz');
  expect(none).toMatchObject({ kind: 'pinned', events: [], evidence: [] });
});

test('parts of two commits are torn, at every level', () => {
  for (const level of ['root', 'year', 'month', 'day', 'workflow', 'evidence'] as const) {
    expect(pin({ [level]: tree('7') }), level).toBe('torn');
    expect(pin({ [level]: null }), level).toBe('torn');
  }
  expect(pin({ genesis: { ...blob, oid: oid('8') } })).toBe('torn');
});

test('no branch is no ledger', () => expect(pin({ ledger: null })).toBe('no-ledger'));
