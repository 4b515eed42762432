import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LocalAnnotation } from '../contract.ts';
import { createCommandFiles, parsePairs, readCommandFiles } from './command-files.ts';
import { createStepConsole } from './commands.ts';
import { evaluate, evaluateCondition, evaluateText, withStatusFunction } from './expressions.ts';
import type { Scope } from './expressions.ts';
import { createJobLog } from './job-log.ts';
import { killOrphans } from './orphans.ts';
import { readPermissions } from './permissions.ts';
import { toTemplate } from './template.ts';
import { parseWorkflowFile } from './workflow-model.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'runner-parts-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('expressions', () => {
  const scope: Scope = { contexts: { inputs: { a: 'x', n: 3, yes: true, list: [{ k: 1 }, { k: 2 }] } }, status: 'failure', workspace: null };
  test.each([
    ['plain', 'plain'],
    ["{a} 'b' ${{ inputs.a }}! 'c' ${{ inputs.n }}", "{a} 'b' x! 'c' 3"],
    ["${{ '}}' }}-${{ inputs.a }}", '}}-x'],
    ['${{ inputs.n }}', '3'],
    ['${{ toJSON(inputs.list.*.k) }}', '[\n  1,\n  2\n]'],
    ['${{ inputs.missing.deep }}', ''],
  ])('%s gives %s', (text, value) => expect(evaluateText(toTemplate(text), scope)).toBe(value));

  test('values keep their type when the text is one expression', () => expect(evaluate(toTemplate({ a: '${{ inputs.yes }}', b: ['${{ inputs.n }}'] }), scope)).toEqual({ a: true, b: [3] }));
  test('an unclosed expression is an error', () => expect(() => toTemplate('${{ inputs.a')).toThrow('not closed'));

  test('a condition without a status function needs success', () => {
    expect(withStatusFunction("contains('always()', 'x')")).toContain('success() && ');
    expect(evaluateCondition(withStatusFunction('inputs.yes'), scope)).toBe(false);
    expect(evaluateCondition(withStatusFunction('inputs.yes && FAILURE()'), scope)).toBe(true);
    expect(evaluateCondition(withStatusFunction('!cancelled()'), scope)).toBe(true);
  });
});

test('naming one permission sets the others to none, and an unknown level grants nothing', () => {
  expect(readPermissions({ contents: 'read', issues: 'none', pages: 'admin' })).toEqual({ contents: 'read' });
  expect(readPermissions({})).toEqual({});
  expect(readPermissions(undefined)).toBeNull();
  expect(readPermissions('write-all')).toMatchObject({ contents: 'write', 'id-token': 'write' });
});

describe('step files', () => {
  test('pairs and blocks are read, and a block without its end is a problem', () => {
    expect(parsePairs('a=1\nb<<E\nx=1\n\ny\nE\nc=d=e\n')).toEqual({ values: { a: '1', b: 'x=1\n\ny', c: 'd=e' }, problem: null });
    expect(parsePairs('b<<E\nx').problem).toContain("Matching delimiter not found 'E'");
    expect(parsePairs('nonsense').problem).toContain('Invalid format');
  });

  test('what a step must not set is refused, and a summary that is too large is dropped', () => {
    const files = createCommandFiles(dir, 'one');
    writeFileSync(files['GITHUB_ENV'] ?? '', 'NODE_OPTIONS=--require=x\nGITHUB_TOKEN=x\nRUNNER_TEMP=x\nOK=yes\n');
    writeFileSync(files['GITHUB_STEP_SUMMARY'] ?? '', 'x'.repeat(1024 * 1024 + 1));
    expect(readCommandFiles(files)).toMatchObject({ env: { OK: 'yes' }, summary: '', problems: ['NODE_OPTIONS cannot be set through GITHUB_ENV'], summaryProblem: expect.stringContaining('got 1025k') });
  });
});

describe('the log', () => {
  const open = () => createJobLog({ path: join(dir, 'a.log'), mask: (text) => text.replaceAll('known', '***'), now: () => 'T' });
  const text = () => readFileSync(join(dir, 'a.log'), 'utf8');

  test('masks every line of a long secret and what the server knows', () => {
    const log = open();
    log.addMask('first line\nsecond line\n{');
    log.line('a second line { known');
    log.close();
    expect(text()).toBe('T a *** { ***\n');
    expect(log.holdsSecret('the first line')).toBe(true);
  });

  test('is cut off at its limit', () => {
    const log = open();
    for (let index = 0; index < 20; index++) log.line('x'.repeat(1024 * 1024));
    log.close();
    expect(text().length).toBeLessThan(18 * 1024 * 1024);
    expect(text()).toContain('The log is cut off here');
  });

  test('commands take effect, anything that only looks like one is text', () => {
    const log = open();
    const annotations: LocalAnnotation[] = [];
    const { onLine } = createStepConsole(log, annotations);
    for (const line of ['::notice file=a%2Cb.ts,line=x::50%25%0Adone', '::set-env name=A::b', '::', ':: ::x', '::group::G', '::endgroup::', '::add-mask::tell-no-one', 'tell-no-one']) onLine(line);
    log.close();
    expect(annotations).toEqual([{ level: 'notice', message: '50%\ndone', file: 'a,b.ts', line: null }]);
    expect(text().split('\n').filter((line) => line.startsWith('T '))).toEqual(['T ##[notice]50%', 'T ::set-env name=A::b', 'T ::', 'T :: ::x', 'T ##[group]G', 'T ##[endgroup]', 'T ***']);
  });
});

test('processes that a killed runner left behind are ended, others are not', async () => {
  const start = (temp: string) => spawn('sleep', ['600'], { env: { PATH: process.env['PATH'], RUNNER_TEMP: temp }, stdio: 'ignore' });
  const [own, other] = [start(join(dir, 'work', '1', '2', 'temp')), start(join(dir, 'workspace'))];
  await Promise.all([once(own, 'spawn'), once(other, 'spawn')]);
  const ended = once(own, 'exit');
  killOrphans(dir);
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(other.exitCode).toBeNull();
  other.kill('SIGKILL');
});

describe('parseWorkflowFile', () => {
  test('gives permissions, environments and steps as they stand in the text', async () => {
    const text = `
name: W
on: { push: { branches: main }, workflow_dispatch: {} }
permissions: {}
jobs:
  a: { runs-on: x, permissions: { contents: read }, environment: { name: gate, url: "http://x" }, steps: [{ uses: ./ }, { run: "echo \${{ github.actor }}" }] }
  b: { runs-on: x, needs: a, steps: [{ uses: "o/n@v1" }] }
`;
    const outline = await parseWorkflowFile(text, '.github/workflows/w.yml');
    expect(outline).toMatchObject({ name: 'W', permissions: {} });
    expect(outline.on['push']?.branches).toEqual(['main']);
    expect(outline.jobs).toEqual([
      { key: 'a', permissions: { contents: 'read' }, environment: 'gate', needs: [], steps: [{ uses: './', run: null }, { uses: null, run: 'echo ${{ github.actor }}' }] },
      { key: 'b', permissions: null, environment: null, needs: ['a'], steps: [{ uses: 'o/n@v1', run: null }] },
    ]);
  });

  test.each([
    ['not: [valid', 'w.yml'],
    ['on: push\njobs: { a: { runs-on: x, needs: nobody, steps: [{ run: x }] }, b: { runs-on: x, steps: [{ run: x }] } }', 'depends on unknown job'],
    ['on: push\njobs: { a: { runs-on: x, steps: [{ run: "${{ secrets.A }}", if: "secrets.A" }] } }', 'secrets'],
    ['on: push\njobs: { a: { runs-on: x, steps: [{ run: "${{ nonsense( }}" }] } }', 'Unexpected'],
  ])('%s is refused', (text, message) => expect(parseWorkflowFile(text, 'w.yml')).rejects.toThrow(message));
});
