import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CONTROL_REPO } from '../../src/cli/up/seed.ts';
import { openLedger } from '../../src/cli/ledger-place.ts';
import { runGit } from '../../src/git/git-process.ts';
import { createGenesis, encodeGenesis } from '../../src/ledger/codec.ts';
import { gitDirOf } from '../../src/local/server/seed.ts';
import { canMount, onSmallDisk } from './support/small-disk.ts';
import { up } from './support/up-process.ts';
import { longTest } from './support/long.ts';

if (!canMount) process.stderr.write('!!!! SCENARIOS OF A FULL DISK ARE SKIPPED: they need root, to mount a small one. !!!!\n');

const git = async (gitDir: string, ...args: readonly string[]): Promise<string> => {
  const { stdout, stderr, code } = await runGit({ args: [`--git-dir=${gitDir}`, ...args], cwd: '/' });
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.toString('utf8').trim();
};

/** Every object that a ref reaches is there and whole. */
const expectWhole = async (gitDir: string): Promise<void> => void (await git(gitDir, 'fsck', '--full', '--strict', '--connectivity-only').then(() => git(gitDir, 'fsck', '--full', '--strict')));

describe.skipIf(!canMount)('the disk is full', () => {
  test('while the local ledger store appends: nothing is half visible, and with room it goes on', () =>
    onSmallDisk(4, async (disk) => {
      const gitDir = join(disk.dir, 'ledger.git');
      await git(gitDir, 'init', '-q', '--bare');
      const ledger = openLedger(gitDir);
      const begun = await ledger.createGenesis(encodeGenesis(createGenesis('ledger-0123456789abcdef', '2026-11-22T00:00:00Z')));
      let tip = begun.kind === 'committed' ? begun.commit : '';
      const append = async (): ReturnType<typeof ledger.commit> => {
        const bytes = randomBytes(300_000);
        const path = `workflows/2026/11/22/wf-20261122-k3v9q2/evidence/${createHash('sha256').update(bytes).digest('hex')}.txt`;
        return ledger.commit({ expectedTip: tip, message: 'Evidence\n', files: [{ path, bytes }] });
      };
      // From nothing left to just too little: it fails at another write each time.
      for (const leftBytes of [0, 4_096, 40_000, 290_000, 302_000, 306_000]) {
        disk.fill(leftBytes);
        await expect(append(), `${leftBytes} bytes left`).rejects.toThrow(/disk is full|no space left/i);
        disk.empty();
        expect(await git(gitDir, 'rev-parse', 'refs/heads/ledger'), `${leftBytes} bytes left`).toBe(tip);
        await expectWhole(gitDir);
        const appended = await append();
        expect(appended.kind, `with room again after ${leftBytes} bytes left`).toBe('committed');
        if (appended.kind === 'committed') tip = appended.commit;
      }
      await expectWhole(gitDir);
      const left = (await readdir(gitDir, { recursive: true })).filter((name) => /lock|tmp/i.test(name));
      expect(left, 'no lock and no half file stays').toEqual([]);
    }), 120_000);

  longTest('while countersign up goes on: exit code 2, one sentence, nothing written, and with room it ends DONE', () =>
    onSmallDisk(128, async (disk) => {
      const dir = join(disk.dir, 'up');
      mkdirSync(dir);
      const waiting = await up(dir, []);
      expect(waiting, waiting.stderr).toMatchObject({ code: 0, result: { state: 'WAITING_USER_APPROVAL' } });
      const ledger = gitDirOf(dir, CONTROL_REPO);
      const tip = await git(ledger, 'rev-parse', 'refs/heads/ledger');
      for (const leftBytes of [0, 300_000, 1_500_000]) {
        disk.fill(leftBytes);
        const full = await up(dir, ['--approve', 'octocat']);
        disk.empty();
        const name = `${leftBytes} bytes left:\n${full.stderr}`;
        expect(full.code, name).toBe(2);
        expect(full.result, name).toMatchObject({ ok: false, error: { message: expect.stringMatching(/^The disk is full\b/) } });
        expect(full.stderr.split('\n').filter((line) => line.startsWith('error ')), name).toEqual([expect.stringMatching(/^error The disk is full\b.*run the same command again/)]);
        expect(full.stderr, 'no stack trace').not.toMatch(/^\s+at /m);
        for (const repo of [CONTROL_REPO, 'local/api', 'local/web']) await expectWhole(gitDirOf(dir, repo));
        expect(await git(ledger, 'merge-base', '--is-ancestor', tip, 'refs/heads/ledger'), name).toBe('');
      }
      const done = await up(dir, ['--approve', 'octocat']);
      expect(done, done.stderr).toMatchObject({ code: 0, result: { state: 'DONE', ledger: { ok: true, problems: 0 }, writesBeforeApproval: 0 } });
      expect(done.result?.prs.map(({ repo }) => repo)).toEqual(['local/api', 'local/web']);
    }), 600_000);
});
