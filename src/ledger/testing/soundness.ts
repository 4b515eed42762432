import { join } from 'node:path';

import { expect } from 'vitest';

import type { WorkflowId } from '../../domain/ids.ts';
import { openLocalLedger } from '../../git/ledger-store.ts';
import { openLedgerRepository } from '../../git/ledger-objects.ts';
import { loadWorkflow } from '../load.ts';
import { verifyLedger } from '../verify.ts';
import { fakeClock, seededRandom } from './fakes.ts';
import { git } from './temporary-repository.ts';

/** Requires that the ledger in `gitDir` verifies and that native git finds its objects flawless. */
export async function expectSoundLedger(gitDir: string, context = ''): Promise<void> {
  const objects = await openLedgerRepository(join(gitDir, 'objects'));
  try {
    const tip = git(gitDir, ['rev-parse', 'ledger']).toString().trim();
    const { problems } = await verifyLedger({ objects, history: objects.history(tip), tip });
    expect(problems, context).toEqual([]);
  } finally {
    await objects.close();
  }
  expect(git(gitDir, ['fsck', '--strict', '--full', '--no-dangling']).toString(), context).toBe('');
}

/** The ids of a workflow's events, in order. */
export async function recordedKeys(gitDir: string, workflow: WorkflowId): Promise<readonly string[]> {
  const { events } = await loadWorkflow(openLocalLedger({ gitDir, clock: fakeClock(), random: seededRandom(1) }), workflow);
  return events.map(({ id }) => id);
}
