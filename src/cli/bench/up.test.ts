import { describe, expect, test } from 'vitest';
import { median, runNode } from './child.ts';
import { statesOf } from './up.ts';

test('a state counts from its first report', () => {
  const lines = [{ second: 1, text: '  state     INGESTED' }, { second: 2, text: '  context   a state of mind' }, { second: 3, text: '  state     DONE' }, { second: 4, text: '  state     INGESTED' }];
  expect(statesOf(lines)).toEqual({ INGESTED: 1, DONE: 3 });
});
test('the median of none, one, two and three', () => expect([median([]), median([3]), median([1, 2]), median([9, 1, 5])]).toEqual([Number.NaN, 3, 1.5, 5]));

describe('a watched child', () => {
  test('gives its output, its lines with their times, its exit code and its processes', async () => {
    // It waits for its own child, so that both are there at one sample at least.
    const program = "const {spawnSync}=require('child_process');console.log('out');console.error('one');spawnSync(process.execPath,['-e','const end=Date.now()+400;while(Date.now()<end);']);console.error('two');process.exitCode=3";
    const run = await runNode(['-e', program]);
    expect(run).toMatchObject({ stdout: 'out\n', exitCode: 3, lines: [{ text: 'one' }, { text: 'two' }] });
    expect(run.seconds).toBeGreaterThan(run.lines[0]?.second ?? Number.POSITIVE_INFINITY);
    if (run.peak.residentBytes !== null) expect(run.peak.processes).toBeGreaterThanOrEqual(2);
  });
});
