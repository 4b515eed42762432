import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSampleWorld, type SampleWorld } from '../scripts/vectors/sample-world.ts';
import { verifyPlace } from '../src/cli/commands/ledger.ts';
import type { WorkflowEvent } from '../src/domain/event.ts';
import { locateLedger } from '../src/git/ledger-store-inspect.ts';
import { loadWorkflow } from '../src/ledger/load.ts';
import type { Workshop } from '../src/orchestrator/testing/workshop.ts';
import { parseConfig } from '../src/schema/config.ts';
import type { Lie, Thought } from './scenarios/support/hostile-think.ts';
import { smallIssue } from './scenarios/support/issues.ts';
import { ANY_STAGE, OF_DESIGN, OF_PATCH } from './scenarios/support/lies.ts';

// What a think job that was taken over could hand over, told to the record jobs' use cases one after the other; the way
// through the bundle is tests/scenarios/hostile-artifact.test.ts, and what lies in an archive's place action/artifact.test.ts.

const CONFIG = 'approvers: [octocat]\ntargets: [{ repo: local/api, base: main }]\n';
const [heading = '', ...rest] = smallIssue().split('\n\n');
const ISSUE = { title: heading.slice(2), body: rest.join('\n\n') };

describe.each([
  { stage: 'design', cases: [...OF_DESIGN, ...ANY_STAGE] },
  { stage: 'patch', cases: [...OF_PATCH, ...ANY_STAGE] },
] as const)('lies of the $stage job', ({ stage, cases }) => {
  let world: SampleWorld;
  let workshop: Workshop;
  let next: Lie | null = null;
  const heard: { readonly kind: string }[] = [];
  const events = async (): Promise<readonly WorkflowEvent[]> => (await loadWorkflow(world.ledger, workshop.id)).events;

  beforeAll(async () => {
    world = await createSampleWorld(CONFIG);
    const tampered = (told: string, bytes: Uint8Array): Uint8Array | null => {
      const lie = told === stage ? next : null;
      if (lie) next = null;
      return lie ? handedOver(lie, bytes) : bytes;
    };
    workshop = world.workshop({ config: parseConfig(CONFIG), issue: ISSUE, heard: (intent) => heard.push(intent), tampered });
  });
  afterAll(() => world.remove());

  /** As the runs do it: the first one, and then those that a comment starts. */
  async function goOn(): Promise<void> {
    const before = await loadWorkflow(world.ledger, workshop.id).catch(() => null);
    if (!before?.workflow) return void (await workshop.start());
    expect((await workshop.comment('/retry')).status, 'no PatchSet is there, so it begins with the design').toBe('INGESTED');
    await workshop.designAgain();
  }

  for (const { name, lie, code = 'artifact-refused', reason } of cases) {
    test(name, async () => {
      next = lie;
      await goOn();
      expect(next, 'the lie was read').toBeNull();
      const { status, pause, patchSets } = await workshop.workflow();
      expect({ status, code: pause?.code }, pause?.reason).toEqual({ status: 'NEEDS_HUMAN', code });
      expect(pause?.reason).toMatch(reason);
      if (!code.startsWith('gate-')) expect((await events()).findLast(({ type }) => type === 'E_RUN_RECORDED')?.body).toMatchObject({ outcome: 'refused', reason: pause?.reason });
      expect(patchSets).toEqual([]);
    });
  }

  test('and then the truth: it waits for its review, nothing was written, and the ledger verifies', async () => {
    await goOn();
    const { status, pause, patchSets } = await workshop.workflow();
    expect(status, pause?.reason).toBe('WAITING_USER_APPROVAL');
    expect(patchSets.map(({ id, revision }) => ({ id, revision }))).toEqual([{ id: 'ps-1', revision: 1 }]);
    expect(heard.filter(({ kind }) => !/^(?:tracking-issue|continue-dispatch|review-dispatch)/.test(kind))).toEqual([]);
    expect((await verifyPlace(await locateLedger(world.control, null))).problems).toEqual([]);
  });
});

test('a PatchSet that stands is not proposed again beside the one that a reviewer sent back', async () => {
  const world = await createSampleWorld();
  try {
    let kept: Thought['proposals'] = [];
    const workshop = world.workshop({
      tampered: (stage, bytes) => {
        if (stage === 'design') return bytes;
        const { value } = decode(bytes);
        if (kept.length === 0) kept = [...value.proposals];
        else Object.assign(value, { failure: null, proposals: kept });
        return new TextEncoder().encode(JSON.stringify(value));
      },
    });
    const before = await workshop.start();
    const { status, pause, patchSets } = await workshop.requestChanges('ps-1', 'say it in other words');
    expect({ status, code: pause?.code }).toEqual({ status: 'NEEDS_HUMAN', code: 'artifact-refused' });
    expect(pause?.reason).toMatch(/proposes ps-2 again, which stands/);
    expect(patchSets[1]).toEqual(before.patchSets[1]);
  } finally {
    await world.remove();
  }
});

const decode = (bytes: Uint8Array): { text: string; value: Thought } => {
  const text = new TextDecoder().decode(bytes);
  return { text, value: JSON.parse(text) as Thought };
};

function handedOver(lie: Lie, bytes: Uint8Array): Uint8Array | null {
  const told = lie(decode(bytes));
  if (told !== null && typeof told !== 'string') throw new Error('a lie of the archive is none of the use case');
  return told === null ? null : new TextEncoder().encode(told);
}
