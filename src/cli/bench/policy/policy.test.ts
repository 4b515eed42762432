import { expect, it } from 'vitest';
import { HARMLESS, policyAttacks } from './attacks.ts';
import { scoreOurs } from './policy.ts';

it('ours misses none of the crafted patches and corrupts none of the harmless ones', async () => {
  const attacks = policyAttacks();
  expect(await scoreOurs(attacks)).toEqual({ tool: 'countersign', blocked: attacks.length, missed: 0, corrupted: 0, missedNames: [] });
  // The harmless patches, taken for attacks, are not blocked: the score above is no blanket refusal.
  const harmless = HARMLESS.map(({ name, patch }) => ({ name, patch, kind: 'structure' as const, shows: () => true }));
  expect((await scoreOurs(harmless)).missed).toBe(harmless.length);
});
