import { z } from 'zod';

import { CountersignError, inputError } from '../domain/errors.ts';
import type { RepoName } from '../domain/ids.ts';
import type { IssueText, RepoHead } from '../ports/github-reader.ts';
import { repoParts } from '../schema/github-path.ts';
import { oidSchema, repoNameSchema } from './answer-schema.ts';
import type { GitHubClient, GraphqlQuery } from './client.ts';
import type { ExpectedQuery } from './expected-query.ts';

/** A branch to pin; null means the default branch. */
export interface HeadRequest {
  readonly repo: RepoName;
  readonly branch: string | null;
}

export interface IssueRequest {
  readonly repo: RepoName;
  readonly number: number;
}

/** More repositories than this are not one workflow. */
const HEADS_MAX = 20;

/**
 * Reads an issue and the heads of several repositories in one request, so that all of it is of one moment.
 * Rejects with an `input` error when an issue, a repository or a branch does not exist (as far as the token may see).
 */
export async function readIntake(client: GitHubClient, issue: IssueRequest | null, heads: readonly HeadRequest[]): Promise<{ issue: IssueText | null; heads: RepoHead[] }> {
  if (heads.length > HEADS_MAX) throw inputError('too-many-repos', `A workflow spans at most ${HEADS_MAX} repositories, got ${heads.length}.`);
  const answer = await client.query(buildIntakeQuery(issue, heads), intakeSchema, `read ${describe(issue, heads)}`).catch((error: unknown) => Promise.reject(inWords(error, issue)));
  return {
    issue: issue ? toIssue(issue, answer['issue'] ?? null) : null,
    heads: heads.map((head, index) => toHead(head, answer[`head${index}`] ?? null)),
  };
}

/** The same question, to be sent along with another one (`expecting`). */
export const expectedIntake = (issue: IssueRequest, heads: readonly HeadRequest[]): ExpectedQuery => ({ query: buildIntakeQuery(issue, heads), isOwn: (name) => /^(?:issue|head\d+)$/.test(name) });

/** The query's text is made of fixed pieces and indexes only; every name travels as a variable. */
export function buildIntakeQuery(issue: IssueRequest | null, heads: readonly HeadRequest[]): GraphqlQuery {
  const declared: string[] = [];
  const fields: string[] = [];
  const variables: Record<string, string | number> = {};
  const declare = (name: string, type: 'String!' | 'Int!', value: string | number): string => {
    declared.push(`$${name}: ${type}`);
    variables[name] = value;
    return `$${name}`;
  };
  const repository = (repo: RepoName, suffix: string): string => {
    const { owner, name } = repoParts(repo);
    return `repository(owner: ${declare(`owner${suffix}`, 'String!', owner)}, name: ${declare(`name${suffix}`, 'String!', name)}, followRenames: false)`;
  };
  if (issue) fields.push(`issue: ${repository(issue.repo, 'Issue')} { nameWithOwner issue: issueOrPullRequest(number: ${declare('number', 'Int!', issue.number)}) { __typename ... on Issue { number url title body state author { __typename login } } } }`);
  for (const [index, { repo, branch }] of heads.entries()) {
    const ref = branch === null ? 'defaultBranchRef' : `ref(qualifiedName: ${declare(`ref${index}`, 'String!', `refs/heads/${branch}`)})`;
    fields.push(`head${index}: ${repository(repo, String(index))} { nameWithOwner ref: ${ref} { name target { __typename oid ... on Commit { tree { oid } } } } }`);
  }
  return { text: `query Intake(${declared.join(', ')}) { ${fields.join(' ')} }`, variables };
}

/** GitHub says which thing it did not find; what to do about it is ours to say. */
function inWords(error: unknown, issue: IssueRequest | null): Error {
  if (!(error instanceof CountersignError)) return error instanceof Error ? error : new TypeError(String(error));
  if (error.code !== 'github-not-found' || issue === null) return error;
  const { repo, number } = issue;
  if (/issue or pull request/i.test(error.message)) return inputError('no-issue', `${repo} has no issue #${number} that the token may see. It was deleted or moved, or ${number} is a discussion: open an issue there, and give its URL.`, error);
  if (error.message.toLowerCase().includes(`'${repo.toLowerCase()}'`)) return inputError('no-repo', `${repo} does not exist, or the token may not see it. Check the name; a private repository needs the reading token's access.`, error);
  return error;
}

const issueSchema = z.object({
  __typename: z.literal('Issue'),
  number: z.int().positive(),
  url: z.string(),
  title: z.string(),
  body: z.string(),
  state: z.enum(['OPEN', 'CLOSED']),
  author: z.object({ __typename: z.string(), login: z.string() }).nullable(),
});
const pullSchema = z.object({ __typename: z.literal('PullRequest') });
const refSchema = z.object({ name: z.string(), target: z.object({ __typename: z.string(), oid: oidSchema, tree: z.object({ oid: oidSchema }).optional() }).nullable() });
const intakeSchema = z.record(z.string(), z.object({ nameWithOwner: repoNameSchema, issue: z.discriminatedUnion('__typename', [issueSchema, pullSchema]).nullish(), ref: refSchema.nullish() }).nullable());
type RepositoryAnswer = z.infer<typeof intakeSchema>[string];

function toIssue({ repo, number }: IssueRequest, answer: RepositoryAnswer): IssueText {
  const issue = sameRepository(repo, answer).issue;
  if (issue?.__typename === 'PullRequest') throw inputError('is-a-pull-request', `${repo}#${number} is a pull request. Work starts from an issue: open one that says what is to change (it may link the pull request), and give its URL.`);
  if (!issue || issue.number !== number) throw inputError('no-issue', `${repo} has no issue #${number}. Check the number; a discussion is not an issue.`);
  const { url, title, body, author, state } = issue;
  return { repo: sameRepository(repo, answer).nameWithOwner, number, url, title, body, author: authorName(author), state: state === 'OPEN' ? 'open' : 'closed' };
}

// GraphQL names an App by its slug alone, which may equal a person's login: `[bot]` keeps the two apart, as in the REST API.
function authorName(author: { __typename: string; login: string } | null): string {
  if (!author) return 'ghost';
  return author.__typename === 'Bot' && !author.login.endsWith('[bot]') ? `${author.login}[bot]` : author.login;
}

function toHead({ repo, branch }: HeadRequest, answer: RepositoryAnswer): RepoHead {
  const { ref, nameWithOwner } = sameRepository(repo, answer);
  if (!ref?.target) throw inputError('no-branch', branch === null ? `${repo} has no commit on a default branch yet. Push a first commit.` : `${repo} has no branch ${JSON.stringify(branch)}. Check the base branch.`);
  if (!ref.target.tree) throw inputError('no-branch', `${repo}: the branch ${JSON.stringify(ref.name)} does not point at a commit.`);
  return { repo: nameWithOwner, branch: ref.name, commit: ref.target.oid, tree: ref.target.tree.oid };
}

function sameRepository(repo: RepoName, answer: RepositoryAnswer): NonNullable<RepositoryAnswer> {
  if (!answer) throw inputError('no-repo', `${repo} does not exist, or the token may not see it. Check the name; a private repository needs the reading token's access.`);
  if (answer.nameWithOwner.toLowerCase() !== repo.toLowerCase()) throw inputError('github-moved', `${repo} is now called ${answer.nameWithOwner}: use that name.`);
  return answer;
}

function describe(issue: IssueRequest | null, heads: readonly HeadRequest[]): string {
  const names = heads.map(({ repo, branch }) => (branch === null ? repo : `${repo}@${branch}`));
  return [...(issue ? [`${issue.repo}#${issue.number}`] : []), ...names].join(', ');
}
