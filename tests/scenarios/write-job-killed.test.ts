import { beforeAll, expect, test } from 'vitest';
import { inPrepared, type Prepared } from './support/prepared.ts';
import { approveAndKill, listRequests, type KillPoint, type WriteRequest } from './support/write-job.ts';
import type { World } from './support/world.ts';

// One write job per world dies at one of its requests. What led up to it is shared: each world is a copy.

/** Every request, killed before and after, in one and in two repositories. Without it: a choice that ends within two minutes. */
const LONG = process.env['COUNTERSIGN_LONG'] === '1';
const WORLDS_AT_A_TIME = 3;

interface Base {
  readonly name: Prepared;
  /** The PatchSet whose approval completes the set. */
  readonly last: string;
  readonly requests: readonly WriteRequest[];
}

let one: Base;
let two: Base;

beforeAll(async () => {
  [one, two] = await Promise.all([inspect('one', 'ps-1'), inspect('half', 'ps-2')]);
});

/** What the write job asks for in a run without a fault, in a world that waits for nothing but the completing approval. */
async function inspect(name: Prepared, last: string): Promise<Base> {
  let requests: readonly WriteRequest[] = [];
  await inPrepared(name, async (clean) => {
    requests = await listRequests(clean, last);
    await expectWrittenOnce(clean, 'without a fault');
  });
  return { name, last, requests };
}

const points = (requests: readonly WriteRequest[], moment: KillPoint['moment'], chosen: (request: WriteRequest, index: number) => boolean): readonly KillPoint[] =>
  requests.flatMap((request, index) => (chosen(request, index) ? [{ moment, index }] : []));

/** A lost machine's work goes on as people let it: /retry, a new review, and the schedule's next look at the pull requests. */
async function recover(world: World, name: string): Promise<void> {
  const { status } = await world.workflow();
  if (status === 'NEEDS_HUMAN') {
    await world.assertAsks({ code: 'review-run-failed', reason: /ended without success and without a rejection.*\/retry asks for a new review/ });
    await world.comment('/retry');
  } else expect(status, name).toBe('PR_OPEN');
  for (const patchSet of await waitingReviews(world)) await world.approve(patchSet);
  if ((await world.workflow()).status !== 'DONE') await world.observe();
}

async function waitingReviews(world: World): Promise<readonly string[]> {
  const { patchSets } = await world.workflow();
  return patchSets.filter(({ request }) => world.state.runs.find(({ id }) => id === request?.runId)?.status === 'waiting').map(({ id }) => id);
}

/** Exactly one of everything, and DONE. */
async function expectWrittenOnce(world: World, name: string): Promise<void> {
  const workflow = await world.workflow();
  expect(workflow.status, `${name}: ${workflow.pause?.reason ?? ''}\n${await world.logs()}`).toBe('DONE');
  const ids = workflow.patchSets.map(({ id }) => id);
  for (const type of ['E_WRITE_INTENDED', 'E_PATCH_SET_APPLIED', 'E_PR_OPENED'] as const) {
    expect((await world.eventsOf(type)).map(({ body }) => body.patchSet), `${name}: ${type}`).toEqual(ids);
  }
  for (const { id, repo, resultTree, applied } of workflow.patchSets) {
    const branch = `countersign/${workflow.id}/${id}`;
    expect(await world.git(repo, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/countersign'), name).toBe(branch);
    expect(await world.git(repo, 'rev-list', '--count', `main..${branch}`), name).toBe('1');
    expect(await world.git(repo, 'rev-parse', branch, `${branch}^{tree}`), name).toBe(`${applied?.commit}\n${resultTree}`);
    expect(world.state.issues.filter((issue) => issue.repo === repo && issue.pull !== null), name).toHaveLength(1);
  }
  await world.assertInvariants();
}

/** Tries every point, some side by side. Every failure is told, not only the first. */
async function tryAll({ name: world, last, requests }: Base, chosen: readonly KillPoint[]): Promise<void> {
  const failures: string[] = [];
  const left = [...chosen];
  const worker = async (): Promise<void> => {
    for (let point = left.shift(); point !== undefined; point = left.shift()) {
      const name = `killed ${point.moment} request ${point.index + 1} of ${requests.length}`;
      await tryOne(world, last, { point, name }).catch((error: unknown) => failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`));
    }
  };
  await Promise.all(Array.from({ length: WORLDS_AT_A_TIME }, worker));
  process.stderr.write(`write job killed: ${chosen.length} points tried of ${requests.length * 2}\n`);
  expect(failures).toEqual([]);
}

async function tryOne(prepared: Prepared, last: string, { point, name }: { point: KillPoint; name: string }): Promise<void> {
  await inPrepared(prepared, async (world) => {
    const died = await approveAndKill(world, last, point);
    expect(died, `${name} was reached`).not.toBeNull();
    await recover(world, `${name} (${died})`);
    await expectWrittenOnce(world, `${name} (${died})`);
  });
}

test('one repository: killed after each request that changes something', async () => {
  const { requests } = one;
  // Reads leave nothing behind: killed after them is killed before what follows, so some of them stand for all.
  const after = points(requests, 'after', ({ mutating }) => LONG || mutating);
  const before = points(requests, 'before', ({ text }) => LONG || /\/pulls$/.test(text));
  expect(requests.filter(({ mutating }) => mutating).length).toBeGreaterThanOrEqual(7);
  await tryAll(one, [...after, ...before]);
}, 1_200_000);

test('two repositories: killed between the first write and the last', async () => {
  const { requests } = two;
  const isSecond = (text: string): boolean => text.includes('/repos/local/web/');
  const after = points(requests, 'after', ({ text, mutating }) => LONG || (mutating && /local\/api\/pulls$/.test(text)) || (isSecond(text) && /\/refs$/.test(text)));
  const before = points(requests, 'before', () => LONG);
  await tryAll(two, [...after, ...before]);
}, 1_200_000);
