import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

import type { GitHubClient, GraphqlQuery } from './client.ts';
import { expecting, joinQueries } from './expected-query.ts';

const first: GraphqlQuery = { text: 'query First($owner: String!) { repository(owner: $owner) { name } }', variables: { owner: 'octo' } };
const second: GraphqlQuery = { text: 'query Second($number: Int!) { issue: repository(number: $number) { title } }', variables: { number: 1 } };
const expected = { query: second, isOwn: (name: string) => name === 'issue' };
const answerTo: Readonly<Record<string, unknown>> = { repository: { name: 'control' }, issue: { title: 'Slow' } };

let asked: GraphqlQuery[] = [];
let refused: Error | null = null;
const none = (): never => {
  throw new Error('not asked here');
};
const client: GitHubClient = {
  get: none,
  find: none,
  query: async (query, schema) => {
    asked.push(query);
    if (refused) throw refused;
    return schema.parse(Object.fromEntries(Object.entries(answerTo).filter(([name]) => query.text.includes(`${name}: `) || query.text.includes(`{ ${name}(`))));
  },
};
const repository = z.strictObject({ repository: z.object({ name: z.string() }) });
const issue = z.strictObject({ issue: z.object({ title: z.string() }) });

beforeEach(() => {
  asked = [];
  refused = null;
});

test('two questions are one request, and each gets its own part of the answer', async () => {
  const both = expecting(client, expected);
  expect(await both.query(first, repository, 'read')).toEqual({ repository: { name: 'control' } });
  expect(await both.query(second, issue, 'read')).toEqual({ issue: { title: 'Slow' } });
  expect(asked).toEqual([{ text: 'query Joined($owner: String!, $number: Int!) { repository(owner: $owner) { name }  issue: repository(number: $number) { title } }', variables: { owner: 'octo', number: 1 } }]);
});

test('what was held is given once, and other words are asked anew', async () => {
  const both = expecting(client, expected);
  await both.query(first, repository, 'read');
  const other = { ...second, variables: { number: 2 } };
  await both.query(other, issue, 'read');
  await both.query(second, issue, 'read');
  await both.query(second, issue, 'read');
  await both.query(first, repository, 'read');
  expect(asked.map(({ variables }) => variables)).toEqual([{ owner: 'octo', number: 1 }, { number: 2 }, { number: 1 }, { owner: 'octo' }]);
});

test('when the expected question comes first, nothing is sent along any more', async () => {
  const both = expecting(client, expected);
  await both.query(second, issue, 'read');
  await both.query(first, repository, 'read');
  expect(asked).toEqual([second, first]);
});

test('a refusal of both is passed on, and each may then be asked by itself', async () => {
  const both = expecting(client, expected);
  refused = new Error('NOT_FOUND');
  await expect(both.query(first, repository, 'read')).rejects.toThrow('NOT_FOUND');
  refused = null;
  await both.query(second, issue, 'read');
  await both.query(first, repository, 'read');
  expect(asked.slice(1)).toEqual([second, first]);
});

test('an answer of another shape is refused', async () => {
  await expect(expecting(client, expected).query(first, z.strictObject({ repository: z.object({ id: z.number() }) }), 'read')).rejects.toMatchObject({ kind: 'outside', code: 'github-answer' });
});

test('queries that share a variable are not joined', () => expect(() => joinQueries(first, first)).toThrow(/owner/));
