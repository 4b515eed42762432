import { afterEach, expect, test } from 'vitest';
import { startLoopback, type Loopback } from '../../../tests/support/loopback-server.ts';
import type { LocalGitHub } from '../../local/local-github.ts';
import { systemSentence } from '../system-reason.ts';
import { Person } from './person.ts';

let server: Loopback;
afterEach(() => server.close());

async function comments(status: number, failure: Error | null): Promise<unknown> {
  server = await startLoopback(() => ({ status, body: { message: 'Server Error' } }));
  const idle = (): Promise<void> => (failure === null ? Promise.resolve() : Promise.reject(failure));
  const github = { services: { url: { api: server.url }, state: { tokens: [] }, settled: () => Promise.resolve() }, runner: { idle } };
  return new Person(github as unknown as LocalGitHub, 'octocat').comment({ repo: 'local/api', number: 1 }, 'x').then(() => null, (error: unknown) => error);
}

test('what failed inside the local GitHub is told, not only that it answered 500', async () => {
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
  expect(systemSentence(await comments(500, new Error('the runner failed', { cause: full })))).toMatch(/^The disk is full/);
});

test('a refusal of its own is told as it is', async () => {
  const refused = await comments(422, new Error('not asked for'));
  expect(refused).toMatchObject({ code: 'local-github', message: expect.stringContaining('422') });
  expect(systemSentence(refused)).toBeNull();
  await server.close();
  expect(await comments(500, null)).toMatchObject({ code: 'local-github' });
});
