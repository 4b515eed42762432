import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { EvalReport } from '../../src/cli/eval/eval-result.ts';
import { longTest } from './support/long.ts';
import { lineChanger, startModelServer, type ModelServer, type Script } from './support/model-server.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

/** Three cases of one file each; a case's issue names it. */
async function writeSet(dir: string): Promise<string> {
  for (const name of ['a', 'b', 'c']) {
    const folder = join(dir, 'set', name);
    await mkdir(join(folder, 'base'), { recursive: true });
    await mkdir(join(folder, 'checks'));
    await writeFile(join(folder, 'base', 'greeting.txt'), 'Hello\n');
    await writeFile(join(folder, 'checks', 'expected.txt'), 'Hello, Ada\n');
    await writeFile(join(folder, 'issue.md'), `# The greeting of ${name} leaves the name out\n\nIt says Hello to everybody.\n`);
    await writeFile(join(folder, 'known.diff'), 'diff --git a/greeting.txt b/greeting.txt\n--- a/greeting.txt\n+++ b/greeting.txt\n@@ -1 +1 @@\n-Hello\n+Hello, Ada\n');
    await writeFile(join(folder, 'case.yml'), 'language: text\nkind: bug\nneeds: cmp\nci: cmp greeting.txt expected.txt\n');
  }
  return join(dir, 'set');
}

async function evaluate(dir: string, model: ModelServer, ...more: string[]): Promise<{ readonly code: number | null; readonly report: EvalReport; readonly said: string }> {
  const args = [MAIN, 'eval', '--set', join(dir, 'set'), '--model', 'openai-compatible/scripted', '--out', join(dir, 'page.html'), '--json', ...more];
  const child = spawn(process.execPath, args, { cwd: dir, env: { PATH: process.env['PATH'], OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'sk-evaluated-1234567890' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, report: JSON.parse(out) as EvalReport, said };
}

const solves = lineChanger({ repo: 'local/case', path: 'greeting.txt', find: /Hello/, replace: () => 'Hello, Ada' });
const solvesWrongly = lineChanger({ repo: 'local/case', path: 'greeting.txt', find: /Hello/, replace: () => 'Hello, Bob' });
const caseOf = (prompt: string): string => /The greeting of (\w) leaves/.exec(prompt)?.[1] ?? '';

longTest('a model that solves one case, one wrongly, and is down for the third: each row says so, and the third alone is made up for', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-evaluated-'));
  await writeSet(dir);
  const halfWay: Script = (asked) => {
    const name = caseOf(asked.prompt);
    return name === 'a' ? solves(asked) : name === 'b' ? solvesWrongly(asked) : { status: 503, body: '{}' };
  };
  const model = await startModelServer(halfWay);
  try {
    const first = await evaluate(dir, model);
    expect(first.code, first.said).toBe(1);
    const [a, b, c] = first.report.results;
    expect(a).toMatchObject({ verdict: 'GO', state: 'DONE', ciPassed: true, sameAsKnown: true, appliedFirstTime: true, gatesPassed: [0, 1, 2, 3, 4, 5], files: { hit: 1 }, failed: null });
    expect(b).toMatchObject({ verdict: 'GO', state: 'NEEDS_HUMAN', ciPassed: false, sameAsKnown: false, appliedFirstTime: true, gatesPassed: [0, 1, 2, 3, 4], files: { hit: 1 }, failed: null });
    expect(b?.difference).toContain('-Hello, Ada\n+Hello, Bob\n');
    expect(b?.checksOutput.join('\n')).toContain('differ');
    expect(c).toMatchObject({ verdict: null, ciPassed: null, appliedFirstTime: null, failed: expect.stringContaining('503') });
    expect(await readFile(join(dir, 'page.html'), 'utf8')).toContain('Hello, Bob');

    const before = model.asked.length;
    model.script = solves;
    const second = await evaluate(dir, model, '--go-on');
    expect(second.report.results.map(({ state }) => state)).toEqual(['DONE', 'NEEDS_HUMAN', 'DONE']);
    expect(new Set(model.asked.slice(before).map(({ prompt }) => caseOf(prompt)))).toEqual(new Set(['c']));
  } finally {
    await model.close();
    await rm(dir, { recursive: true, force: true });
  }
});
