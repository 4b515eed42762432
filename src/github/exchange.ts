import { unreachableError } from '../schema/github-failure.ts';
import { NoAnswer, sendToGitHub, type GitHubAnswer, type GitHubRequest } from '../system/github-request.ts';

export interface GitHubAccess {
  /** Without a trailing slash, e.g. `https://api.github.com`. */
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly token: string;
  /** GitHub refuses requests without one. */
  readonly userAgent: string;
}

export type Answer = GitHubAnswer;

/** Sends one GET. `path` starts with a slash and holds its own query. Rejects only when no whole answer came. */
export function sendGet(access: GitHubAccess, path: string, doing: string): Promise<Answer> {
  if (!path.startsWith('/') || path.startsWith('//')) throw new TypeError(`Expected a path below the API address, got ${path}.`);
  return send(access, { method: 'GET', url: `${access.apiUrl}${path}`, body: null }, doing);
}

/** Sends one GraphQL query. Refuses every text that is not a query: reading must not be able to write. */
export function sendQuery(access: GitHubAccess, query: { readonly text: string; readonly variables: object }, doing: string): Promise<Answer> {
  assertQuery(query.text);
  // GraphQL carries its queries in a POST; this is the only one outside the write gate.
  return send(access, { method: 'POST', url: access.graphqlUrl, body: { query: query.text, variables: query.variables } }, doing);
}

/** Stricter than GraphQL: the text begins with `query`, and the words of the other operations are nowhere in it. */
export function assertQuery(text: string): void {
  if (!/^\s*query\b/.test(text) || /\b(?:mutation|subscription)\b/i.test(text)) {
    throw new TypeError('Reading refuses a GraphQL text that is not a query.');
  }
}

async function send({ token, userAgent }: GitHubAccess, outgoing: Pick<GitHubRequest, 'method' | 'url' | 'body'>, doing: string): Promise<Answer> {
  try {
    return await sendToGitHub({ ...outgoing, token, userAgent });
  } catch (error) {
    throw unreachableError(doing, error instanceof NoAnswer ? error.cause : error);
  }
}
