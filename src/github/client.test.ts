import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { fakeClock, fakeRandom, startLoopback, type Loopback, type LoopbackAnswer, type LoopbackRequest } from '../../tests/support/loopback-server.ts';
import { createGitHubClient } from './client.ts';
import { ATTEMPTS_MAX } from './retry.ts';

const OK: LoopbackAnswer = { status: 200, body: { value: 1 } };
const SCHEMA = z.object({ value: z.int() });
const TOKEN = 'ghs_secret';

let server: Loopback | undefined;
afterEach(() => server?.close());

/** A client of a server that gives these answers in turn, and the last one for ever. */
async function clientFor(...answers: readonly (LoopbackAnswer | ((request: LoopbackRequest) => LoopbackAnswer))[]) {
  let asked = 0;
  server = await startLoopback((request) => {
    const answer = answers[Math.min(asked++, answers.length - 1)] ?? OK;
    return typeof answer === 'function' ? answer(request) : answer;
  });
  const clock = fakeClock();
  const client = createGitHubClient({ apiUrl: server.url, graphqlUrl: `${server.url}/graphql`, token: TOKEN, userAgent: 'test', clock, random: fakeRandom });
  return { server, clock, read: () => client.get('/x', SCHEMA, 'read x'), find: () => client.find('/x', SCHEMA, 'read x'), query: () => client.query({ text: 'query Q { x }', variables: {} }, SCHEMA, 'ask x') };
}

describe('asked to wait', () => {
  test.each([
    ['429 with retry-after', { status: 429, headers: { 'retry-after': '7' } }, 7_200],
    ['403 with retry-after (a secondary limit)', { status: 403, headers: { 'retry-after': '3' } }, 3_200],
    ['403 with the limit used up, until it begins anew by the server’s clock', { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225620', date: 'Thu, 01 Jan 2026 00:00:00 GMT' } }, 21_200],
    ['429 without a hint', { status: 429 }, 400],
  ] as const)('%s', async (_name, answer, sleptMs) => {
    const { clock, read, server: loopback } = await clientFor(answer, OK);
    expect(await read()).toEqual({ value: 1 });
    expect(clock.sleptMs).toEqual([sleptMs]);
    expect(loopback.requests).toHaveLength(2);
  });

  test('longer than a job waits: ends at once, and says when to come back', async () => {
    const { clock, read, server: loopback } = await clientFor({ status: 429, headers: { 'retry-after': '1800' } });
    await expect(read()).rejects.toMatchObject({ kind: 'outside', code: 'github-rate-limit', message: expect.stringContaining('1800 seconds') });
    expect(clock.sleptMs).toEqual([]);
    expect(loopback.requests).toHaveLength(1);
  });

  test('for ever: a bounded number of times', async () => {
    const { clock, read, server: loopback } = await clientFor({ status: 429, headers: { 'retry-after': '1' } });
    await expect(read()).rejects.toMatchObject({ code: 'github-rate-limit' });
    expect(loopback.requests).toHaveLength(ATTEMPTS_MAX);
    expect(clock.sleptMs).toHaveLength(ATTEMPTS_MAX - 1);
  });

  test('GraphQL says it with status 200', async () => {
    const limited = { status: 200, headers: { 'retry-after': '2' }, body: { data: null, errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] } };
    const { query, server: loopback } = await clientFor(limited, { status: 200, body: { data: { value: 2 } } });
    expect(await query()).toEqual({ value: 2 });
    expect(loopback.requests).toHaveLength(2);
  });
});

describe('faults that may pass', () => {
  test.each([500, 502, 503, 504] as const)('%i is asked again, each time after a longer wait', async (status) => {
    const { clock, read } = await clientFor({ status }, { status }, { status }, OK);
    expect(await read()).toEqual({ value: 1 });
    expect(clock.sleptMs).toEqual([200, 400, 800]);
  });

  test.each(['before', 'after'] as const)('a connection that breaks %s the answer', async (fault) => {
    const { read, server: loopback } = await clientFor(OK);
    loopback.faults.set(0, fault);
    expect(await read()).toEqual({ value: 1 });
    expect(loopback.requests).toHaveLength(2);
  });

  test('one that stays broken ends with a sentence', async () => {
    const { read, server: loopback } = await clientFor(OK);
    for (let index = 0; index < ATTEMPTS_MAX; index += 1) loopback.faults.set(index, 'before');
    await expect(read()).rejects.toMatchObject({ kind: 'outside', code: 'github-unreachable' });
    expect(loopback.requests).toHaveLength(ATTEMPTS_MAX);
  });
});

describe('answers that are the last word', () => {
  test.each([
    [401, 'github-token'], [403, 'github-permission'], [404, 'github-not-found'], [409, 'github-conflict'], [422, 'github-invalid'], [418, 'github-unexpected'], [301, 'github-moved'],
  ] as const)('%i is %s, and is not asked again', async (status, code) => {
    const { read, server: loopback } = await clientFor({ status, body: { message: `No: ${TOKEN}` }, headers: { location: '/elsewhere' } });
    await expect(read()).rejects.toMatchObject({ kind: 'outside', code, message: expect.not.stringContaining(TOKEN) });
    expect(loopback.requests).toHaveLength(1);
  });

  test('only 404 means that there is none', async () => {
    expect(await (await clientFor({ status: 404 })).find()).toBeNull();
    await server?.close();
    await expect((await clientFor({ status: 403 })).find()).rejects.toMatchObject({ code: 'github-permission' });
  });

  test.each([[{ value: 'one' }], [[]], [null]])('an answer of another shape (%j) is refused', async (body) => {
    await expect((await clientFor({ status: 200, body })).read()).rejects.toMatchObject({ code: 'github-answer' });
  });

  test('a GraphQL answer with an error beside its data is no answer', async () => {
    const partial = { status: 200, body: { data: { value: 1 }, errors: [{ type: 'FORBIDDEN', message: `Not for ${TOKEN}`, path: ['value'] }] } };
    await expect((await clientFor(partial)).query()).rejects.toMatchObject({ code: 'github-permission', message: expect.not.stringContaining(TOKEN) });
  });
});
