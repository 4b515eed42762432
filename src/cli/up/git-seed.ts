import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inputError, outsideError } from '../../domain/errors.ts';
import { gitReason, runGit, type GitOutput } from '../../git/git-process.ts';
import { locateRepository } from '../../git/locate-repository.ts';

const IDENTITY = { 'user.name': 'octocat', 'user.email': 'octocat@users.noreply.github.com', 'safe.directory': '*' };

async function git(cwd: string, args: readonly string[], doing: string): Promise<string> {
  const result = await runGit({ args, cwd, config: IDENTITY, protocols: ['file'] });
  if (result.code !== 0) throw outsideError('git-failed', `git could not ${doing}: ${gitReason(result.stderr)}`);
  return result.stdout.toString('utf8').trim();
}

/** What of a person's repository is copied: its current branch, and nothing that is not committed. */
export interface SourceRepository {
  readonly gitDir: string;
  readonly branch: string;
}

/** Finds a local repository and its current branch by looking, without obeying its configuration. */
export async function inspectSource(path: string): Promise<SourceRepository> {
  if ((await stat(path).catch(() => null)) === null) throw inputError('no-such-path', `${path} does not exist. Give the path of a local git repository with --repo.`);
  const { gitDir, objects } = await locateRepository(path);
  const head = (await readFile(join(gitDir, 'HEAD'), 'utf8')).trim();
  const branch = /^ref: refs\/heads\/(.+)$/.exec(head)?.[1];
  if (branch === undefined) throw inputError('detached-head', `${path} is not on a branch (detached HEAD). Check a branch out there (git switch NAME): it becomes the base.`);
  // What git leaves in HEAD where the real one stands in a table.
  if (branch === '.invalid') throw inputError('reftable-repository', `${path} keeps its branches in a reftable, which is not read yet. Give a clone of it made with: git clone --ref-format=files`);
  const result = await runGit({ args: [`--git-dir=${dirname(objects)}`, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`], cwd: '/', config: IDENTITY });
  if (result.code === 0) return { gitDir: dirname(objects), branch };
  const missing = await runGit({ args: [`--git-dir=${dirname(objects)}`, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`], cwd: '/', config: IDENTITY });
  if (missing.code === 0) throw inputError('damaged-branch', `The current branch of ${path}, ${branch}, names a commit that is not there: ${missing.stdout.toString('utf8').trim()}. git fsck says what is missing; fetch it, or check out another branch.`);
  const others = await runGit({ args: [`--git-dir=${dirname(objects)}`, 'for-each-ref', '--count=1'], cwd: '/', config: IDENTITY });
  if (others.stdout.length === 0) throw inputError('empty-repository', `${path} has no commit yet. Make a first commit there: a PatchSet needs a base.`);
  throw inputError('unborn-branch', `The current branch of ${path}, ${branch}, has no commit. Check out a branch that has one: it becomes the base.`);
}

// git takes our settings away from the process that serves the source, which then refuses a repository of another owner.
const SERVE = "git -c 'safe.directory=*' upload-pack";

/**
 * Copies one branch with its history into a bare repository. The source, whoever owns it, is only read. Where objects of the
 * history are missing (a partial clone), the newest commit alone is copied: it is what a PatchSet is made for.
 */
export async function copyBranch({ gitDir, branch }: SourceRepository, into: string): Promise<void> {
  const take = async (...depth: readonly string[]): Promise<GitOutput> =>
    runGit({ args: [`--git-dir=${into}`, 'fetch', '--quiet', '--no-tags', '--update-shallow', '--no-recurse-submodules', `--upload-pack=${SERVE}`, ...depth, gitDir, `+refs/heads/${branch}:refs/heads/${branch}`], cwd: into, config: IDENTITY, protocols: ['file'] });
  const whole = await take();
  if (whole.code !== 0 && !MISSING.test(whole.stderr)) throw outsideError('git-failed', `git could not copy ${branch} of ${gitDir}: ${gitReason(whole.stderr)}`);
  if (whole.code !== 0 && (await take('--depth=1')).code !== 0) {
    throw inputError('incomplete-repository', `${gitDir} lacks objects of ${branch}: it is a partial clone, or damaged. git fsck --connectivity-only names them; fetch them, or give a whole clone.`);
  }
  await git(into, [`--git-dir=${into}`, 'symbolic-ref', 'HEAD', `refs/heads/${branch}`], 'set the default branch');
}

/** Copies one commit without its history. The source, whoever owns it, is only read. */
export async function copyCommit(gitDir: string, commit: string, into: string): Promise<void> {
  const result = await runGit({ args: [`--git-dir=${into}`, 'fetch', '--quiet', '--no-tags', '--depth=1', '--update-shallow', '--no-recurse-submodules', `--upload-pack=${SERVE}`, gitDir, commit], cwd: into, config: IDENTITY, protocols: ['file'] });
  if (result.code !== 0) throw inputError('incomplete-repository', `${commit} could not be copied from ${gitDir}: ${gitReason(result.stderr)}. git fsck --connectivity-only says what is missing there.`);
}

// How the process that serves the source ends when an object is not there.
const MISSING = /pack-objects died|missing (?:blob|tree|commit|object)|unable to read|could not (?:parse|read)|bad object|repository corruption|lazy fetching/i;

/** Rejects with a sentence when there is no git to work with. */
export async function requireGit(): Promise<void> {
  await runGit({ args: ['--version'], cwd: '/', config: IDENTITY });
}
