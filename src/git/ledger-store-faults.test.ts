import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { FAULT_CASES, openStore, PreparedCase, WORKFLOW } from '../ledger/testing/fault-cases.ts';
import { FAULT_MODES, FaultInjector, type Fault } from '../ledger/testing/faults.ts';
import { FaultyDisk } from '../ledger/testing/faulty-disk.ts';
import { expectSoundLedger, recordedKeys } from '../ledger/testing/soundness.ts';

// npm test tries some of the points, each time others; test:long tries all, and kills real processes at all of them.
const IS_LONG = process.env['COUNTERSIGN_LONG'] === '1';
const TRIED_SHARE = 20;
const KILLED_SHARE = 100;
const OFFSET = Number(process.env['COUNTERSIGN_SEED']);
const PROGRAM = fileURLToPath(new URL('../ledger/testing/fault-process.ts', import.meta.url));

const some = <T>(all: readonly T[], share: number): readonly T[] => (IS_LONG ? all : all.filter((_, index) => (index + OFFSET) % share === 0));

describe.each(FAULT_CASES)('$name, with a fault in each call in turn', (given) => {
  let prepared: PreparedCase;
  let calls: readonly string[];
  beforeAll(async () => {
    prepared = await PreparedCase.prepare(given);
    const gitDir = prepared.copy();
    const injector = new FaultInjector([]);
    await given.run(openStore(gitDir, new FaultyDisk(gitDir, injector)));
    await expectRecorded(gitDir, 'no fault');
    calls = [...injector.calls];
  });
  afterEach(() => prepared.removeCopies());
  afterAll(() => prepared.remove());

  /** The step is run again, as a job would; then nothing is lost and nothing is there twice. */
  async function expectRecoverable(gitDir: string, fault: Fault): Promise<void> {
    const context = `${fault.mode} at ${fault.call}`;
    await given.run(openStore(gitDir));
    await expectRecorded(gitDir, context);
    expect(existsSync(join(gitDir, 'refs/heads/ledger.lock')), context).toBe(false);
  }

  async function expectRecorded(gitDir: string, context: string): Promise<void> {
    expect(await recordedKeys(gitDir, WORKFLOW), context).toEqual(given.keys);
    await expectSoundLedger(gitDir, context);
  }

  it('an error before or after it, the end of the process, the call carried out twice', async () => {
    const points = calls.flatMap((call) => FAULT_MODES.map((mode): Fault => ({ call, mode })));
    const tried = some(points, TRIED_SHARE);
    for (const fault of tried) {
      const gitDir = prepared.copy();
      const injector = new FaultInjector([fault]);
      const disk = new FaultyDisk(gitDir, injector);
      const outcome = await Promise.race([given.run(openStore(gitDir, disk)).catch((error: unknown) => error), injector.killed]);
      await disk.release();
      expect(injector.calls, `${fault.mode} at ${fault.call}`).toContain(fault.call);
      if (outcome instanceof Error) expect(outcome, `${fault.mode} at ${fault.call}`).toMatchObject({ name: 'CountersignError', kind: 'outside' });
      if (!fault.mode.startsWith('killed')) expect(leftovers(gitDir), `${fault.mode} at ${fault.call}`).toEqual(fault.call.startsWith('rm ') ? expect.anything() : []);
      await expectRecoverable(gitDir, fault);
      prepared.removeCopies();
    }
    process.stderr.write(`${given.name}: ${tried.length} of ${points.length} points tried (${calls.length} calls, seed ${OFFSET})\n`);
  });

  it('a real process killed at it', async () => {
    const points = calls.flatMap((call) => (['killed-before', 'killed-after'] as const).map((mode): Fault => ({ call, mode })));
    const tried = some(points, KILLED_SHARE);
    for (const fault of tried) {
      const gitDir = prepared.copy();
      const child = spawn(process.execPath, [PROGRAM, gitDir, given.name, fault.mode, fault.call], { stdio: ['ignore', 'ignore', 'inherit'] });
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
      expect(signal, `${fault.mode} at ${fault.call}`).toBe('SIGKILL');
      await expectRecoverable(gitDir, fault);
      prepared.removeCopies();
    }
    process.stderr.write(`${given.name}: ${tried.length} of ${points.length} kills of a process tried (seed ${OFFSET})\n`);
  });
});

/** Half-written files beside the objects: an error must not leave any. */
const leftovers = (gitDir: string): readonly string[] => readdirSync(join(gitDir, 'objects'), { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('tmp_obj'));
