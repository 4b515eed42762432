import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { FakeGitHub } from '../fake-services.ts';
import { fakeGitHub } from '../fake-services.ts';
import type { RunnerOptions } from '../options.ts';

const SHA = '0123456789012345678901234567890123456789';
const CHECKOUT = `{ uses: "actions/checkout@${SHA}" }`;
let hub: FakeGitHub | undefined;
afterEach(async () => {
  await hub?.close();
  hub = undefined;
});

const workflow = (steps: string, extra = ''): string => `on: workflow_dispatch\n${extra}\njobs:\n  job:\n    runs-on: x\n    steps:\n${steps}`;
async function run(steps: string, files: Record<string, string> = {}, options: Partial<RunnerOptions> & { extra?: string } = {}) {
  const { extra, ...rest } = options;
  hub = fakeGitHub({ 'w.yml': workflow(steps, extra) }, { requirePinned: () => true, ...rest });
  hub.commit(files);
  const started = await hub.dispatch('w.yml');
  await hub.runner.idle();
  return { github: hub, run: started, job: started.jobs[0], log: hub.log(started.jobs[0]) };
}

describe('actions/checkout', () => {
  test('checks out the run\'s commit on its branch, with the token in the clone\'s configuration', async () => {
    const { log, run: started } = await run(
      `      - ${CHECKOUT}
      - run: cat file.txt && git status --short --branch && git rev-parse HEAD && git log --oneline | wc -l && grep -c extraheader .git/config`,
      { 'file.txt': 'content of the file\n' },
    );
    expect(log).toContain('content of the file');
    expect(log).toMatch(/## main$/m);
    expect(log).toContain(started.headSha);
    expect(log).toMatch(/ 1\n.* 1\n/);
    expect(log).not.toContain(Buffer.from('x-access-token:ghs').toString('base64').slice(0, 12));
    expect(started.conclusion).toBe('success');
  });

  test('takes ref, path, depth and persist-credentials', async () => {
    hub = fakeGitHub({
      'w.yml': workflow(`      - { uses: "actions/checkout@${SHA}", with: { ref: side, path: sub, fetch-depth: 0, persist-credentials: false } }
      - run: git -C sub branch --show-current && cat sub/side.txt && ! grep -q extraheader sub/.git/config`),
    });
    hub.commit({ 'side.txt': 'from side' }, 'side');
    const started = await hub.dispatch('w.yml');
    await hub.runner.idle();
    expect(hub.log(started.jobs[0])).toContain('from side');
    expect(started.conclusion).toBe('success');
  });

  test('a missing ref, an unknown input and a path outside fail with a sentence', async () => {
    const { log, job } = await run(`      - { uses: "actions/checkout@${SHA}", with: { ref: nowhere } }
      - { if: always(), uses: "actions/checkout@${SHA}", with: { submodules: true } }
      - { if: always(), uses: "actions/checkout@${SHA}", with: { path: ../../out } }`);
    expect(job?.steps.map((step) => step.conclusion)).toEqual(['failure', 'failure', 'failure']);
    expect(log).toContain('failed (git ended with');
    expect(log).toContain('has no input submodules');
    expect(log).toContain('outside the workspace');
  });
});

describe('actions of the workspace', () => {
  test('a JavaScript action gets inputs, defaults and the runtime token, and gives outputs', async () => {
    const { log, run: started } = await run(
      `      - ${CHECKOUT}
      - { id: own, uses: ./, with: { Given-Name: " Ada " } }
      - run: echo "output is \${{ steps.own.outputs.greeting }}"`,
      {
        'action.yml': 'name: x\ndescription: x\ninputs: { given-name: {}, other: { default: fallback }, token: { default: "${{ github.token }}" } }\noutputs: { greeting: {} }\nruns: { using: node24, main: dist/main.js }\n',
        'dist/main.js': `const fs = require('node:fs');
const { env } = process;
console.log('runtime', Boolean(env.ACTIONS_RUNTIME_TOKEN), 'results', env.ACTIONS_RESULTS_URL, 'token', env.INPUT_TOKEN === undefined, env.INPUT_TOKEN?.length > 5, env.LEAK ?? 'no-leak');
fs.appendFileSync(env.GITHUB_OUTPUT, 'greeting=hi ' + env['INPUT_GIVEN-NAME'] + ' ' + env.INPUT_OTHER + '\\n');
`,
      },
    );
    expect(log).toContain('runtime true results http://127.0.0.1:1/results token false true no-leak');
    expect(log).toContain('output is hi Ada fallback');
    expect(started.conclusion).toBe('success');
  });

  test('a composite action has its own steps, inputs and outputs', async () => {
    const { log, run: started } = await run(
      `      - ${CHECKOUT}
      - { id: own, uses: ./tools, with: { word: hello } }
      - run: echo "composite gave \${{ steps.own.outputs.both }}"
      - { uses: ./missing }`,
      {
        'tools/action.yml': `
name: x
description: x
inputs: { word: {}, times: { default: "2" } }
outputs: { both: { value: "\${{ steps.a.outputs.v }}-\${{ inputs.times }}" } }
runs:
  using: composite
  steps:
    - { id: a, shell: bash, run: 'echo "v=\${{ inputs.word }}" >> "$GITHUB_OUTPUT"; ls "$GITHUB_ACTION_PATH"' }
`,
      },
    );
    expect(log).toContain('composite gave hello-2');
    expect(log).toContain("Can't find 'action.yml'");
    expect(started.jobs[0]?.steps.map((step) => step.conclusion)).toEqual(['success', 'success', 'success', 'failure']);
  });
});

test('actions/setup-node takes this Node and refuses another', async () => {
  const { job, log } = await run(`      - ${CHECKOUT}
      - { uses: "actions/setup-node@${SHA}", with: { node-version-file: .nvmrc } }
      - { uses: "actions/setup-node@${SHA}", with: { node-version: "18.x" } }`, { '.nvmrc': `${process.versions.node.split('.')[0]}\n` });
  expect(job?.steps.map((step) => step.conclusion)).toEqual(['success', 'success', 'failure']);
  expect(log).toContain('This workflow asks for Node 18.x');
});

describe('actions/cache', () => {
  test('saves after a good job and restores by key, or by the prefix of an older key', async () => {
    const step = `      - { id: c, uses: "actions/cache@${SHA}", with: { path: out, key: "k-\${{ hashFiles('lock') }}", restore-keys: k- } }
      - run: echo "hit=[\${{ steps.c.outputs.cache-hit }}] $(cat out/f 2>/dev/null)" && mkdir -p out && echo "made-once" > out/f`;
    const { github, log } = await run(`      - ${CHECKOUT}\n${step}`, { lock: '1' });
    expect(log).toContain('hit=[]');
    const again = await github.dispatch('w.yml');
    await github.runner.idle();
    expect(github.log(again.jobs[0])).toContain('hit=[true] made-once');
    github.commit({ lock: '2' });
    const other = await github.dispatch('w.yml');
    await github.runner.idle();
    expect(github.log(other.jobs[0])).toContain('hit=[false] made-once');
  });

  test('a seeded path is a link to the prepared folder', async () => {
    const seeds: { pathSuffix: string; directory: string }[] = [];
    hub = fakeGitHub({ 'w.yml': workflow(`      - { id: c, uses: "actions/cache@${SHA}", with: { path: node_modules, key: k } }\n      - run: 'echo "hit=\${{ steps.c.outputs.cache-hit }} $(cat node_modules/a/b)"'`) }, { cacheSeeds: seeds });
    const directory = join(hub.dir, 'seed');
    mkdirSync(join(directory, 'a'), { recursive: true });
    writeFileSync(join(directory, 'a', 'b'), 'seeded');
    seeds.push({ pathSuffix: 'node_modules', directory });
    const started = await hub.dispatch('w.yml');
    await hub.runner.idle();
    expect(hub.log(started.jobs[0])).toContain('hit=true seeded');
    // Removing the workspace must not follow the link.
    expect(readFileSync(join(directory, 'a', 'b'), 'utf8')).toBe('seeded');
    expect(readdirSync(join(hub.dir, 'work', String(started.id)))).toEqual([]);
  });
});

describe('Pages', () => {
  const steps = (path: string) => `      - run: mkdir site && echo one > site/index.html && ln -s /etc/hostname other
      - { uses: "actions/upload-pages-artifact@${SHA}", with: { path: ${path} } }
      - { id: deploy, uses: "actions/deploy-pages@${SHA}" }
      - run: echo "at \${{ steps.deploy.outputs.page_url }}"`;

  test('a deployment is published whole', async () => {
    const { github, log } = await run(steps('site'), {}, { extra: 'permissions: { pages: write, id-token: write }' });
    expect(readFileSync(join(github.dir, 'pages', 'local/control', 'index.html'), 'utf8')).toBe('one\n');
    expect(log).toContain('at http://pages.test/');
  });

  test('without its permissions nothing is published; links are refused', async () => {
    const { github, log, job } = await run(steps('site'));
    expect(log).toContain('needs the permissions pages: write and id-token: write');
    expect(job?.conclusion).toBe('failure');
    expect(existsSync(join(github.dir, 'pages'))).toBe(false);
  });

  test('symbolic links are refused', async () => {
    const { log } = await run(steps('.'), {}, { extra: 'permissions: { pages: write, id-token: write }' });
    expect(log).toContain('must not contain symbolic links');
  });
});
