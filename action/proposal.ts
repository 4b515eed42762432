import { open, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { inputError } from '../src/domain/errors.ts';
import { isRepoName } from '../src/domain/ids.ts';
import type { PatchInput } from '../src/orchestrator/patch.ts';
import type { Wiring } from './adapters.ts';

/** Largest proposal that is read, in bytes. */
const PROPOSAL_BYTES_MAX = 8 * 1024 * 1024;

/** The file that `proposal` names, if any. It was written by anyone: it is read as text, never followed out of the workspace, never run. */
export async function readProposal({ inputs, environment }: Wiring): Promise<PatchInput['given']> {
  const { proposal, repositories } = inputs;
  if (proposal === '') return null;
  const repo = repositories.trim();
  if (repo !== '' && !isRepoName(repo)) throw inputError('bad-repo', `repositories should name the one repository that the proposal is for, as OWNER/NAME, not "${repo.slice(0, 200)}".`);
  const workspace = await realpath(environment.workspace);
  const path = await realpath(join(workspace, proposal)).catch(() => null);
  if (path === null) throw inputError('no-proposal-file', `${proposal} is not in the workspace. Download the artifact with the proposal in an earlier step.`);
  const inside = relative(workspace, path);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) throw inputError('no-proposal-file', `${proposal} leads out of the workspace. Give a path inside it.`);
  return { text: decode(await readCapped(path, proposal), proposal), repo: repo === '' ? null : repo };
}

async function readCapped(path: string, name: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw inputError('no-proposal-file', `${name} is not a file.`);
    if (stats.size > PROPOSAL_BYTES_MAX) throw inputError('proposal-too-large', `${name} has ${stats.size} bytes; a proposal has at most ${PROPOSAL_BYTES_MAX}. Split the change.`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Said below.
  }
  throw inputError('proposal-not-text', `${name} is not UTF-8 text. Give a unified diff as \`git diff\` prints it, or change blocks.`);
}
