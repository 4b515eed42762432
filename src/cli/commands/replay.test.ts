import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSampleWorld, type SampleWorld } from '../../../scripts/vectors/sample-world.ts';
import { canonicalJson, sha256 } from '../../ledger/canonical-json.ts';
import { readModel, writeModel } from '../../ledger/testing/history-model.ts';
import { Forgery } from '../../ledger/testing/tamper.ts';
import { workflowDirectory } from '../../domain/ids.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const empty = mkdtempSync(join(tmpdir(), 'countersign-replay-'));
let world: SampleWorld;
let id: string;

const run = (...args: readonly string[]): { code: number | null; out: string; err: string } => {
  const done = spawnSync(process.execPath, [MAIN, 'replay', ...args], { cwd: empty, env: { ...process.env, NO_COLOR: '1' } });
  return { code: done.status, out: done.stdout.toString(), err: done.stderr.toString() };
};

beforeAll(async () => {
  world = await createSampleWorld();
  const workshop = world.workshop();
  ({ id } = workshop);
  await workshop.start();
});
afterAll(async () => {
  await world.remove();
  rmSync(empty, { recursive: true, force: true });
});

describe('replay', () => {
  test('of an `up` directory finds its repositories and its config: everything is the same', () => {
    const { code, out, err } = run(id, '--dir', world.directory, '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ ok: true, workflow: id, state: 'WAITING_USER_APPROVAL', different: 0, notRebuildable: 0 });
    const people = run(id, '--ledger', world.directory);
    expect(people.code).toBe(0);
    expect(people.out).toMatch(/same {9}approval digest {2}ps-2 r1/);
    expect(people.out).toMatch(/0 different, 0 not rebuildable: everything came out the same/);
  });

  test('of a ledger alone says what is missing and how to name it; the repositories may stand anywhere', () => {
    const clone = join(empty, 'ledger.git');
    execFileSync('git', ['clone', '--quiet', '--bare', '--template=', '--single-branch', '--branch', 'ledger', `file://${world.control}`, clone]);
    const alone = run(id, '--dir', clone);
    expect(alone.code).toBe(0);
    expect(alone.out).toMatch(/not rebuilt {2}result tree {6}ps-1 r1(?:.*\n {2}not rebuilt)*.*\n {15}why {2}commit [0-9a-f]{7}\s+of\s+local\/api\s+is\s+not\s+at\s+hand;\s+name\s+a\s+repository\s+that\s+has\s+it\s+with\s+--targets/);
    const named = run(id, '--dir', clone, '--targets', join(world.directory, 'git/local/api.git'), join(world.directory, 'git/local/web.git'), '--json');
    const report = JSON.parse(named.out) as { ok: boolean; items: { item: string; outcome: string; why: string | null }[] };
    expect(report.ok).toBe(true);
    expect([...new Set(report.items.filter(({ outcome }) => outcome !== 'same').map(({ item }) => item))]).toEqual(['policy-result']);
    expect(report.items.find(({ item }) => item === 'policy-result')?.why).toContain('countersign.yml');
  });

  test('of a ledger whose proposal was exchanged, chained anew, answers 1 with expected and found', () => {
    const forged = join(empty, 'forged.git');
    execFileSync('git', ['clone', '--quiet', '--bare', '--template=', world.control, forged]);
    const folder = workflowDirectory(id);
    const forgery = new Forgery(readModel(forged), { folder, other: folder });
    const path = forgery.path('patch-set-proposed');
    const honest = forgery.read(path)['body'].proposal as string;
    const parts = forgery.read(`${folder}/evidence/${honest}.json`)['parts'] as { format: string; text: string }[];
    const bytes = canonicalJson({ format: 'countersign/proposal@1', repo: 'local/api', parts: parts.map((part) => ({ ...part, text: part.text.replaceAll('retryAfterMs', 'retryLaterMs') })) });
    const hash = sha256(bytes);
    const commit = forgery.commits.find(({ files }) => files.has(path));
    commit?.files.delete(`${folder}/evidence/${honest}.json`);
    commit?.files.set(`${folder}/evidence/${hash}.json`, { bytes, mode: '100644' });
    forgery.edit(path, (event) => {
      event['body'].proposal = hash;
      event['evidence'] = (event['evidence'] as { sha256: string }[]).map((ref) => (ref.sha256 === honest ? { ...ref, sha256: hash, size: bytes.byteLength } : ref));
    }).rechain();
    writeModel(forged, forgery.commits, 'refs/heads/ledger');
    const { code, out } = run(id, '--dir', forged, '--targets', join(world.directory, 'git/local/api.git'), join(world.directory, 'git/local/web.git'));
    expect(code).toBe(1);
    expect(out).toMatch(/different {4}result tree {6}ps-1 r1.*\n +expected {2}[0-9a-f]{40}\n +found {5}[0-9a-f]{40}/);
    expect(out).toMatch(/different {4}approval digest/);
  });

  test.each([
    ['an unknown workflow', ['wf-20261122-zzzzzz', '--dir', 'WORLD']],
    ['what is no id', ['\u001B[31mnope', '--dir', 'WORLD']],
    ['no ledger', ['wf-20261122-zzzzzz']],
    ['no such directory', ['wf-20261122-zzzzzz', '--dir', '/nowhere/at/all']],
    ['a target that is no repository', ['ID', '--dir', 'WORLD', '--targets']],
  ])('refuses %s with code 2 and one harmless sentence', (_name, args) => {
    const { code, out, err } = run(...args.map((arg) => (arg === 'WORLD' ? world.directory : arg === 'ID' ? id : arg)));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.trim().split('\n').length).toBeLessThanOrEqual(3);
    expect(err).not.toContain('\u001B');
  });
});
