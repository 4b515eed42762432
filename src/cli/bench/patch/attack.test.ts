import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { tryAttacks, type Attacked } from './attack.ts';
import { ATTACKS, attackTable } from './crafted.ts';

let tried: readonly Attacked[];
beforeAll(async () => {
  tried = await tryAttacks();
});

describe.each([...new Set(ATTACKS.map(({ row }) => row))])('%s', (row) => {
  it.each(ATTACKS.filter((attack) => attack.row === row).map(({ name, answer }) => ({ name, expected: 'code' in answer ? answer.code : answer.rule })))('$name: $expected', ({ name, expected }) => {
    const blockedBy = tried.find(({ attack }) => attack.row === row && attack.name === name)?.blockedBy;
    expect(blockedBy).toContain(expected);
  });
});

it('docs/attacks.md shows them all', () => {
  expect(readFileSync(join(import.meta.dirname, '../../../../docs/attacks.md'), 'utf8')).toContain(`\n${attackTable()}\n`);
});
