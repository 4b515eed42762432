// One HTTP exchange: who asks, what kind of request it is, whether a fault hits it, the answer, and its line in the log.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TokenInfo } from '../contract.ts';
import { servePage } from '../pages/serve-page.ts';
import { executeGraphql, isMutation } from './graphql/execute.ts';
import { isPush, matchGitPath, serveGit } from './git-http.ts';
import type { GitSink } from './git-http.ts';
import { JobTracker } from './job-of-app.ts';
import { readDescription } from './published.ts';
import { readBody, readJson } from './read-body.ts';
import { Refusal } from './reply.ts';
import type { Reply } from './reply.ts';
import { loggedPath } from './request-log.ts';
import type { RequestLog } from './request-log.ts';
import { RestService } from './rest-service.ts';
import { restHandlers } from './rest/handlers.ts';
import { ARTIFACT_SERVICE, callArtifactService } from './results/artifact-service.ts';
import { ArtifactStore } from './results/artifact-store.ts';
import { BlobService } from './results/blobs.ts';
import type { Call, Fault, FaultRequest, RequestKind, World } from './world.ts';

const BODY_BYTES_MAX = 100 * 1024 * 1024;
const REST = '/api/v3';

/** What is known of a request before it is done. */
interface Arrived {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly kind: RequestKind;
  readonly value: string | null;
  readonly token: TokenInfo | null;
  readonly job: string | null;
  readonly startedMs: number;
}

export class Exchange {
  readonly #world: World;
  readonly #log: RequestLog;
  readonly #rest: RestService;
  readonly #artifacts: ArtifactStore;
  readonly #blobs: BlobService;
  readonly #jobs: JobTracker;
  readonly #open = new Set<Promise<void>>();

  constructor(world: World, log: RequestLog) {
    this.#world = world;
    this.#log = log;
    this.#artifacts = new ArtifactStore(world.services.dir);
    this.#blobs = new BlobService(this.#artifacts, { origin: () => new URL(world.services.url.results).origin, nowMs: Date.now });
    this.#rest = new RestService(readDescription(), restHandlers(this.#artifacts));
    this.#jobs = new JobTracker(world.state);
  }

  /** Resolves when no request is being worked on. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#open);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const work = this.#serve(request, response).catch((error: unknown) => {
      this.#world.services.onFailure?.(error);
      this.#world.services.violations.push(`server: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      if (!response.headersSent) send(response, new Refusal(500, 'Server Error').reply);
      else response.destroy();
    });
    this.#open.add(work);
    await work;
    this.#open.delete(work);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrived = this.#arrive(request, response);
    if (arrived === null) return send(response, new Refusal(421, 'This server answers for github.localhost and 127.0.0.1 only.').reply);
    const body = await this.#readBody(arrived);
    const mutating = isMutating(arrived, body);
    const asked: FaultRequest = { method: request.method ?? 'GET', path: arrived.url.pathname, kind: arrived.kind, mutating, token: arrived.token };
    const fault = (await this.#world.services.faults?.(asked)) ?? 'pass';
    if (fault !== 'pass' && fault.kind === 'kill-before') return this.#drop(arrived, { mutating, status: 0, asked });
    if (fault !== 'pass' && fault.kind === 'status') {
      this.#record(arrived, mutating, fault.status);
      return send(response, new Refusal(fault.status, 'Server Error').reply);
    }
    await this.#perform(arrived, { body, mutating, asked, fault });
  }

  async #perform(arrived: Arrived, work: { body: unknown; mutating: boolean; asked: FaultRequest; fault: Fault }): Promise<void> {
    const { mutating, asked } = work;
    const kills = work.fault !== 'pass';
    const git = matchGitPath(arrived.url.pathname);
    if (git !== null) {
      const sink = kills ? NO_SINK : sinkOf(arrived.response, (status) => this.#record(arrived, mutating, status));
      const status = await serveGit(this.#world, { request: arrived.request, sink, path: git, url: arrived.url, token: arrived.token });
      return kills ? this.#drop(arrived, { mutating, status, asked }) : undefined;
    }
    if (BlobService.matches(arrived.url.pathname)) {
      const status = await this.#blobs.serve(arrived.request, arrived.response, arrived.url);
      return this.#record(arrived, mutating, status);
    }
    const reply = await this.#answer(arrived, work.body);
    // What is answered as done stays done, whatever happens to this process.
    if (mutating) this.#world.persist();
    if (kills) return this.#drop(arrived, { mutating, status: reply.status, asked });
    this.#record(arrived, mutating, reply.status);
    send(arrived.response, reply);
  }

  #arrive(request: IncomingMessage, response: ServerResponse): Arrived | null {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    // Any other name would be a page elsewhere that rebinds its own name to loopback.
    if (!['127.0.0.1', 'localhost', 'github.localhost'].includes(host)) return null;
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const value = tokenValue(request.headers.authorization);
    const token = value === null ? null : this.#world.tokens.find(value);
    this.#jobs.note(request.socket, token);
    const job = token?.kind === 'app-jwt' ? this.#jobs.find(request.socket, token) : (token?.job ?? this.#jobs.ofConnection(request.socket));
    return { request, response, url, kind: kindOf(url.pathname), value, token, job, startedMs: performance.now() };
  }

  async #readBody(arrived: Arrived): Promise<unknown> {
    const { request, kind, url } = arrived;
    if (request.method === 'GET' || request.method === 'HEAD' || kind === 'git' || BlobService.matches(url.pathname)) return undefined;
    try {
      if (kind === 'page') return new URLSearchParams((await readBody(request, 1024 * 1024)).toString('utf8'));
      return await readJson(request, BODY_BYTES_MAX);
    } catch (error) {
      return error;
    }
  }

  async #answer(arrived: Arrived, body: unknown): Promise<Reply> {
    const { kind, url, request, token, value } = arrived;
    if (body instanceof Refusal) return body.reply;
    if (body instanceof Error) throw body;
    const call: Call = { world: this.#world, token, tokenValue: value, params: {}, query: url.searchParams, body, job: arrived.job, url: new URL(url.pathname + url.search, this.#world.services.url.api) };
    if (kind === 'page') return await servePage({ call, artifacts: this.#artifacts, method: request.method ?? 'GET', cookies: request.headers.cookie ?? '', origin: request.headers.origin ?? null });
    if (value !== null && token === null) return new Refusal(401, 'Bad credentials').reply;
    if (kind === 'graphql') return await executeGraphql(call).catch((error: unknown) => orRefusal(error));
    if (kind === 'results') return this.#results(call, url.pathname);
    return await this.#rest.answer(call, request.method ?? 'GET', url.pathname.slice(REST.length) || '/');
  }

  #results(call: Call, path: string): Reply {
    const scope = call.tokenValue === null ? null : this.#world.tokens.scopeOf(call.tokenValue);
    if (scope === null) return { status: 401, body: { code: 'unauthenticated', msg: 'a runtime token is needed' } };
    const method = path.startsWith(ARTIFACT_SERVICE) ? path.slice(ARTIFACT_SERVICE.length) : path;
    return callArtifactService({ world: this.#world, method, body: call.body, scope, artifacts: this.#artifacts, blobs: this.#blobs });
  }

  #drop(arrived: Arrived, dropped: { mutating: boolean; status: number; asked: FaultRequest }): void {
    this.#record(arrived, dropped.mutating, dropped.status);
    arrived.request.socket.destroy();
    this.#world.services.onKill?.(dropped.asked);
  }

  #record(arrived: Arrived, mutating: boolean, status: number): void {
    const { request, url, token, kind, job } = arrived;
    this.#log.write({
      at: new Date().toISOString(), method: request.method ?? 'GET', path: loggedPath(url), status, job, token: token?.id ?? null, permissions: token?.permissions ?? null, kind, mutating, repo: repoInPath(url.pathname),
      durationMs: Math.round((performance.now() - arrived.startedMs) * 10) / 10,
    });
  }
}

const orRefusal = (error: unknown): Reply => {
  if (error instanceof Refusal) return error.reply;
  throw error;
};

function kindOf(path: string): RequestKind {
  if (path === '/api/graphql') return 'graphql';
  if (path === REST || path.startsWith(`${REST}/`)) return 'rest';
  if (path.startsWith('/twirp/') || path.startsWith('/_blobs/')) return 'results';
  return matchGitPath(path) === null ? 'page' : 'git';
}

const READING_RESULTS = /\/(ListArtifacts|GetSignedArtifactURL)$/;

function isMutating({ request, kind, url }: Arrived, body: unknown): boolean {
  if (kind === 'graphql') return isMutation(body);
  if (kind === 'git') return request.method === 'POST' && isPush(url.pathname, url.searchParams);
  if (kind === 'results' && READING_RESULTS.test(url.pathname)) return false;
  return request.method !== 'GET' && request.method !== 'HEAD';
}

/** OWNER/NAME of a REST, git or page path; null for GraphQL and everything else. */
function repoInPath(path: string): string | null {
  const found = /^\/api\/v3\/repos\/([^/]+\/[^/]+)/.exec(path) ?? /^\/(?!api\/|twirp\/|_blobs\/|-\/|pages\/)([\w.-]+\/[\w.-]+?)(?:\.git)?(?:\/|$)/.exec(path);
  return found?.[1] ?? null;
}

/** `token X`, `bearer X`, or the password of Basic authentication, as git sends it. */
function tokenValue(header: string | undefined): string | null {
  const [, scheme = '', value = ''] = /^(\w+) +(.+)$/.exec(header ?? '') ?? [];
  if (/^(token|bearer)$/i.test(scheme)) return value.trim();
  if (!/^basic$/i.test(scheme)) return null;
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  return decoded.slice(decoded.indexOf(':') + 1) || decoded.split(':')[0] || null;
}

const NO_SINK: GitSink = { head: () => {}, write: () => {}, end: () => {}, onGone: () => {} };

function sinkOf(response: ServerResponse, onHead: (status: number) => void): GitSink {
  return {
    head: (status, headers) => {
      onHead(status);
      response.writeHead(status, headers);
    },
    write: (chunk) => void response.write(chunk),
    end: () => void response.end(),
    onGone: (stop) => void response.on('close', stop),
  };
}

function send(response: ServerResponse, reply: Reply): void {
  const bytes = reply.raw === undefined ? (reply.body === undefined ? '' : JSON.stringify(reply.body)) : reply.raw.bytes;
  const type = reply.raw?.type ?? (reply.body === undefined ? undefined : 'application/json; charset=utf-8');
  response.writeHead(reply.status, { ...(type === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(bytes) }), 'x-content-type-options': 'nosniff', ...reply.headers });
  response.end(bytes);
}
