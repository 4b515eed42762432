import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { workflowDirectory } from '../src/domain/ids.ts';
import type { Workflow } from '../src/domain/workflow.ts';
import { openLocalLedger } from '../src/git/ledger-store.ts';
import { canonicalJson, sha256 } from '../src/ledger/canonical-json.ts';
import { readModel, writeModel, type ModelCommit } from '../src/ledger/testing/history-model.ts';
import { GENESIS_BYTES } from '../src/ledger/testing/genesis.ts';
import { fakeClock, seededRandom } from '../src/ledger/testing/fakes.ts';
import { SampleEvents } from '../src/ledger/testing/sample-events.ts';
import { appendSample, nextStep } from '../src/ledger/testing/sample-history.ts';
import { Forgery, TAMPERINGS } from '../src/ledger/testing/tamper.ts';
import { createRepository, git } from '../src/ledger/testing/temporary-repository.ts';
import { createSampleWorld } from './vectors/sample-world.ts';

// Writes ledger-schema/vectors/: a ledger that the product's own use cases recorded, with a clock and run numbers that are
// the same each time, and what becomes of it under each known attack. Golden: run it when the format changes, and only then.

const SHORTER = ['```search/replace path=src/notice.js repo=local/web task=T3', '<<<<<<< SEARCH', '    return `The weather service is busy. Please try again in ${Math.ceil(error.retryAfterMs / 1000)} s.`;', '=======', '    return `The weather service is busy. Try again in ${Math.ceil(error.retryAfterMs / 1000)} s.`;', '>>>>>>> REPLACE', '```'].join('\n');

/** One workflow to DONE, with a second revision on the way; one that asks and is cancelled. */
async function recordLedger(): Promise<{ commits: ModelCommit[]; first: string; second: string }> {
  const world = await createSampleWorld();
  try {
    const done = world.workshop();
    await done.start();
    await done.requestChanges('ps-2', `Shorter, please.\n\n${SHORTER}\n`);
    await done.approve('ps-1');
    await done.approve('ps-2');
    const { status } = await done.observe();
    if (status !== 'DONE') throw new Error(`the workflow ended ${status}`);
    const asks = world.workshop({ firstRun: 2_000, issue: { title: 'Retries', body: 'Retry more often.\n\n## Repositories\n\n- local/api\n' } });
    await asks.start();
    await asks.comment('/cancel');
    return { commits: readModel(world.control), first: done.id, second: asks.id };
  } finally {
    await world.remove();
  }
}

/** A workflow apart, with the types of events that the ledger above has no occasion for: it asks, is answered, and is rejected. */
async function recordRest(): Promise<ModelCommit[]> {
  const repository = createRepository();
  try {
    const random = seededRandom(1);
    const bench = { store: openLocalLedger({ gitDir: repository.gitDir, clock: fakeClock(), random }), clock: fakeClock(), random };
    await bench.store.createGenesis(GENESIS_BYTES);
    const events = new SampleEvents('wf-20261122-aaaaaa', 1, random);
    let workflow: Workflow | null = null;
    const append = async (sample: ReturnType<typeof nextStep>): Promise<void> => {
      const result = await appendSample(bench, events, sample);
      if (result.kind !== 'appended') throw new Error(`the workflow apart stopped: ${result.kind}`);
      workflow = result.workflow;
    };
    const state = (): Workflow => {
      if (!workflow) throw new Error('the workflow apart did not begin');
      return workflow;
    };
    await append(nextStep(events, null));
    await append(events.needsHuman(state()));
    await append(events.answered());
    while (!state().patchSets[0]?.request) await append(nextStep(events, state()));
    const [patchSet] = state().patchSets;
    if (patchSet) await append(events.rejected(patchSet));
    return readModel(repository.gitDir);
  } finally {
    repository.remove();
  }
}

interface LedgerEntry {
  readonly name: string;
  readonly does: string;
  readonly ref: string;
  readonly tip: string;
  readonly expect: readonly string[];
  readonly rememberedTip: string | null;
}

async function generate(folder: string): Promise<void> {
  const { commits, first, second } = await recordLedger();
  const repository = createRepository();
  try {
    const ledgers = writeLedgers(repository.gitDir, commits, { folder: workflowDirectory(first), other: workflowDirectory(second) });
    await mkdir(folder, { recursive: true });
    // One thread and no deltas: the same objects are the same bytes each time.
    const pack = ['-c', 'pack.threads=1', '-c', 'pack.window=0', '-c', 'pack.compression=9'];
    git(repository.gitDir, [...pack, 'bundle', 'create', '--quiet', join(folder, 'ledgers.bundle'), ...ledgers.map(({ ref }) => ref)]);
    await writeJson(join(folder, 'ledgers.json'), { about: ABOUT_LEDGERS, ledgers });
    await writeJson(join(folder, 'events.json'), { about: ABOUT_EVENTS, events: eventsOf([...commits, ...(await recordRest())]) });
  } finally {
    repository.remove();
  }
}

const ABOUT_LEDGERS =
  'Each is a branch of ledgers.bundle. `expect`: the codes of which a verifier must report at least these; none: the ledger holds. `rememberedTip`: the tip that the verifier is told to have seen before.';
const ABOUT_EVENTS = 'One event of each type: those of the good ledger, and for types that it has no occasion for, those of a workflow apart. `text` is the file, `sha256` the hash of its bytes, which the next event of the workflow names as `prev`.';

function writeLedgers(gitDir: string, honest: readonly ModelCommit[], folders: { folder: string; other: string }): LedgerEntry[] {
  const good = { name: 'good', does: 'A ledger as it should be.', ref: 'refs/heads/good', tip: writeModel(gitDir, honest, 'refs/heads/good'), expect: [], rememberedTip: null };
  const tampered = TAMPERINGS.map(({ name, does, expect, needsTip, forge }): LedgerEntry => {
    const forgery = new Forgery(honest, folders);
    forge(forgery);
    return { name, does, ref: `refs/heads/${name}`, tip: writeModel(gitDir, forgery.commits, `refs/heads/${name}`), expect, rememberedTip: needsTip ? good.tip : null };
  });
  return [good, ...tampered];
}

function eventsOf(commits: readonly ModelCommit[]): readonly object[] {
  const seen = new Map<string, object>();
  for (const { files } of commits) {
    for (const [path, file] of [...files].filter(([name]) => /\/\d{4}-[a-z-]+\.json$/.test(name)).toSorted(([left], [right]) => (left < right ? -1 : 1))) {
      const type = path.replace(/^.*\/\d{4}-|\.json$/g, '');
      const text = new TextDecoder().decode(file?.bytes);
      if (!seen.has(type)) seen.set(type, { path, sha256: sha256(canonicalJson(JSON.parse(text))), text });
    }
  }
  return [...seen.values()];
}

const writeJson = (file: string, value: object): Promise<void> => writeFile(file, `${JSON.stringify(value, null, 2)}\n`);

await generate(process.argv[2] ?? join(import.meta.dirname, '..', 'ledger-schema', 'vectors'));
