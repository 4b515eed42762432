import { existsSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, inject } from 'vitest';
import type { RunnerOptions } from '../../../src/local/runner/options.ts';
import { ONE_REPOSITORY } from './reviews.ts';
import { inCopy, World, type WorldOptions } from './world.ts';

// What many scenarios begin with is run once, by the real workflow files and the built bundle; each scenario goes on in a
// copy of it: repositories, ledger, state, and the log of every request from the first on.

/** `one`: a small change to one repository waits for its review. `two`: the sample issue does. `half`: of its two PatchSets the first is approved. */
export type Prepared = 'one' | 'two' | 'half';

/** Goes on in a copy of a prepared world. */
export async function inPrepared(name: Prepared, scenario: (world: World) => Promise<void>, runner?: Partial<RunnerOptions>): Promise<void> {
  await inCopy(await prepared(name), scenario, runner);
}

/** The directory of a prepared world that has been stopped: for copies only. Whoever asks first makes it, the others wait. */
export async function prepared(name: Prepared): Promise<string> {
  const dir = join(inject('preparedFolder'), name);
  const lock = `${dir}.lock`;
  while (!existsSync(dir)) {
    if (await take(lock)) await makeLocked(name, { dir, lock });
    else await setTimeout(50);
  }
  return dir;
}

async function makeLocked(name: Prepared, { dir, lock }: { readonly dir: string; readonly lock: string }): Promise<void> {
  try {
    // Another process may have finished between the look and the lock.
    if (!existsSync(dir)) await make(name, dir);
  } finally {
    await rm(lock);
  }
}

/** False: somebody else is at it. Whoever ended without giving it back is no longer. */
async function take(lock: string): Promise<boolean> {
  const isTaken = await writeFile(lock, String(process.pid), { flag: 'wx' }).then(() => false, () => true);
  if (isTaken && existsSync(lock) && !isAlive(Number(readFileSync(lock, 'utf8')))) await rm(lock, { force: true });
  return !isTaken;
}

function isAlive(pid: number): boolean {
  try {
    return pid === 0 || process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function make(name: Prepared, dir: string): Promise<void> {
  const world = name === 'half' ? await World.openCopy(await prepared('two')) : await World.open(OPTIONS[name]);
  const waiting = name === 'half' ? await world.approve('ps-1') : await world.start();
  expect(waiting.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
  expect(waiting.patchSets.map(({ approval }) => approval !== null)).toEqual(name === 'one' ? [false] : [name === 'half', false]);
  await rename(await world.stop(), dir);
}

const OPTIONS: Readonly<Record<'one' | 'two', WorldOptions>> = { one: ONE_REPOSITORY, two: {} };
