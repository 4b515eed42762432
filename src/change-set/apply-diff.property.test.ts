import { expect, it } from 'vitest';
import { fuzz } from '../cli/bench/patch/fuzz.ts';

// At least 20,000 in every run, with the run's seed; `npm run test:long` tries as many new ones, `bench patch` 100,000.
const seed = Number(process.env['COUNTERSIGN_SEED']);
const mutations = Number(process.env['FUZZ_MUTATIONS'] ?? 20_000);

it(`what is accepted, git accepts with the same tree; what git accepts, is accepted or refused on purpose (COUNTERSIGN_SEED=${seed} FUZZ_MUTATIONS=${mutations})`, async () => {
  const report = await fuzz({ seed, mutations, commits: 120, askDeliberate: 0 });
  expect(report.disagreements.slice(0, 3), `seed ${seed}`).toEqual([]);
  expect(report.agreedTrees).toBe(report.accepted);
  expect(report.accepted, 'some mutations must do no harm, or nothing was compared').toBeGreaterThan(mutations / 100);
});
