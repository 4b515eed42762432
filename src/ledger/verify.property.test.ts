import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { openLocalLedger } from '../git/ledger-store.ts';
import { openLedgerRepository } from '../git/ledger-objects.ts';
import { GENESIS_BYTES, LEDGER_ID } from './testing/conformance.ts';
import { fakeClock, seededRandom } from './testing/fakes.ts';
import { copyModel, filesOf, readModel, writeModel, type ModelCommit } from './testing/history-model.ts';
import { SampleEvents } from './testing/sample-events.ts';
import { recordHistory } from './testing/sample-history.ts';
import { createRepository, git } from './testing/temporary-repository.ts';
import { verifyLedger } from './verify.ts';

const LONG = process.env['COUNTERSIGN_LONG'] === '1';
/** Each takes a verification of the whole ledger. */
const MUTATIONS_TRIED = LONG ? 1_000 : 100;
/** Each is three lives of workflows, event by event. */
const HISTORIES_TRIED = LONG ? 24 : 4;
const FIRST_SEED = Number(process.env['COUNTERSIGN_SEED']);

let repository: ReturnType<typeof createRepository>;
let honest: ModelCommit[];
beforeAll(async () => {
  repository = createRepository();
  const random = seededRandom(42);
  const bench = { store: openLocalLedger({ gitDir: repository.gitDir, clock: fakeClock(), random }), clock: fakeClock(), random };
  await bench.store.createGenesis(GENESIS_BYTES);
  await recordHistory(bench, new SampleEvents('wf-20261122-k3v9q2', 2, random), { detours: 0.3 });
  await recordHistory(bench, new SampleEvents('wf-20261123-aaaaaa', 1, random));
  honest = readModel(repository.gitDir);
});
afterAll(() => repository.remove());

async function verify(tip: string, rememberedTip?: string) {
  const objects = await openLedgerRepository(join(repository.gitDir, 'objects'));
  try {
    return await verifyLedger({ objects, history: objects.history(tip), tip, ...(rememberedTip === undefined ? {} : { rememberedTip }) });
  } finally {
    await objects.close();
  }
}

it('holds for every history that the state machine accepts', async () => {
  for (let tried = 1; tried <= HISTORIES_TRIED; tried++) {
    const seed = FIRST_SEED + tried;
    const fresh = createRepository();
    try {
      const random = seededRandom(seed);
      const bench = { store: openLocalLedger({ gitDir: fresh.gitDir, clock: fakeClock(), random }), clock: fakeClock(), random };
      await bench.store.createGenesis(GENESIS_BYTES);
      for (const [index, repos] of [1, 2, 3].entries()) await recordHistory(bench, new SampleEvents(`wf-20261122-aaaaa${index}`, repos, random), { detours: (0.8 * tried) / HISTORIES_TRIED });
      const objects = await openLedgerRepository(join(fresh.gitDir, 'objects'));
      const report = await verifyLedger({ objects, ...tipOf(objects, git(fresh.gitDir, ['rev-parse', 'ledger']).toString().trim()) });
      await objects.close();
      expect(report.problems, `seed ${seed}`).toEqual([]);
      expect(report).toMatchObject({ ok: true, ledger: LEDGER_ID, workflows: 3 });
      expect(report.events).toBeGreaterThan(3);
      expect(report.evidence).toBe(git(fresh.gitDir, ['ls-tree', '-r', '--name-only', 'ledger']).toString().split('\n').filter((path) => path.includes('/evidence/')).length);
    } finally {
      fresh.remove();
    }
  }
});

it('reads the honest history again after it was written anew', async () => {
  const tip = writeModel(repository.gitDir, honest, 'refs/heads/again');
  expect((await verify(tip)).problems).toEqual([]);
});

const tipOf = (objects: Awaited<ReturnType<typeof openLedgerRepository>>, tip: string) => ({ tip, history: objects.history(tip) });

const MUTATIONS = ['flip', 'drop-file', 'cut-file', 'grow-file', 'rename', 'change-later', 'remove-later', 'add-stray', 'mode', 'drop-commit', 'swap-commits', 'merge', 'copy-over', 'symlink'] as const;
type Mutation = (typeof MUTATIONS)[number];

// Changes one thing in a copy of the history. Null: this draw would change nothing.
function mutate(commits: ModelCommit[], kind: Mutation, draw: (limit: number) => number): ModelCommit[] | null {
  const files = filesOf(commits);
  const { index, path } = files[draw(files.length)]!;
  const file = commits[index]!.files.get(path)!;
  const last = commits.length - 1;
  switch (kind) {
    case 'flip':
      if (file.bytes.byteLength === 0) return null;
      file.bytes[draw(file.bytes.byteLength)]! ^= 1 << draw(8);
      return commits;
    case 'cut-file':
      file.bytes = file.bytes.subarray(0, draw(file.bytes.byteLength));
      return commits;
    case 'grow-file':
      file.bytes = Buffer.concat([file.bytes, Buffer.from('\n')]);
      return commits;
    case 'drop-file':
      commits[index]!.files.delete(path);
      return commits;
    case 'rename':
      commits[index]!.files.delete(path);
      commits[index]!.files.set(`${path}x`, file);
      return commits;
    case 'mode':
      file.mode = '100755';
      return commits;
    case 'symlink':
      file.mode = '120000';
      return commits;
    case 'change-later':
      if (index === last) return null;
      commits[last]!.files.set(path, { ...file, bytes: Buffer.concat([file.bytes, Buffer.from(' ')]) });
      return commits;
    case 'remove-later':
      if (index === last) return null;
      commits[last]!.files.set(path, null);
      return commits;
    case 'add-stray':
      commits[index]!.files.set(`workflows/2026/11/22/stray-${draw(99)}.json`, { ...file });
      return commits;
    case 'copy-over': {
      const other = files[draw(files.length)]!;
      const bytes = commits[other.index]!.files.get(other.path)!.bytes;
      if (Buffer.compare(bytes, file.bytes) === 0) return null;
      file.bytes = bytes;
      return commits;
    }
    case 'drop-commit':
      if (index === last) return null; // A dropped tail shows against a remembered tip only.
      commits.splice(index, 1);
      // The last event of a workflow may vanish without a trace in the ledger itself: its tail was dropped.
      return isTailOfWorkflow(commits, index, path) ? null : commits;
    case 'swap-commits':
      if (index >= last || sameWorkflow(commits[index]!, commits[index + 1]!) === false) return null;
      [commits[index], commits[index + 1]] = [commits[index + 1]!, commits[index]!];
      return commits;
    case 'merge':
      if (index < 3) return null;
      commits[index]!.mergeOf = draw(index - 2);
      return commits;
  }
}

const workflowOf = (commit: ModelCommit): string | undefined => [...commit.files.keys()][0]?.match(/wf-\d{8}-\w{6}/)?.[0];
const sameWorkflow = (left: ModelCommit, right: ModelCommit): boolean => workflowOf(left) === workflowOf(right);
const isTailOfWorkflow = (commits: readonly ModelCommit[], from: number, path: string): boolean => {
  const workflow = path.match(/wf-\d{8}-\w{6}/)?.[0];
  return workflow !== undefined && !commits.slice(from).some((commit) => workflowOf(commit) === workflow);
};

it('finds every single change of a byte, a file or a commit, and says where', async () => {
  let round = 0;
  let changed = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...MUTATIONS), fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), async (kind, stream) => {
      const draw = (limit: number): number => Math.floor((stream.next().value ?? 0) * limit);
      const forged = mutate(copyModel(honest), kind, draw);
      fc.pre(forged !== null);
      const tip = writeModel(repository.gitDir, forged, `refs/heads/forged-${round++}`);
      changed++;
      const report = await verify(tip);
      expect(report.ok).toBe(false);
      expect(report.problems.length).toBeGreaterThan(0);
      for (const problem of report.problems) expect(problem.message.length).toBeGreaterThan(10);
      if (kind !== 'merge') expect(report.problems.some(({ workflow, path, message }) => workflow !== null || path !== null || /ommit [0-9a-f]{40}/.test(message))).toBe(true);
    }),
    { numRuns: MUTATIONS_TRIED, endOnFailure: true },
  );
  expect(changed).toBe(MUTATIONS_TRIED);
});
