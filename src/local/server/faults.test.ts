import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunService } from '../contract.ts';
import { loadState } from './state.ts';
import { startServer } from './start-server.ts';
import { startTestServer } from './test-server.ts';
import type { TestServer } from './test-server.ts';

const unused = (): never => {
  throw new Error('not asked for here');
};
const NO_RUNS: RunService = { dispatch: unused, trigger: unused, review: unused, rerun: unused };

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  await server.close();
});

const createIssue = (): Promise<{ status: number }> => server.api('/repos/local/api/issues', { method: 'POST', body: { title: 'T' } });

test('kill-before does nothing, kill-after does it and loses the answer', async () => {
  const killed: string[] = [];
  server.services.onKill = (request) => killed.push(request.path);
  server.services.faults = (request) => (request.mutating ? { kind: 'kill-before' } : 'pass');
  await expect(createIssue()).rejects.toThrow('fetch failed');
  expect(server.state.issues).toHaveLength(1);
  server.services.faults = () => ({ kind: 'kill-after' });
  await expect(createIssue()).rejects.toThrow('fetch failed');
  expect(server.state.issues).toHaveLength(2);
  expect(killed).toHaveLength(2);
  expect(server.log().map((line) => line.status)).toEqual([0, 201]);
  server.services.faults = () => ({ kind: 'status', status: 502 });
  expect((await createIssue()).status).toBe(502);
  expect(server.state.issues).toHaveLength(2);
});

test('what was answered as done is on disk, even if this process ends now', async () => {
  expect((await createIssue()).status).toBe(201);
  expect(loadState(server.dir)?.issues).toHaveLength(2);
});

test('an event that a closing runner did not take is in the state for the next one', async () => {
  const taken: string[] = [];
  server.services.runs = { ...NO_RUNS, trigger: async () => 'closing' };
  await createIssue();
  await server.services.settled();
  expect(server.state.events?.map(({ name, action }) => ({ name, action }))).toEqual([{ name: 'issues', action: 'opened' }]);
  server.services.runs = { ...NO_RUNS, trigger: async ({ name }) => void taken.push(name) };
  await createIssue();
  await server.services.settled();
  expect(taken).toEqual(['issues']);
  expect(server.state.events).toHaveLength(1);
});

test('a restart goes on with the state as it was', async () => {
  await createIssue();
  await server.services.settled();
  const port = Number(new URL(server.url).port);
  await expect(startServer({ dir: server.dir, port, state: server.state })).rejects.toMatchObject({ code: 'port-taken', kind: 'input' });
  const { dir } = server;
  const again = await startServer({ dir, port: 0, state: server.state });
  await again.close();
  expect(loadState(dir)?.issues.map((issue) => issue.title)).toEqual(['Retry-After is ignored', 'T']);
});

test('a request for a foreign host name is refused', async () => {
  const { request } = await import('node:http');
  const port = Number(new URL(server.url).port);
  const status = await new Promise((resolve) => request({ host: '127.0.0.1', port, path: '/api/v3/rate_limit', headers: { host: 'evil.example' } }, (response) => resolve(response.statusCode)).end());
  expect(status).toBe(421);
});
