import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { longTest } from './support/long.ts';

// `up --repo` on a person's own repository: files with CRLF, a unified diff as git prints it, a command as CI.

const MAIN = resolve(import.meta.dirname, '../../src/cli/main.ts');
const IDENTITY = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.com', GIT_CONFIG_GLOBAL: '/dev/null' };

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', env: { ...process.env, ...IDENTITY } });
}

/** Every path below a folder with its mode, its time and its content. */
function fingerprint(folder: string): string {
  const hash = createHash('sha256');
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const info = statSync(join(folder, path));
    hash.update(`${path}\0${info.mode}\0${info.mtimeMs}\0`);
    if (info.isFile()) hash.update(readFileSync(join(folder, path)));
  }
  return hash.digest('hex');
}

const BEFORE = ['greet() {', '  echo "hello $1"', '}', 'greet "$@"', ''].join('\r\n');
const AFTER = BEFORE.replace('echo "hello', 'echo "Hello,');

longTest('a diff for CRLF files of a local repository goes to DONE byte for byte, and the repository is untouched', async () => {
  const root = mkdtempSync(join(tmpdir(), 'countersign-own-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [source, dir] = [join(root, 'Greeter App'), join(root, 'up')];
  mkdirSync(source);
  git(source, 'init', '--quiet', '--initial-branch=trunk');
  writeFileSync(join(source, 'greet.sh'), BEFORE);
  git(source, 'add', '--all');
  git(source, 'commit', '--quiet', '--message=Greet');
  writeFileSync(join(source, 'greet.sh'), AFTER);
  const diff = git(source, '-c', 'core.autocrlf=false', 'diff', '--no-color');
  git(source, 'checkout', '--quiet', '--', '.');
  // What is not committed does not take part, and stays.
  writeFileSync(join(source, 'notes.txt'), 'mine\n');
  writeFileSync(join(root, 'issue.md'), `# The greeting is curt\n\nIt has no comma.\n\n## Acceptance criteria\n\n- [ ] When somebody is greeted, the name follows a comma.\n\n\`\`\`diff\n${diff}\`\`\`\n`);
  const before = fingerprint(source);

  const { code, stdout, stderr } = await up(['--repo', source, '--issue', join(root, 'issue.md'), '--dir', dir, '--approve', 'octocat', '--json', '--ci', `test ! -e notes.txt && grep -q 'Hello, ' greet.sh && test "$(grep -c "$(printf '\\r')" greet.sh)" = 4`]);
  expect(code, stderr).toBe(0);
  expect(stdout.trim().split('\n'), 'one JSON document on one line').toHaveLength(1);
  const result: unknown = JSON.parse(stdout);
  expect(result).toMatchObject({ state: 'DONE', ledger: { ok: true }, writesBeforeApproval: 0, prs: [{ repo: 'local/Greeter-App' }], repos: [{ base: 'trunk', commit: git(source, 'rev-parse', 'HEAD').trim() }] });
  expect(fingerprint(source)).toBe(before);
  const [branch = ''] = git(join(dir, 'git/local/Greeter-App.git'), 'for-each-ref', '--format=%(refname:short)', 'refs/heads/countersign').trim().split('\n');
  expect(git(join(dir, 'git/local/Greeter-App.git'), 'show', `${branch}:greet.sh`)).toBe(AFTER);
});

function up(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, 'up', ...args], { env: { ...process.env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.on('error', fail).on('close', (code) => done({ code, stdout, stderr }));
  });
}
