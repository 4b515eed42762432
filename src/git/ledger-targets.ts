import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { outsideError } from '../domain/errors.ts';
import { isOid, type Oid } from '../domain/ids.ts';
import { gitReason, runGit } from './git-process.ts';
import { locateRepository } from './locate-repository.ts';
import { createScratchRepository } from './scratch-repository.ts';

/** A commit of a target repository whose message speaks of Countersign. */
export interface TargetCommit {
  readonly commit: Oid;
  readonly tree: Oid;
  readonly message: string;
}

export interface TargetCommits {
  readonly directory: string;
  readonly commits: readonly TargetCommit[];
  /** True when the repository holds that object: how a target is matched to a repository of the ledger. */
  readonly has: (oid: Oid) => boolean;
}

/** The `Countersign-` commits that any ref of `directory` reaches. git never runs inside that repository: its settings do not count. */
export async function readTargetCommits(directory: string): Promise<TargetCommits> {
  const { gitDir, objects } = await locateRepository(directory);
  const tips = await readTips([gitDir, dirname(objects)]);
  const scratch = await createScratchRepository(objects);
  try {
    if (tips.length === 0) return { directory, commits: [], has: () => false };
    const log = await git(scratch.directory, ['log', '--format=%H%x00%T%x00%P%x00%B%x00%x01', '--no-color', '--no-show-signature', '--no-patch', '--no-mailmap', ...tips, '--']);
    return parseLog(directory, log);
  } finally {
    await scratch.remove();
  }
}

function parseLog(directory: string, log: string): TargetCommits {
  const commits: TargetCommit[] = [];
  const known = new Set<Oid>();
  for (const record of log.split('\x01')) {
    const [commit = '', tree = '', , message = ''] = record.trimStart().split('\0');
    if (!isOid(commit)) continue;
    known.add(commit);
    if (/^Countersign-(?:Workflow|PatchSet|Approval|Ledger):/im.test(message)) commits.push({ commit, tree, message });
  }
  return { directory, commits, has: (oid) => known.has(oid) };
}

async function git(cwd: string, args: readonly string[]): Promise<string> {
  const output = await runGit({ args: ['--git-dir=.', ...args], cwd });
  if (output.code !== 0) throw outsideError('git-failed', `git could not list the target's commits: ${gitReason(output.stderr)}.`);
  return output.stdout.toString('utf8');
}

async function readTips(directories: readonly string[]): Promise<readonly Oid[]> {
  const tips = new Set<Oid>();
  for (const directory of new Set(directories)) {
    const packed = await readFile(join(directory, 'packed-refs'), 'latin1').catch(() => '');
    for (const [, oid = ''] of packed.matchAll(/^\^?([0-9a-f]{40})/gm)) tips.add(oid);
    const names = await readdir(join(directory, 'refs'), { recursive: true }).catch(() => []);
    for (const name of ['HEAD', ...names.map((inner) => join('refs', inner))]) {
      const oid = (await readFile(join(directory, name), 'latin1').catch(() => '')).trim();
      if (isOid(oid)) tips.add(oid);
    }
  }
  return [...tips];
}
