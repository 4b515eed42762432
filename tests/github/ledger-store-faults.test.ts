import { fork } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { WORKFLOW } from '../../src/ledger/testing/fault-cases.ts';
import { GENESIS_BYTES } from '../../src/ledger/testing/genesis.ts';
import { seededRandom } from '../../src/ledger/testing/fakes.ts';
import { SampleEvents } from '../../src/ledger/testing/sample-events.ts';
import { appendSample } from '../../src/ledger/testing/sample-history.ts';
import { expectSoundLedger, recordedKeys } from '../../src/ledger/testing/soundness.ts';
import { describeFaults, describeStoreFaults, liveThrough, type LedgerUnderTest } from '../../src/ledger/testing/store-faults.ts';
import type { Fault } from '../../src/local/server/world.ts';
import { createLedgerBranch } from '../../src/write-gate/ledger-genesis.ts';
import type { MutationAccess } from '../../src/write-gate/mutate.ts';
import { accessOf, CONTROL, openLedgerStore, startTestServer, type TestServer } from './local-github.ts';
import { fakeClock } from '../support/loopback-server.ts';

interface GitHubUnderTest extends LedgerUnderTest {
  readonly server: TestServer;
  readonly connection: MutationAccess;
}

async function create(): Promise<GitHubUnderTest> {
  const server = await startTestServer();
  const connection = accessOf(server, { contents: 'write' });
  await createLedgerBranch(connection, { kind: 'ledger-genesis', repo: CONTROL }, new TextDecoder().decode(GENESIS_BYTES));
  return { server, connection, open: () => openLedgerStore(connection), gitDir: server.services.gitDir(CONTROL), remove: () => server.close() };
}

const KILLED_AT = process.env['COUNTERSIGN_LONG'] === '1' ? [1, 2, 3, 4] : [2];

describeStoreFaults('GitHub', create);

describe('GitHub: a fault in each request in turn', () => {
  let under: GitHubUnderTest;
  beforeEach(async () => {
    under = await create();
  });
  afterEach(() => under.remove());

  const FAULTS: readonly (readonly [string, Fault])[] = [
    ['breaks before', { kind: 'kill-before' }],
    ['breaks after', { kind: 'kill-after' }],
    ['502', { kind: 'status', status: 502 }],
    ['500', { kind: 'status', status: 500 }],
  ];
  const lost: Fault = { kind: 'kill-after' };
  // The requests of a step in order: the read, the commit, and where that had no answer the read after it, which is repeated.
  const COMBINATIONS = FAULTS.flatMap(([name, fault]) => [
    { title: `${name}: the read`, faults: [fault] },
    { title: `${name}: the commit`, faults: ['pass', fault] },
    { title: `${name}: the read after a lost answer`, faults: ['pass', lost, fault] },
    { title: `${name}: the commit and two reads after it`, faults: ['pass', fault, fault, fault] },
  ] satisfies { title: string; faults: readonly Fault[] }[]);

  describeFaults('GitHub, each request', COMBINATIONS, async (pick) => {
    const { services } = under.server;
    let points = 0;
    const steps = await liveThrough(under, {
      begin(store, step) {
        const left: Fault[] = [...pick(step)];
        services.faults = () => {
          const fault = left.shift() ?? 'pass';
          if (fault !== 'pass') points++;
          return fault;
        };
        return { store, killed: new Promise<never>(() => undefined) };
      },
      end: () => {
        services.faults = null;
      },
    });
    return { steps, points };
  });

  test.each(['kill-before', 'kill-after'] as const)('a real process that is killed while a request is carried out: %s', async (kind) => {
    const { server, connection, gitDir } = under;
    const samples = new SampleEvents(WORKFLOW, 2, seededRandom(7));
    await appendSample({ store: under.open(), clock: fakeClock(), random: seededRandom(1) }, samples, samples.created());
    const run = async (killAt: number | null): Promise<number | null> => {
      let requests = 0;
      const child = fork(new URL('append-process.fixture.ts', import.meta.url), [connection.apiUrl, connection.graphqlUrl, connection.token, WORKFLOW, 'w', '2'], { stdio: 'inherit' });
      server.services.onKill = () => void child.kill('SIGKILL');
      server.services.faults = () => (++requests === killAt ? { kind } : 'pass');
      const [code] = (await once(child, 'exit')) as [number | null];
      server.services.faults = null;
      server.services.onKill = null;
      return code;
    };
    // Two appends of two requests each; each process goes on where the last one was killed.
    for (const killAt of KILLED_AT) await run(killAt);
    expect(await run(null)).toBe(0);
    expect(await recordedKeys(gitDir, WORKFLOW)).toEqual([`${WORKFLOW}:0`, 'writer-w-0', 'writer-w-1']);
    await expectSoundLedger(gitDir);
  });
});
