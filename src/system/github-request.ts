import { request } from '@octokit/request';
import { RequestError } from '@octokit/request-error';

/** One request to GitHub. */
export interface GitHubRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly token: string;
  /** GitHub refuses requests without one. */
  readonly userAgent: string;
  readonly body: object | null;
}

/** An answer of GitHub, successful or not. `data` is the parsed JSON, or null when the body is none. */
export interface GitHubAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: unknown;
}

/** What went wrong on the way: no whole answer came. The cause is what the network said. */
export class NoAnswer extends Error {
  constructor(cause: unknown) {
    super('no answer', { cause });
    this.name = 'NoAnswer';
  }
}

/**
 * Sends one request through Octokit's transport. Gives every answer, whatever its status; rejects with `NoAnswer` only
 * when no whole answer came. A redirect is not followed: what moved is not what was named, least of all for a write.
 */
export async function sendToGitHub({ method, url, token, userAgent, body }: GitHubRequest): Promise<GitHubAnswer> {
  const headers = { accept: 'application/vnd.github+json', authorization: `Bearer ${token}`, 'user-agent': userAgent, 'x-github-api-version': '2022-11-28' };
  try {
    // The body is read here: Octokit would take one that breaks off for an empty one.
    const answer = await request({ method, url, headers, ...(body === null ? {} : { data: body }), request: { redirect: 'manual', parseSuccessResponseBody: false, log: SILENT } });
    return { status: answer.status, headers: textHeaders(answer.headers), data: await parseBody(answer.data) };
  } catch (error) {
    if (!(error instanceof RequestError)) throw new NoAnswer(error);
    if (!error.response) throw new NoAnswer(error.cause ?? error);
    const { status, headers: answered, data } = error.response;
    return { status, headers: textHeaders(answered), data: typeof data === 'string' ? parseJson(data) : data };
  }
}

const nothing = (): void => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const textHeaders = (headers: Readonly<Record<string, string | number | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));

async function parseBody(body: unknown): Promise<unknown> {
  return body instanceof ReadableStream ? parseJson(await new Response(body).text()) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
