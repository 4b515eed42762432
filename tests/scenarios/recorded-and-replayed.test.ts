import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { SAMPLES } from '../../src/cli/up/seed.ts';
import { filesHolding } from './support/find-text.ts';
import { smallIssue } from './support/issues.ts';
import { startModelServer, type ModelServer } from './support/model-server.ts';
import { up } from './support/up-process.ts';
import { KEY, works } from './support/with-model.ts';
import { longTest } from './support/long.ts';

let dir: string;
let model: ModelServer;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'countersign-transcript-'));
  cpSync(join(SAMPLES, 'api'), join(dir, 'api'), { recursive: true });
  for (const args of [['init', '-q', '-b', 'main'], ['add', '-A'], ['-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-qm', 'x']]) execFileSync('git', args, { cwd: join(dir, 'api') });
  writeFileSync(join(dir, 'issue.md'), smallIssue({ acceptance: [], change: '' }));
  model = await startModelServer(works);
  process.env['OPENAI_BASE_URL'] = model.url;
  process.env['OPENAI_API_KEY'] = KEY;
});

afterEach(async () => {
  await model.close();
  rmSync(dir, { recursive: true, force: true });
});

longTest('a recorded run is replayed without a call and without a key; a changed issue fails with the difference shown', async () => {
  const input = ['--repo', join(dir, 'api'), '--issue', join(dir, 'issue.md'), '--until', 'WAITING_USER_APPROVAL'];
  const transcript = join(dir, 'transcript');
  const recorded = await up(join(dir, 'one'), [...input, '--model', 'openai-compatible/test', '--record', transcript]);
  expect(recorded.result?.state, recorded.stderr).toBe('WAITING_USER_APPROVAL');
  expect(model.asked.map(({ role }) => role)).toEqual(['triage', 'architect', 'planner', 'proposer']);
  expect(readdirSync(transcript)).toHaveLength(5);
  expect(await filesHolding(transcript, KEY)).toEqual([]);

  delete process.env['OPENAI_API_KEY'];
  const replayed = await up(join(dir, 'two'), [...input, '--replay', transcript]);
  expect(replayed.result?.state, replayed.stderr).toBe('WAITING_USER_APPROVAL');
  expect(model.asked, 'no call is made').toHaveLength(4);

  writeFileSync(join(dir, 'issue.md'), readFileSync(join(dir, 'issue.md'), 'utf8').replace('how many tries', 'how many times'));
  const missed = await up(join(dir, 'three'), [...input, '--replay', transcript]);
  expect(missed.result?.state).toBe('NEEDS_HUMAN');
  expect(missed.code).toBe(1);
  expect(missed.stderr).toContain('has no answer to what is asked now');
  expect(missed.stderr).toMatch(/^\s*- .*how many tries/m);
  expect(missed.stderr).toMatch(/^\s*\+ .*how many times/m);
  expect(model.asked).toHaveLength(4);
});
