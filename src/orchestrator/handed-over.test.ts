import { afterAll, beforeAll, expect, test } from 'vitest';

import { createSampleWorld, type SampleWorld } from '../../scripts/vectors/sample-world.ts';
import { loadWorkflow } from '../ledger/load.ts';
import type { Workshop } from './testing/workshop.ts';

// A run that a person starts by hand with another agent's change, while the issue asks for one: there is no design yet.

const BLOCK = '```search/replace path=docs/errors.md\n<<<<<<< SEARCH\n| `RateLimitError` | HTTP 429 after the last try |\n=======\n| `RateLimitError` | HTTP 429 after the last of three tries |\n>>>>>>> REPLACE\n```\n';
const BODY = 'The table leaves out how many tries there are.\n\n## Repositories\n\n- local/api\n\n## Acceptance criteria\n\n- [ ] When a caller reads it, the table says how many tries there are.\n';

let world: SampleWorld;
let workshop: Workshop;
const dispatched: unknown[] = [];
beforeAll(async () => {
  world = await createSampleWorld();
  workshop = world.workshop({ issue: { title: 'Say how many tries', body: BODY }, heard: ({ kind, ...intent }) => kind === 'continue-dispatch' && dispatched.push(intent) });
  await workshop.start();
});
afterAll(() => world.remove());

const answers = async () => (await loadWorkflow(world.ledger, workshop.id)).events.flatMap((event) => (event.type === 'E_CONTEXT_PROVIDED' ? [event.body] : []));

test('from a person who is not listed it is no answer', async () => {
  expect(await workshop.handOver(BLOCK, 'mallory')).toMatchObject({ status: 'NEEDS_HUMAN', pause: { resumes: 'INGESTED' } });
  expect(await answers()).toEqual([]);
});

test('what is no change, or too large for an answer, ends the run with a sentence and changes nothing', async () => {
  await expect(workshop.handOver('please fix it')).rejects.toThrow(/holds no change/);
  await expect(workshop.handOver('```diff\nnonsense\n```')).rejects.toThrow(/In the proposal: /);
  await expect(workshop.handOver(`\`\`\`new-file path=a.md\n${'x'.repeat(70_000)}\n\`\`\``)).rejects.toThrow(/has 700\d\d characters.*Split the change/);
  expect(await answers()).toEqual([]);
});

test('from a listed person it is the answer: the design is made from it, and the same gates judge it', async () => {
  expect(await workshop.handOver(BLOCK)).toMatchObject({ status: 'INGESTED', pause: null });
  expect(await answers()).toEqual([{ login: 'octocat', answers: [{ id: 'proposal', answer: BLOCK }] }]);
  expect(dispatched.at(-1)).toMatchObject({ workflow: workshop.id, stage: 'design' });
  expect(await workshop.designAgain()).toMatchObject({ status: 'WAITING_USER_APPROVAL', patchSets: [{ repo: 'local/api', stats: { files: 1 } }] });
});
