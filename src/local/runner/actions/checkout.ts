// Stand-in for actions/checkout: a real git fetch from the local server, with the job's token.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JobSession } from '../job-session.ts';
import { commandEnv } from '../job-session.ts';
import { insideWorkspace } from '../step-frame.ts';
import type { StepWork } from '../step-frame.ts';
import type { ActionUse } from './stand-in.ts';
import { input } from './stand-in.ts';

const KNOWN_INPUTS = new Set(['repository', 'ref', 'token', 'path', 'persist-credentials', 'fetch-depth', 'clean', 'show-progress', 'fetch-tags']);

export async function checkout(session: JobSession, use: ActionUse): Promise<StepWork> {
  const unknown = Object.keys(use.with).filter((name) => !KNOWN_INPUTS.has(name.toLowerCase()));
  if (unknown.length > 0) throw new Error(`The stand-in for actions/checkout has no input ${unknown.join(', ')}.`);
  const { run } = session.request;
  const repository = input(use, 'repository', run.repo);
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new Error(`Invalid repository '${repository}'. Expected format {owner}/{repo}.`);
  const directory = insideWorkspace(session, input(use, 'path', '.'));
  const source = wanted(session, repository, input(use, 'ref'));
  const header = `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${input(use, 'token', session.request.token)}`).toString('base64')}`;
  session.log.addMask(header.slice('AUTHORIZATION: basic '.length));
  const url = `${session.services.url.server}/${repository}`;
  if (!existsSync(join(directory, '.git'))) initialise(join(directory, '.git'), url);
  const done = await fetchInto(session, directory, { url, header, source, depth: input(use, 'fetch-depth', '1') });
  if (!done) return { ok: false };
  if (input(use, 'persist-credentials', 'true').toLowerCase() === 'true') persistCredentials(session, directory, header);
  return { ok: true, outputs: { ref: source.ref, commit: done } };
}

/** An empty clone. Written here, because each further git process costs more than the whole rest of this file. */
function initialise(gitDir: string, url: string): void {
  for (const folder of ['objects', 'refs/heads']) mkdirSync(join(gitDir, folder), { recursive: true });
  writeFileSync(join(gitDir, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(gitDir, 'config'), `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tfilemode = true\n[remote "origin"]\n\turl = ${url}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`);
}

interface Wanted {
  /** What is asked of the server: a commit id, a full ref, or HEAD. */
  ref: string;
  /** Local branch to be on; null: detached. */
  branch: string | null;
}

/** Without `ref`: this run's commit in its own repository, the default branch elsewhere. */
function wanted(session: JobSession, repository: string, ref: string): Wanted {
  const { run } = session.request;
  const isCommit = /^[0-9a-f]{40}$/.test(ref);
  if (ref === '' && repository === run.repo) return { ref: run.headSha, branch: run.event === 'pull_request' ? null : run.headBranch };
  if (ref === '') return { ref: 'HEAD', branch: null };
  if (isCommit || ref.startsWith('refs/')) return { ref, branch: ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null };
  if (ref.startsWith('-') || /[\s~^:?*[\\]/.test(ref)) throw new Error(`Invalid ref '${ref}'.`);
  return { ref: `refs/heads/${ref}`, branch: ref };
}

interface Fetch {
  url: string;
  header: string;
  source: Wanted;
  depth: string;
}

/** The checked-out commit; null when git failed, which the log explains. */
async function fetchInto(session: JobSession, directory: string, { url, header, source, depth }: Fetch): Promise<string | null> {
  const depthOption = depth === '0' ? '' : `--depth=${Number(depth) || 1}`;
  // One shell for all git calls: starting processes is most of the cost of a small checkout.
  const script = [
    'if ! git fetch -q --no-tags --force $DEPTH "$URL" "$REF"; then',
    '  [ -n "$TAG" ] && git fetch -q --no-tags --force $DEPTH "$URL" "$TAG" || exit 1',
    '  BRANCH=',
    'fi',
    'if [ -n "$BRANCH" ]; then exec git checkout -q --force -B "$BRANCH" FETCH_HEAD; fi',
    'exec git checkout -q --force --detach FETCH_HEAD',
  ].join('\n');
  const tag = source.ref.startsWith('refs/heads/') ? `refs/tags/${source.ref.slice('refs/heads/'.length)}` : '';
  // The token travels in the environment: never in an argument, where other processes could read it.
  const config = gitConfig([['http.extraheader', header], ...THROWAWAY_CLONE]);
  const settings = { GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1', GIT_LFS_SKIP_SMUDGE: '1' };
  const env = commandEnv(session, {}, { ...config, ...settings, URL: url, REF: source.ref, TAG: tag, BRANCH: source.branch ?? '', DEPTH: depthOption });
  const { code } = await session.processes.run('bash', ['--noprofile', '--norc', '-c', script], { cwd: directory, env, onLine: (line) => session.log.line(line) });
  const commit = code === 0 ? checkedOut(join(directory, '.git')) : null;
  session.log.line(commit === null ? `##[error]The checkout of ${url} at ${source.ref} failed (git ended with ${code ?? 'a signal'}).` : `HEAD is now at ${commit}`);
  return commit;
}

/** The commit that git has just checked out. A branch that is checked out is also known as the remote's. */
function checkedOut(gitDir: string): string | null {
  const commit = /^[0-9a-f]{40}/.exec(readFileSync(join(gitDir, 'FETCH_HEAD'), 'utf8'))?.[0] ?? null;
  const branch = /^ref: refs\/heads\/(.+)\n$/.exec(readFileSync(join(gitDir, 'HEAD'), 'utf8'))?.[1];
  if (commit === null || branch === undefined) return commit;
  const remote = join(gitDir, 'refs', 'remotes', 'origin', branch);
  mkdirSync(dirname(remote), { recursive: true });
  writeFileSync(remote, `${commit}\n`);
  return commit;
}

/** The workspace is deleted with the job: nothing needs to reach the disk or be tidied up. */
const THROWAWAY_CLONE: [string, string][] = [['core.fsync', 'none'], ['maintenance.auto', 'false'], ['gc.auto', '0'], ['fetch.unpackLimit', '1'], ['advice.detachedHead', 'false']];

function gitConfig(pairs: readonly [string, string][]): Record<string, string> {
  const entries = pairs.flatMap(([key, value], index): [string, string][] => [[`GIT_CONFIG_KEY_${index}`, key], [`GIT_CONFIG_VALUE_${index}`, value]]);
  return { GIT_CONFIG_COUNT: String(pairs.length), ...Object.fromEntries(entries) };
}

/** Later git commands of the job use the token from the clone's own configuration, as actions/checkout leaves it. */
function persistCredentials(session: JobSession, directory: string, header: string): void {
  appendFileSync(join(directory, '.git', 'config'), `[http "${session.services.url.server}/"]\n\textraheader = ${header}\n`);
}
