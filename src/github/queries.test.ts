import { readFileSync } from 'node:fs';

import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';

import { COMMIT_MUTATION } from '../write-gate/ledger-commit.ts';
import { configField } from './control-file.ts';
import { assertQuery } from './exchange.ts';
import { joinQueries } from './expected-query.ts';
import { buildIntakeQuery } from './intake.ts';
import { buildLedgerQuery } from './ledger-query.ts';
import { buildBlobsQuery } from './ledger-reader.ts';
import { buildPullRequestsQuery } from './pull-requests.ts';

const schema = buildSchema(readFileSync(new URL('../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url), 'utf8'), { assumeValid: true });
const oid = 'a'.repeat(40);
const queries = [
  ['an issue and two heads', buildIntakeQuery({ repo: 'octo/api', number: 1 }, [{ repo: 'octo/api', branch: null }, { repo: 'octo/web', branch: 'release/1' }]).text],
  ['an issue alone', buildIntakeQuery({ repo: 'octo/api', number: 1 }, []).text],
  ['pull requests', buildPullRequestsQuery([{ repo: 'octo/api', number: 1, base: 'main' }, { repo: 'octo/web', number: 2, base: 'main' }], { checks: false, rules: false }).text],
  ['pull requests with their checks and rules', buildPullRequestsQuery([{ repo: 'octo/api', number: 1, base: 'main' }], { checks: true, rules: true }).text],
  ['the ledger', buildLedgerQuery('octo/control', 'wf-20261122-k3v9q2', { evidence: false, environment: null }).text],
  ['the ledger with evidence and an environment', buildLedgerQuery('octo/control', 'wf-20261122-k3v9q2', { evidence: true, environment: 'countersign-approval' }).text],
  ['the ledger and an issue with two heads, as one', joinQueries(buildLedgerQuery('octo/control', 'wf-20261122-k3v9q2', { evidence: true, environment: null }), buildIntakeQuery({ repo: 'octo/api', number: 1 }, [{ repo: 'octo/api', branch: null }, { repo: 'octo/web', branch: 'main' }])).text],
  ['evidence', buildBlobsQuery('octo/control', [oid, oid]).text],
  ['the settings', `query C($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { ${configField} } }`],
] as const;

describe('valid by GitHub’s published schema', () => {
  test.each(queries)('%s', (_name, text) => {
    expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
    expect(() => assertQuery(text)).not.toThrow();
  });
  test('the ledger commit', () => expect(validate(schema, parse(COMMIT_MUTATION))).toEqual([]));
});

test.each([
  [COMMIT_MUTATION],
  ['query A { viewer { login } } mutation B { x }'],
  ['subscription S { x }'],
  ['# query\nmutation M { x }'],
  ['{ viewer { login } }'],
  ['fragment F on User { login } query A { viewer { ...F } }'],
])('reading refuses %s', (text) => expect(() => assertQuery(text)).toThrow(/not a query/));
