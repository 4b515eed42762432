import { mkdtemp, rm, stat, readdir } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import type { WorkflowId } from '../../domain/ids.ts';
import { systemRandom } from '../../system/clock.ts';
import { median } from './child.ts';
import { appendByClone, type CloneCost } from './ledger-append-clone.ts';
import { appendByHand, type FloorCost } from './ledger-append-floor.ts';
import { borrowToGitHub, type GitHubCost } from './ledger-append-github.ts';
import { appendLocally, type LocalCost } from './ledger-append-local.ts';
import { sampleRecords } from './ledger-append-record.ts';
import { sampleWorkflowId, writeSampleLedger } from './ledger-sample.ts';

const WORKFLOWS_A_DAY = 27;
const FILES_EACH = 25;
const ROUNDS = 12;
const BATCH = 20;
const PROGRESS_ABOVE = 10_000;
/** Longer than this no clone is waited for, and none is tried at a larger size. */
const CLONE_SECONDS_MAX = 60;

/** What an append may cost. */
export const AIMS = { growthMax: 1.3, timesFloorMax: 3, requestsMax: 2 };

export interface AppendAtSize {
  readonly workflows: number;
  readonly files: number;
  readonly packBytes: number;
  /** Medians of the rounds. */
  readonly local: LocalCost;
  readonly floor: FloorCost;
  /** Median of the rounds' ratios. */
  readonly timesFloor: number;
  readonly github: GitHubCost;
  readonly clone: CloneCost;
}

export interface AppendBench {
  readonly bench: 'ledger-append';
  readonly machine: { readonly cores: number; readonly load: number; readonly node: string };
  readonly rounds: number;
  readonly sizes: readonly AppendAtSize[];
  /** The largest size over the smallest: `time` and `timeOfFloor` as medians of the rounds' ratios. */
  readonly growth: { readonly time: number; readonly timeOfFloor: number; readonly bytesWritten: number; readonly bytesSent: number; readonly bytesReceived: number };
  /** Twenty events in one append, over one event: they are one commit. */
  readonly batch: { readonly events: number; readonly timesOneAppend: number; readonly requests: number };
  readonly aims: typeof AIMS & { readonly hold: boolean };
}

interface Place {
  readonly workflows: number;
  readonly gitDir: string;
}

interface Round {
  readonly local: LocalCost;
  readonly floor: FloorCost;
}

interface Tried extends Place {
  readonly clone: CloneCost;
  readonly github: GitHubCost;
  readonly rounds: Round[];
}

type Say = (line: string) => void;

/** Measures an append at each of `sizes` (numbers of workflows, ascending), beside the floor and the peer, in the same run. */
export async function benchLedgerAppend(sizes: readonly number[], say: Say): Promise<AppendBench> {
  const machine = { cores: availableParallelism(), load: loadavg()[0] ?? 0, node: process.version };
  const directory = await mkdtemp(join(tmpdir(), 'countersign-bench-ledger-'));
  try {
    const places = await writeLedgers(directory, sizes, say);
    const tried = await tryOnce(places, say);
    await tryInRounds(tried, say);
    const [first, last] = [tried[0], tried.at(-1)];
    if (!first || !last) throw new RangeError('The benchmark needs at least one size.');
    say(`${BATCH} events in one append beside one event, ${ROUNDS} rounds`);
    const batch = { events: BATCH, timesOneAppend: await measureBatch(first), requests: first.github.requests };
    const measured = await Promise.all(tried.map(summarise));
    const growth = growthOf(first, last);
    return { bench: 'ledger-append', machine, rounds: ROUNDS, sizes: measured, growth, batch, aims: { ...AIMS, hold: aimsHold(measured, growth) } };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function writeLedgers(directory: string, sizes: readonly number[], say: Say): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (const workflows of sizes) {
    const total = workflows.toLocaleString('en');
    say(`a ledger of ${total} workflows (${FILES_EACH} files each, ${WORKFLOWS_A_DAY} a day), packed`);
    const gitDir = join(directory, `${workflows}.git`);
    const onProgress = (written: number): void => say(`  ${written.toLocaleString('en')} of ${total} workflows written`);
    await writeSampleLedger({ gitDir, workflows, workflowsADay: WORKFLOWS_A_DAY, commitsEach: 1, repacked: true, ...(workflows > PROGRESS_ABOVE ? { onProgress } : {}) });
    places.push({ workflows, gitDir });
  }
  return places;
}

// Workflows of the last whole day: the folder above them is as full as on any day. Each is appended to once.
const workflowAt = ({ workflows }: Place, index: number): WorkflowId => sampleWorkflowId((Math.floor(workflows / WORKFLOWS_A_DAY) - 1) * WORKFLOWS_A_DAY + (index % WORKFLOWS_A_DAY), WORKFLOWS_A_DAY);
const newKey = (): string => `bench-${systemRandom.hex(8)}`;

// Before anything is appended, so that the peer meets the ledger as it was made.
async function tryOnce(places: readonly Place[], say: Say): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  for (const place of places) {
    const at = `at ${place.workflows.toLocaleString('en')} workflows`;
    const github = await borrowToGitHub(place.gitDir);
    try {
      say(`an append on GitHub ${at}`);
      const cost = await github.append(workflowAt(place, 0), sampleRecords(1, newKey()));
      if (isCloneWorthTrying(tried.at(-1)?.clone)) {
        say(`clone and push through isomorphic-git ${at}, for at most ${CLONE_SECONDS_MAX} s`);
        tried.push({ ...place, github: cost, clone: await appendByClone(github.remote, 'workflows/2026/01/01/by-clone.json', CLONE_SECONDS_MAX), rounds: [] });
      } else tried.push({ ...place, github: cost, clone: { kind: 'not-tried' }, rounds: [] });
    } finally {
      await github.close();
    }
  }
  return tried;
}

const isCloneWorthTrying = (before: CloneCost | undefined): boolean => before === undefined || before.kind === 'measured';

// All sizes and the floor take turns, up and down, so that other work on the machine meets them alike. The first round only
// warms up.
async function tryInRounds(tried: readonly Tried[], say: Say): Promise<void> {
  for (let round = 0; round <= ROUNDS; round++) {
    if (round > 0) say(`an append at each size and by hand, round ${round} of ${ROUNDS}`);
    for (const place of round % 2 === 0 ? tried : tried.toReversed()) {
      const cost = await measureRound(place, round);
      if (round > 0) place.rounds.push(cost);
    }
  }
}

async function measureRound(place: Place, round: number): Promise<Round> {
  // The same files by hand for another workflow, under names that are free there.
  const [ours, theirs] = [workflowAt(place, round), workflowAt(place, round + ROUNDS + 2)];
  const { files, ...local } = await appendLocally(place.gitDir, ours, sampleRecords(1, newKey()));
  const floor = await appendByHand(place.gitDir, files.map(({ path, bytes }) => ({ path: path.replace(ours, theirs).replace(/\/\d{4}-/, '/9000-'), bytes })));
  return { local, floor };
}

async function measureBatch(place: Place): Promise<number> {
  const ratios: number[] = [];
  const workflow = workflowAt(place, 2 * ROUNDS + 4);
  for (let round = 0; round < ROUNDS; round++) {
    const one = await appendLocally(place.gitDir, workflow, sampleRecords(1, newKey()));
    const many = await appendLocally(place.gitDir, workflow, sampleRecords(BATCH, newKey()));
    ratios.push(many.ms / one.ms);
  }
  return median(ratios);
}

async function summarise({ workflows, gitDir, rounds, github, clone }: Tried): Promise<AppendAtSize> {
  const of = (pick: (round: Round) => number): number => median(rounds.map(pick));
  return {
    workflows,
    files: FILES_EACH * workflows + 1,
    packBytes: await packBytes(gitDir),
    local: { ms: of(({ local }) => local.ms), bytesWritten: of(({ local }) => local.bytesWritten), filesWritten: of(({ local }) => local.filesWritten), gitProcesses: of(({ local }) => local.gitProcesses) },
    floor: { ms: of(({ floor }) => floor.ms), bytesWritten: of(({ floor }) => floor.bytesWritten), gitProcesses: of(({ floor }) => floor.gitProcesses) },
    timesFloor: of(({ local, floor }) => local.ms / floor.ms),
    github,
    clone,
  };
}

function growthOf(first: Tried, last: Tried): AppendBench['growth'] {
  const inRounds = (pick: (round: Round) => number): number => median(last.rounds.map((round, index) => pick(round) / pick(first.rounds[index] ?? round)));
  return {
    time: inRounds(({ local }) => local.ms),
    timeOfFloor: inRounds(({ floor }) => floor.ms),
    bytesWritten: inRounds(({ local }) => local.bytesWritten),
    bytesSent: last.github.bytesSent / first.github.bytesSent,
    bytesReceived: last.github.bytesReceived / first.github.bytesReceived,
  };
}

function aimsHold(sizes: readonly AppendAtSize[], growth: AppendBench['growth']): boolean {
  const grows = [growth.time, growth.bytesWritten, growth.bytesSent, growth.bytesReceived].some((ratio) => ratio > AIMS.growthMax);
  return !grows && sizes.every(({ timesFloor, github }) => timesFloor <= AIMS.timesFloorMax && github.requests <= AIMS.requestsMax);
}

async function packBytes(gitDir: string): Promise<number> {
  const directory = join(gitDir, 'objects', 'pack');
  const sizes = await Promise.all((await readdir(directory)).map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
