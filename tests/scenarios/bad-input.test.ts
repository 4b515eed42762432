import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostileHome } from './support/hostile-home.ts';
import { inWorld } from './support/world.ts';

// Whatever is wrong with what a person gives, `countersign up` says it in one sentence with what to do next, ends with 2,
// and leaves everything as it was: their repositories, and the directory it was to fill.

const MAIN = resolve(import.meta.dirname, '../../src/cli/main.ts');
const root = mkdtempSync(join(tmpdir(), 'countersign-bad-input-'));
const repos = join(root, 'repos');
const at = (...parts: readonly string[]): string => join(repos, ...parts);
const GIT_IDENTITY = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.com', GIT_CONFIG_GLOBAL: '/dev/null' };
const git = (cwd: string, ...args: readonly string[]): string => execFileSync('git', args, { cwd, encoding: 'utf8', env: { ...process.env, ...GIT_IDENTITY } });

function makeRepo(name: string, files: Readonly<Record<string, string>> = { 'a.txt': 'one\ntwo\none\n' }): string {
  const path = at(name);
  mkdirSync(path, { recursive: true });
  git(path, 'init', '--quiet', '--initial-branch=main');
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  if (Object.keys(files).length > 0) commit(path);
  return path;
}

function commit(path: string): void {
  git(path, 'add', '--all');
  git(path, 'commit', '--quiet', '--message=Work');
}

const issueFile = (name: string, content: string | Uint8Array): string => {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
};
const issueWith = (name: string, block: string): string => issueFile(name, `# A fault\n\nIt is wrong.\n\n## Acceptance criteria\n\n- [ ] When it runs, it is right.\n\n## The change\n\n${block}\n`);
const edit = (search: string, replace = 'new', path = 'a.txt'): string => `\`\`\`search/replace path=${path}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n\`\`\``;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], { cwd = root, env = {} }: { cwd?: string; env?: Record<string, string> } = {}): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], { cwd, env: { ...hostileHome().env, OPENAI_API_KEY: '', NO_COLOR: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.on('error', fail).on('close', (code) => done({ code, stdout, stderr }));
  });
}

/** Every file below a folder with its mode and content. */
function fingerprint(folder: string): string {
  const hash = createHash('sha256');
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).toSorted((a, b) => join(a.parentPath, a.name).localeCompare(join(b.parentPath, b.name)))) {
    const path = join(entry.parentPath, entry.name);
    hash.update(`${relative(folder, path)}\0${statSync(path).mode}\0`);
    if (entry.isFile()) hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}

let good = '';
let works = '';
let before = '';

beforeAll(() => {
  good = makeRepo('good');
  works = issueWith('works.md', edit('two'));
  mkdirSync(at('no-repo'), { recursive: true });
  writeFileSync(at('a-file'), 'text');
  makeRepo('empty', {});
  git(makeRepo('unborn'), 'symbolic-ref', 'HEAD', 'refs/heads/nothing-yet');
  git(makeRepo('detached'), 'checkout', '--quiet', '--detach');
  mkdirSync(at('sha256'));
  git(at('sha256'), 'init', '--quiet', '--object-format=sha256');
  const gone = makeRepo('gone', { 'a.txt': 'two\n', 'b.txt': 'b\n' });
  git(gone, 'rm', '--quiet', 'a.txt');
  commit(gone);
  cpSync(good, at('other', 'good'), { recursive: true });
  cpSync(good, at('control'), { recursive: true });
  mkdirSync(join(root, 'somebody'));
  writeFileSync(join(root, 'somebody', 'letter.txt'), 'dear');
  before = fingerprint(repos);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Case {
  readonly args: () => readonly string[];
  /** The one sentence: what is wrong, and what to do. */
  readonly says: RegExp;
  readonly env?: () => Record<string, string>;
}

const repo = (name: string): Case['args'] => () => ['--repo', at(name), '--issue', works];
const issue = (make: () => string): Case['args'] => () => ['--repo', good, '--issue', make()];
const block = (text: string): Case['args'] => issue(() => issueWith(`block-${randomUUID()}.md`, text));

const CASES: Readonly<Record<string, Case>> = {
  'a folder that is no git repository': { args: repo('no-repo'), says: /no-repo is not a git repository\. Give the path of / },
  'a path that does not exist': { args: repo('nowhere'), says: /nowhere does not exist\. Give the path of / },
  'a file as repository': { args: repo('a-file'), says: /a-file is not a git repository\. Give / },
  'an empty repository': { args: repo('empty'), says: /empty has no commit yet\. Make a first commit/ },
  'an unborn branch': { args: repo('unborn'), says: /The current branch of .*unborn, nothing-yet, has no commit\. Check out a branch that has one/ },
  'a detached HEAD': { args: repo('detached'), says: /detached is not on a branch \(detached HEAD\)\. Check a branch out there/ },
  'a SHA-256 repository': { args: repo('sha256'), says: /sha256 uses SHA-256 object names, .* Use a SHA-1 repository/ },
  'a repository called control': { args: repo('control'), says: /none may be called "control".* Rename one of the folders/ },
  'two repositories of one name': { args: () => ['--repo', good, '--repo', at('other', 'good'), '--issue', works], says: /need different names.* Rename one of the folders/ },
  'an issue file that is missing': { args: issue(() => join(root, 'missing.md')), says: /missing\.md does not exist\. --issue names a Markdown file/ },
  'a folder as issue file': { args: issue(() => root), says: /is not a file\. --issue names a Markdown file/ },
  'an empty issue file': { args: issue(() => issueFile('empty.md', ' \n\n')), says: /empty\.md is empty\. Write a title/ },
  'a binary issue file': { args: issue(() => issueFile('binary.md', new Uint8Array([35, 32, 0, 255, 254]))), says: /binary\.md is not UTF-8 text/ },
  'an issue file in Latin-1': { args: issue(() => issueFile('latin.md', new Uint8Array([35, 32, 0xe4, 0x0a]))), says: /latin\.md is not UTF-8 text/ },
  'an issue file of 5 MB': { args: issue(() => issueFile('huge.md', `# Huge\n${'x'.repeat(5 * 1024 * 1024)}`)), says: /huge\.md has \d+ bytes; an issue has at most \d+\. Split it/ },
  'an issue without a change': { args: block('Please mend it.'), says: /The issue carries no change\. .*write it as search\/replace blocks, a unified diff.*--model/ },
  'a block that is not closed': { args: block('```search/replace path=a.txt\n<<<<<<< SEARCH\ntwo\n=======\nnew\n'), says: /block-.*\.md:\d+: .*(?:close|end|REPLACE)/i },
  'a block without a path': { args: block('```search/replace\n<<<<<<< SEARCH\ntwo\n=======\nnew\n>>>>>>> REPLACE\n```'), says: /block-.*\.md:\d+: .*path/ },
  'a block without its divider': { args: block('```search/replace path=a.txt\n<<<<<<< SEARCH\ntwo\nnew\n>>>>>>> REPLACE\n```'), says: /block-.*\.md:\d+: .*=======/ },
  'a malformed diff': { args: block('```diff\n--- a/a.txt\n+++ b/a.txt\n@@ -1,9 +1,9 @@\n one\n```'), says: /block-.*\.md: Line \d+ begins a diff without a "diff --git" line\. Apply it in a checkout of the base \(patch -p1 < FILE\)/ },
  'a repository of another name': { args: issue(() => issueFile('foreign.md', `# A fault\n\nIt is wrong.\n\n## Repositories\n\n- octo/api\n\n${edit('two')}\n`)), says: /The issue names octo\/api, but --repo gives local\/good\./ },
  'a search text that occurs twice': { args: block(edit('one')), says: /The change for local\/good does not apply: .*a\.txt.*(?:twice|2|several)/ },
  'a search text that occurs never': { args: block(edit('three')), says: /The change for local\/good does not apply: .*a\.txt/ },
  'a file that was deleted in the base': { args: () => ['--repo', at('gone'), '--issue', works], says: /The change for local\/gone does not apply: .*a\.txt.*(?:not there|does not exist|is not in|no file)/ },
  'a repository that is not given': { args: block(edit('two', 'new', 'a.txt repo=local/elsewhere')), says: /local\/elsewhere/ },
  'an unknown flag': { args: () => ['--repository', good], says: /[Uu]nknown option '--repository'/ },
  'a value that is missing': { args: () => ['--repo'], says: /[Oo]ption '--repo <path>' argument missing/ },
  'an unknown state': { args: () => ['--until', 'SOON'], says: /--until needs a state, got "SOON"\. States: INGESTED/ },
  'a port that is no number': { args: () => ['--port', 'http'], says: /--port needs a number from 0 to 65535, got "http"/ },
  'a port that is too large': { args: () => ['--port', '70000'], says: /--port needs a number from 0 to 65535, got "70000"/ },
  '--issue without --repo': { args: () => ['--issue', works], says: /--issue needs --repo PATH/ },
  '--issue without --repo in a new directory': { args: () => ['--issue', works, '--dir', join(root, 'fresh')], says: /--issue needs --repo PATH/ },
  '--repo without --issue': { args: () => ['--repo', good], says: /--repo needs --issue FILE/ },
  'an empty command': { args: () => ['--repo', good, '--issue', works, '--ci', ' '], says: /--ci needs a value/ },
  'two reviews at once': { args: () => ['--approve', 'a', '--reject', 'b'], says: /--approve and --reject exclude each other/ },
  'a login that is none': { args: () => ['--approve', 'a b'], says: /--approve needs a GitHub login, got "a b"/ },
  'a comment without --reject': { args: () => ['--comment', 'no'], says: /--comment goes with --reject/ },
  'an unknown provider': { args: () => ['--model', 'oracle/one'], says: /--model names oracle; it should be PROVIDER\/NAME with one of these providers: / },
  'a key that is not set': { args: () => ['--model', 'openai/some-model'], says: /--model openai\/some-model needs its key in OPENAI_API_KEY/ },
  'a directory that holds something else': { args: () => ['--dir', join(root, 'somebody')], says: /somebody is not empty and was not made by `countersign up`\. Name an empty or a new directory/ },
  'a directory below a file': { args: () => ['--dir', join(root, 'somebody', 'letter.txt', 'in')], says: /cannot be made: a part of the path is a file\. Name another directory/ },
  'a file as directory': { args: () => ['--dir', join(root, 'somebody', 'letter.txt')], says: /letter\.txt cannot be made: .* Name another directory/ },
  'no git on PATH': { args: repo('good'), env: () => ({ PATH: join(root, 'nothing') }), says: /git was not found on PATH\. Install git/ },
  'no git on PATH for the samples': { args: () => [], env: () => ({ PATH: join(root, 'nothing') }), says: /git was not found on PATH\. Install git/ },
};

test.concurrent.for(Object.entries(CASES))('%s', async ([name, { args, says, env }]) => {
  const cwd = mkdtempSync(join(root, 'cwd-'));
  const { code, stdout, stderr } = await run(['up', ...args()], { cwd, env: env?.() ?? {} });
  expect(stderr, name).toMatch(says);
  expect(code, stderr).toBe(2);
  expect(stdout).toBe('');
  expect(stderr.trim().split('\n').filter((line) => line !== '' && !line.startsWith('Try --help'))).toHaveLength(1);
  expect(stderr, 'no stack trace').not.toMatch(/^\s+at |Something failed/m);
  expect(readdirSync(cwd), 'nothing half made').toEqual([]);
});

test('a port that is taken leaves nothing behind, and another one works out', async () => {
  const cwd = mkdtempSync(join(root, 'cwd-'));
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { code, stderr } = await run(['up', '--repo', good, '--issue', works, '--port', String(port)], { cwd });
  await new Promise((done) => server.close(done));
  expect(stderr).toMatch(new RegExp(`Port ${port} is taken by another program\\. Choose another one with --port`));
  expect(code).toBe(2);
  expect(readdirSync(cwd)).toEqual([]);
});

test('what people gave was never touched', () => {
  expect(fingerprint(repos)).toBe(before);
  expect(readdirSync(join(root, 'somebody'))).toEqual(['letter.txt']);
});

test.for([
  ['an unknown key', { polcy: 'off' }, /countersign\.yml.*line \d+: unknown key "polcy"\. Did you mean "policy"\?/],
  ['a value of the wrong kind', { approvers: 'octocat' }, /countersign\.yml.*line \d+: .*approvers/],
  ['a base branch that is missing', { targets: [{ repo: 'local/api', base: 'nowhere' }] }, /local\/api.*nowhere/],
] as const)("%s in the control repo's configuration fails the run with that sentence", async ([, config, says]) => {
  await inWorld({ targets: ['local/api'], config, issue: '# A fault\n\nIt is wrong.\n' }, async (world) => {
    await expect(world.start()).rejects.toThrow(/no workflow/);
    const [run] = world.state.runs;
    expect(run?.conclusion).toBe('failure');
    expect(run?.jobs.flatMap(({ annotations = [] }) => annotations.filter(({ level }) => level === 'error').map(({ message }) => message)).join('\n')).toMatch(says);
    await world.assertNothingWritten();
  });
});
