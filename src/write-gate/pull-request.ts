import { z } from 'zod';

import { refusedError } from '../domain/errors.ts';
import type { Intent } from '../domain/intent.ts';
import type { Workflow } from '../domain/workflow.ts';
import type { OpenedPullRequest } from '../ports/writers.ts';
import { repoPath } from '../schema/github-path.ts';
import { githubMessage } from '../schema/github-failure.ts';
import { oidSchema } from './fields.ts';
import { assertMayWrite } from './gate.ts';
import { failed, mutate, parseAnswer } from './mutate.ts';
import type { TargetAccess } from './target-commit.ts';

type PullRequestIntent = Extract<Intent, { kind: 'pull-request' }>;

const pullSchema = z.object({ number: z.int().positive(), html_url: z.string(), head: z.object({ sha: oidSchema }) });

/**
 * Opens the pull request, or finds the one that is there. GitHub allows one open pull request for a branch and base, so
 * asking twice is safe. `lookFirst`: an earlier attempt may have opened it, and somebody may have closed it since.
 */
export async function openPullRequest(target: TargetAccess, write: { intent: PullRequestIntent; workflow: Workflow }, lookFirst: boolean): Promise<OpenedPullRequest> {
  const { intent, workflow } = write;
  assertMayWrite(intent, workflow);
  const earlier = lookFirst ? await findOwn(target, intent) : null;
  if (earlier) return earlier;
  const { repo, branch, baseBranch, title, body } = intent;
  const mutation = {
    method: 'POST',
    path: repoPath(repo, 'pulls'),
    body: { title, body, head: branch, base: baseBranch, maintainer_can_modify: false },
    doing: `open the pull request of ${branch} in ${repo}`,
    repeatable: true,
  } as const;
  const answer = await mutate(target.access, mutation);
  if (answer.status === 201) {
    const { number, html_url: url, head } = parseAnswer(answer, pullSchema, mutation);
    return expectHead({ number, url, head: head.sha }, intent);
  }
  const existing = answer.status === 422 && /already exists/i.test(githubMessage(answer.data, '')) ? await findOwn(target, intent) : null;
  if (existing) return existing;
  throw failed(target.access, mutation, answer);
}

async function findOwn({ lookup }: TargetAccess, intent: PullRequestIntent): Promise<OpenedPullRequest | null> {
  const { repo, branch, baseBranch } = intent;
  const pulls = (await lookup.findPullRequests(repo, branch)).filter((pull) => pull.baseBranch === baseBranch);
  const found = pulls.find(({ state }) => state === 'open') ?? pulls.find(({ state }) => state === 'merged') ?? pulls[0];
  if (!found) return null;
  if (found.state === 'closed') {
    throw refusedError('pull-request-closed', `Pull request #${found.number} of ${repo} was closed by somebody. Reopen it and retry, or cancel the workflow.`);
  }
  return expectHead({ number: found.number, url: found.url, head: found.head }, intent);
}

function expectHead(opened: OpenedPullRequest, { repo, commit }: PullRequestIntent): OpenedPullRequest {
  if (opened.head === commit) return opened;
  throw refusedError('head-moved', `Pull request #${opened.number} of ${repo} has head ${opened.head}, the approved commit is ${commit}. Somebody pushed onto its branch: look at it, then retry or cancel.`);
}
