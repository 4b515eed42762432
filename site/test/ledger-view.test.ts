import { afterAll, expect, test } from 'vitest';
import { readLedgerBytes } from '../src/lib/read-git.ts';
import { loadLedger, type LedgerView } from '../src/lib/load-ledger.ts';
import { decisionOf } from '../src/diff/decision.ts';
import { revisionsOf, viewPatchSet } from '../src/diff/patch-set-view.ts';
import { makeSmallLedger } from './ledger-fixture.ts';
import { removeTemporaryDirs } from './temporary-dir.ts';

const { dir, tip } = makeSmallLedger();
const bytes = readLedgerBytes(dir, 'ledger');
const WAITING = 'wf-20261122-k3v9q2';

afterAll(removeTemporaryDirs);

/** The ledger with every file that `pick` names replaced by what `change` makes of it; null removes it. */
function withChanged(pick: (path: string, text: string) => boolean, change: (text: string) => string | null): LedgerView {
  const files = [...bytes.files].flatMap(([path, content]): [string, Uint8Array][] => {
    const text = Buffer.from(content).toString('utf8');
    if (!pick(path, text)) return [[path, content]];
    const changed = change(text);
    return changed === null ? [] : [[path, Buffer.from(changed)]];
  });
  return loadLedger({ tip: bytes.tip, files: new Map(files) });
}

function decisionIn(ledger: LedgerView) {
  const view = ledger.workflows.find(({ workflow }) => workflow.id === WAITING);
  const body = view && revisionsOf(view, 'ps-2').at(-1)?.body;
  if (!view || !body) throw new Error('the waiting PatchSet is gone');
  return decisionOf(view.workflow, viewPatchSet(view, body));
}

test('a sound ledger is read whole', () => {
  const ledger = loadLedger(bytes);
  expect(ledger.tip).toBe(tip);
  expect(ledger.workflows.map(({ workflow }) => workflow.status).toSorted()).toEqual(['BLOCKED_POLICY', 'DECLINED', 'DONE', 'DONE', 'NEEDS_HUMAN', 'WAITING_USER_APPROVAL', 'WAITING_USER_APPROVAL']);
  expect(ledger.broken).toEqual([]);
  expect(decisionIn(ledger)).toEqual({ kind: 'open', runId: 9021 });
});

test('a changed event breaks its workflow and no other', () => {
  const ledger = withChanged((path) => path.includes(WAITING) && path.includes('/0004-'), (text) => text.replace('"GO"', '"NO_GO"'));
  expect(ledger.broken.map(({ id }) => id)).toEqual([WAITING]);
  expect(ledger.workflows).toHaveLength(6);
});

test('a missing event breaks its workflow', () => {
  expect(withChanged((path) => path.includes(WAITING) && path.includes('/0005-'), () => null).broken.map(({ id }) => id)).toEqual([WAITING]);
});

test.each([
  ['a diff that does not have its hash', (path: string) => path.endsWith('.diff'), (text: string) => text.replace('1000', '9999')],
  ['a missing diff', (path: string) => path.endsWith('.diff'), () => null],
  ['a missing manifest', (_: string, text: string) => text.includes('countersign/manifest@1'), () => null],
  ['a missing policy result', (_: string, text: string) => text.includes('countersign/policy-result@1'), () => null],
])('%s closes the decision', (_, pick, change) => {
  const decision = decisionIn(withChanged((path, text) => path.includes(`${WAITING}/evidence/`) && pick(path, text), change));
  expect(decision.kind).toBe('closed');
});

test('a branch that holds no ledger is refused with a sentence', () => {
  expect(() => withChanged((path) => path === 'ledger.json', () => null)).toThrow(/holds no ledger/);
});
