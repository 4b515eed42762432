import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

import { startLoopback, type Loopback, type LoopbackAnswer, type LoopbackRequest } from './loopback-server.ts';

/** What GitHub does for one target repository, over a real bare git repository: the Git Data API, pull requests, tokens. */
export interface GitBackedGitHub extends Loopback {
  readonly repo: string;
  /** Runs git in the bare repository. */
  git(args: readonly string[], input?: string | Buffer): string;
  readonly pulls: Pull[];
  readonly tokens: Set<string>;
  /** What minted tokens may do. */
  readonly permissions: Record<string, string>;
  /** What it says instead of the truth. */
  readonly lies: Lies;
}

interface Lies {
  /** The tree of every commit that is made from now on. */
  commitTree?: string;
}

interface Pull {
  number: number;
  state: 'open' | 'closed';
  merged_at: string | null;
  head: string;
  base: string;
}

type Body = Record<string, unknown>;

/** `base`: path → content of the base commit on `main`. */
export async function startGitBackedGitHub(repo: string, base: Readonly<Record<string, string | Buffer>>): Promise<GitBackedGitHub> {
  const dir = mkdtempSync(join(tmpdir(), 'countersign-github-'));
  cpSync(templateOf(base), dir, { recursive: true });
  const { git, buildTree } = openStore(dir);
  const pulls: Pull[] = [];
  const tokens = new Set<string>();
  const permissions: Record<string, string> = { contents: 'write', pull_requests: 'write', metadata: 'read' };
  const lies: Lies = {};
  const loopback = await startLoopback((request) => answer({ git, buildTree, pulls, tokens, permissions, lies, repo }, request));
  const stop = loopback.close.bind(loopback);
  return Object.assign(loopback, {
    repo,
    git,
    pulls,
    tokens,
    permissions,
    lies,
    close: closing(() => stop(), dir),
  });
}

const templates = new Map<string, string>();
afterAll(() => templates.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

/** The repository with the base commit, made once for each base: tests only copy it. */
function templateOf(base: Readonly<Record<string, string | Buffer>>): string {
  const key = JSON.stringify(base);
  const known = templates.get(key);
  if (known !== undefined) return known;
  const dir = mkdtempSync(join(tmpdir(), 'countersign-github-base-'));
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', '--template=', join(dir, 'repo.git')], { env: environment() });
  const { git, buildTree } = openStore(dir);
  const tree = buildTree(null, Object.entries(base).map(([path, content]) => ({ path, mode: '100644', sha: git(['hash-object', '-w', '--stdin'], content) })));
  git(['update-ref', 'refs/heads/main', git(['commit-tree', tree, '-m', 'base'])]);
  templates.set(key, dir);
  return dir;
}

const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', ...author() });

/** git in `DIR/repo.git`. */
function openStore(dir: string): Pick<World, 'git' | 'buildTree'> {
  const gitDir = join(dir, 'repo.git');
  const git = (args: readonly string[], input?: string | Buffer, env: NodeJS.ProcessEnv = {}): string =>
    execFileSync('git', ['-C', gitDir, ...args], { env: { ...environment(), ...env }, ...(input === undefined ? {} : { input }), stdio: ['pipe', 'pipe', 'pipe'] }).toString().trim();
  const buildTree = (baseTree: string | null, entries: readonly Body[]): string => {
    const index = { GIT_INDEX_FILE: join(dir, `index-${process.hrtime.bigint()}`) };
    git(baseTree === null ? ['read-tree', '--empty'] : ['read-tree', baseTree], undefined, index);
    const lines = entries.map(({ path, mode, sha, content }) => {
      if (sha === null) return `0 ${'0'.repeat(40)}\t${String(path)}`;
      return `${String(mode)} ${typeof sha === 'string' ? sha : git(['hash-object', '-w', '--stdin'], String(content))}\t${String(path)}`;
    });
    git(['update-index', '--index-info'], lines.map((line) => `${line}\n`).join(''), index);
    return git(['write-tree'], undefined, index);
  };
  return { git, buildTree };
}

function closing(close: () => Promise<void>, dir: string): () => Promise<void> {
  return async () => {
    await close();
    rmSync(dir, { recursive: true, force: true });
  };
}

// Every commit at another second, as on GitHub: a commit made twice has two ids.
function author(): Record<string, string> {
  const date = '2026-11-22T10:00:00Z';
  return { GIT_AUTHOR_NAME: 'writer[bot]', GIT_AUTHOR_EMAIL: 'w@x', GIT_COMMITTER_NAME: 'writer[bot]', GIT_COMMITTER_EMAIL: 'w@x', GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
}

interface World {
  readonly git: (args: readonly string[], input?: string | Buffer, env?: NodeJS.ProcessEnv) => string;
  readonly buildTree: (base: string | null, entries: readonly Body[]) => string;
  readonly pulls: Pull[];
  readonly tokens: Set<string>;
  readonly permissions: Record<string, string>;
  readonly lies: Lies;
  readonly repo: string;
}

const invalid = (message: string, errors: readonly object[] = []): LoopbackAnswer => ({ status: 422, body: { message, errors, documentation_url: 'https://docs.github.com/rest' } });
let clockSeconds = 1_790_000_000;

async function answer(world: World, { method, path, query, body: parsed, token }: LoopbackRequest): Promise<LoopbackAnswer> {
  const body = typeof parsed === 'object' && parsed !== null ? (parsed as Body) : {};
  const { git, repo, tokens, pulls } = world;
  const route = `${method} ${path.replace(`/repos/${repo}`, '')}`;
  if (route === 'GET /installation') return { status: 200, body: { id: 77 } };
  if (route === 'POST /app/installations/77/access_tokens') {
    const minted = `ghs_${tokens.size}`;
    tokens.add(minted);
    return { status: 201, body: { token: minted, permissions: world.permissions, repositories: [{ full_name: repo }] } };
  }
  if (/^POST \/app\/installations\/\d+\/access_tokens$/.test(route)) return { status: 404, body: { message: 'Not Found' } };
  if (!tokens.has(token)) return { status: 401, body: { message: 'Bad credentials' } };
  if (route === 'DELETE /installation/token') return tokens.delete(token) ? { status: 204 } : { status: 401 };
  if (route === 'POST /git/blobs') return { status: 201, body: { sha: git(['hash-object', '-w', '--stdin'], Buffer.from(String(body['content']), 'base64')) } };
  if (route === 'POST /git/trees') return { status: 201, body: { sha: world.buildTree(typeof body['base_tree'] === 'string' ? body['base_tree'] : null, body['tree'] as Body[]) } };
  if (route === 'POST /git/commits') return { status: 201, body: createCommit(world, body) };
  if (route === 'POST /git/refs') return createRef(world, body);
  if (route.startsWith('GET /git/ref/')) return showRef(world, route.slice('GET /git/ref/'.length));
  if (route.startsWith('GET /git/commits/')) return { status: 200, body: showCommit(world, route.slice('GET /git/commits/'.length)) };
  if (route === 'POST /pulls') return openPull(world, body);
  if (route === 'GET /pulls') return { status: 200, body: pulls.filter((pull) => `${repo.split('/')[0]}:${pull.head}` === query.get('head')).map((pull) => showPull(world, pull)) };
  return { status: 404, body: { message: `Not Found: ${route}` } };
}

function createCommit({ git, lies }: World, { message, tree, parents }: Body): object {
  const date = `${(clockSeconds += 1)} +0000`;
  const parentArgs = (parents as string[]).flatMap((parent) => ['-p', parent]);
  const sha = git(['commit-tree', String(tree), ...parentArgs], String(message), { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
  return { sha, tree: { sha: lies.commitTree ?? tree }, verification: { verified: true } };
}

function createRef({ git }: World, { ref, sha }: Body): LoopbackAnswer {
  if (git(['for-each-ref', String(ref)]) !== '') return invalid('Reference already exists');
  git(['update-ref', String(ref), String(sha)]);
  return { status: 201, body: { ref, object: { sha, type: 'commit' } } };
}

function showRef({ git }: World, ref: string): LoopbackAnswer {
  const sha = git(['for-each-ref', '--format=%(objectname)', `refs/${ref}`]);
  return sha === '' ? { status: 404, body: { message: 'Not Found' } } : { status: 200, body: { ref, object: { sha, type: 'commit' } } };
}

function showCommit({ git }: World, sha: string): object {
  const [tree = '', parents = ''] = git(['show', '-s', '--format=%T%n%P', sha]).split('\n');
  const message = git(['show', '-s', '--format=%B', sha]);
  return { sha, tree: { sha: tree }, parents: parents.split(' ').filter(Boolean).map((parent) => ({ sha: parent })), message, verification: { verified: true } };
}

function openPull(world: World, { head, base }: Body): LoopbackAnswer {
  const { pulls, repo } = world;
  if (pulls.some((pull) => pull.state === 'open' && pull.head === head && pull.base === base)) {
    return invalid('Validation Failed', [{ resource: 'PullRequest', code: 'custom', message: `A pull request already exists for ${repo.split('/')[0]}:${String(head)}.` }]);
  }
  const pull: Pull = { number: pulls.length + 1, state: 'open', merged_at: null, head: String(head), base: String(base) };
  pulls.push(pull);
  return { status: 201, body: showPull(world, pull) };
}

function showPull({ git, repo }: World, { number, state, merged_at, head, base }: Pull): object {
  const sha = git(['rev-parse', `refs/heads/${head}`]);
  return { number, state, merged_at, html_url: `http://github.localhost/${repo}/pull/${number}`, head: { sha, ref: head, repo: { full_name: repo } }, base: { ref: base } };
}
