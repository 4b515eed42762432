import { getInput, setSecret } from '@actions/core';
import type { WriterCredential } from '../src/write-gate/mint-token.ts';
import { inputError } from '../src/domain/errors.ts';

/** The step's inputs, read once. Every secret among them is masked before anything else happens. */
export interface Inputs {
  readonly step: string;
  readonly githubToken: string;
  readonly readToken: string;
  readonly modelKey: string;
  readonly issue: string;
  readonly repositories: string;
  readonly workflow: string;
  readonly patchSet: string;
  readonly revision: string;
  readonly digest: string;
  readonly proposal: string;
  readonly writer: () => WriterCredential;
  /** The writer App's installations, by owner in lower case. */
  readonly installations: ReadonlyMap<string, number>;
}

export function readInputs(): Inputs {
  const secrets = ['github-token', 'read-token', 'model-key', 'app-private-key', 'write-token'];
  for (const value of secrets.flatMap((name) => maskable(getInput(name)))) setSecret(value);
  return {
    step: getInput('step', { required: true }),
    githubToken: getInput('github-token'),
    readToken: getInput('read-token') || getInput('github-token'),
    modelKey: getInput('model-key'),
    issue: getInput('issue'),
    repositories: getInput('repositories'),
    workflow: getInput('workflow'),
    patchSet: getInput('patch-set'),
    revision: getInput('revision'),
    digest: getInput('digest'),
    proposal: getInput('proposal'),
    writer: readWriter,
    installations: parseInstallations(getInput('app-installations')),
  };
}

/** `OWNER=ID`, separated by spaces, commas or lines. */
function parseInstallations(text: string): ReadonlyMap<string, number> {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '').map((entry): [string, number] => {
    const [, owner, id] = /^([A-Za-z0-9-]{1,39})=([1-9]\d{0,15})$/.exec(entry) ?? [];
    if (owner === undefined || id === undefined) throw inputError('bad-installations', `COUNTERSIGN_APP_INSTALLATIONS holds ${JSON.stringify(entry.slice(0, 80))}; each entry is OWNER=ID, the number at the end of the installation's address on GitHub.`);
    return [owner.toLowerCase(), Number(id)];
  });
  return new Map(entries);
}

function readWriter(): WriterCredential {
  const [appId, privateKey, token] = [getInput('app-id'), getInput('app-private-key'), getInput('write-token')];
  if (appId !== '' && privateKey !== '') return { kind: 'app', appId, privateKey };
  if (token !== '') return { kind: 'token', token };
  throw inputError('no-writer', 'The write job has neither the writer App (COUNTERSIGN_APP_ID and COUNTERSIGN_APP_PRIVATE_KEY) nor COUNTERSIGN_WRITE_TOKEN. Store one of them as secrets of the environment countersign-approval.');
}

/** A secret of several lines (`PROVIDER=KEY` each) is masked line by line, and each key by itself. */
function maskable(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const keys = lines.flatMap((line) => /^[a-z0-9-]{1,50}=(.+)$/.exec(line)?.[1] ?? []);
  return [...new Set([secret, ...lines, ...keys])].filter((value) => value !== '');
}
