import { fork } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { loadWorkflow } from '../../src/ledger/load.ts';
import { describeLedgerStore, GENESIS_BYTES } from '../../src/ledger/testing/conformance.ts';
import { fakeClock, seededRandom } from '../../src/ledger/testing/fakes.ts';
import { SampleEvents } from '../../src/ledger/testing/sample-events.ts';
import { appendSample } from '../../src/ledger/testing/sample-history.ts';
import { workflowDirectory } from '../../src/domain/ids.ts';
import { git } from '../../src/local/server/test-server.ts';
import type { Fault } from '../../src/local/server/world.ts';
import type { CommitResult } from '../../src/ports/ledger-store.ts';
import { createLedgerBranch } from '../../src/write-gate/ledger-genesis.ts';
import type { MutationAccess } from '../../src/write-gate/mutate.ts';
import { accessOf, CONTROL, openLedgerStore, startTestServer, type TestServer } from './local-github.ts';

const ID = 'wf-20261122-k3v9q2';
const samples = () => new SampleEvents(ID, 2, seededRandom(7));
const bench = (connection: MutationAccess, seed = 1) => ({ store: openLedgerStore(connection), clock: fakeClock(), random: seededRandom(seed) });

async function begin(connection: MutationAccess, bytes: Uint8Array): Promise<CommitResult> {
  const result = await createLedgerBranch(connection, { kind: 'ledger-genesis', repo: CONTROL }, new TextDecoder().decode(bytes));
  return result.kind === 'created' ? { kind: 'committed', commit: result.commit } : { kind: 'lost-race' };
}

/** What native git and the published descriptions say about all that was written. */
function expectSound(server: TestServer): void {
  const gitDir = server.services.gitDir(CONTROL);
  expect(git(gitDir, 'fsck', '--strict', '--full', '--no-dangling')).toBe('');
  expect(git(gitDir, 'rev-list', '--merges', 'ledger')).toBe('');
  expect(git(gitDir, 'log', '--format=', '--diff-filter=a', '--name-only', 'ledger')).toBe('');
  expect(server.services.violations).toEqual([]);
}

describeLedgerStore('GitHub', async () => {
  const server = await startTestServer();
  const connection = accessOf(server, { contents: 'write' });
  return {
    store: openLedgerStore(connection),
    open: () => openLedgerStore(connection),
    createGenesis: (bytes) => begin(connection, bytes),
    remove: async () => {
      expectSound(server);
      await server.close();
    },
  };
});

describe('the GitHub ledger store', () => {
  let server: TestServer;
  let connection: MutationAccess;
  beforeEach(async () => {
    server = await startTestServer();
    connection = accessOf(server, { contents: 'write' });
    await begin(connection, GENESIS_BYTES);
  });
  afterEach(async () => {
    server.services.faults = null;
    expectSound(server);
    await server.close();
  });

  const load = () => loadWorkflow(openLedgerStore(connection), ID);
  /** Breaks the first `times` mutations. */
  const breakCommits = (kind: 'kill-before' | 'kill-after', times: number): void => {
    let left = times;
    server.services.faults = ({ mutating }) => (mutating && left-- > 0 ? { kind } : 'pass');
  };
  const commits = () => server.log().filter(({ kind, mutating }) => kind === 'graphql' && mutating).length;

  test('begins as an orphan commit that holds ledger.json alone', () => {
    const gitDir = server.services.gitDir(CONTROL);
    expect(git(gitDir, 'rev-list', '--count', 'ledger')).toBe('1');
    expect(git(gitDir, 'ls-tree', '-r', '--name-only', 'ledger')).toBe('ledger.json');
  });

  test('an acknowledgement that got lost: what was recorded is found, not recorded again', async () => {
    breakCommits('kill-after', 1);
    expect(await appendSample(bench(connection), samples(), samples().created())).toMatchObject({ kind: 'appended', workflow: { status: 'INGESTED' } });
    expect((await load()).events).toHaveLength(1);
    expect(commits()).toBe(1);
  });

  test('a commit that never arrived is made again', async () => {
    breakCommits('kill-before', 1);
    expect(await appendSample(bench(connection), samples(), samples().created())).toMatchObject({ kind: 'appended' });
    expect((await load()).events).toHaveLength(1);
  });

  test('a connection that stays broken ends with a sentence, and nothing is recorded', async () => {
    breakCommits('kill-before', 100);
    await expect(appendSample(bench(connection), samples(), samples().created())).rejects.toMatchObject({ kind: 'outside', code: 'outcome-unknown' });
    server.services.faults = null;
    expect((await load()).events).toEqual([]);
  });

  test('a race that is lost after the decision is decided again on the new fold', async () => {
    const events = samples();
    await appendSample(bench(connection), events, events.created());
    let rival: Promise<unknown> | null = null;
    server.services.faults = async ({ mutating }): Promise<Fault> => {
      if (!mutating || rival) return 'pass';
      const others = new SampleEvents(ID, 2, seededRandom(9));
      const { entries, evidence } = others.run();
      rival = appendSample(bench(connection, 2), others, { entries: entries.map((entry) => ({ ...entry, idempotencyKey: 'rival' })), evidence });
      await rival;
      return 'pass';
    };
    expect(await appendSample(bench(connection), events, events.ingested())).toMatchObject({ kind: 'appended' });
    expect((await load()).events.map(({ type }) => type)).toEqual(['E_WORKFLOW_CREATED', 'E_RUN_RECORDED', 'E_CONTEXT_INGESTED']);
    expect(commits()).toBe(4);
  });

  test('keeps every append of two processes', async () => {
    await appendSample(bench(connection), samples(), samples().created());
    const { apiUrl, graphqlUrl, token } = connection;
    const children = [1, 2].map((writer) => fork(new URL('append-process.fixture.ts', import.meta.url), [apiUrl, graphqlUrl, token, ID, String(writer), '4'], { stdio: 'inherit' }));
    expect(await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number))).toEqual([0, 0]);
    const { events } = await load();
    expect(new Set(events.map(({ id }) => id)).size).toBe(1 + 2 * 4);
    expect(events).toHaveLength(1 + 2 * 4);
  });

  test('another workflow does not have this one’s evidence, however often it was read', async () => {
    const sample = samples().created();
    const { store, ...rest } = bench(connection);
    await appendSample({ store, ...rest }, samples(), sample);
    const [hash = ''] = sample.entries[0]?.evidence ?? [];
    await store.readEvidence(ID, [hash]);
    await expect(store.readEvidence('wf-20261123-aaaaaa', [hash])).rejects.toMatchObject({ code: 'evidence-missing' });
  });

  test('a token that may only read records nothing', async () => {
    const reader = accessOf(server, { contents: 'read' });
    await expect(appendSample(bench(reader), samples(), samples().created())).rejects.toMatchObject({ kind: 'outside' });
    expect((await load()).events).toEqual([]);
  });

  test('a second ledger is not begun over the first', async () => {
    expect(await begin(connection, GENESIS_BYTES)).toEqual({ kind: 'lost-race' });
  });

  test('what is not a path of this workflow never leaves the machine', async () => {
    const store = openLedgerStore(connection);
    const { tip } = await store.readWorkflow(ID);
    const files = ['0001-workflow-created.json', '../../x.json'].map((name) => ({ path: `${workflowDirectory(ID)}/${name}`, bytes: new Uint8Array() }));
    await expect(store.commit({ expectedTip: tip, message: 'x', files })).rejects.toMatchObject({ kind: 'refused' });
    expect(commits()).toBe(0);
  });
});
