import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSampleWorld, type SampleWorld } from '../../../scripts/vectors/sample-world.ts';
import { inputError } from '../../domain/errors.ts';
import type { RepoReader } from '../../ports/repo-reader.ts';
import { parseConfig } from '../../schema/config.ts';
import { simulatePolicy } from './simulate.ts';

const NOT_AT_HAND: RepoReader = { open: async () => Promise.reject(inputError('no-target', 'It is not at hand.')) };
const STRICT = parseConfig('policy:\n  frozen-files: {paths: [src/]}\n');

describe('simulatePolicy', () => {
  let world: SampleWorld;
  let id: string;
  beforeAll(async () => {
    world = await createSampleWorld();
    const workshop = world.workshop();
    await workshop.start();
    id = workshop.id;
  });
  afterAll(() => world.remove());

  it('flips what a stricter policy blocks, names why, and judges the same with the files and with the diff alone', async () => {
    const byFiles = await simulatePolicy({ ledger: world.ledger, repos: world.repos }, [id], STRICT);
    const byDiff = await simulatePolicy({ ledger: world.ledger, repos: NOT_AT_HAND }, [id], STRICT);
    expect(byFiles).toMatchObject({ workflows: 1, unjudged: [] });
    expect(byFiles.patchSets.length).toBeGreaterThan(0);
    for (const { judgedBy, comparison } of byFiles.patchSets) {
      expect(judgedBy).toBe('files');
      expect(comparison).toMatchObject({ would: 'block', flips: true });
      expect(comparison.appear).toContainEqual(expect.objectContaining({ rule: 'frozen-files', severity: 'BLOCK' }));
    }
    const verdicts = ({ patchSets }: typeof byFiles) => patchSets.map(({ patchSet, revision, comparison: { was, would } }) => ({ patchSet, revision, was, would }));
    expect(verdicts(byDiff)).toEqual(verdicts(byFiles));
    expect(byDiff.patchSets.every(({ judgedBy }) => judgedBy === 'diff')).toBe(true);
  });

  it('changes nothing under the config that was in force, with the files at hand', async () => {
    const { patchSets } = await simulatePolicy({ ledger: world.ledger, repos: world.repos }, [id], parseConfig('policy: {}\n'));
    expect(patchSets.map(({ comparison: { flips, appear, disappear } }) => ({ flips, appear, disappear }))).toEqual(patchSets.map(() => ({ flips: false, appear: [], disappear: [] })));
  });

  it('flips back what is no longer blocked, and lets everything pass where policy is off', async () => {
    const { patchSets } = await simulatePolicy({ ledger: world.ledger, repos: world.repos }, [id], parseConfig('policy: off\n'));
    expect(patchSets.every(({ comparison }) => comparison.would === 'pass' && comparison.appear.length === 0)).toBe(true);
  });
});
