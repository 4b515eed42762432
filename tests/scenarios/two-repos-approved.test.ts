import { expect, test } from 'vitest';
import { findLedger } from '../../src/cli/inspect/find-ledger.ts';
import { replayPorts } from '../../src/cli/inspect/replay-ports.ts';
import { replayWorkflow } from '../../src/orchestrator/replay/replay.ts';
import { inWorld } from './support/world.ts';

test('two repositories, both approved, end DONE with what was approved', async () => {
  await inWorld({}, async (world) => {
    const waiting = await world.start();
    expect(waiting.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    await world.assertNothingWritten();
    const first = await world.approve('ps-1');
    expect(first.status).toBe('WAITING_USER_APPROVAL');
    await world.assertNothingWritten();
    const done = await world.approve('ps-2');
    expect(done.status, await world.logs()).toBe('DONE');
    for (const patchSet of done.patchSets) {
      const branch = `countersign/${done.id}/${patchSet.id}`;
      expect(await world.git(patchSet.repo, 'rev-parse', `refs/heads/${branch}^{tree}`)).toBe(patchSet.resultTree);
      expect(await world.git(patchSet.repo, 'rev-list', '--count', `main..${branch}`)).toBe('1');
      expect(await world.git(patchSet.repo, 'log', '-1', '--format=%(trailers:key=Countersign-Approval,valueonly)', branch)).toBe(`sha256:${patchSet.digest}`);
    }
    // A checkout makes everything again that the bundle made: same grammars, same context, same bytes.
    const ledger = await findLedger(world.dir);
    const replay = await replayWorkflow(replayPorts(ledger, []), done.id);
    expect(replay.items.filter(({ outcome }) => outcome !== 'same')).toEqual([]);
    await world.assertInvariants();
  });
});
