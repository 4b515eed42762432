import { z } from 'zod';

import { outsideError } from '../domain/errors.ts';
import type { RepoName, WorkflowId } from '../domain/ids.ts';
import type { CommitResult, LedgerCommit } from '../ports/ledger-store.ts';
import { safeText } from '../schema/github-failure.ts';
import { oidSchema } from './fields.ts';
import { assertMayWriteControl } from './gate.ts';
import { failed, mutate, parseAnswer, type MutationAccess } from './mutate.ts';

/** `createCommitOnBranch` is a true compare-and-swap on `expectedHeadOid`, and GitHub signs the commit. */
export const COMMIT_MUTATION = 'mutation Commit($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }';

const answerSchema = z.object({
  data: z.object({ createCommitOnBranch: z.object({ commit: z.object({ oid: oidSchema }).nullable() }).nullable() }).nullish(),
  errors: z.array(z.object({ type: z.string().optional(), message: z.string() })).optional(),
});

/**
 * Appends files to one workflow's records. `lost-race` when the branch has moved. Never repeated blindly: after an answer
 * that got lost it rejects with `outcome-unknown`, and the append protocol looks for its events in the ledger.
 */
export async function commitToLedger(access: MutationAccess, repo: RepoName, commit: LedgerCommit): Promise<CommitResult> {
  const workflow = workflowOf(commit);
  assertMayWriteControl({ kind: 'ledger-commit', repo, workflow, paths: commit.files.map(({ path }) => path) }, null, repo);
  const doing = `append to the ledger of ${repo}`;
  const answer = await mutate(access, { method: 'POST', path: 'graphql', body: { query: COMMIT_MUTATION, variables: { input: inputOf(repo, commit) } }, doing, repeatable: false });
  if (answer.status !== 200) throw failed(access, { doing }, answer);
  const { data, errors = [] } = parseAnswer(answer, answerSchema, { doing });
  if (errors.some(({ type, message }) => type === 'STALE_DATA' || message.startsWith('Expected branch to point to'))) return { kind: 'lost-race' };
  const [error] = errors;
  if (error) throw outsideError('github-graphql', `GitHub did not ${doing} (${error.type ?? 'error'}: ${safeText(error.message, access.token)}). Check that the job may write contents and that the branch "ledger" exists.`);
  const oid = data?.createCommitOnBranch?.commit?.oid;
  if (oid === undefined) throw outsideError('outcome-unknown', `GitHub was asked to ${doing} and did not say which commit it made. Look there before asking again.`);
  return { kind: 'committed', commit: oid };
}

function inputOf(repo: RepoName, { expectedTip, message, files }: LedgerCommit): object {
  const [headline = '', ...rest] = message.trimEnd().split('\n');
  return {
    branch: { repositoryNameWithOwner: repo, branchName: 'ledger' },
    expectedHeadOid: expectedTip,
    message: { headline, body: rest.join('\n').trim() },
    fileChanges: { additions: files.map(({ path, bytes }) => ({ path, contents: Buffer.from(bytes).toString('base64') })) },
  };
}

// The port's commit does not name its workflow: the paths do, and the rule then demands that all of them name the same one.
function workflowOf({ files }: LedgerCommit): WorkflowId {
  return files[0]?.path.split('/')[4] ?? '';
}
