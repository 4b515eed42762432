import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openLocalLedger } from '../../git/ledger-store.ts';
import { GENESIS_BYTES, LEDGER_ID } from '../../ledger/testing/conformance.ts';
import { fakeClock, seededRandom } from '../../ledger/testing/fakes.ts';
import { SampleEvents } from '../../ledger/testing/sample-events.ts';
import { recordHistory } from '../../ledger/testing/sample-history.ts';
import { createRepository, git } from '../../ledger/testing/temporary-repository.ts';
import type { VerifyReport } from '../../ledger/verify.ts';

const MAIN = join(import.meta.dirname, 'ledger-main.fixture.ts');
function run(args: readonly string[], input: string | Uint8Array = ''): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [MAIN, 'ledger', ...args], { input, env: { ...process.env, NO_COLOR: '1' } });
  return { code: done.status, out: done.stdout.toString(), err: done.stderr.toString() };
}
const verify = (...args: readonly string[]): { code: number | null; report: VerifyReport } => {
  const { code, out } = run(['verify', ...args, '--json']);
  return { code, report: JSON.parse(out) as VerifyReport };
};

describe('ledger canonical and hash', () => {
  it('print the canonical bytes without a line feed, and their SHA-256', () => {
    expect(run(['canonical'], '{ "b": 1, "a": [true] }')).toEqual({ code: 0, out: '{"a":[true],"b":1}', err: '' });
    expect(run(['hash', '-'], '{}').out).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\n');
    expect(run(['canonical', '--jcs'], '{"x":1E30,"é":-0}').out).toBe('{"x":1e+30,"é":0}');
  });

  it.each(['{"a":1,"a":2}', '1.5', '\ufeff{}', '{}x', '[9007199254740993]', ''])('refuse %j with code 2 and one sentence', (text) => {
    const { code, out, err } = run(['canonical'], text);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('refuse a file that is not there, and an unknown flag', () => {
    expect(run(['hash', '/does/not/exist']).code).toBe(2);
    expect(run(['hash', '--nonsense']).code).toBe(2);
  });
});

describe('ledger verify', () => {
  let repository: ReturnType<typeof createRepository>;
  let directory: string;
  let tip: string;
  beforeAll(async () => {
    repository = createRepository();
    directory = mkdtempSync(join(tmpdir(), 'countersign-cli-'));
    const random = seededRandom(5);
    const bench = { store: openLocalLedger({ gitDir: repository.gitDir, clock: fakeClock(), random }), clock: fakeClock(), random };
    await bench.store.createGenesis(GENESIS_BYTES);
    await recordHistory(bench, new SampleEvents('wf-20261122-k3v9q2', 2, random));
    tip = git(repository.gitDir, ['rev-parse', 'ledger']).toString().trim();
  });
  afterAll(() => {
    repository.remove();
    rmSync(directory, { recursive: true, force: true });
  });
  const copy = (name: string): string => {
    const path = join(directory, name);
    cpSync(repository.gitDir, path, { recursive: true });
    return path;
  };

  it('holds for a bare repository, a clone and an `up` directory alike', () => {
    const { code, report } = verify(repository.gitDir, '--tip', tip);
    expect(code).toBe(0);
    expect(report).toMatchObject({ ok: true, ledger: LEDGER_ID, tip, workflows: 1, problems: [] });
    expect(Object.keys(report)).toEqual(['ok', 'ledger', 'tip', 'commits', 'workflows', 'events', 'evidence', 'problems']);
    git(join(directory, 'clone'), ['clone', '-q', '--branch', 'ledger', repository.gitDir, join(directory, 'clone')]);
    git(join(directory, 'clone2'), ['clone', '-q', '--no-checkout', repository.gitDir, join(directory, 'clone2')]);
    mkdirSync(join(directory, 'up/git/local'), { recursive: true });
    copy('up/git/local/control.git');
    for (const place of ['clone', 'clone2', 'up']) expect(verify(join(directory, place))).toEqual({ code, report });
  });

  it('says so to people in one line', () => {
    expect(run(['verify', repository.gitDir]).out).toMatch(/^ledger verified: 1 workflow, \d+ events, \d+ evidence files, \d+ commits, 0 problems\n/);
  });

  it('answers 1 for replace refs, grafts and a tip that is gone, 2 for a shallow clone', () => {
    const replaced = copy('replaced.git');
    git(replaced, ['-c', 'user.name=n', '-c', 'user.email=e@e', 'replace', '--graft', 'ledger']);
    expect(verify(replaced)).toMatchObject({ code: 1, report: { ok: false, problems: [{ code: 'replace-ref' }] } });
    const grafted = copy('grafted.git');
    writeFileSync(join(grafted, 'info/grafts'), `${tip}\n`);
    expect(verify(grafted)).toMatchObject({ code: 1, report: { problems: [{ code: 'graft' }] } });
    git(join(directory, 'shallow'), ['clone', '-q', '--bare', '--depth=3', '--branch', 'ledger', `file://${repository.gitDir}`, join(directory, 'shallow')]);
    const shallow = run(['verify', join(directory, 'shallow')]);
    expect([shallow.code, shallow.out]).toEqual([2, '']);
    expect(shallow.err).toMatch(/shallow clone.*git fetch --unshallow/);
    expect(verify(repository.gitDir, '--ref', 'ledger~1', '--tip', tip)).toMatchObject({ code: 1, report: { problems: [{ code: 'tip-not-reached', expected: tip }] } });
  });

  it('finds a replace ref in packed-refs, reads an alternate as its own, and believes nothing that lies there', () => {
    const packed = copy('packed.git');
    git(packed, ['-c', 'user.name=n', '-c', 'user.email=e@e', 'replace', '--graft', 'ledger']);
    git(packed, ['pack-refs', '--all']);
    expect(verify(packed)).toMatchObject({ code: 1, report: { ok: false, problems: [{ code: 'replace-ref' }] } });
    // A repository without an object of its own, as `git clone --shared` makes them.
    const [borrowed, poisoned] = [copy('borrowed.git'), copy('lender.git')];
    rmSync(join(borrowed, 'objects'), { recursive: true });
    mkdirSync(join(borrowed, 'objects/info'), { recursive: true });
    writeFileSync(join(borrowed, 'objects/info/alternates'), `${join(poisoned, 'objects')}\n`);
    expect(verify(borrowed)).toMatchObject({ code: 0, report: { ok: true, tip } });
    // Under the id of an event stands another object, as git stores it.
    const event = git(poisoned, ['ls-tree', '-r', 'ledger']).toString().split('\n').find((line) => line.endsWith('.json') && line.includes('/0002-'))?.slice(12, 52) ?? '';
    const other = join(poisoned, 'objects', event.slice(0, 2), event.slice(2));
    const lie = Buffer.from('{"forged":true}');
    rmSync(other);
    writeFileSync(other, deflateSync(Buffer.concat([Buffer.from(`blob ${lie.length}\0`), lie])));
    const { code, report } = verify(borrowed);
    expect(code).toBe(1);
    expect(report.problems[0]).toMatchObject({ code: 'object-corrupt', seq: 2, expected: event });
  });

  it('finds Countersign commits in a target that the ledger does not know', () => {
    const target = createRepository();
    const tree = git(target.gitDir, ['mktree']).toString().trim();
    const commit = git(target.gitDir, ['-c', 'user.name=n', '-c', 'user.email=e@e', 'commit-tree', tree, '-m', 'x\n\nCountersign-Workflow: wf-20261122-k3v9q2']).toString().trim();
    expect(verify(repository.gitDir, '--targets', target.gitDir).code).toBe(0);
    git(target.gitDir, ['update-ref', 'refs/heads/main', commit]);
    expect(verify(repository.gitDir, '--targets', target.gitDir)).toMatchObject({ code: 1, report: { problems: [{ code: 'target-unknown-commit', found: commit }] } });
    target.remove();
  });

  it('answers 2 for no repository, no ledger branch, an unknown ref and half a commit id', () => {
    const empty = createRepository();
    for (const args of [[directory], [empty.gitDir], [repository.gitDir, '--ref', 'nothing'], [repository.gitDir, '--tip', 'abc']]) {
      const { code, out, err } = run(['verify', ...args, '--json']);
      expect({ code, out }, args.join(' ')).toEqual({ code: 2, out: '' });
      expect(err).not.toMatch(/\n\s+at /);
    }
    empty.remove();
  });
});
