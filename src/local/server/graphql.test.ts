import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { git, startTestServer } from './test-server.ts';
import type { TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server.close();
});

const MUTATION = 'mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid message signature { isValid } tree { oid } } ref { name target { oid } } } }';
const input = (expectedHeadOid: string, path: string, more: Record<string, unknown> = {}): unknown => ({
  input: { branch: { repositoryNameWithOwner: 'local/api', branchName: 'main' }, expectedHeadOid, message: { headline: `Add ${path}`, body: 'Trailer: 1' }, fileChanges: { additions: [{ path, contents: Buffer.from(path).toString('base64') }], ...more } },
});
const head = (): string => git(server.services.gitDir('local/api'), 'rev-parse', 'main');

describe('queries', () => {
  test('several objects in one query, by expression and by id', async () => {
    const { token } = server.job({ contents: 'read', issues: 'read' });
    const tree = git(server.services.gitDir('local/api'), 'rev-parse', 'main^{tree}');
    const query = `query($tree: GitObjectID!) {
      rateLimit { cost remaining }
      repository(owner: "local", name: "api") {
        defaultBranchRef { name prefix target { oid } }
        ref(qualifiedName: "refs/heads/main") { target { ... on Commit { message tree { oid } parents(first: 1) { totalCount } } } }
        a: object(expression: "main:src/a.ts") { __typename ... on Blob { oid byteSize text isBinary isTruncated } }
        b: object(oid: $tree) { ... on Tree { entries { name mode type object { ... on Blob { byteSize } ... on Tree { entries { name } } } } } }
        gone: object(expression: "main:nothing") { oid }
        issue(number: 1) { title author { login } state }
      }
    }`;
    const { data, errors } = await server.graphql(query, { tree }, token);
    expect(errors).toBeUndefined();
    expect(data.repository.a).toMatchObject({ __typename: 'Blob', text: 'export const a = 1;\n', byteSize: 20, isBinary: false, isTruncated: false });
    expect(data.repository.b.entries.map((entry: { name: string; mode: number }) => [entry.name, entry.mode])).toEqual([['.github', 0o40000], ['README.md', 0o100644], ['src', 0o40000]]);
    expect(data.repository.gone).toBeNull();
    expect(data.repository.issue).toEqual({ title: 'Retry-After is ignored', author: { login: 'octocat' }, state: 'OPEN' });
    expect(data.repository.defaultBranchRef.target.oid).toBe(head());
  });

  test('a token without contents gets FORBIDDEN, a repository out of reach NOT_FOUND', async () => {
    const { token } = server.job({ issues: 'read' });
    const forbidden = await server.graphql('{ repository(owner: "local", name: "api") { object(expression: "main") { oid } } }', {}, token);
    expect(forbidden.errors[0]).toMatchObject({ type: 'FORBIDDEN', message: 'Resource not accessible by integration' });
    const hidden = await server.graphql('{ repository(owner: "local", name: "control") { id } }', {}, token);
    expect(hidden.errors[0]).toMatchObject({ type: 'NOT_FOUND', message: "Could not resolve to a Repository with the name 'local/control'." });
  });

  test('a field outside the slice is refused and recorded', async () => {
    const { errors } = await server.graphql('{ repository(owner: "local", name: "api") { stargazerCount } }', {}, server.personal);
    expect(errors[0].message).toContain('stargazerCount');
    expect(server.services.violations.pop()).toContain('stargazerCount');
  });
});

describe('createCommitOnBranch', () => {
  test('of commits that race for one head exactly one lands', async () => {
    const { token } = server.job({ contents: 'write' });
    const before = head();
    const answers = await Promise.all(Array.from({ length: 6 }, (_, index) => server.graphql(MUTATION, input(before, `race/${index}.json`), token)));
    const landed = answers.filter((answer) => answer.errors === undefined);
    expect(landed).toHaveLength(1);
    for (const lost of answers.filter((answer) => answer.errors !== undefined)) {
      expect(lost.errors[0]).toMatchObject({ type: 'STALE_DATA', message: `Expected branch to point to "${before}" but it did not. Pull and try again.` });
      expect(lost.data.createCommitOnBranch).toBeNull();
    }
    const { commit, ref } = landed[0].data.createCommitOnBranch;
    expect(ref.target.oid).toBe(commit.oid);
    expect(commit.signature.isValid).toBe(true);
    expect(head()).toBe(commit.oid);
    expect(git(server.services.gitDir('local/api'), 'log', '-1', '--format=%an|%cn|%P|%B', 'main')).toBe(`github-actions[bot]|GitHub|${before}|${commit.message}`);
    expect(git(server.services.gitDir('local/api'), 'fsck', '--strict')).toBe('');
    await server.services.settled();
    expect(server.events.filter((event) => event.name === 'push')).toMatchObject([{ byJobToken: true, sha: commit.oid, ref: 'refs/heads/main' }]);
    expect(server.log().filter((line) => line.kind === 'graphql' && line.mutating)).toHaveLength(6);
  });

  test('deletes and adds; a path that is not there is an error', async () => {
    const { token } = server.job({ contents: 'write' });
    const done = await server.graphql(MUTATION, input(head(), 'new.txt', { deletions: [{ path: 'src/a.ts' }] }), token);
    expect(done.errors).toBeUndefined();
    expect(git(server.services.gitDir('local/api'), 'ls-tree', '-r', '--name-only', 'main')).not.toContain('src/a.ts');
    const missing = await server.graphql(MUTATION, input(head(), 'x', { deletions: [{ path: 'nowhere' }] }), token);
    expect(missing.errors[0].message).toContain('requested for deletion which does not exist');
  });

  test('reading is not writing', async () => {
    const before = head();
    const refused = await server.graphql(MUTATION, input(before, 'x'), server.job({ contents: 'read' }).token);
    expect(refused.errors[0]).toMatchObject({ type: 'FORBIDDEN' });
    expect(head()).toBe(before);
  });
});
