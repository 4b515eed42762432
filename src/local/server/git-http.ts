// git over HTTP: `git http-backend` does the work, this file decides who may and tells what a push moved.
import { spawn } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import type { LocalRepo, TokenInfo } from '../contract.ts';
import { causeOf, emitPush } from './events.ts';
import { gitEnv } from './git/run-git.ts';
import type { Ref } from './git/refs.ts';
import { holds } from './permissions.ts';
import { findRepo } from './world.ts';
import type { World } from './world.ts';

export interface GitPath {
  readonly repo: string;
  readonly rest: string;
}

/** `/OWNER/NAME(.git)/info/refs` and the two services; null for any other path. */
export function matchGitPath(path: string): GitPath | null {
  const found = /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(path);
  return found === null ? null : { repo: `${found[1]}/${found[2]}`, rest: found[3] ?? '' };
}

export const isPush = (path: string, query: URLSearchParams): boolean => path.endsWith('/git-receive-pack') || query.get('service') === 'git-receive-pack';

/** A refusal as plain text, which git shows to its user; null when the token may. */
function refusalOf(token: TokenInfo | null, repo: LocalRepo | null, push: boolean): { status: number; text: string } | null {
  const reaches = token !== null && repo !== null && token.repos.some((name) => name.toLowerCase() === repo.name.toLowerCase());
  const reads = repo !== null && (!repo.private || (reaches && holds(token, 'contents', 'read')));
  if (repo === null || !reads) return token === null ? { status: 401, text: 'Authentication required' } : { status: 404, text: 'Repository not found.' };
  if (!push) return null;
  if (token === null) return { status: 401, text: 'Authentication required' };
  return reaches && holds(token, 'contents', 'write') ? null : { status: 403, text: `Permission to ${repo.name}.git denied to ${token.login}.` };
}

/** Where the answer goes: the connection, or nowhere when a fault drops it after the work. */
export interface GitSink {
  head(status: number, headers: Readonly<Record<string, string>>): void;
  write(chunk: Uint8Array): void;
  end(): void;
  /** Calls back when the client has gone. */
  onGone(stop: () => void): void;
}

export interface GitRequest {
  readonly request: IncomingMessage;
  readonly sink: GitSink;
  readonly path: GitPath;
  readonly url: URL;
  readonly token: TokenInfo | null;
}

/** Answers a git request and gives its status. After a push each moved ref becomes a `push` event. */
export async function serveGit(world: World, git: GitRequest): Promise<number> {
  const repo = findRepo(world.state, git.path.repo);
  const push = isPush(git.url.pathname, git.url.searchParams);
  const refusal = refusalOf(git.token, repo, push);
  if (refusal !== null || repo === null) {
    const { status, text } = refusal ?? { status: 404, text: 'Repository not found.' };
    git.sink.head(status, { 'content-type': 'text/plain', ...(status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {}) });
    git.sink.write(Buffer.from(`${text}\n`));
    git.sink.end();
    return status;
  }
  if (!push || git.path.rest === 'info/refs') return await answerFetch(world, repo, git);
  const store = world.store(repo.name);
  return await store.exclusively(async () => {
    const before = await store.listRefs('refs/');
    const held = holdBack(git.sink);
    const status = await runBackend(world, repo, { ...git, sink: held.sink });
    announce(world, repo, { token: git.token, before, after: await store.listRefs('refs/') });
    held.release();
    return status;
  });
}

/** Keeps an answer until `release`: whoever pushed finds the pull request moved when git comes back. */
function holdBack(sink: GitSink): { sink: GitSink; release(): void } {
  const held: (() => void)[] = [];
  const later = (step: () => void): void => void held.push(step);
  return {
    sink: { head: (status, headers) => later(() => sink.head(status, headers)), write: (chunk) => later(() => sink.write(chunk)), end: () => later(() => sink.end()), onGone: (stop) => sink.onGone(stop) },
    release: () => {
      for (const step of held) step();
    },
  };
}

function announce(world: World, repo: LocalRepo, moved: { token: TokenInfo | null; before: readonly Ref[]; after: readonly Ref[] }): void {
  const old = new Map(moved.before.map((ref) => [ref.name, ref.oid]));
  const now = new Map(moved.after.map((ref) => [ref.name, ref.oid]));
  for (const ref of new Set([...old.keys(), ...now.keys()])) {
    const change = { ref, before: old.get(ref) ?? null, after: now.get(ref) ?? null };
    if (change.before !== change.after) emitPush(world, repo, causeOf(moved.token), change);
  }
}

function backendEnv(world: World, repo: LocalRepo, git: GitRequest): Record<string, string> {
  const { request, url, path } = git;
  const header = (name: string): string => String(request.headers[name] ?? '');
  return gitEnv({
    GIT_PROJECT_ROOT: world.services.gitDir(repo.name), GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: `/${path.rest}`, REQUEST_METHOD: request.method ?? 'GET', QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: header('content-type'), HTTP_CONTENT_ENCODING: header('content-encoding'), GIT_PROTOCOL: header('git-protocol'), REMOTE_USER: git.token?.login ?? '', REMOTE_ADDR: '127.0.0.1',
    ...(request.headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: header('content-length') }),
  });
}

/** What a repository's backend can do, in protocol version 2: it says nothing of its refs, so every fetch gets the same bytes. */
const capabilities = new Map<string, { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer }>();
const CAPABILITIES_MAX = 1_000;
const V2_ADVERTISEMENT = Buffer.from('000eversion 2\n');

/** The first question of a fetch is answered once by the backend, and from memory after that: a process less for each checkout. */
async function answerFetch(world: World, repo: LocalRepo, git: GitRequest): Promise<number> {
  const asks = git.path.rest === 'info/refs' && git.url.search === '?service=git-upload-pack' && git.request.headers['git-protocol'] === 'version=2';
  if (!asks) return await runBackend(world, repo, git);
  const key = world.services.gitDir(repo.name);
  const known = capabilities.get(key);
  if (known !== undefined) {
    git.sink.head(200, known.headers);
    git.sink.write(known.body);
    git.sink.end();
    return 200;
  }
  const chunks: Uint8Array[] = [];
  let headers: Readonly<Record<string, string>> = {};
  const sink: GitSink = {
    head: (code, given) => {
      headers = given;
      git.sink.head(code, given);
    },
    write: (chunk) => {
      chunks.push(Buffer.from(chunk));
      git.sink.write(chunk);
    },
    end: () => git.sink.end(),
    onGone: (stop) => git.sink.onGone(stop),
  };
  const status = await runBackend(world, repo, { ...git, sink });
  const body = Buffer.concat(chunks);
  if (status === 200 && body.subarray(0, V2_ADVERTISEMENT.length).equals(V2_ADVERTISEMENT) && capabilities.size < CAPABILITIES_MAX) capabilities.set(key, { headers, body });
  return status;
}

function runBackend(world: World, repo: LocalRepo, git: GitRequest): Promise<number> {
  const { request, sink } = git;
  return new Promise((resolve) => {
    const child = spawn('git', ['http-backend'], { env: backendEnv(world, repo, git) });
    let head: Buffer | null = Buffer.alloc(0);
    let status = 500;
    child.stdin.on('error', () => {});
    child.stderr.resume();
    request.pipe(child.stdin);
    sink.onGone(() => child.kill());
    child.on('error', () => resolve(500));
    child.stdout.on('data', (chunk: Buffer) => {
      if (head === null) return sink.write(chunk);
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const headers = new Map(head.toString('latin1', 0, end).split('\r\n').map((line) => [line.split(': ')[0] ?? '', line.split(': ').slice(1).join(': ')]));
      status = Number(headers.get('Status')?.slice(0, 3) ?? 200);
      headers.delete('Status');
      sink.head(status, Object.fromEntries(headers));
      sink.write(head.subarray(end + 4));
      head = null;
    });
    child.on('close', () => {
      if (head !== null) sink.head(500, {});
      sink.end();
      resolve(status);
    });
  });
}
