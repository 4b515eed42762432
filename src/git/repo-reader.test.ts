import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRepoReader } from './repo-reader.ts';
import { TestRepository } from './test-repository.ts';

const TOKEN = 'ghs_thisIsASecretOfTheTest';
const repository = new TestRepository();
const directory = mkdtempSync(join(tmpdir(), 'countersign-test-'));
let server: Server;
let serverUrl = '';
let old: { commit: string; tree: string };
let seen: string[] = [];

/** Serves the repository as octo/api by git's own http-backend, to whoever has the token. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  seen.push(`${request.method ?? ''} ${request.url ?? ''}`);
  const expected = `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;
  const url = new URL(request.url ?? '', 'http://localhost');
  if (request.headers.authorization !== expected) return void response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
  const path = /^\/octo\/api\.git(\/.*)$/u.exec(url.pathname)?.[1];
  if (path === undefined) return void response.writeHead(404).end();
  const env = { PATH: process.env['PATH'] ?? '', GIT_PROJECT_ROOT: join(repository.directory, '.git'), GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: path, REQUEST_METHOD: request.method ?? '', QUERY_STRING: url.search.slice(1), CONTENT_TYPE: request.headers['content-type'] ?? '', HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '', GIT_PROTOCOL: String(request.headers['git-protocol'] ?? '') };
  const backend = spawn('git', ['http-backend'], { env });
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  backend.on('close', () => {
    const all = Buffer.concat(chunks);
    const end = all.indexOf('\r\n\r\n');
    const headers = Object.fromEntries(all.toString('latin1', 0, end).split('\r\n').map((line) => line.split(': ', 2) as [string, string]));
    response.writeHead(Number(headers['Status']?.slice(0, 3) ?? 200), headers).end(all.subarray(end + 4));
  });
}

beforeAll(async () => {
  old = repository.commit({ 'a.txt': 'one\n' });
  repository.commit({ 'a.txt': 'two\n' });
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  serverUrl = `http://localhost:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  repository.remove();
  rmSync(directory, { recursive: true });
});

it('fetches exactly one pinned commit, once', async () => {
  const reader = createRepoReader({ serverUrl, token: TOKEN, directory });
  const store = await reader.open('octo/api', old.commit);
  expect((await store.readCommit(old.commit)).tree).toBe(old.tree);
  await store.close();
  expect(seen.length).toBeGreaterThan(0);
  seen = [];
  await (await reader.open('octo/api', old.commit)).close();
  expect(seen).toEqual([]);
});

it('says what to check when it cannot, and never says the token', async () => {
  for (const [options, repo, commit] of [
    [{ token: 'ghs_wrongSecret' }, 'octo/other', old.commit],
    [{ token: TOKEN }, 'octo/none', old.commit],
    [{ token: TOKEN }, 'octo/api', '1'.repeat(40)],
  ] as const) {
    const reader = createRepoReader({ serverUrl, token: options.token, directory });
    const error: unknown = await reader.open(repo, commit).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'outside', code: 'fetch-failed' });
    const said = error instanceof Error ? `${error.message}${error.stack ?? ''}` : '';
    expect(said).not.toContain(options.token);
    expect(said).not.toContain(Buffer.from(`x-access-token:${options.token}`).toString('base64'));
  }
});

it.each(['file:///tmp', 'http://user:pass@localhost', 'nonsense', 'ext::sh'])('refuses the server address %s', async (address) => {
  const reader = createRepoReader({ serverUrl: address, token: null, directory });
  await expect(reader.open('octo/new', old.commit)).rejects.toMatchObject({ kind: 'input', code: 'bad-server-url' });
});

it.each(['../x', 'octo', 'octo/..', 'a/b/c'])('refuses the repository name %s', async (name) => {
  await expect(createRepoReader({ serverUrl, token: null, directory }).open(name, old.commit)).rejects.toMatchObject({ code: 'bad-repo-name' });
});
