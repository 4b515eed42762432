import { expect, it } from 'vitest';
import { tryAttacks } from './attack.ts';

it('every attack of the threat model is blocked, each for its own reason', async () => {
  const tried = await tryAttacks();
  expect(tried.length).toBeGreaterThan(50);
  for (const { attack, blockedBy } of tried) {
    const expected = 'code' in attack.blockedBy ? attack.blockedBy.code : attack.blockedBy.rule;
    expect(blockedBy, `${attack.row}: ${attack.name}`).toContain(expected);
  }
});
