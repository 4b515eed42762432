import { expect, it } from 'vitest';
import { fuzz } from '../cli/bench/patch/fuzz.ts';

// The same seed each time, so that a run of the tests says something about the change at hand; `npm run test:long` and `bench patch` look for new cases.
const seed = Number(process.env['COUNTERSIGN_SEED']);
const mutations = Number(process.env['FUZZ_MUTATIONS'] ?? (process.env['COUNTERSIGN_LONG'] === '1' ? 20_000 : 4_000));

it(`what is accepted, git accepts with the same tree; what git accepts, is accepted or refused on purpose (COUNTERSIGN_SEED=${seed} FUZZ_MUTATIONS=${mutations})`, async () => {
  const report = await fuzz({ seed, mutations, commits: 120, askDeliberate: 0 });
  expect(report.disagreements.slice(0, 3), `seed ${seed}`).toEqual([]);
  expect(report.agreedTrees).toBe(report.accepted);
  expect(report.accepted, 'some mutations must do no harm, or nothing was compared').toBeGreaterThan(mutations / 100);
});
