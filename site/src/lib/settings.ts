import { resolve } from 'node:path';
import { inputError } from '../../../src/domain/errors.ts';
import { isRepoName, type RepoName } from '../../../src/domain/ids.ts';

/** Where the ledger is read from and where links lead. Read once from the environment of the build. */
export interface Settings {
  readonly ledgerDir: string;
  readonly ledgerRef: string;
  /** GitHub's web address without a trailing slash; null when unknown: then nothing links there. */
  readonly serverUrl: string | null;
  readonly controlRepo: RepoName | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Parses the build's environment. Throws an `input` error that names the variable to mend. */
export function readSettings(env: Environment): Settings {
  const ledgerDir = env['COUNTERSIGN_LEDGER'];
  if (!ledgerDir) {
    throw inputError('site-no-ledger', 'The review site needs a ledger: set COUNTERSIGN_LEDGER to the path of a git repository that holds one.');
  }
  return {
    // npm runs scripts in the workspace; a relative path means the place where npm was called.
    ledgerDir: resolve(env['INIT_CWD'] ?? '', ledgerDir),
    ledgerRef: env['COUNTERSIGN_LEDGER_REF'] || 'ledger',
    serverUrl: readServerUrl(env['COUNTERSIGN_SERVER_URL'] || env['GITHUB_SERVER_URL']),
    controlRepo: readControlRepo(env['COUNTERSIGN_CONTROL_REPO'] || env['GITHUB_REPOSITORY']),
  };
}

function readServerUrl(text: string | undefined): string | null {
  if (!text) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw inputError('site-bad-server-url', `COUNTERSIGN_SERVER_URL must be an http or https address, got "${text}".`);
  }
  return url.href.replace(/\/+$/, '');
}

function readControlRepo(text: string | undefined): RepoName | null {
  if (!text) return null;
  if (!isRepoName(text)) throw inputError('site-bad-control-repo', `COUNTERSIGN_CONTROL_REPO must be OWNER/NAME, got "${text}".`);
  return text;
}
