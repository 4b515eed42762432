import { afterEach, describe, expect, test } from 'vitest';
import type { FakeGitHub } from './fake-services.ts';
import { fakeGitHub } from './fake-services.ts';
import type { RunnerOptions } from './options.ts';

let hub: FakeGitHub | undefined;
const open = (workflows: Record<string, string>, options: Partial<RunnerOptions> = {}): FakeGitHub => (hub = fakeGitHub(workflows, options));
afterEach(async () => {
  await hub?.close();
  hub = undefined;
});
const jobOf = (state: FakeGitHub['state'], key: string, run = 0) => state.runs[run]?.jobs.find((job) => job.key === key);

describe('jobs', () => {
  test('a job gets the outputs of those it needs, and conditions see their results', async () => {
    const { dispatch, runner, state, log } = open({
      'a.yml': `
name: A
on: { workflow_dispatch: { inputs: { who: { required: true } } } }
run-name: "Greet \${{ inputs.who }}"
env: { GREETING: hello }
jobs:
  first:
    runs-on: ubuntu-latest
    outputs: { text: "\${{ steps.say.outputs.text }}" }
    steps:
      - id: say
        env: { WHO: "\${{ inputs.who }}" }
        run: echo "text=$GREETING $WHO" >> "$GITHUB_OUTPUT"
  second:
    needs: first
    runs-on: ubuntu-latest
    steps:
      - run: echo "got \${{ needs.first.outputs.text }}"
  fails:
    needs: first
    runs-on: ubuntu-latest
    steps:
      - run: exit 3
      - run: echo not-reached
      - if: failure()
        run: echo after-failure
  skipped: { needs: fails, runs-on: ubuntu-latest, steps: [{ run: "true" }] }
  skipped-too: { needs: skipped, runs-on: ubuntu-latest, steps: [{ run: "true" }] }
  cleanup:
    needs: [fails, skipped]
    if: always()
    runs-on: ubuntu-latest
    steps:
      - run: echo "results \${{ needs.fails.result }} \${{ needs.skipped.result }}"
`,
    });
    const run = await dispatch('a.yml', { who: 'world' });
    await runner.idle();
    expect(run.displayTitle).toBe('Greet world');
    expect(run.jobs.map((job) => [job.key, job.conclusion])).toEqual([
      ['first', 'success'], ['second', 'success'], ['fails', 'failure'], ['skipped', 'skipped'], ['skipped-too', 'skipped'], ['cleanup', 'success'],
    ]);
    expect([run.status, run.conclusion]).toEqual(['completed', 'failure']);
    expect(jobOf(state, 'first')?.outputs).toEqual({ text: 'hello world' });
    expect(log(jobOf(state, 'second'))).toContain('got hello world');
    expect(log(jobOf(state, 'fails'))).toContain('Process completed with exit code 3');
    expect(log(jobOf(state, 'fails'))).toContain('after-failure');
    expect(log(jobOf(state, 'fails'))).not.toContain('not-reached');
    expect(jobOf(state, 'fails')?.steps.map((step) => step.conclusion)).toEqual(['failure', 'skipped', 'success']);
    expect(log(jobOf(state, 'cleanup'))).toContain('results failure skipped');
  });

  test('a token has exactly the permissions of its job and is revoked with it', async () => {
    const { dispatch, runner, issued, revoked } = open({
      'p.yml': `
on: workflow_dispatch
permissions: { contents: read, issues: write }
jobs:
  inherits: { runs-on: x, steps: [{ run: "true" }] }
  names-one: { runs-on: x, permissions: { pages: write, contents: none }, steps: [{ run: "true" }] }
  names-none: { runs-on: x, permissions: {}, steps: [{ run: "true" }] }
`,
      'd.yml': 'on: workflow_dispatch\njobs: { default: { runs-on: x, steps: [{ run: "true" }] } }',
    });
    await dispatch('p.yml');
    await dispatch('d.yml');
    await runner.idle();
    const given = Object.fromEntries(issued.map(({ jobKey, permissions }) => [jobKey, permissions]));
    expect(given).toEqual({ inherits: { contents: 'read', issues: 'write' }, 'names-one': { pages: 'write' }, 'names-none': {}, default: { contents: 'read', packages: 'read' } });
    expect(new Set(revoked)).toEqual(new Set(issued.map(({ jobId }) => jobId)));
  });

  test('steps see a clean environment, and step files carry values on', async () => {
    const { dispatch, runner, state, log } = open(
      {
        'e.yml': `
on: workflow_dispatch
jobs:
  job:
    runs-on: x
    env: { GITHUB_SHA: forged, LATER: job }
    steps:
      - run: |
          echo "leak=[$LEAK] token=[$ACTIONS_RUNTIME_TOKEN] allowed=[$ALLOWED] ci=$CI sha=$GITHUB_SHA home=$HOME"
          echo "LATER=from-file" >> "$GITHUB_ENV"
          printf 'MANY<<END\\none\\ntwo\\nEND\\n' >> "$GITHUB_ENV"
          mkdir bin && printf '#!/bin/sh\\necho my-tool-ran\\n' > bin/my-tool && chmod +x bin/my-tool
          echo "$PWD/bin" >> "$GITHUB_PATH"
          echo "# Title" >> "$GITHUB_STEP_SUMMARY"
      - run: |
          my-tool
          echo "later=$LATER many=$MANY"
          echo "more" >> "$GITHUB_STEP_SUMMARY"
      - run: node -p process.version
`,
      },
      { passEnvironment: [{ workflowFile: 'e.yml', jobKey: 'job', names: ['ALLOWED'] }], environment: { PATH: process.env['PATH'], LEAK: 'x', ALLOWED: 'yes' } },
    );
    const run = await dispatch('e.yml');
    await runner.idle();
    const text = log(jobOf(state, 'job'));
    expect(text).toContain(`leak=[] token=[] allowed=[yes] ci=true sha=${run.headSha} home=`);
    expect(text).toContain('my-tool-ran');
    expect(text).toContain('later=from-file many=one');
    expect(text).toContain(process.version);
    expect(jobOf(state, 'job')?.summary).toBe('# Title\nmore\n');
    expect(run.conclusion).toBe('success');
  });

  test('an expression in a script is put in as text; in env it is never evaluated again', async () => {
    const { dispatch, runner, state, log } = open({
      'i.yml': `
on: { workflow_dispatch: { inputs: { title: {} } } }
jobs:
  job:
    runs-on: x
    steps:
      - env: { TITLE: "\${{ inputs.title }}" }
        run: echo "title is [$TITLE]"
      - run: echo \${{ inputs.title }}
`,
    });
    await dispatch('i.yml', { title: '$(echo injected) ${{ github.token }}' });
    await runner.idle();
    const text = log(jobOf(state, 'job'));
    expect(text).toContain('title is [$(echo injected) ${{ github.token }}]');
    expect(jobOf(state, 'job')?.steps.map((step) => step.conclusion)).toEqual(['success', 'failure']);
  });

  test('secrets, tokens and added masks never reach the log, the summary or outputs', async () => {
    const github = open({
      'm.yml': `
on: workflow_dispatch
jobs:
  job:
    runs-on: x
    outputs: { leaked: "\${{ steps.a.outputs.v }}", kept: plain }
    steps:
      - id: a
        name: leak \${{ secrets.KEY }}
        env: { S: "\${{ secrets.KEY }}", T: "\${{ github.token }}" }
        run: |
          echo "::add-mask::hush-hush"
          echo "secret $S token $T more hush-hush"
          echo "v=$S" >> "$GITHUB_OUTPUT"
          echo "sum $S" >> "$GITHUB_STEP_SUMMARY"
          echo "::error file=a.ts,line=3::bad $S"
          echo "::stop-commands::pause"
          echo "::error::not an annotation"
          echo "::pause::"
          echo "::warning::careful"
`,
    });
    github.repo.secrets['KEY'] = 'sw0rdfish';
    await github.dispatch('m.yml');
    await github.runner.idle();
    const job = jobOf(github.state, 'job');
    expect(github.log(job)).toContain('secret *** token *** more ***');
    expect(JSON.stringify(job) + github.log(job)).not.toMatch(/sw0rdfish|ghs_token|hush-hush/);
    expect(job?.outputs).toEqual({ kept: 'plain' });
    expect(job?.annotations).toEqual([{ level: 'error', message: 'bad ***', file: 'a.ts', line: 3 }, { level: 'warning', message: 'careful', file: null, line: null }]);
  });

  test('what the runner does not have fails with a sentence', async () => {
    const { dispatch, runner, state, log } = open(
      {
        'u.yml': `
on: workflow_dispatch
jobs:
  matrix: { runs-on: x, strategy: { matrix: { n: [1, 2] } }, steps: [{ run: "true" }] }
  unknown: { runs-on: x, steps: [{ uses: "someone/thing@0123456789012345678901234567890123456789" }] }
  unpinned: { runs-on: x, steps: [{ uses: "actions/checkout@v4" }] }
`,
        'broken.yml': 'on: workflow_dispatch\njobs: { job: { runs-on: x, needs: missing, steps: [{ run: "echo ${{ nonsense( }}" }] } }',
      },
      { requirePinned: () => true },
    );
    await dispatch('u.yml');
    const broken = await dispatch('broken.yml');
    await runner.idle();
    expect(jobOf(state, 'matrix')?.annotations?.[0]?.message).toContain('does not support strategy');
    expect(log(jobOf(state, 'unknown'))).toContain('no stand-in for the action someone/thing@');
    expect(log(jobOf(state, 'unpinned'))).toContain('must be pinned to a full-length commit SHA');
    expect(state.runs[0]?.conclusion).toBe('failure');
    expect([broken.conclusion, broken.jobs]).toEqual(['failure', []]);
    expect(broken.problem).toContain('is not valid');
  });

  test('inputs are checked like GitHub checks them', async () => {
    const { dispatch } = open({
      'in.yml': `
on: { workflow_dispatch: { inputs: { must: { required: true }, flag: { type: boolean }, pick: { type: choice, options: [a, b] } } } }
jobs: { job: { if: "\${{ inputs.flag }}", runs-on: x, steps: [{ run: "true" }] } }`,
      'push.yml': 'on: push\njobs: { job: { runs-on: x, steps: [{ run: "true" }] } }',
    });
    await expect(dispatch('in.yml', { nope: '1', flag: 'maybe', pick: 'c' })).rejects.toThrow(/Unexpected inputs.*Required input 'must'.*must be true or false.*not in the list/);
    await expect(dispatch('none.yml')).rejects.toThrow('has no workflow');
    await expect(dispatch('push.yml')).rejects.toThrow("does not have 'workflow_dispatch' trigger");
    const run = await dispatch('in.yml', { must: 'x', flag: 'false' });
    await hub?.runner.idle();
    expect(run.inputs).toEqual({ must: 'x', flag: 'false', pick: '' });
    expect(run.jobs[0]?.conclusion).toBe('skipped');
  });

  test('a job that takes too long is ended, and its cleanup steps still run', async () => {
    const { dispatch, runner, state, log } = open({
      't.yml': `
on: workflow_dispatch
jobs:
  slow:
    runs-on: x
    timeout-minutes: 0.005
    steps:
      - run: sleep 600
      - run: echo never
      - if: always()
        run: echo tidy-up
  no-number: { runs-on: x, timeout-minutes: "\${{ fromJSON('-1') }}", steps: [{ run: "true" }] }
  step-limit:
    runs-on: x
    steps:
      - run: sleep 600
        timeout-minutes: 0.005
        continue-on-error: true
      - run: echo went-on
`,
    });
    await dispatch('t.yml');
    await runner.idle();
    expect(jobOf(state, 'slow')?.conclusion).toBe('cancelled');
    expect(log(jobOf(state, 'slow'))).toContain('tidy-up');
    expect(log(jobOf(state, 'slow'))).not.toContain('never');
    expect(log(jobOf(state, 'no-number'))).toContain("must be a positive number, not '-1'");
    expect(jobOf(state, 'step-limit')?.conclusion).toBe('success');
    expect(log(jobOf(state, 'step-limit'))).toContain('went-on');
  });
});
