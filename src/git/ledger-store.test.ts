import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { loadWorkflow } from '../ledger/load.ts';
import { describeLedgerStore, GENESIS_BYTES } from '../ledger/testing/conformance.ts';
import { fakeClock, seededRandom } from '../ledger/testing/fakes.ts';
import { SampleEvents } from '../ledger/testing/sample-events.ts';
import { appendSample, recordHistory } from '../ledger/testing/sample-history.ts';
import { createRepository, git } from '../ledger/testing/temporary-repository.ts';
import { openLocalLedger } from './ledger-store.ts';

const ID = 'wf-20261122-k3v9q2';
const open = (gitDir: string) => openLocalLedger({ gitDir, clock: fakeClock(), random: seededRandom(3) });

describeLedgerStore('local git', async () => {
  const { gitDir, remove } = createRepository();
  const store = open(gitDir);
  return { store, open: () => open(gitDir), createGenesis: (bytes) => store.createGenesis(bytes), remove };
});

describe('the local ledger store', () => {
  let repository: ReturnType<typeof createRepository>;
  beforeEach(() => {
    repository = createRepository();
  });
  afterEach(() => repository.remove());
  const bench = () => ({ store: open(repository.gitDir), clock: fakeClock(), random: seededRandom(1) });
  const samples = () => new SampleEvents(ID, 2, seededRandom(7));

  it('writes what native git finds flawless, before and after packing', async () => {
    await open(repository.gitDir).createGenesis(GENESIS_BYTES);
    const done = await recordHistory(bench(), samples());
    expect(git(repository.gitDir, ['fsck', '--strict', '--full', '--no-dangling']).toString()).toBe('');
    git(repository.gitDir, ['gc', '-q', '--prune=now']);
    git(repository.gitDir, ['pack-refs', '--all']);
    expect(existsSync(join(repository.gitDir, 'refs/heads/ledger'))).toBe(false);
    expect((await loadWorkflow(open(repository.gitDir), ID)).workflow).toEqual(done);
    await appendSample({ ...bench(), store: open(repository.gitDir) }, new SampleEvents('wf-20261122-bbbbbb', 1, seededRandom(8)), new SampleEvents('wf-20261122-bbbbbb', 1, seededRandom(8)).created());
    expect(git(repository.gitDir, ['fsck', '--strict', '--full', '--no-dangling']).toString()).toBe('');
  });

  it('tells the story line by line in the commit list, with trailers', async () => {
    await open(repository.gitDir).createGenesis(GENESIS_BYTES);
    await recordHistory(bench(), samples());
    const subjects = git(repository.gitDir, ['log', '--format=%s', 'ledger']).toString().split('\n');
    expect(subjects[0]).toBe(`${ID}: finished DONE`);
    expect(subjects).toContainEqual(expect.stringMatching(/^wf-20261122-k3v9q2: ps-1 r1 approved by octocat \([0-9a-f]{4}…[0-9a-f]{2}\)$/));
    expect(git(repository.gitDir, ['log', '-1', '--format=%(trailers:key=Countersign-Workflow,valueonly)', 'ledger']).toString().trim()).toBe(ID);
  });

  it('waits for a writer that holds the lock, and says so when it never lets go', async () => {
    await open(repository.gitDir).createGenesis(GENESIS_BYTES);
    const lock = join(repository.gitDir, 'refs/heads/ledger.lock');
    writeFileSync(lock, '');
    await expect(appendSample(bench(), samples(), samples().created())).rejects.toMatchObject({ kind: 'outside', code: 'ledger-locked' });
    rmSync(lock);
    expect(await appendSample(bench(), samples(), samples().created())).toMatchObject({ kind: 'appended' });
    expect(existsSync(lock)).toBe(false);
  });

  it('leaves nothing half-written when objects cannot be written', async () => {
    const store = open(repository.gitDir);
    await store.createGenesis(GENESIS_BYTES);
    const { tip } = await store.readWorkflow(ID);
    const objects = join(repository.gitDir, 'objects');
    // A file where a folder must be: the writes that need it fail, whoever runs the test.
    const blocked = Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, '0')).filter((name) => !existsSync(join(objects, name)));
    for (const name of blocked) writeFileSync(join(objects, name), '');
    await expect(appendSample(bench(), samples(), samples().created())).rejects.toMatchObject({ kind: 'outside' });
    for (const name of blocked) rmSync(join(objects, name));
    expect(await store.readWorkflow(ID)).toMatchObject({ tip, events: [] });
    expect(await appendSample(bench(), samples(), samples().created())).toMatchObject({ kind: 'appended' });
    expect(git(repository.gitDir, ['fsck', '--strict', '--no-dangling']).toString()).toBe('');
  });

  it('never moves a branch that points elsewhere by now, whoever moved it', async () => {
    const store = open(repository.gitDir);
    await store.createGenesis(GENESIS_BYTES);
    const { tip } = await store.readWorkflow(ID);
    const tree = git(repository.gitDir, ['rev-parse', 'ledger^{tree}']).toString().trim();
    const other = git(repository.gitDir, ['-c', 'user.name=n', '-c', 'user.email=e', 'commit-tree', tree, '-p', tip, '-m', 'other']).toString().trim();
    git(repository.gitDir, ['update-ref', 'refs/heads/ledger', other, tip]);
    expect(await store.commit({ expectedTip: tip, message: 'm\n', files: [{ path: 'x.txt', bytes: new Uint8Array() }] })).toEqual({ kind: 'lost-race' });
    expect(git(repository.gitDir, ['rev-parse', 'ledger']).toString().trim()).toBe(other);
  });

  it.each(['ledger.json', '../x', '.git/config', 'a//b', 'a/../b', 'con\u0000', 'x.lock'])('refuses to add the path %j', async (path) => {
    const store = open(repository.gitDir);
    await store.createGenesis(GENESIS_BYTES);
    const { tip } = await store.readWorkflow(ID);
    await expect(store.commit({ expectedTip: tip, message: 'm\n', files: [{ path, bytes: new Uint8Array() }] })).rejects.toMatchObject({ kind: 'broken' });
  });

  it('reads no folder with more files than a workflow has events', async () => {
    const store = open(repository.gitDir);
    await store.createGenesis(GENESIS_BYTES);
    const blob = git(repository.gitDir, ['rev-parse', 'ledger:ledger.json']).toString().trim();
    let tree = git(repository.gitDir, ['mktree'], Buffer.from(Array.from({ length: 10_000 }, (_, index) => `100644 blob ${blob}\tf${index}\n`).join(''))).toString().trim();
    for (const name of [ID, '22', '11', '2026']) tree = git(repository.gitDir, ['mktree'], Buffer.from(`040000 tree ${tree}\t${name}\n`)).toString().trim();
    tree = git(repository.gitDir, ['mktree'], Buffer.from(`040000 tree ${tree}\tworkflows\n100644 blob ${blob}\tledger.json\n`)).toString().trim();
    const commit = git(repository.gitDir, ['-c', 'user.name=n', '-c', 'user.email=e', 'commit-tree', tree, '-m', 'many']).toString().trim();
    git(repository.gitDir, ['update-ref', 'refs/heads/ledger', commit]);
    await expect(open(repository.gitDir).readWorkflow(ID)).rejects.toMatchObject({ kind: 'input', code: 'ledger-too-large', message: expect.stringContaining('10,000 files') });
  });

  it('says what to do when there is no ledger, and when refs are kept in a way it cannot lock', async () => {
    await expect(open(repository.gitDir).readWorkflow(ID)).rejects.toMatchObject({ kind: 'input', code: 'no-ledger' });
    git(repository.gitDir, ['config', 'extensions.refStorage', 'reftable']);
    await expect(open(repository.gitDir).createGenesis(GENESIS_BYTES)).rejects.toMatchObject({ kind: 'input', code: 'repository-format' });
  });
});
