import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gitEnvironment, startTestServer } from './test-server.ts';
import type { TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  expect(server.services.violations).toEqual([]);
  await server.close();
});

const run = promisify(execFile);
/** A real git client with a token, as actions/checkout gives it one. */
async function client(token: string | null, cwd: string, ...args: string[]): Promise<string> {
  const header = token === null ? [] : ['-c', `http.extraheader=AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`];
  const { stdout } = await run('git', [...header, ...args], { cwd, env: gitEnvironment });
  return stdout.trim();
}
const remote = (repo: string): string => `${server.services.url.api.replace('/api/v3', '')}/${repo}`;
const folder = (name: string): string => {
  const made = path.join(server.dir, name);
  mkdirSync(made);
  return made;
};

test('clones, and fetches one pinned commit at depth 1', async () => {
  const { token } = server.job({ contents: 'read' });
  const cwd = folder('clone');
  await client(token, cwd, 'clone', '-q', remote('local/api'), 'a');
  expect(await client(null, path.join(cwd, 'a'), 'rev-parse', 'HEAD')).toBe(server.head);
  const tree = folder('pinned');
  await client(null, tree, 'init', '-q');
  await client(token, tree, 'fetch', '-q', '--depth', '1', `${remote('local/api')}.git`, server.head);
  expect(await client(null, tree, 'rev-parse', 'FETCH_HEAD')).toBe(server.head);
});

test('a private repository asks for a token and hides from a wrong one', async () => {
  const cwd = folder('refused');
  await expect(client(null, cwd, 'clone', '-q', remote('local/api'), 'a')).rejects.toThrow(/Authentication|could not read Username|terminal prompts disabled/);
  await expect(client(server.job({ contents: 'read' }, 'local/control').token, cwd, 'clone', '-q', remote('local/api'), 'b')).rejects.toThrow(/not found/);
});

test('pushes need contents: write, move pull requests, and are events', async () => {
  const cwd = folder('push');
  const writer = server.job({ contents: 'write' });
  await client(writer.token, cwd, 'clone', '-q', remote('local/api'), 'a');
  const work = path.join(cwd, 'a');
  const commit = async (text: string): Promise<string> => {
    writeFileSync(path.join(work, 'new.txt'), text);
    await client(null, work, 'add', '-A');
    await client(null, work, 'commit', '-q', '-m', text);
    return await client(null, work, 'rev-parse', 'HEAD');
  };
  const first = await commit('one');
  await expect(client(server.job({ contents: 'read' }).token, work, 'push', '-q', 'origin', 'HEAD:refs/heads/topic')).rejects.toThrow(/denied|403/);
  await client(writer.token, work, 'push', '-q', 'origin', 'HEAD:refs/heads/topic');
  const opened = await server.api('/repos/local/api/pulls', { method: 'POST', body: { title: 'T', head: 'topic', base: 'main' } });
  expect(opened.body.head.sha).toBe(first);
  const second = await commit('two');
  await client(server.personal, work, 'push', '-q', 'origin', 'HEAD:refs/heads/topic');
  expect((await server.api(`/repos/local/api/pulls/${opened.body.number}`)).body).toMatchObject({ commits: 2, head: { sha: second } });
  await server.services.settled();
  expect(server.events.map((event) => [event.name, event.action, event.sha, event.byJobToken])).toEqual([
    ['push', null, first, true], ['pull_request', 'opened', first, false], ['push', null, second, false], ['pull_request', 'synchronize', second, false],
  ]);
  const pushes = server.log().filter((line) => line.kind === 'git' && line.mutating);
  expect(pushes.map((line) => [line.status, line.job])).toEqual([[200, 'start.yml/design#7'], [200, null]]);
});
