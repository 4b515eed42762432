// The runner against the real API server: REST dispatches and reviews, checkouts over HTTP, job tokens that end with their job.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { LocalState } from '../contract.ts';
import { addRepo, addToken, addUser } from '../server/seed.ts';
import { startServer } from '../server/start-server.ts';
import type { RunningServer } from '../server/start-server.ts';
import { createState } from '../server/state.ts';
import { createRunner } from './runner.ts';
import type { Runner } from './runner.ts';

const PINNED = 'actions/checkout@0123456789012345678901234567890123456789';
const FILES = {
  'file.txt': 'from the control repository\n',
  '.github/workflows/apply.yml': `
name: Apply
on: { workflow_dispatch: { inputs: { digest: { required: true } } } }
run-name: Review \${{ inputs.digest }}
permissions: {}
jobs:
  present:
    runs-on: x
    permissions: { contents: read }
    steps:
      - { uses: ${PINNED}, with: { persist-credentials: false } }
      - run: cat file.txt
      - env: { TOKEN: "\${{ github.token }}" }
        run: |
          ask() { curl -s -o /dev/null -w "$1 %{http_code}\\n" -H "authorization: Bearer $TOKEN" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/$1"; }
          ask contents/file.txt
          ask "actions/runs/$GITHUB_RUN_ID"
          echo "token=$TOKEN" > "$HOME/../../../token"
  write:
    needs: present
    runs-on: x
    environment: countersign-approval
    permissions: { contents: write }
    steps:
      - run: test -n "\${{ secrets.KEY }}"
`,
  '.github/workflows/settle.yml': 'name: Settle\non: { workflow_run: { workflows: [Apply], types: [completed] } }\njobs: { job: { runs-on: x, steps: [{ run: "echo follows ${{ github.event.workflow_run.display_title }}" }] } }\n',
};

let stop: (() => Promise<void>) | undefined;
afterEach(() => stop?.());

async function bringUp(): Promise<{ server: RunningServer; runner: Runner; state: LocalState; dir: string; token: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'runner-server-'));
  const state = createState();
  addUser(state, 'octocat');
  await addRepo(state, dir, { name: 'local/control', environments: [{ name: 'countersign-approval', reviewers: ['octocat'], secrets: { KEY: 'the-writers-key' } }] });
  const token = addToken(state, { id: 'pat', login: 'octocat', repos: ['local/control'], permissions: { contents: 'write', actions: 'write', deployments: 'write' } });
  const server = await startServer({ dir, port: 0, state });
  const runner = createRunner(server.services, { environment: { PATH: process.env['PATH'] }, requirePinned: () => true });
  server.services.runs = runner;
  pushFiles(join(dir, 'seed'), server.services.gitDir('local/control'));
  stop = async () => {
    await runner.close();
    await server.close();
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  };
  return { server, runner, state, dir, token };
}

function pushFiles(work: string, gitDir: string): void {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), text);
  }
  const env = { PATH: process.env['PATH'], HOME: work, GIT_AUTHOR_NAME: 'T', GIT_AUTHOR_EMAIL: 't@example.com', GIT_COMMITTER_NAME: 'T', GIT_COMMITTER_EMAIL: 't@example.com' };
  for (const args of [['init', '-q', '-b', 'main'], ['add', '-A'], ['commit', '-q', '-m', 'First'], ['push', '-q', gitDir, 'main']]) execFileSync('git', args, { cwd: work, env });
}

test('a run goes from its dispatch over REST through the review to the workflow that follows', async () => {
  const { server, runner, state, dir, token } = await bringUp();
  const call = async (path: string, body: unknown): Promise<number> => {
    const response = await fetch(`${server.services.url.api}/repos/local/control/${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    await response.arrayBuffer();
    return response.status;
  };
  expect(await call('actions/workflows/apply.yml/dispatches', { ref: 'main', inputs: { digest: 'sha256:1' } })).toBe(204);
  await runner.idle();
  const [run] = state.runs;
  expect([run?.displayTitle, run?.status]).toEqual(['Review sha256:1', 'waiting']);
  const log = readFileSync(join(dir, 'logs', run?.jobs[0]?.log ?? ''), 'utf8');
  expect(log).toContain('from the control repository');
  expect(log).toContain('contents/file.txt 200');
  expect(log).toContain(`actions/runs/${run?.id} 403`);
  const left = readFileSync(join(dir, 'work', 'token'), 'utf8').trim().slice('token='.length);
  const after = await fetch(`${server.services.url.api}/repos/local/control/contents/file.txt`, { headers: { authorization: `Bearer ${left}` } });
  expect(after.status).toBe(401);
  const environment = state.repos[0]?.environments[0]?.id;
  expect(await call(`actions/runs/${run?.id}/pending_deployments`, { environment_ids: [environment], state: 'approved', comment: 'yes' })).toBe(200);
  await runner.idle();
  expect(state.runs.map((each) => [each.workflowName, each.conclusion])).toEqual([['Apply', 'success'], ['Settle', 'success']]);
  expect(readFileSync(join(dir, 'logs', state.runs[1]?.jobs[0]?.log ?? ''), 'utf8')).toContain('follows Review sha256:1');
  expect(server.services.violations).toEqual([]);
});
