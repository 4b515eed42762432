import { afterEach, expect, test } from 'vitest';

import { createSampleWorld, type SampleWorld } from '../../scripts/vectors/sample-world.ts';
import { verifyPlace } from '../cli/commands/ledger.ts';
import { locateLedger } from '../git/ledger-store-inspect.ts';
import { loadWorkflow } from '../ledger/load.ts';
import type { Workshop } from './testing/workshop.ts';

const issue = {
  title: 'Say how many tries',
  body: 'The table leaves out how many tries there are.\n\n## Repositories\n\n- local/api\n\n## Acceptance criteria\n\n- [ ] When a caller reads it, the table says how many tries there are.\n\n## The change\n\n```search/replace path=docs/errors.md repo=local/api\n<<<<<<< SEARCH\n| `RateLimitError` | HTTP 429 after the last try |\n=======\n| `RateLimitError` | HTTP 429 after the last of three tries |\n>>>>>>> REPLACE\n```\n',
};

let world: SampleWorld;
afterEach(() => world.remove());

test('/cancel while a write is under way: it ends FAILED, and what was written is on the record', async () => {
  world = await createSampleWorld();
  const workshop: Workshop = world.workshop({
    issue,
    heard: async ({ kind }) => {
      if (kind === 'target-commit') await workshop.comment('/cancel I changed my mind');
    },
  });
  await workshop.start();
  const ended = await workshop.approve('ps-1');
  expect(ended).toMatchObject({ status: 'FAILED', outcome: { reason: 'Cancelled by octocat: I changed my mind' }, patchSets: [{ pullRequest: { number: 1 } }] });
  const { events } = await loadWorkflow(world.ledger, workshop.id);
  expect(events.slice(-5).map(({ type }) => type)).toEqual(['E_WRITE_INTENDED', 'E_CANCELLED', 'E_WORKFLOW_FINISHED', 'E_PATCH_SET_APPLIED', 'E_PR_OPENED']);
  expect(await verifyPlace(await locateLedger(world.control, null))).toMatchObject({ ok: true, problems: [] });
});
