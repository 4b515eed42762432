import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inputError, outsideError, CountersignError } from '../domain/errors.ts';
import { isOid, isRepoName, type Oid, type RepoName } from '../domain/ids.ts';
import type { ScratchStore } from '../ports/objects.ts';
import type { RepoReader } from '../ports/repo-reader.ts';
import { gitReason, runGit } from './git-process.ts';
import { createBareRepository } from './scratch-repository.ts';
import { openScratchStore } from './scratch-store.ts';

export interface RepoReaderOptions {
  /** `https://github.com`, a GHES address, or the local GitHub's. */
  readonly serverUrl: string;
  /** A read token; null for public repositories. */
  readonly token: string | null;
  /** Where the fetched objects are kept, one bare repository each. */
  readonly directory: string;
}

/** Reads target repositories by git smart HTTP: exactly one commit, depth 1, no tags, no submodules, nothing executed. */
export function createRepoReader(options: RepoReaderOptions): RepoReader {
  return {
    async open(repo, commit) {
      if (!isRepoName(repo)) throw inputError('bad-repo-name', `${JSON.stringify(repo)} is not a repository name (OWNER/NAME).`);
      if (!isOid(commit)) throw inputError('bad-object-id', `${JSON.stringify(commit)} is not a commit id (40 hex digits).`);
      const directory = join(options.directory, `${repo}.git`);
      return (await openIfThere(directory, commit)) ?? (await fetchAndOpen({ ...options, directory }, repo, commit));
    },
  };
}

async function openIfThere(directory: string, commit: Oid): Promise<ScratchStore | null> {
  let store: ScratchStore | null = null;
  try {
    store = await openScratchStore({ gitDir: directory });
    await store.readTree((await store.readCommit(commit)).tree);
    return store;
  } catch (error) {
    await store?.close();
    if (error instanceof CountersignError && ['not-a-repository', 'missing-commit', 'missing-tree'].includes(error.code)) return null;
    throw error;
  }
}

async function fetchAndOpen(options: RepoReaderOptions, repo: RepoName, commit: Oid): Promise<ScratchStore> {
  const server = parseServer(options.serverUrl);
  await mkdir(options.directory, { recursive: true });
  await createBareRepository(options.directory);
  const url = `${server}/${repo}.git`;
  const args = ['--git-dir=.', 'fetch', '--quiet', '--depth=1', '--no-tags', '--no-recurse-submodules', '--no-auto-maintenance', '--no-write-fetch-head', url, commit];
  const output = await runGit({ args, cwd: options.directory, config: fetchConfig(server, options.token), protocols: ['http', 'https'] });
  if (output.code !== 0) {
    throw outsideError('fetch-failed', `Commit ${commit} of ${repo} could not be fetched from ${server}: ${gitReason(output.stderr)}. Check that the repository still has that name, that the commit exists and that the read token may read it.`);
  }
  return openScratchStore({ gitDir: options.directory });
}

function parseServer(serverUrl: string): string {
  const url = URL.canParse(serverUrl) ? new URL(serverUrl) : null;
  if (url === null || !/^https?:$/u.test(url.protocol) || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw inputError('bad-server-url', 'The server address must be an http or https URL without credentials, such as https://github.com.');
  }
  return url.href.replace(/\/+$/u, '');
}

// The token goes by environment, to this server alone; redirects are not followed, so it cannot travel elsewhere.
function fetchConfig(server: string, token: string | null): Record<string, string> {
  const config: Record<string, string> = { 'http.followRedirects': 'false', 'credential.helper': '', 'protocol.version': '2', 'gc.auto': '0' };
  if (token !== null) config[`http.${server}/.extraHeader`] = `Authorization: Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  return config;
}
