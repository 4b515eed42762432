import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONTROL_REPO } from '../../src/cli/up/seed.ts';
import { listWorkflows, openLedger } from '../../src/cli/ledger-place.ts';
import { runGit } from '../../src/git/git-process.ts';
import { loadWorkflow } from '../../src/ledger/load.ts';
import { gitDirOf } from '../../src/local/server/seed.ts';
import { loadState } from '../../src/local/server/state.ts';
import { hostileHome } from './support/hostile-home.ts';
import { up, type Moment } from './support/up-process.ts';
import { longTest } from './support/long.ts';

const asked = (job: string, path: RegExp): Moment => ({ requests }) => requests.some((request) => request.job?.startsWith(job) === true && path.test(request.path));
const APPROVE = ['--approve', 'octocat'];

async function inDirectory(scenario: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-up-'));
  try {
    await scenario(dir);
  } finally {
    if (process.env['KEEP_SCENARIO']) process.stderr.write(`kept ${dir}\n`);
    else await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** One workflow, and in each target one branch with one commit and one pull request. */
async function expectWrittenOnce(dir: string): Promise<void> {
  const gitDir = gitDirOf(dir, CONTROL_REPO);
  const [id = '', ...others] = await listWorkflows(gitDir);
  expect(others, 'the issue was handed over once').toEqual([]);
  const { workflow, events } = await loadWorkflow(openLedger(gitDir), id);
  for (const type of ['E_WRITE_INTENDED', 'E_PATCH_SET_APPLIED', 'E_PR_OPENED']) expect(events.filter((event) => event.type === type), type).toHaveLength(2);
  const state = loadState(dir);
  for (const { repo, id: patchSet, resultTree } of workflow?.patchSets ?? []) {
    const git = async (...args: readonly string[]): Promise<string> => (await runGit({ args: [`--git-dir=${gitDirOf(dir, repo)}`, ...args], cwd: '/' })).stdout.toString('utf8').trim();
    const branch = `countersign/${id}/${patchSet}`;
    expect(await git('for-each-ref', '--format=%(refname:short) %(tree)', 'refs/heads/countersign')).toContain(branch);
    expect(await git('rev-list', '--count', `main..${branch}`)).toBe('1');
    expect(await git('rev-parse', `${branch}^{tree}`)).toBe(resultTree);
    expect(state?.issues.filter((issue) => issue.repo === repo && issue.pull !== null)).toHaveLength(1);
  }
}

test('interrupted while it is seeded, during the design, while it waits and during the write: the same directory goes on to DONE', () =>
  inDirectory(async (dir) => {
    const seeding = await up(dir, APPROVE, { signal: 'SIGINT', at: () => existsSync(join(dir, 'git')) });
    expect(seeding, seeding.stderr).toMatchObject({ code: 2, result: null, stderr: expect.stringContaining('Nothing is lost. Go on with:') });
    const design = await up(dir, APPROVE, { signal: 'SIGINT', at: asked('start.yml/design#', /git-upload-pack$/) });
    expect(design, design.stderr).toMatchObject({ code: 2, result: null, stderr: expect.stringContaining('Nothing is lost. Go on with:') });

    const waiting = await up(dir, ['--keep'], { signal: 'SIGINT', at: ({ stderr }) => stderr.includes('The pages stay up until Ctrl-C') });
    expect(waiting, waiting.stderr).toMatchObject({ code: 0, result: { state: 'WAITING_USER_APPROVAL', prs: [], approvals: [], writesBeforeApproval: 0 } });

    const write = await up(dir, APPROVE, { signal: 'SIGINT', at: asked('apply.yml/write#', /local\/api\/git\/refs$/) });
    expect(write, write.stderr).toMatchObject({ code: 2, result: null });

    const done = await up(dir, APPROVE);
    expect(done, done.stderr).toMatchObject({ code: 0, result: { state: 'DONE', ledger: { ok: true, problems: 0 }, writesBeforeApproval: 0 } });
    expect(done.result?.prs.map(({ repo }) => repo)).toEqual(['local/api', 'local/web']);
    await expectWrittenOnce(dir);

    const again = await up(dir, APPROVE);
    expect(again.result, 'a workflow that has ended stays as it is').toMatchObject({ workflow: done.result?.workflow, state: 'DONE', prs: done.result?.prs });
    await expectWrittenOnce(dir);
    expect(hostileHome().isDisturbed(), 'nothing that the user told git to run was run').toBe(false);
  }), 600_000);

longTest('killed during the design and during the write: the same directory goes on to DONE', () =>
  inDirectory(async (dir) => {
    const design = await up(dir, APPROVE, { signal: 'SIGKILL', at: asked('start.yml/record-design#', /graphql$/) });
    expect(design).toMatchObject({ signal: 'SIGKILL', result: null });
    const write = await up(dir, APPROVE, { signal: 'SIGKILL', at: asked('apply.yml/write#', /local\/web\/git\/refs$/) });
    expect(write).toMatchObject({ signal: 'SIGKILL', result: null });
    const done = await up(dir, APPROVE);
    expect(done, done.stderr).toMatchObject({ code: 0, result: { state: 'DONE', ledger: { ok: true, problems: 0 }, writesBeforeApproval: 0 } });
    await expectWrittenOnce(dir);
  }), 600_000);
