import { generateKeyPairSync } from 'node:crypto';

import { afterEach, describe, expect, test } from 'vitest';

import { approvedWorkflow, WORKFLOW_ID, withPatchSetOf } from '../../tests/support/approved-workflow.ts';
import { startGitBackedGitHub, type GitBackedGitHub } from '../../tests/support/git-backed-github.ts';
import { fakeClock, fakeRandom, type Fault } from '../../tests/support/loopback-server.ts';
import type { Change } from '../domain/change-set.ts';
import { approvalTrailer, type Intent } from '../domain/intent.ts';
import type { Workflow } from '../domain/workflow.ts';
import { createGitHubClient } from '../github/client.ts';
import { createTargetLookup } from '../github/target-lookup.ts';
import type { WriterCredential } from './mint-token.ts';
import { createTargetWriterFactory } from './target-writer.ts';

const REPO = 'octo/api';
const BRANCH = `countersign/${WORKFLOW_ID}/ps-1`;
const BINARY = Buffer.from([0, 255, 1, 2, 254]);
const KEY = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } }).privateKey;
const APP: WriterCredential = { kind: 'app', appId: '12', privateKey: KEY };

let github: GitBackedGitHub | undefined;
afterEach(() => github?.close());

interface Facts {
  readonly base: { readonly commit: string; readonly tree: string };
  readonly changes: readonly Change[];
  readonly contents: ReadonlyMap<string, Buffer>;
  readonly resultTree: string;
}
let facts: Facts | undefined;

function workOut(server: GitBackedGitHub): Facts {
  const base = { commit: server.git(['rev-parse', 'main']), tree: server.git(['rev-parse', 'main^{tree}']) };
  const oldBlob = (path: string): string => server.git(['rev-parse', `main:${path}`]);
  const contents = new Map<string, Buffer>();
  const newBlob = (content: Buffer | string): string => {
    const oid = server.git(['hash-object', '--stdin'], content);
    contents.set(oid, Buffer.from(content));
    return oid;
  };
  const change = (path: string, from: string | null, to: string | null, mode: '100644' | '100755' = '100644'): Change => ({
    path,
    op: from === null ? 'add' : to === null ? 'delete' : 'modify',
    oldMode: from === null ? null : '100644',
    newMode: to === null ? null : mode,
    oldBlob: from,
    newBlob: to,
  });
  const changes = [
    change('move.txt', oldBlob('move.txt'), null),
    change('moved/here.txt', null, oldBlob('move.txt')),
    change('run.sh', oldBlob('run.sh'), oldBlob('run.sh'), '100755'),
    change('src/a.ts', oldBlob('src/a.ts'), newBlob('\uFEFFnew “text”\r\nno newline at the end')),
    change('src/b/c.bin', null, newBlob(BINARY)),
    change('src/gone.ts', oldBlob('src/gone.ts'), null),
  ];
  const resultTree = expectedTree(server, changes, contents);
  return { base, changes, contents, resultTree };
}

/** A change that uses every way in: text, other bytes, a deletion, a new directory, the executable bit, a move. */
async function scene() {
  const server = await startGitBackedGitHub(REPO, { 'src/a.ts': 'old\n', 'src/gone.ts': 'gone\n', 'run.sh': '#!/bin/sh\n', 'move.txt': 'moved\n', 'keep.md': 'kept\n' });
  github = server;
  // Every server begins with the same commit, so all of this is worked out once.
  const { base, changes, contents, resultTree } = (facts ??= workOut(server));
  const workflow = withPatchSetOf(approvedWorkflow({ repos: approvedWorkflow().repos.map((repo) => (repo.repo === REPO ? { ...repo, baseCommit: base.commit, baseTree: base.tree } : repo)) }), 'ps-1', { resultTree });
  const ref = { patchSet: 'ps-1', revision: 1, digest: 'a'.repeat(64) };
  const message = `Do it\n\nCountersign-Workflow: ${WORKFLOW_ID}\nCountersign-PatchSet: ps-1 r1\n${approvalTrailer(ref.digest)}\n`;
  const commit = { kind: 'target-commit', repo: REPO, branch: BRANCH, baseCommit: base.commit, baseTree: base.tree, resultTree, changes, message, ...ref } as const;
  const readBlob = (oid: string): Promise<Uint8Array> => Promise.resolve(contents.get(oid) ?? Buffer.alloc(0));
  return { server, workflow, commit, ref, readBlob };
}

// Computed by git in an object directory of its own, so that the target does not have the objects beforehand.
function expectedTree(server: GitBackedGitHub, changes: readonly Change[], contents: ReadonlyMap<string, Buffer>): string {
  const listing = new Map(
    server
      .git(['ls-tree', '-r', 'main'])
      .split('\n')
      .map((line) => [line.split('\t')[1] ?? '', line.split('\t')[0] ?? ''] as const),
  );
  for (const { path, newMode, newBlob } of changes) {
    if (newBlob === null) listing.delete(path);
    else listing.set(path, `${newMode} blob ${newBlob}`);
  }
  const level = (prefix: string): string => {
    const here = new Map<string, string>();
    for (const [path, entry] of listing) {
      if (!path.startsWith(prefix)) continue;
      const [name = '', ...below] = path.slice(prefix.length).split('/');
      if (below.length === 0) here.set(name, `${entry}\t${name}`);
      else if (!here.has(name)) here.set(name, `040000 tree ${level(`${prefix}${name}/`)}\t${name}`);
    }
    return server.git(['mktree', '--missing'], [...here.values()].join('\n'));
  };
  expect(contents.size).toBeGreaterThan(0);
  return level('');
}

type Scene = Awaited<ReturnType<typeof scene>>;

const factory = (server: GitBackedGitHub, credential: WriterCredential = APP, installations: ReadonlyMap<string, number> = new Map()) => {
  const connection = { apiUrl: server.url, graphqlUrl: `${server.url}/graphql`, userAgent: 'countersign-test', clock: fakeClock(), random: fakeRandom };
  return createTargetWriterFactory({ ...connection, credential, installations, lookup: (token) => createTargetLookup(createGitHubClient({ ...connection, token })) });
};

/** What the write job does for one repository. */
async function writeOnce({ server, workflow, commit, ref, readBlob }: Scene, of: Workflow = workflow) {
  const writer = await factory(server).open({ kind: 'mint-token', repo: REPO }, of);
  try {
    const applied = await writer.apply(commit, of, { readBlob } as never);
    const pull: Extract<Intent, { kind: 'pull-request' }> = { kind: 'pull-request', repo: REPO, branch: BRANCH, baseBranch: 'main', commit: applied.commit, title: 'Do it', body: 'Why', ...ref };
    return { applied, pull: await writer.openPullRequest(pull, of) };
  } finally {
    await writer.revoke();
  }
}

function expectWrittenOnce({ server, commit }: Scene): void {
  const branches = server.git(['for-each-ref', '--format=%(refname)']).split('\n').filter((ref) => ref !== 'refs/heads/main');
  expect(branches).toEqual([`refs/heads/${BRANCH}`]);
  expect(server.git(['rev-list', `main..${BRANCH}`]).split('\n')).toHaveLength(1);
  expect(server.git(['rev-parse', `${BRANCH}^{tree}`])).toBe(commit.resultTree);
  expect(server.git(['rev-parse', `${BRANCH}^`])).toBe(commit.baseCommit);
  expect(server.pulls).toHaveLength(1);
  expect(server.git(['rev-parse', 'main'])).toBe(commit.baseCommit);
}

describe('one write', () => {
  test('installation, token, blob, tree, commit, ref, pull request, revocation: eight requests', async () => {
    const play = await scene();
    const { applied, pull } = await writeOnce(play);
    expectWrittenOnce(play);
    expect(applied).toEqual({ branch: BRANCH, commit: pull.head, tree: play.commit.resultTree, verified: true });
    expect(pull).toMatchObject({ number: 1, head: play.server.git(['rev-parse', BRANCH]) });
    expect(play.server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /repos/octo/api/installation',
      'POST /app/installations/77/access_tokens',
      'POST /repos/octo/api/git/blobs',
      'POST /repos/octo/api/git/trees',
      'POST /repos/octo/api/git/commits',
      'POST /repos/octo/api/git/refs',
      'POST /repos/octo/api/pulls',
      'DELETE /installation/token',
    ]);
    expect(play.server.tokens.size).toBe(0);
    const minted = play.server.requests[1]?.body;
    expect(minted).toEqual({ repositories: ['api'], permissions: { contents: 'write', pull_requests: 'write' } });
  });

  test('the installation is looked up once for an owner', async () => {
    const { server, workflow } = await scene();
    const writers = factory(server);
    await writers.open({ kind: 'mint-token', repo: REPO }, workflow);
    await writers.open({ kind: 'mint-token', repo: REPO }, workflow);
    expect(server.requests.filter(({ path }) => path.endsWith('/installation'))).toHaveLength(1);
  });

  test('again: what is there is found, nothing is written twice', async () => {
    const play = await scene();
    const first = await writeOnce(play);
    const second = await writeOnce(play);
    expect(second).toEqual(first);
    expectWrittenOnce(play);
  });
});

describe('a fault at each request, then the job again', () => {
  const faults: readonly Fault[] = ['before', 'after', 502];
  test.each(faults.flatMap((fault) => [0, 1, 2, 3, 4, 5, 6, 7].map((index) => [fault, index] as const)))('%s, request %i', async (fault, index) => {
    const play = await scene();
    // Four faults in a row outlast every repetition: the job dies there.
    for (let lost = index; lost < index + 5; lost += 1) play.server.faults.set(lost, fault);
    await writeOnce(play).then(
      () => expect(index).toBe(7),
      (error: unknown) => expect(error).toMatchObject({ name: 'CountersignError', kind: 'outside' }),
    );
    play.server.faults.clear();
    await writeOnce(play);
    expectWrittenOnce(play);
  });

  test.each(faults.flatMap((fault) => [0, 1, 2, 3, 4, 5, 6, 7].map((index) => [fault, index] as const)))('%s once at request %i heals by itself', async (fault, index) => {
    const play = await scene();
    play.server.faults.set(index, fault);
    await writeOnce(play);
    expectWrittenOnce(play);
  });
});

describe('refused', () => {
  test('nothing is asked of GitHub without the approvals', async () => {
    const play = await scene();
    const unapproved = withPatchSetOf(play.workflow, 'ps-2', { approval: null });
    await expect(writeOnce(play, unapproved)).rejects.toMatchObject({ kind: 'refused', code: 'not-approved' });
    expect(play.server.requests).toEqual([]);
  });

  test('a commit with another tree than the approved one: no branch is made', async () => {
    const play = await scene();
    play.server.lies.commitTree = play.commit.baseTree;
    await expect(writeOnce(play)).rejects.toMatchObject({ kind: 'refused', code: 'tree-differs' });
    expect(play.server.git(['for-each-ref', 'refs/heads/countersign'])).toBe('');
  });
  test('another tree than the approved one', async () => {
    const play = await scene();
    const other = { ...play, readBlob: () => Promise.resolve(Buffer.from('other text')) };
    await expect(writeOnce(other)).rejects.toMatchObject({ kind: 'refused', code: 'tree-differs' });
    expect(play.server.git(['for-each-ref', '--format=%(refname)'])).toBe('refs/heads/main');
    expect(play.server.tokens.size).toBe(0);
  });

  test('a branch that somebody else made', async () => {
    const play = await scene();
    play.server.git(['update-ref', `refs/heads/${BRANCH}`, 'main']);
    await expect(writeOnce(play)).rejects.toMatchObject({ kind: 'refused', code: 'branch-taken' });
    expect(play.server.pulls).toEqual([]);
  });

  test('a branch with the approved tree and message on another base', async () => {
    const play = await scene();
    await writeOnce(play);
    const { server, commit } = play;
    const other = server.git(['commit-tree', commit.baseTree, '-p', commit.baseCommit, '-m', 'not the pinned base']);
    for (const parents of [['-p', other], ['-p', commit.baseCommit, '-p', other], []]) {
      server.git(['update-ref', `refs/heads/${BRANCH}`, server.git(['commit-tree', commit.resultTree, ...parents, '-m', commit.message.trimEnd()])]);
      await expect(writeOnce(play)).rejects.toMatchObject({ code: 'branch-taken' });
    }
  });

  test('a branch with the approved tree under another approval', async () => {
    const play = await scene();
    await writeOnce(play);
    const message = play.commit.message.replace('ps-1 r1', 'ps-1 r2');
    await expect(writeOnce({ ...play, commit: { ...play.commit, message } })).rejects.toMatchObject({ code: 'branch-taken' });
  });

  test('a pull request that somebody closed', async () => {
    const play = await scene();
    await writeOnce(play);
    for (const pull of play.server.pulls) pull.state = 'closed';
    await expect(writeOnce(play)).rejects.toMatchObject({ code: 'pull-request-closed' });
    expect(play.server.pulls).toHaveLength(1);
  });

  test('a token that is too wide is given back unused', async () => {
    const play = await scene();
    play.server.permissions['workflows'] = 'write';
    await expect(writeOnce(play)).rejects.toMatchObject({ kind: 'refused', code: 'token-too-wide' });
    expect(play.server.requests.map(({ method }) => method)).toEqual(['GET', 'POST', 'DELETE']);
    expect(play.server.tokens.size).toBe(0);
  });
});

test('a known installation is not looked up, and one that is no more is looked up after all', async () => {
  const { server, workflow } = await scene();
  for (const [installation, requests] of [[77, ['POST']], [5, ['POST', 'GET', 'POST']]] as const) {
    const before = server.requests.length;
    const writer = await factory(server, APP, new Map([['octo', installation]])).open({ kind: 'mint-token', repo: REPO }, workflow);
    expect(server.requests.slice(before).map(({ method }) => method)).toEqual(requests);
    await writer.revoke();
  }
  expect(server.tokens.size).toBe(0);
});

test('a fine-grained token is used as it is and not revoked', async () => {
  const { server, workflow } = await scene();
  server.tokens.add('github_pat_x');
  const writer = await factory(server, { kind: 'token', token: 'github_pat_x' }).open({ kind: 'mint-token', repo: REPO }, workflow);
  await writer.revoke();
  expect(server.requests).toEqual([]);
});

test('a key that is none says so without quoting it', async () => {
  const { server, workflow } = await scene();
  const broken = factory(server, { kind: 'app', appId: '1', privateKey: 'not-a-key' }).open({ kind: 'mint-token', repo: REPO }, workflow);
  await expect(broken).rejects.toMatchObject({ kind: 'input', code: 'app-key' });
  await expect(broken).rejects.not.toThrow(/not-a-key/);
});
