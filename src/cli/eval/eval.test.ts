import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OWN_SET, readSet, type EvalCase } from './eval-case.ts';
import { createReport as reportOf, exitCodeOf, holds, resultWithout, type EvalReport, type EvalResult } from './eval-result.ts';
import { htmlPage, tableLines } from './report.ts';
import { runCases } from './run-cases.ts';
import { openUnfinished, unfinishedPath, type Unfinished } from './unfinished.ts';
import { plantCase } from './plant-case.ts';
import { proveCase } from './prove-case.ts';
import { runCase } from './run-case.ts';

const own = await readSet(OWN_SET, []);

const RESULT: EvalResult = {
  name: 'a', language: 'C', kind: 'bug', skipped: null, bad: null, failed: null, verdict: 'GO', state: 'DONE', reason: 'done', gatesPassed: [0, 1, 2, 3, 4, 5], ciPassed: true, checksOutput: [],
  files: { known: ['a.c'], touched: ['a.c'], hit: 1 }, appliedFirstTime: true, revisions: 1, sameAsKnown: true, difference: '', costMicroUsd: 10, tokens: 5, seconds: 1,
};

const createReport = (set: string, model: string, results: readonly EvalResult[], planned = results.length): EvalReport => reportOf({ set, model, planned }, results);

describe('the set that ships', () => {
  test('has four languages, bugs and features', () => {
    expect(new Set(own.map(({ language }) => language)).size).toBe(4);
    expect(new Set(own.map(({ kind }) => kind))).toEqual(new Set(['bug', 'feature']));
  });

  test.each(own)('$name: its checks fail on the base and pass with the known change', async (each) => {
    if (spawnSync('sh', ['-c', `command -v ${each.needs[0]}`]).status !== 0) return expect(each.needs, 'only a program that is not here may be missing').not.toContain('node');
    await inFolder(async (dir) => expect(proveCase(each, await plantCase(each, dir), { dir, stop: new AbortController().signal })).resolves.toBeUndefined());
  });
});

async function inFolder(body: (dir: string) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'countersign-set-'));
  try {
    await body(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

describe('a case whose checks prove nothing', () => {
  const setup = { model: 'openai-compatible/never-asked', settings: {}, stop: new AbortController().signal };
  const write = (dir: string, ci: string): void => {
    mkdirSync(join(dir, 'set', 'one', 'base'), { recursive: true });
    mkdirSync(join(dir, 'set', 'one', 'checks'));
    const files = { 'base/a.txt': 'one\n', 'checks/expected.txt': 'two\n', 'issue.md': '# It says one\n', 'known.diff': '--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+two\n', 'case.yml': `language: text\nkind: bug\nneeds: []\nci: ${ci}\n` };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, 'set', 'one', name), text);
  };
  const run = async (dir: string): Promise<EvalResult | null> => runCase((await readSet(join(dir, 'set'), []))[0] as EvalCase, setup);

  test('because they pass on the base already, is not counted, and no model is asked', () =>
    inFolder(async (dir) => {
      write(dir, 'test -f a.txt');
      const result = await run(dir);
      expect(result).toMatchObject({ bad: expect.stringContaining('pass on its base already'), state: null, ciPassed: null, costMicroUsd: 0 });
      const report = createReport('own', 'x/y', [RESULT, result as EvalResult]);
      expect(report.totals).toMatchObject({ cases: 2, bad: 1, done: 1, ciPassed: 1 });
      expect([exitCodeOf(report.results), exitCodeOf([result as EvalResult])]).toEqual([1, 2]);
      expect(tableLines(report).join('\n')).toMatch(/one +text +bad case[^]*pass on its base already[^]*1 bad case measures nothing[^]*1 of 1 DONE/);
      expect(htmlPage(report)).toMatch(/<td class="bad">bad case<\/td>[^]*bad case: The checks of one pass on its base already/);
    }));

  test('because they fail with the known change, too, says what they printed last', () =>
    inFolder(async (dir) => {
      write(dir, 'echo the tool is not here; exit 1');
      expect(await run(dir)).toMatchObject({ bad: expect.stringMatching(/do not pass with its known change.*the tool is not here · exit code 1/) });
    }));
});

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
  expect(report.totals).toEqual({ cases: 3, skipped: 1, bad: 0, failed: 0, go: 2, appliedFirstTime: 2, done: 1, ciPassed: 1, sameAsKnown: 1, costMicroUsd: 20, tokens: 10 });
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
  const nasty = { ...RESULT, name: '<img src=x onerror=alert(1)>', reason: '"><script>', difference: '</pre><script>\n+    \u202Eevil', files: { known: ['<b>'], touched: ['<i>'], hit: 0 }, state: '\u001b[2J', skipped: null };
  const report = createReport('own', '<svg>', [nasty]);
  expect(htmlPage(report)).not.toMatch(/<(?:img|script|svg|b|i)[\s>]/);
  expect(htmlPage(report)).toContain('+    ⟨U+202E⟩evil');
  expect(tableLines(report).join('\n')).not.toContain('\u001b[2J');
});

describe('a set that is gone through', () => {
  const cases = ['a', 'b', 'c', 'd', 'e', 'f'].map((name): EvalCase => ({ ...(own[0] as EvalCase), name, hash: name }));
  const done = ({ name }: { readonly name: string }): EvalResult => ({ ...RESULT, name });
  const nothing: Unfinished = { take: () => null, keep: async () => undefined, close: async () => undefined };
  const setup = { model: 'x/y', settings: {}, stop: new AbortController().signal };

  test('a model that dies half way: what it did stays, three cases say why, the others are not begun', async () => {
    const kept: string[] = [];
    const pages: number[] = [];
    const results = await runCases(cases, {
      setup,
      unfinished: { ...nothing, keep: async ({ name }) => void kept.push(name) },
      onResult: async (soFar) => void pages.push(soFar.length),
      take: async (each) => (each.name < 'c' ? done(each) : resultWithout(each, { failed: 'the provider cannot be reached' })),
    });
    expect(results.map(({ failed }) => failed)).toEqual([null, null, ...Array.from({ length: 3 }, () => 'the provider cannot be reached'), 'not begun: the 3 cases before it could not be run to an end']);
    expect(kept, 'these are not paid for again').toEqual(['a', 'b']);
    expect(pages, 'the page grows with each').toEqual([1, 2, 3, 4, 5, 6]);
    expect([exitCodeOf(results), exitCodeOf(results.slice(2)), exitCodeOf(results.slice(0, 2)), exitCodeOf([])]).toEqual([1, 3, 0, 3]);
  });

  test('cases that are bad themselves do not end it: that says nothing about the model', async () => {
    const take = async (each: EvalCase): Promise<EvalResult> => (each.name < 'f' ? resultWithout(each, { bad: 'its checks prove nothing' }) : done(each));
    const results = await runCases(cases, { setup, unfinished: nothing, onResult: async () => undefined, take });
    expect(results.at(-1)).toMatchObject({ name: 'f', state: 'DONE' });
  });

  test('interrupted, it ends with what there is, and goes on from there', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'countersign-set-'));
    const out = join(dir, 'page.html');
    try {
      const stop = new AbortController();
      const first = await runCases(cases, {
        setup: { ...setup, stop: stop.signal },
        unfinished: await openUnfinished(out, 'x/y', false),
        onResult: async (soFar) => void (soFar.length === 2 && stop.abort()),
        take: async (each) => done(each),
      });
      expect(first.map(({ name }) => name)).toEqual(['a', 'b']);
      // Cut off in the middle of a line.
      writeFileSync(unfinishedPath(out), '{"hash":"c","resu', { flag: 'a' });
      const asked: string[] = [];
      const all = await runCases([{ ...(cases[0] as EvalCase), hash: 'changed since' }, ...cases.slice(1)], {
        setup,
        unfinished: await openUnfinished(out, 'x/y', true),
        onResult: async () => undefined,
        take: async (each) => {
          asked.push(each.name);
          return done(each);
        },
      });
      expect(all).toHaveLength(6);
      expect(asked).toEqual(['a', 'c', 'd', 'e', 'f']);
      await expect(openUnfinished(out, 'other/model', true)).rejects.toMatchObject({ code: 'other-model' });
      await expect(openUnfinished(join(dir, 'other.html'), 'x/y', true)).rejects.toMatchObject({ code: 'nothing-to-go-on' });
      expect(tableLines(createReport('own', 'x/y', first, 6)).join('\n')).toContain('2 of 6 cases so far');
      expect(htmlPage(createReport('own', 'x/y', first, 6))).toContain('2 of 6 cases so far');
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

describe('a case', () => {
  const git = (cwd: string, ...args: string[]): string => execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], { cwd, encoding: 'utf8' }).trim();

  test('is planted byte for byte: ignored files, links, line endings and attributes are what they are', () =>
    inFolder(async (dir) => {
      const folder = join(dir, 'set', 'c-ring');
      cpSync(join(OWN_SET, 'c-ring'), folder, { recursive: true });
      writeFileSync(join(folder, 'base', '.gitignore'), '*.c\n');
      writeFileSync(join(folder, 'base', '.gitattributes'), '* text eol=crlf filter=evil\n');
      writeFileSync(join(folder, 'base', 'crlf.txt'), 'a\r\nb\n');
      symlinkSync('../outside', join(folder, 'base', 'link'));
      const [each] = await readSet(join(dir, 'set'), []);
      const { gitDir, knownPaths } = await plantCase(each as EvalCase, dir);
      expect(git(gitDir, 'ls-tree', '--name-only', 'main').split('\n')).toEqual(expect.arrayContaining(['ring.c', 'crlf.txt', 'link']));
      expect(execFileSync('git', ['cat-file', 'blob', 'main:crlf.txt'], { cwd: gitDir }).toString()).toBe('a\r\nb\n');
      expect(git(gitDir, 'cat-file', 'blob', 'main:link')).toBe('../outside');
      expect(knownPaths).toEqual(['ring.c', 'ring_test.c']);
    }));

  test('of a repository with its history: the known commit and its parent are taken, whatever lies in the work tree', () =>
    inFolder(async (dir) => {
      const repo = join(dir, 'repo');
      const folder = join(dir, 'set', 'one');
      mkdirSync(repo);
      mkdirSync(join(folder, 'checks'), { recursive: true });
      git(repo, 'init', '-q', '-b', 'main');
      for (const text of ['one', 'two', 'three']) {
        writeFileSync(join(repo, 'a.txt'), `${text}\n`);
        git(repo, 'add', '.');
        git(repo, 'commit', '-q', '-m', text);
      }
      writeFileSync(join(repo, 'a.txt'), 'dirty\n');
      writeFileSync(join(folder, 'issue.md'), '# It says one\n');
      const caseYml = (lines: string): void => writeFileSync(join(folder, 'case.yml'), `language: text\nkind: bug\nneeds: []\nci: test -f a.txt\n${lines}`);
      const planted = async (): ReturnType<typeof plantCase> => plantCase((await readSet(join(dir, 'set'), []))[0] as EvalCase, mkdtempSync(join(dir, 'planted-')));

      caseYml('repo: ../../repo\nknown: main~1\n');
      const { gitDir, knownDiff } = await planted();
      expect(knownDiff).toContain('-one\n+two\n');
      expect(git(gitDir, 'log', '--format=%s', 'main')).toBe('one');
      caseYml('repo: ../../repo\nknown: main\nbase: main~2\n');
      expect((await planted()).knownDiff).toContain('-one\n+three\n');

      caseYml('repo: ../../repo\nknown: main~2\n');
      await expect(planted()).rejects.toMatchObject({ code: 'missing-commit', message: expect.stringContaining('base: COMMIT') });
      caseYml(`repo: ../../repo\nknown: "${'0'.repeat(40)}"\nbase: main\n`);
      await expect(planted()).rejects.toMatchObject({ code: 'missing-commit' });
      caseYml('repo: ../../repo\nknown: 1234567\n');
      await expect(readSet(join(dir, 'set'), [])).rejects.toMatchObject({ code: 'bad-case', message: expect.stringContaining('in quotes') });
      caseYml('repo: ../../nowhere\nknown: main\n');
      await expect(planted()).rejects.toMatchObject({ kind: 'input' });
      caseYml('repo: ../../repo\nknown: main\nbase: main\n');
      await expect(planted()).rejects.toMatchObject({ code: 'bad-case', message: expect.stringContaining('changes nothing') });
      caseYml('repo: ../../repo\n');
      await expect(readSet(join(dir, 'set'), [])).rejects.toMatchObject({ code: 'bad-case' });
    }));

  test('reads nothing out of its set, and no file without end', () =>
    inFolder(async (dir) => {
      const folder = join(dir, 'set', 'c-ring');
      const again = (): void => {
        rmSync(folder, { recursive: true, force: true });
        cpSync(join(OWN_SET, 'c-ring'), folder, { recursive: true });
      };
      for (const [name, target] of [['issue.md', '/etc/hostname'], ['base', tmpdir()], ['checks', '/etc'], ['known.diff', '/dev/zero'], ['case.yml', '/dev/zero']] as const) {
        again();
        rmSync(join(folder, name), { recursive: true });
        symlinkSync(target, join(folder, name));
        await expect(readSet(join(dir, 'set'), []), name).rejects.toMatchObject({ code: 'bad-case', message: expect.stringContaining('out of the set') });
      }
      again();
      rmSync(join(folder, 'issue.md'));
      execFileSync('mkfifo', [join(folder, 'issue.md')]);
      await expect(readSet(join(dir, 'set'), [])).rejects.toMatchObject({ code: 'bad-case', message: expect.stringContaining('not a file') });
      again();
      writeFileSync(Buffer.concat([Buffer.from(join(folder, 'base', 'caf')), Buffer.from([0xE9])]), 'x');
      await expect(readSet(join(dir, 'set'), [])).rejects.toMatchObject({ code: 'bad-case', message: expect.stringContaining('not UTF-8') });
    }));
});
