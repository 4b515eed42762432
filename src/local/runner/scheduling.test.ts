import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { FakeGitHub } from './fake-services.ts';
import { fakeGitHub, reviewedEnvironment } from './fake-services.ts';
import type { RunnerChange, RunnerOptions } from './options.ts';

let hub: FakeGitHub | undefined;
const open = (workflows: Record<string, string>, options: Partial<RunnerOptions> = {}): FakeGitHub => (hub = fakeGitHub(workflows, options));
afterEach(async () => {
  await hub?.close();
  hub = undefined;
});

const GATED = `
on: workflow_dispatch
jobs:
  present: { runs-on: x, steps: [{ run: 'echo "key=[\${{ secrets.WRITER }}]" | wc -c' }] }
  write:
    needs: present
    runs-on: x
    environment: countersign-approval
    steps: [{ run: 'test "\${{ secrets.WRITER }}" = key-of-writer && echo has-key' }]
`;

describe('environments', () => {
  const openGated = (options: Partial<RunnerOptions> = {}): FakeGitHub => {
    const github = open({ 'apply.yml': GATED }, options);
    github.repo.environments.push(reviewedEnvironment('countersign-approval', { WRITER: 'key-of-writer' }));
    return github;
  };
  const review = (github: FakeGitHub, state: 'approved' | 'rejected', user = 'octocat') =>
    github.runner.review({ runId: github.state.runs[0]?.id ?? 0, environment: 'countersign-approval', state, comment: 'seen', user });

  test('a job waits for its review and only then gets a token and the secrets of the environment', async () => {
    const github = openGated();
    const run = await github.dispatch('apply.yml');
    await github.runner.idle();
    expect([run.status, run.jobs[1]?.status]).toEqual(['waiting', 'waiting']);
    expect(github.issued.map(({ jobKey }) => jobKey)).toEqual(['present']);
    expect(github.log(run.jobs[0])).toMatch(/ 7$/m);
    await review(github, 'approved');
    await github.runner.idle();
    expect([run.conclusion, run.jobs[1]?.conclusion]).toEqual(['success', 'success']);
    expect(github.log(run.jobs[1])).toContain('has-key');
    expect(run.reviews).toMatchObject([{ state: 'approved', comment: 'seen', user: 'octocat', environment: 'countersign-approval' }]);
  });

  test('a rejection fails the job and the run', async () => {
    const github = openGated();
    const run = await github.dispatch('apply.yml');
    await github.runner.idle();
    await review(github, 'rejected');
    await github.runner.idle();
    expect([run.conclusion, run.jobs[1]?.conclusion, github.issued.length]).toEqual(['failure', 'failure', 1]);
  });

  test('only a required reviewer may review, not the starter where that is prevented, and only what waits', async () => {
    const github = openGated();
    await github.dispatch('apply.yml');
    await expect(review(github, 'approved', 'mallory')).rejects.toThrow('not a required reviewer');
    await expect(review(github, 'approved')).rejects.toThrow('No job of run');
    await github.runner.idle();
    const [environment] = github.repo.environments;
    if (environment !== undefined) environment.preventSelfReview = true;
    await expect(review(github, 'approved')).rejects.toThrow('self-review');
    expect(github.state.runs[0]?.jobs[1]?.status).toBe('waiting');
  });

  test('an environment that does not exist is created without protection, and the job runs at once', async () => {
    const github = open({ 'apply.yml': GATED.replace('test "', 'test "key-of-writer') });
    const run = await github.dispatch('apply.yml');
    await github.runner.idle();
    expect(github.repo.environments).toMatchObject([{ name: 'countersign-approval', reviewers: [] }]);
    expect(run.conclusion).toBe('success');
  });

  test('a re-run is a new attempt that asks for a new review', async () => {
    const github = openGated();
    const run = await github.dispatch('apply.yml');
    await github.runner.idle();
    await review(github, 'approved');
    await github.runner.idle();
    await github.runner.rerun(run.id);
    await github.runner.idle();
    expect([run.attempt, run.status, run.jobs[1]?.status]).toEqual([2, 'waiting', 'waiting']);
  });

  test('a waiting run survives the process, and so does an approval', async () => {
    const github = openGated();
    const run = await github.dispatch('apply.yml');
    await github.runner.idle();
    await github.runner.close();
    const second = github.restart();
    await second.resume();
    await second.idle();
    expect(run.jobs[1]?.status).toBe('waiting');
    await second.review({ runId: run.id, environment: 'countersign-approval', state: 'approved', comment: '', user: 'octocat' });
    await second.close();
    const third = github.restart();
    await third.resume();
    await third.idle();
    expect(run.conclusion).toBe('success');
    expect(github.issued.filter(({ jobKey }) => jobKey === 'present')).toHaveLength(1);
  });
});

describe('concurrency', () => {
  const held = (extra = '') => `
on: { workflow_dispatch: { inputs: { n: {} } } }
run-name: run \${{ inputs.n }}
concurrency: { group: one, ${extra} }
jobs:
  gate: { runs-on: x, environment: gate, steps: [{ run: "true" }] }
`;
  const approve = (github: FakeGitHub, index: number) =>
    github.runner.review({ runId: github.state.runs[index]?.id ?? 0, environment: 'gate', state: 'approved', comment: '', user: 'octocat' });
  const statuses = (github: FakeGitHub) => github.state.runs.map((run) => run.conclusion ?? run.status);

  test('a waiting run holds its group, and a newer pending run replaces an older one', async () => {
    const github = open({ 'c.yml': held() });
    github.repo.environments.push(reviewedEnvironment('gate'));
    for (const n of ['1', '2', '3']) {
      await github.dispatch('c.yml', { n });
      await github.runner.idle();
    }
    expect(statuses(github)).toEqual(['waiting', 'cancelled', 'queued']);
    await approve(github, 0);
    await github.runner.idle();
    expect(statuses(github)).toEqual(['success', 'cancelled', 'waiting']);
    expect(github.state.runs[2]?.concurrencyGroup).toBe('one');
  });

  test('cancel-in-progress ends the holder', async () => {
    const github = open({ 'c.yml': held('cancel-in-progress: true') });
    github.repo.environments.push(reviewedEnvironment('gate'));
    await github.dispatch('c.yml', { n: '1' });
    await github.runner.idle();
    await github.dispatch('c.yml', { n: '2' });
    await github.runner.idle();
    expect(statuses(github)).toEqual(['cancelled', 'waiting']);
  });

  test('queue: max keeps every pending run, also across a restart', async () => {
    const github = open({ 'c.yml': held('queue: max') });
    github.repo.environments.push(reviewedEnvironment('gate'));
    for (const n of ['1', '2', '3']) await github.dispatch('c.yml', { n });
    await github.runner.idle();
    expect(statuses(github)).toEqual(['waiting', 'queued', 'queued']);
    await github.runner.close();
    github.runner = github.restart();
    await github.runner.resume();
    for (const index of [0, 1, 2]) {
      await github.runner.idle();
      await approve(github, index);
    }
    await github.runner.idle();
    expect(statuses(github)).toEqual(['success', 'success', 'success']);
  });

  test('jobs of one group never run at the same time', async () => {
    const job = (key: string) => `  ${key}: { runs-on: x, concurrency: { group: ledger, queue: max }, steps: [{ run: 'mkdir "$DIR/lock" && rmdir "$DIR/lock"' }] }\n`;
    const github = open({ 'j.yml': `on: workflow_dispatch\nenv: { DIR: "\${{ vars.DIR }}" }\njobs:\n${['a', 'b', 'c', 'd'].map(job).join('')}` }, { parallelJobs: 4 });
    github.repo.variables['DIR'] = github.dir;
    const run = await github.dispatch('j.yml');
    await github.runner.idle();
    expect(run.jobs.map((each) => each.conclusion)).toEqual(['success', 'success', 'success', 'success']);
  });
});

describe('events', () => {
  const echo = (name: string, on: string) => `name: ${name}\non: ${on}\njobs: { job: { runs-on: x, steps: [{ run: 'cat "$GITHUB_EVENT_PATH"' }] } }\n`;

  test('a completed run starts the workflows that follow it, with the payload that GitHub sends', async () => {
    const github = open({ 'a.yml': echo('First', 'workflow_dispatch'), 'b.yml': echo('Second', '{ workflow_run: { workflows: [First], types: [completed] } }') });
    const first = await github.dispatch('a.yml');
    await github.runner.idle();
    expect(github.state.runs.map((run) => run.workflowName)).toEqual(['First', 'Second']);
    expect(github.state.runs[1]?.payload).toMatchObject({
      action: 'completed',
      workflow_run: {
        id: first.id, name: 'First', display_title: 'First', path: '.github/workflows/a.yml', event: 'workflow_dispatch', status: 'completed', conclusion: 'success', head_branch: 'main',
        head_sha: first.headSha, run_attempt: 1, actor: { login: 'octocat', id: 7 }, repository: { full_name: 'local/control' },
      },
    });
    expect(github.log(github.state.runs[1]?.jobs[0])).toContain('"display_title":"First"');
  });

  test('filters decide, and a job token starts nothing but dispatches', async () => {
    const github = open({
      'issues.yml': echo('I', '{ issues: { types: [labeled] } }'),
      'comment.yml': echo('C', 'issue_comment'),
      'push.yml': echo('P', '{ push: { branches: ["main", "rel/**", "!rel/old"], paths: ["src/**"] } }'),
      'custom.yml': echo('D', '{ repository_dispatch: { types: [go] } }'),
      'nightly.yml': echo('S', '{ schedule: [{ cron: "0 3 * * *" }] }'),
    });
    const before = github.commit({ 'src/a': '1' });
    const after = github.commit({ 'docs/b': '1' });
    const last = github.commit({ 'src/c': '1' });
    const push = (from: string, to: string, branch: string) => github.event({ name: 'push', ref: `refs/heads/${branch}`, sha: to, payload: { before: from, after: to } });
    await github.event({ name: 'issues', action: 'opened' });
    await github.event({ name: 'issues', action: 'labeled', byJobToken: true });
    await push(before, after, 'main');
    await push(after, last, 'rel/old');
    await github.event({ name: 'repository_dispatch', action: 'stop' });
    await github.runner.idle();
    expect(github.state.runs).toEqual([]);
    await github.event({ name: 'issues', action: 'labeled', payload: { issue: { title: 'A title' } } });
    await github.event({ name: 'issue_comment', action: 'created' });
    await push(after, last, 'rel/new');
    await github.event({ name: 'repository_dispatch', action: 'go', byJobToken: true });
    await github.runner.tick('nightly.yml');
    await github.runner.idle();
    expect(github.state.runs.map((run) => [run.workflowName, run.conclusion])).toEqual([['I', 'success'], ['C', 'success'], ['P', 'success'], ['D', 'success'], ['S', 'success']]);
    expect(github.state.runs[0]?.displayTitle).toBe('A title');
    expect(github.state.runs[2]?.headBranch).toBe('rel/new');
  });

  test('a pull request gets its checks from the head, without secrets or a writing token', async () => {
    const github = open({});
    github.repo.secrets['KEY'] = 'very-secret';
    const head = github.commit(
      { '.github/workflows/ci.yml': `on: pull_request\npermissions: write-all\njobs:\n  unit: { runs-on: x, steps: [{ run: 'echo "key=[\${{ secrets.KEY }}] base=$GITHUB_BASE_REF head=$GITHUB_HEAD_REF"' }] }\n  fails: { name: Lint it, runs-on: x, steps: [{ run: "false" }] }` },
      'topic',
    );
    await github.event({ name: 'pull_request', action: 'opened', ref: 'refs/heads/topic', sha: head, payload: { number: 5, pull_request: { title: 'T', base: { ref: 'main' }, head: { sha: head } } } });
    await github.runner.idle();
    expect(github.log(github.state.runs[0]?.jobs[0])).toContain('key=[] base=main head=topic');
    expect(Object.values(github.issued[0]?.permissions ?? {})).not.toContain('write');
    expect(github.state.checks.map(({ name, sha, appId, status, conclusion }) => ({ name, sha, appId, status, conclusion }))).toEqual([
      { name: 'unit', sha: head, appId: 15368, status: 'completed', conclusion: 'success' },
      { name: 'Lint it', sha: head, appId: 15368, status: 'completed', conclusion: 'failure' },
    ]);
  });

  test('a repository with Actions switched off runs none of its workflows, but its CI command', async () => {
    const github = open({ 'ci.yml': echo('CI', 'pull_request') });
    Object.assign(github.repo, { actionsEnabled: false, ciCommand: 'test "$LEAK$GITHUB_TOKEN" = "" && test "$HOME" != "$OLDPWD" && git status --porcelain && cat src/a' });
    const head = github.commit({ 'src/a': 'content-of-a' }, 'topic');
    const changes: RunnerChange[] = [];
    github.runner.onChange((change) => changes.push(change));
    const opened = { name: 'pull_request', action: 'opened', ref: 'refs/heads/topic', sha: head };
    await github.event(opened);
    await github.event(opened);
    await github.runner.idle();
    expect(github.state.runs).toEqual([]);
    expect(github.state.checks).toMatchObject([{ name: 'ci', sha: head, status: 'completed', conclusion: 'success' }]);
    expect(changes.at(-1)).toMatchObject({ kind: 'check', check: { name: 'ci', conclusion: 'success' } });
  });
});

test('a job that waits for the checks of a pull request does not keep them from running', async () => {
  const github = open({ 'w.yml': 'on: workflow_dispatch\njobs: { observe: { runs-on: x, steps: [{ run: "until [ -f $FILE ]; do sleep 0.02; done", env: { FILE: "${{ vars.FILE }}" } }] } }' }, { parallelJobs: 1 });
  github.repo.variables['FILE'] = `${github.dir}/checked`;
  github.repo.ciCommand = `touch ${github.dir}/checked`;
  const run = await github.dispatch('w.yml');
  await github.event({ name: 'pull_request', action: 'opened', ref: 'refs/heads/main', sha: run.headSha });
  await github.runner.idle();
  expect([run.conclusion, github.state.checks[0]?.conclusion]).toEqual(['success', 'success']);
});

test('workflows that follow each other stop after three levels', async () => {
  const github = open({ 'loop.yml': 'name: Loop\non: { workflow_dispatch: {}, workflow_run: { workflows: [Loop], types: [completed] } }\njobs: { job: { runs-on: x, steps: [{ run: "true" }] } }' });
  await github.dispatch('loop.yml');
  await github.runner.idle();
  expect(github.state.runs.map((run) => run.event)).toEqual(['workflow_dispatch', 'workflow_run', 'workflow_run', 'workflow_run']);
});

describe('faults', () => {
  const THREE = `
on: workflow_dispatch
jobs:
  job: { runs-on: x, steps: [{ run: echo one }, { run: sleep 600 }, { if: always(), run: echo three }] }
  after: { needs: job, if: always(), runs-on: x, steps: [{ run: "true" }] }
`;
  const whenStep = (github: FakeGitHub, text: string, options: { act(jobId: number): void }) => {
    const stop = github.runner.onChange((change) => {
      if (change.kind !== 'job' || change.job.key !== text || change.job.status !== 'in_progress') return;
      stop();
      options.act(change.job.id);
    });
  };

  test('a killed job fails like a lost runner: no further step, but the jobs after it decide', async () => {
    const github = open({ 'k.yml': THREE }, { killStep: ({ jobKey, step, moment }) => jobKey === 'job' && step === 2 && moment === 'before' });
    const run = await github.dispatch('k.yml');
    await github.runner.idle();
    expect(run.jobs.map((job) => job.conclusion)).toEqual(['failure', 'success']);
    expect(github.log(run.jobs[0])).toContain('one');
    expect(github.log(run.jobs[0])).not.toContain('three');
    expect(run.jobs[0]?.annotations?.[0]?.message).toContain('lost communication');
    expect(github.revoked).toHaveLength(2);
  });

  test('killJob ends a step that runs, with everything it started', async () => {
    const github = open({ 'k.yml': THREE.replace('sleep 600', '(sleep 600 & sleep 600)') });
    whenStep(github, 'job', { act: (id) => setImmediate(() => github.runner.killJob(id)) });
    const run = await github.dispatch('k.yml');
    await github.runner.idle();
    expect(run.jobs.map((job) => job.conclusion)).toEqual(['failure', 'success']);
  });

  test('a job that was in progress when the process ended runs again as the same attempt', async () => {
    const github = open({ 'k.yml': 'on: workflow_dispatch\njobs: { job: { runs-on: x, steps: [{ run: echo one }, { run: "test -f $DIR/go || sleep 600", env: { DIR: "${{ vars.DIR }}" } }] } }' });
    github.repo.variables['DIR'] = github.dir;
    const inProgress = new Promise<void>((resolve) => whenStep(github, 'job', { act: () => resolve() }));
    const run = await github.dispatch('k.yml');
    await inProgress;
    await github.runner.close();
    expect([run.status, run.jobs[0]?.status]).toEqual(['in_progress', 'in_progress']);
    const again = github.restart();
    writeFileSync(`${github.dir}/go`, '');
    await again.resume();
    await again.idle();
    expect([run.attempt, run.conclusion, github.issued.length]).toEqual([1, 'success', 2]);
  });

  test('Ctrl-C kills what the jobs started and leaves them to be resumed', async () => {
    const script = `
      const { fakeGitHub } = await import(${JSON.stringify(new URL('fake-services.ts', import.meta.url).href)});
      const say = (text) => process.stdout.write(text + '\\n');
      const github = fakeGitHub({ 'w.yml': 'on: workflow_dispatch\\njobs: { job: { runs-on: x, steps: [{ run: "echo pid $$; sleep 600" }] } }' }, { onLine: ({ line }) => say(line) });
      process.on('SIGINT', async () => {
        await github.runner.close();
        say('job is ' + github.state.runs[0].jobs[0].status);
        await github.close();
      });
      await github.dispatch('w.yml');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    for await (const chunk of child.stdout) {
      output += String(chunk);
      if (!child.killed && /^pid \d+$/m.test(output)) child.kill('SIGINT');
    }
    const pid = Number(/^pid (\d+)$/m.exec(output)?.[1]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(output).toContain('job is in_progress');
  });

  test('cancelling a run ends its jobs but lets cleanup run', async () => {
    const github = open({ 'k.yml': THREE });
    whenStep(github, 'job', { act: () => setImmediate(() => github.runner.cancel(github.state.runs[0]?.id ?? 0)) });
    const run = await github.dispatch('k.yml');
    await github.runner.idle();
    expect([run.conclusion, ...run.jobs.map((job) => job.conclusion)]).toEqual(['cancelled', 'cancelled', 'success']);
    expect(github.log(run.jobs[0])).toContain('three');
  });
});
