import { createReadStream } from 'node:fs';
import { CountersignError, inputError } from '../../domain/errors.ts';
import { isRepoName } from '../../domain/ids.ts';
import type { Workflow } from '../../domain/workflow.ts';
import { gitDirOf } from '../../local/server/seed.ts';
import { requireInLedger, type FoundLedger } from '../inspect/find-ledger.ts';
import { readGiven, takesProposal, noProposalNow, toChangeBlocks } from '../../orchestrator/given-change.ts';
import { printable } from '../printable.ts';
import { systemReason } from '../system-reason.ts';
import { rewriteIn, tryOne } from './check-issue.ts';

/** A comment on GitHub has at most 65,536 characters. */
const COMMENT_CHARACTERS_MAX = 65_000;
/** Prose may stand around blocks; as much as the patch step reads of a file. */
const PROPOSAL_BYTES_MAX = 8 * 1024 * 1024;

/** The file as change blocks that fit into a comment. Rejects with a sentence for what is no change. */
export async function readProposalFile(file: string, repo: string | null): Promise<string> {
  if (repo !== null && !isRepoName(repo)) throw inputError('bad-repo', `--repo needs OWNER/NAME, got "${printable(repo).slice(0, 200)}".`);
  const name = file === '-' ? 'standard input' : file;
  const bytes = await readCapped(file, name);
  if (bytes.byteLength === 0) throw inputError('no-change', `${name} is empty. Give a unified diff as \`git diff\` prints it, search/replace blocks or rewrite rules.`);
  const blocks = toChangeBlocks(decode(bytes, name), repo);
  if (blocks.length > COMMENT_CHARACTERS_MAX) throw inputError('proposal-too-large', `${name} has ${blocks.length} characters; a comment takes at most ${COMMENT_CHARACTERS_MAX}. Hand it over as the \`proposal\` input of the patch step (docs/bring-your-own-agent.md), or split it.`);
  return blocks;
}

/** Rejects before a file, or what a pipe brings, fills the memory. */
async function readCapped(file: string, name: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const source = file === '-' ? process.stdin : createReadStream(file);
  try {
    for await (const part of source) {
      const bytes = Buffer.from(part);
      size += bytes.byteLength;
      if (size > PROPOSAL_BYTES_MAX) throw inputError('proposal-too-large', `${name} has more than ${PROPOSAL_BYTES_MAX} bytes; a comment takes at most ${COMMENT_CHARACTERS_MAX} characters. Check that it is the change alone, or split it.`);
      parts.push(bytes);
    }
  } catch (error) {
    if (error instanceof CountersignError) throw error;
    throw inputError('unreadable-file', `${name} cannot be read: ${systemReason(error)}. Check the path.`, error);
  } finally {
    source.destroy();
  }
  return Buffer.concat(parts);
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Said below.
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) throw inputError('proposal-not-text', `${file} is UTF-16, which some shells make of what they redirect. Make it with git diff --output=FILE.`);
  throw inputError('proposal-not-text', `${file} is not UTF-8 text. Give a unified diff as \`git diff\` prints it, search/replace blocks or rewrite rules.`);
}

/** Sees to it that the workflow asks for a change and that this one applies exactly, before anything is posted. */
export async function requireTaken(ledger: FoundLedger, { dir, blocks, workflow: id }: { dir: string; blocks: string; workflow: string | null }): Promise<void> {
  const last = ledger.workflows.at(-1);
  if (last === undefined) throw inputError('no-workflows', `${dir} has no workflow yet. Start one first: countersign up --dir ${dir} --until NEEDS_HUMAN`);
  const { workflow } = await requireInLedger(ledger, id ?? last);
  if (id !== null && id !== last) throw inputError('other-workflow', `${dir} follows ${last}, not ${id}.`);
  if (!takesProposal(workflow)) throw inputError('no-proposal-wanted', noProposalNow(workflow));
  const given = await readGiven(blocks, workflow, rewriteIn(workflow.repos.map(({ repo, baseCommit }) => ({ repo, gitDir: gitDirOf(dir, repo), commit: baseCommit }))));
  if (given.kind === 'malformed') throw inputError('malformed-change', given.reason);
  await tryAll(workflow, { dir, proposals: given.proposals });
}

async function tryAll(workflow: Workflow, { dir, proposals }: { dir: string; proposals: Extract<Awaited<ReturnType<typeof readGiven>>, { kind: 'given' }>['proposals'] }): Promise<void> {
  for (const { repo, baseCommit } of workflow.repos) {
    const parts = proposals.filter((proposal) => proposal.repo === repo);
    if (parts.length > 0) await tryOne({ repo, gitDir: gitDirOf(dir, repo), commit: baseCommit }, parts);
  }
}
