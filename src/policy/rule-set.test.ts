import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ruleSetOf } from '../../scripts/rule-set/rule-set-of.ts';
import { RULE_SET } from './rule-set.ts';

it('the hash of the rules is that of their sources', async () => {
  expect(RULE_SET, 'A rule or one of its packages has changed: run `node scripts/generate-rule-set.ts` and commit src/policy/rule-set.ts.').toBe(await ruleSetOf(join(import.meta.dirname, '../..')));
});
