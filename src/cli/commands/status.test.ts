import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLocalLedger } from '../../git/ledger-store.ts';
import { GENESIS_BYTES } from '../../ledger/testing/conformance.ts';
import { fakeClock, seededRandom } from '../../ledger/testing/fakes.ts';
import { SampleEvents } from '../../ledger/testing/sample-events.ts';
import { appendSample, recordHistory } from '../../ledger/testing/sample-history.ts';
import { createRepository } from '../../ledger/testing/temporary-repository.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const DONE = 'wf-20261122-aaaaaa';
const OPEN = 'wf-20261122-bbbbbb';
const empty = mkdtempSync(join(tmpdir(), 'countersign-status-'));
let repository: ReturnType<typeof createRepository>;

const run = (...args: readonly string[]): { code: number | null; out: string; err: string } => {
  const done = spawnSync(process.execPath, [MAIN, ...args], { cwd: empty, env: { ...process.env, NO_COLOR: '1' } });
  return { code: done.status, out: done.stdout.toString(), err: done.stderr.toString() };
};
const json = (...args: readonly string[]): unknown => JSON.parse(run(...args, '--json').out);

beforeAll(async () => {
  repository = createRepository();
  const random = seededRandom(1);
  const clock = fakeClock();
  const store = openLocalLedger({ gitDir: repository.gitDir, clock, random });
  await store.createGenesis(GENESIS_BYTES);
  await recordHistory({ store, clock, random }, new SampleEvents(DONE, 2, random));
  const open = new SampleEvents(OPEN, 1, random);
  for (const sample of [open.created(), open.ingested(), open.decided('DEFER')]) await appendSample({ store, clock, random }, open, sample);
});
afterAll(() => {
  repository.remove();
  rmSync(empty, { recursive: true, force: true });
});

describe('status', () => {
  test('lists every workflow by whose turn it is, yours first', () => {
    const { code, out } = run('status', '--dir', repository.gitDir);
    expect(code).toBe(0);
    expect(out.indexOf('Your turn')).toBeLessThan(out.indexOf(OPEN));
    expect(out.indexOf(OPEN)).toBeLessThan(out.indexOf('Finished'));
    expect(out.indexOf('Finished')).toBeLessThan(out.indexOf(DONE));
  });
  test('says of one where it stands', () => {
    expect(json('status', DONE, '--dir', repository.gitDir)).toMatchObject({ workflow: DONE, state: 'DONE', turn: 'nobody', patchSets: [{ patchSet: 'ps-1', gate3: 'PASS', gate5: 'PASS' }, { patchSet: 'ps-2' }] });
    expect(json('status', OPEN, '--dir', repository.gitDir)).toMatchObject({ state: 'NEEDS_HUMAN', turn: 'you', asks: { code: 'deferred' } });
    expect(run('status', OPEN, '--dir', repository.gitDir).out).toMatch(/next {6}comment \/(answer|retry)/);
  });
  test.each([
    ['an unknown workflow', ['wf-20261122-zzzzzz']],
    ['what is no id', ['\u001B[31mnope']],
  ])('refuses %s with code 2 and one harmless sentence', (_name, args) => {
    const { code, out, err } = run('status', ...args, '--dir', repository.gitDir);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).not.toContain('\u001B');
  });
  test('finds nothing where there is nothing', () => expect(run('status').code).toBe(2));
});

describe('show', () => {
  test('tells every record once, in order, with its evidence', () => {
    const shown = json('show', DONE, '--dir', repository.gitDir) as { events: { seq: number; says: string }[] };
    expect(shown.events.map(({ seq }) => seq)).toEqual(shown.events.map((_, index) => index + 1));
    const { code, out } = run('show', DONE, '--dir', repository.gitDir);
    expect(code).toBe(0);
    for (const { says } of shown.events) expect(out).toContain(says);
    expect(out).toMatch(/→ DONE/);
  });
  test('needs a workflow', () => expect(run('show').code).toBe(2));
});
