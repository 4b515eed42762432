import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OWN_SET, readSet, type EvalCase } from './eval-case.ts';
import { createReport, holds, type EvalResult } from './eval-result.ts';
import { htmlPage, tableLines } from './report.ts';

const own = await readSet(OWN_SET, []);

const RESULT: EvalResult = {
  name: 'a', language: 'C', kind: 'bug', skipped: null, failed: null, verdict: 'GO', state: 'DONE', reason: 'done', gatesPassed: [0, 1, 2, 3, 4, 5], ciPassed: true,
  files: { known: ['a.c'], touched: ['a.c'], hit: 1 }, appliedFirstTime: true, revisions: 1, sameAsKnown: true, difference: '', costMicroUsd: 10, tokens: 5, seconds: 1,
};

describe('the set that ships', () => {
  test('has four languages, bugs and features', () => {
    expect(new Set(own.map(({ language }) => language)).size).toBe(4);
    expect(new Set(own.map(({ kind }) => kind))).toEqual(new Set(['bug', 'feature']));
  });

  test.each(own)('$name: its checks fail on the base and pass with the known change', (each) => {
    if (spawnSync('sh', ['-c', `command -v ${each.needs}`]).status !== 0) return expect(each.needs, 'only a program that is not here may be missing').not.toBe('node');
    expect(checksPass(each, false)).toBe(false);
    expect(checksPass(each, true)).toBe(true);
  });
});

function checksPass(each: EvalCase, withKnown: boolean): boolean {
  const dir = mkdtempSync(join(tmpdir(), 'countersign-case-'));
  try {
    cpSync(join(each.folder, 'base'), dir, { recursive: true });
    if (withKnown) execFileSync('git', ['apply', join(each.folder, 'known.diff')], { cwd: dir });
    cpSync(join(each.folder, 'checks'), dir, { recursive: true });
    return spawnSync('sh', ['-c', each.ci], { cwd: dir, env: { PATH: process.env['PATH'] } }).status === 0;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

test('a set that is none, a case that is not whole and a name that is not there are each one sentence', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'countersign-set-'));
  try {
    await expect(readSet(dir, [])).rejects.toMatchObject({ code: 'empty-set' });
    cpSync(join(OWN_SET, 'c-ring'), join(dir, 'c-ring'), { recursive: true });
    await expect(readSet(dir, ['other'])).rejects.toMatchObject({ code: 'unknown-case' });
    writeFileSync(join(dir, 'c-ring', 'case.yml'), 'language: C\nkind: wish\n');
    await expect(readSet(dir, [])).rejects.toMatchObject({ code: 'bad-case', message: expect.stringContaining('kind') });
    rmSync(join(dir, 'c-ring', 'known.diff'));
    await expect(readSet(dir, [])).rejects.toMatchObject({ code: 'bad-case' });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test('totals count what was run; one unknown price makes the cost unknown', () => {
  const report = createReport('own', 'x/y', [RESULT, { ...RESULT, name: 'b', state: 'NEEDS_HUMAN', ciPassed: null, sameAsKnown: false }, { ...RESULT, name: 'c', skipped: 'cc is not on this machine' }]);
  expect(report.totals).toEqual({ cases: 3, skipped: 1, failed: 0, go: 2, appliedFirstTime: 2, done: 1, ciPassed: 1, sameAsKnown: 1, costMicroUsd: 20, tokens: 10 });
  expect(createReport('own', 'x/y', [RESULT, { ...RESULT, costMicroUsd: null }]).totals.costMicroUsd).toBeNull();
  expect(tableLines(report).join('\n')).toContain('c: cc is not on this machine');
});

test('a case that could not be run to an end is a row with its reason, and the others stay', () => {
  const report = createReport('own', 'x/y', [RESULT, { ...RESULT, name: 'b', failed: 'known.diff does not apply to base/', verdict: null, state: null, ciPassed: null, gatesPassed: [] }]);
  expect(report.totals).toMatchObject({ cases: 2, failed: 1, done: 1 });
  expect(report.results.map(holds)).toEqual([true, false]);
  expect(tableLines(report).join('\n')).toContain('b: known.diff does not apply to base/');
  expect(htmlPage(report)).toContain('not run: known.diff does not apply');
});

test('a result that is DONE with failing checks does not hold, and its difference is shown', () => {
  const wrong = { ...RESULT, ciPassed: false, state: 'NEEDS_HUMAN', sameAsKnown: false, difference: '--- a/a.c\n+++ b/a.c\n-x\n+y' };
  expect(holds(wrong)).toBe(false);
  expect(htmlPage(createReport('own', 'x/y', [wrong]))).toMatch(/<td class="bad">no<\/td>[^]*<span class="remove">-x<\/span><span class="add">\+y<\/span>/);
});

test('whatever was said is text on the page, and cannot move the terminal', () => {
  const nasty = { ...RESULT, name: '<img src=x onerror=alert(1)>', reason: '"><script>', difference: '</pre><script>', files: { known: ['<b>'], touched: ['<i>'], hit: 0 }, state: '\u001b[2J', skipped: null };
  const report = createReport('own', '<svg>', [nasty]);
  expect(htmlPage(report)).not.toMatch(/<(?:img|script|svg|b|i)[\s>]/);
  expect(tableLines(report).join('\n')).not.toContain('\u001b[2J');
});
