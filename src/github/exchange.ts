import { unreachableError } from '../schema/github-failure.ts';

export interface GitHubAccess {
  /** Without a trailing slash, e.g. `https://api.github.com`. */
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly token: string;
  /** GitHub refuses requests without one. */
  readonly userAgent: string;
}

/** An answer of GitHub, successful or not. `data` is the parsed JSON, or null when the body is none. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: unknown;
}

/** Sends one GET. `path` starts with a slash and holds its own query. Rejects only when no whole answer came. */
export function sendGet(access: GitHubAccess, path: string, doing: string): Promise<Answer> {
  if (!path.startsWith('/') || path.startsWith('//')) throw new TypeError(`Expected a path below the API address, got ${path}.`);
  return send(access, { method: 'GET', url: `${access.apiUrl}${path}`, body: null }, doing);
}

/** Sends one GraphQL query. Refuses every text that is not a query: reading must not be able to write. */
export function sendQuery(access: GitHubAccess, query: { readonly text: string; readonly variables: object }, doing: string): Promise<Answer> {
  assertQuery(query.text);
  // GraphQL carries its queries in a POST; this is the only one outside the write gate.
  return send(access, { method: 'POST', url: access.graphqlUrl, body: JSON.stringify({ query: query.text, variables: query.variables }) }, doing);
}

/** Stricter than GraphQL: the text begins with `query`, and the words of the other operations are nowhere in it. */
export function assertQuery(text: string): void {
  if (!/^\s*query\b/.test(text) || /\b(?:mutation|subscription)\b/i.test(text)) {
    throw new TypeError('Reading refuses a GraphQL text that is not a query.');
  }
}

interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body: string | null;
}

async function send({ token, userAgent }: GitHubAccess, { method, url, body }: Outgoing, doing: string): Promise<Answer> {
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token}`,
    'user-agent': userAgent,
    'x-github-api-version': '2022-11-28',
    ...(body === null ? {} : { 'content-type': 'application/json' }),
  };
  try {
    // A redirect is not followed: a repository that moved is not the one that was named.
    const response = await fetch(url, { method, headers, body, redirect: 'manual' });
    return { status: response.status, headers: Object.fromEntries(response.headers), data: parseJson(await response.text()) };
  } catch (error) {
    throw unreachableError(doing, error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
