import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256 } from '../src/schema/sha256.ts';
import { leaveHandover, takeHandover, type Addressee, type Handover } from './handover.ts';

const WORKFLOW = 'wf-20261122-k3v9q2';
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const EVIDENCE = bytesOf('{"a":1}');
const GIVEN: Handover = {
  snapshot: { tip: 'a'.repeat(40), ledger: 'l-1', events: [{ path: 'workflows/x/0001-workflow-created.json', bytes: bytesOf('{}') }] },
  evidence: new Map([[sha256(EVIDENCE), EVIDENCE]]),
  config: 'version: 1\n',
};

let to: Addressee;
beforeEach(async () => {
  const temp = await mkdtemp(join(tmpdir(), 'countersign-handover-'));
  to = { temp, workflow: WORKFLOW, run: { repository: 'octo/control', id: 7, attempt: 1, job: 'write', workflowRef: 'r', workflowSha: 'b'.repeat(40) } };
});
afterEach(() => rm(to.temp, { recursive: true, force: true }));

const fileOf = (): string => join(to.temp, 'countersign-handover.json');

test('what one step leaves, the next one finds', async () => {
  await leaveHandover(to, GIVEN);
  expect(await takeHandover(to)).toEqual(GIVEN);
});

test('nothing was left: the ledger is read', async () => expect(await takeHandover(to)).toBeNull());

test('what is for another run, attempt, job or workflow is not taken', async () => {
  await leaveHandover(to, GIVEN);
  const others: Addressee[] = [{ ...to, run: { ...to.run, id: 8 } }, { ...to, run: { ...to.run, attempt: 2 } }, { ...to, run: { ...to.run, job: 'present' } }, { ...to, workflow: 'wf-20261122-000000' }];
  for (const other of others) expect(await takeHandover(other)).toBeNull();
});

test('evidence is known by what it is, not by what it is said to be', async () => {
  await leaveHandover(to, { ...GIVEN, evidence: new Map([['f'.repeat(64), EVIDENCE]]) });
  expect([...((await takeHandover(to))?.evidence.keys() ?? [])]).toEqual([sha256(EVIDENCE)]);
});

test.each(['', 'no JSON', '{}', '[]'])('a damaged file (%j) is none', async (text) => {
  await writeFile(fileOf(), text);
  expect(await takeHandover(to)).toBeNull();
});

test('a file that was cut off is none', async () => {
  await leaveHandover(to, GIVEN);
  await writeFile(fileOf(), (await readFile(fileOf(), 'utf8')).slice(0, -20));
  expect(await takeHandover(to)).toBeNull();
});
