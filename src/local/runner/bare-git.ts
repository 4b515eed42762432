// Reads the bare repositories of the local GitHub. Only plumbing commands, no work tree, no repository hooks or filters.
import { execFile } from 'node:child_process';
import { outsideError } from '../../domain/errors.ts';
import { isRefName } from '../server/git/ref-name.ts';
import { readRef } from '../server/git/refs.ts';

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** Neither a person's git settings nor variables such as GIT_DIR may change what is read. */
const GIT_ENV = { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' };

/** Runs one git command in a bare repository and gives its standard output. Rejects with an outside error (`local-git-failed`). */
function git(gitDir: string, args: string[], input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('git', ['--git-dir', gitDir, ...args], { maxBuffer: OUTPUT_BYTES_MAX, encoding: 'utf8', env: GIT_ENV }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(outsideError('local-git-failed', `git ${args[0]} in ${gitDir}: ${stderr.trim() || error.message}`, error));
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

/** The commit of a branch, tag, full ref or commit id; null when there is none. */
export async function resolveCommit(gitDir: string, ref: string): Promise<{ sha: string; ref: string } | null> {
  const candidates = ref.startsWith('refs/') || /^[0-9a-f]{40}$/.test(ref) ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
  for (const candidate of candidates) {
    const head = await readBranch(gitDir, candidate);
    if (head !== null) return { sha: head, ref: candidate };
    const sha = await git(gitDir, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${candidate}^{commit}`]).catch(() => '');
    if (sha !== '') return { sha: sha.trim(), ref: candidate };
  }
  return null;
}

/** A branch is read where git keeps it: it is asked for with every event, and always names a commit. */
async function readBranch(gitDir: string, ref: string): Promise<string | null> {
  return ref.startsWith('refs/heads/') && isRefName(ref) ? readRef(gitDir, ref) : null;
}

/** File name → text of every workflow file in a commit. */
export async function readWorkflowFiles(gitDir: string, sha: string): Promise<Map<string, string>> {
  const listing = await git(gitDir, ['ls-tree', '-z', sha, '.github/workflows/']);
  const names = listing.split('\0').flatMap((line) => {
    const match = /^100\d{3} blob [0-9a-f]+\t\.github\/workflows\/(.+\.ya?ml)$/.exec(line);
    return match?.[1] === undefined ? [] : [match[1]];
  });
  const texts = await Promise.all(names.map((name) => git(gitDir, ['cat-file', 'blob', `${sha}:.github/workflows/${name}`])));
  return new Map(names.map((name, index) => [name, texts[index] ?? '']));
}

/** Paths that differ between two commits; null when they cannot be compared. */
export async function changedPaths(gitDir: string, from: string, to: string): Promise<string[] | null> {
  const listing = await git(gitDir, ['diff-tree', '-r', '-z', '--name-only', '--no-renames', from, to]).catch(() => null);
  return listing === null ? null : listing.split('\0').filter((path) => path !== '');
}

export const commitSubject = async (gitDir: string, sha: string): Promise<string> => (await git(gitDir, ['log', '-1', '--format=%s', sha])).trim();
