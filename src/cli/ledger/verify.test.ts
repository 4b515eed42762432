import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createRepository, git } from '../../ledger/testing/temporary-repository.ts';
import type { VerifyReport } from '../../ledger/verify.ts';
import { sampleWorkflowId, writeSampleLedger } from '../bench/ledger-sample.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const WORKFLOW = sampleWorkflowId(1);
let repository: ReturnType<typeof createRepository>;
let directory: string;
let tip: string;

beforeAll(async () => {
  repository = createRepository();
  directory = mkdtempSync(join(tmpdir(), 'countersign-cli-'));
  tip = await writeSampleLedger({ gitDir: repository.gitDir, workflows: 4 });
});
afterAll(() => {
  repository.remove();
  rmSync(directory, { recursive: true, force: true });
});

function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [MAIN, 'ledger', ...args], { env: { ...process.env, NO_COLOR: '1', ...environment }, maxBuffer: 64 * 1024 * 1024 });
  return { code: done.status, out: done.stdout.toString(), err: done.stderr.toString() };
}
const file = (name: string, bytes: Uint8Array | string): string => {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
};
/** Exit code 2, nothing on standard output, one sentence. */
function expectRefused(args: readonly string[], sentence: RegExp): void {
  const { code, out, err } = run(args);
  expect([code, out], err).toEqual([2, '']);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(err).toMatch(sentence);
}

const commitOf = (tree: string, parent?: string): string => {
  const args = ['-c', 'user.name=n', '-c', 'user.email=e@e', 'commit-tree', tree, '-m', 'x', ...(parent === undefined ? [] : ['-p', parent])];
  return git(repository.gitDir, args).toString().trim();
};
const genesis = (format: number): string => git(repository.gitDir, ['hash-object', '-w', '--stdin'], Buffer.from(`{"created":"2026-01-01T00:00:00Z","format":"countersign/ledger@${format}","ledger":"00112233445566778899aabbccddeeff"}`)).toString().trim();
const treeOf = (lines: string): string => git(repository.gitDir, ['mktree'], Buffer.from(lines)).toString().trim();

describe('evidence packs', () => {
  it('are the same every time, and verify without git', () => {
    const path = join(directory, 'one.pack');
    expect(run(['export', WORKFLOW, '--dir', repository.gitDir, '--out', path])).toMatchObject({ code: 0, err: '' });
    expect(run(['export', WORKFLOW, '--dir', repository.gitDir]).out).toBe(readFileSync(path, 'utf8'));
    const { code, out } = run(['verify', path, '--json'], { PATH: '/nonexistent' });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ ok: true, ledger: expect.any(String), tip, commits: expect.any(Number), workflows: 1, events: 33, evidence: 27, problems: [] });
    expect(run(['verify', path, '--tip', 'd'.repeat(40)]).code).toBe(1);
  });

  it('replace a file behind a symlink, never the symlink or a directory; a shallow clone has not all that belongs in', () => {
    const [link, path, shallow] = [join(directory, 'link.pack'), file('behind.pack', ''), join(directory, 'shallow.git')];
    symlinkSync(path, link);
    expect(run(['export', WORKFLOW, '--dir', repository.gitDir, '--out', link])).toMatchObject({ code: 0 });
    expect([lstatSync(link).isSymbolicLink(), readFileSync(path).length > 0]).toEqual([true, true]);
    expectRefused(['export', WORKFLOW, '--dir', repository.gitDir, '--out', directory], /is a directory\. Give the path of a file in it\.$/m);
    git(directory, ['clone', '-q', '--bare', '--depth', '1', '--branch', 'ledger', `file://${repository.gitDir}`, shallow]);
    expectRefused(['export', WORKFLOW, '--dir', shallow], /is a shallow clone: .* Run "git fetch --unshallow"/);
  });

  it('are not written of records that do not hold, of an unknown workflow, or where nothing can be written', () => {
    const spoilt = join(directory, 'spoilt.pack');
    const event = git(repository.gitDir, ['ls-tree', '-r', 'ledger']).toString().split('\n').find((line) => line.includes(WORKFLOW) && line.endsWith('0033-workflow-finished.json')) ?? '';
    const folder = git(repository.gitDir, ['ls-tree', `ledger:workflows/2026/01/01/${WORKFLOW}`]).toString();
    const other = git(repository.gitDir, ['hash-object', '-w', '--stdin'], Buffer.from('{}')).toString().trim();
    const inner = treeOf(folder.replace(event.split(/[ \t]/)[2] ?? '?', other));
    const day = treeOf(git(repository.gitDir, ['ls-tree', 'ledger:workflows/2026/01/01']).toString().replace(git(repository.gitDir, ['rev-parse', `ledger:workflows/2026/01/01/${WORKFLOW}`]).toString().trim(), inner));
    let tree = day;
    for (const name of ['01', '01', '2026', 'workflows']) tree = treeOf(`040000 tree ${tree}\t${name}\n${name === 'workflows' ? `100644 blob ${genesis(1)}\tledger.json\n` : ''}`);
    git(repository.gitDir, ['update-ref', 'refs/heads/spoilt', commitOf(tree, tip)]);
    expect(run(['export', WORKFLOW, '--dir', repository.gitDir, '--ref', 'spoilt', '--out', spoilt])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('file-changed') });
    expect(() => readFileSync(spoilt)).toThrow();
    expectRefused(['export', sampleWorkflowId(99), '--dir', repository.gitDir], /not in the ledger/);
    expectRefused(['export', '../x', '--dir', repository.gitDir], /not a workflow's id/);
    expectRefused(['export', WORKFLOW, '--dir', repository.gitDir, '--out', join(file('plain', ''), 'x')], /cannot be written/);
  });

  it('are refused with a sentence when cut short, of another version, or with flags that say nothing of them', () => {
    const { out } = run(['export', WORKFLOW, '--dir', repository.gitDir]);
    expectRefused(['verify', file('cut.pack', out.slice(0, out.length / 2))], /cut short in line \d+/);
    expectRefused(['verify', file('cut-2.pack', `${out.split('\n').slice(0, 20).join('\n')}\n`)], /cut short after line 20/);
    expectRefused(['verify', file('next.pack', out.replace('evidence-pack@1', 'evidence-pack@2'))], /evidence-pack@2/);
    expectRefused(['verify', file('ref.pack', out), '--ref', 'ledger'], /no branches/);
    expectRefused(['verify', file('other.txt', 'hello\n')], /neither an evidence pack/);
  });
});

describe('other places of a ledger', () => {
  it('a git bundle verifies, and is refused when it is cut short or builds on other commits', () => {
    const whole = join(directory, 'whole.bundle');
    git(repository.gitDir, ['bundle', 'create', '-q', whole, 'ledger']);
    expect(JSON.parse(run(['verify', whole, '--json']).out)).toMatchObject({ ok: true, tip, workflows: 4 });
    const bytes = readFileSync(whole);
    expectRefused(['verify', file('half.bundle', bytes.subarray(0, bytes.length / 2))], /cut short or damaged/);
    expectRefused(['verify', file('head.bundle', bytes.subarray(0, 30))], /cut short/);
    const part = join(directory, 'part.bundle');
    git(repository.gitDir, ['bundle', 'create', '-q', part, 'ledger~3..ledger']);
    expectRefused(['verify', part], /builds on commits/);
  });

  it('another format version, an empty repository, a missing tip', () => {
    const first = commitOf(treeOf(`100644 blob ${genesis(2)}\tledger.json\n`));
    expectRefused(['verify', repository.gitDir, '--ref', first], /countersign\/ledger@2/);
    const empty = createRepository();
    expectRefused(['verify', empty.gitDir], /no ledger branch/);
    writeFileSync(join(empty.gitDir, 'refs/heads/ledger'), `${'d'.repeat(40)}\n`);
    expectRefused(['verify', empty.gitDir], /cannot be read/);
    empty.remove();
  });

  it('a folder of 200,000 files is not read', () => {
    const blob = git(repository.gitDir, ['hash-object', '-w', '--stdin'], Buffer.from('x')).toString().trim();
    const many = treeOf(Array.from({ length: 200_000 }, (_, index) => `100644 blob ${blob}\t${index.toString(16).padStart(64, '0')}.txt\n`).join(''));
    const commit = commitOf(many, commitOf(treeOf(`100644 blob ${genesis(1)}\tledger.json\n`)));
    expectRefused(['verify', repository.gitDir, '--ref', commit], /folder of 19,200,000 bytes/);
  });
});

describe('--incremental', () => {
  const verify = (...args: readonly string[]): { code: number | null; report: VerifyReport } => {
    const { code, out } = run(['verify', repository.gitDir, ...args, '--json']);
    return { code, report: JSON.parse(out) as VerifyReport };
  };

  it('reads only what came after the trusted tip', () => {
    const since = git(repository.gitDir, ['rev-parse', 'ledger~5']).toString().trim();
    expect(verify('--tip', since, '--incremental')).toMatchObject({ code: 0, report: { ok: true, tip, commits: 5 } });
    expect(verify('--tip', tip, '--incremental')).toMatchObject({ code: 0, report: { ok: true, tip, commits: 0, events: 0 } });
  });

  it('catches a branch that was forced back, or a tip that is gone', () => {
    git(repository.gitDir, ['update-ref', 'refs/heads/back', 'ledger~5']);
    expect(verify('--ref', 'back', '--tip', tip, '--incremental')).toMatchObject({ code: 1, report: { problems: [{ code: 'tip-not-reached' }] } });
    const gone = verify('--tip', 'd'.repeat(40), '--incremental');
    expect([gone.code, gone.report.problems.map(({ code }) => code)]).toEqual([1, ['object-missing', 'tip-not-reached']]);
    expectRefused(['verify', repository.gitDir, '--incremental'], /--incremental needs --tip/);
  });
});
