import type { Oid } from '../../../domain/ids.ts';
import { CheckSession } from '../../patch/check-session.ts';
import { ATTACKED } from './attack-base.ts';
import { ATTACKS, type Attack } from './crafted.ts';
import { ThrowAwayRepository } from './throw-away-repository.ts';

export interface Attacked {
  readonly attack: Attack;
  /** The code it was refused with, or the rules that block it (or warn of it, where a warning is the answer); empty when it went through. */
  readonly blockedBy: readonly string[];
}

/** Gives every attack to `patch check`, with each rule at its default. */
export async function tryAttacks(): Promise<Attacked[]> {
  const repository = await ThrowAwayRepository.create();
  const session = new CheckSession('2026-01-01');
  try {
    const base = (await repository.importHistory([ATTACKED]))[0]?.commit ?? '';
    const tried: Attacked[] = [];
    for (const attack of ATTACKS) tried.push({ attack, blockedBy: await blockedBy(session, { repo: repository.directory, base, attack }) });
    return tried;
  } finally {
    await session.close();
    await repository.remove();
  }
}

async function blockedBy(session: CheckSession, { repo, base, attack }: { repo: string; base: Oid; attack: Attack }): Promise<readonly string[]> {
  const answer = await session.check({ repo, base, patch: Buffer.from(attack.patch, 'latin1'), format: 'diff', config: null, scope: null });
  if (answer.error !== undefined) return [answer.error.code];
  const wanted = 'rule' in attack.answer ? attack.answer.severity : 'BLOCK';
  return [...new Set(answer.violations.filter(({ severity }) => severity === 'BLOCK' || severity === wanted).map(({ rule }) => rule))];
}
