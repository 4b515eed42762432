import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTranscriptServer } from '../src/cli/up/transcript/server.ts';
import { createProviderFetch } from '../src/model/client/capped-fetch.ts';
import { sendToGitHub } from '../src/system/github-request.ts';
import { startLoopback, type Loopback } from './support/loopback-server.ts';

// Whoever answers for GitHub or a model's provider can say "look elsewhere". Nobody does: the key would go along, and a write.

let elsewhere: Loopback;
let moved: Loopback;
const folder = mkdtempSync(join(tmpdir(), 'countersign-redirects-'));

beforeAll(async () => {
  elsewhere = await startLoopback(() => ({ status: 200, body: {} }));
  moved = await startLoopback(({ path }) => ({ status: Number(path.slice(1)), headers: { location: `${elsewhere.url}/caught` }, body: {} }));
});
afterAll(async () => {
  await Promise.all([elsewhere.close(), moved.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const STATUSES = [301, 302, 303, 307, 308];

test.each(STATUSES.flatMap((status) => (['GET', 'POST'] as const).map((method) => [status, method] as const)))('GitHub answers %i to a %s: that is the answer', async (status, method) => {
  const answer = await sendToGitHub({ method, url: `${moved.url}/${status}`, token: 'secret', userAgent: 'countersign-test', body: method === 'POST' ? { ref: 'x' } : null });
  expect(answer.status).toBe(status);
  expect(elsewhere.requests).toEqual([]);
});

test.each(STATUSES)("a model's provider answers %i: that is the answer, which src/model/client refuses in words", async (status) => {
  const answer = await createProviderFetch()(`${moved.url}/${status}`, { method: 'POST', headers: { authorization: 'Bearer secret' }, body: '{}' });
  expect(answer.status).toBe(status);
  expect(elsewhere.requests).toEqual([]);
});

test.each(STATUSES)('a provider whose answers are recorded answers %i: the call fails, and nothing is kept', async (status) => {
  const troubles: string[] = [];
  const transcript = await startTranscriptServer({ kind: 'record', dir: folder, upstreams: { main: moved.url, byFirstSegment: {} }, onTrouble: (sentence) => troubles.push(sentence) }, 0);
  await expect(fetch(`${transcript.url}/${status}`, { method: 'POST', headers: { authorization: 'Bearer secret' }, body: '{}' })).rejects.toThrow();
  await transcript.close();
  expect(elsewhere.requests).toEqual([]);
  expect(troubles).toEqual(['no answer of the provider came: it redirects, and the key follows no redirect']);
});
