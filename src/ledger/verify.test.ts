import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { openLocalLedger } from '../git/ledger-store.ts';
import { openLedgerRepository } from '../git/ledger-objects.ts';
import { canonicalJson, sha256 } from './canonical-json.ts';
import { GENESIS_BYTES } from './testing/conformance.ts';
import { fakeClock, seededRandom } from './testing/fakes.ts';
import { copyModel, readModel, writeModel, type ModelCommit } from './testing/history-model.ts';
import { SampleEvents } from './testing/sample-events.ts';
import { recordHistory } from './testing/sample-history.ts';
import { createRepository } from './testing/temporary-repository.ts';
import { verifyLedger } from './verify.ts';

const ID = 'wf-20261122-k3v9q2';
const OTHER = 'wf-20261123-aaaaaa';
const FOLDER = `workflows/2026/11/22/${ID}`;

let repository: ReturnType<typeof createRepository>;
let honest: ModelCommit[];
let commits: ModelCommit[];
let forged = 0;

beforeAll(async () => {
  repository = createRepository();
  const random = seededRandom(5);
  const bench = { store: openLocalLedger({ gitDir: repository.gitDir, clock: fakeClock(), random }), clock: fakeClock(), random };
  await bench.store.createGenesis(GENESIS_BYTES);
  await recordHistory(bench, new SampleEvents(ID, 2, random));
  await recordHistory(bench, new SampleEvents(OTHER, 1, random));
  honest = readModel(repository.gitDir);
});
afterAll(() => repository.remove());
beforeEach(() => {
  commits = copyModel(honest);
});

async function codes(rememberedTip?: string): Promise<string[]> {
  const tip = writeModel(repository.gitDir, commits, `refs/heads/forged-${forged++}`);
  const objects = await openLedgerRepository(join(repository.gitDir, 'objects'));
  const report = await verifyLedger({ objects, history: objects.history(tip), tip, ...(rememberedTip === undefined ? {} : { rememberedTip }) });
  await objects.close();
  return [...new Set(report.problems.map(({ code }) => code))].sort();
}

type Json = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- a test spoils events in ways that no type has
const parse = (bytes: Uint8Array): Json => JSON.parse(new TextDecoder().decode(bytes)) as Json;
const indexOf = (type: string, nth = 0): number => commits.flatMap((commit, index) => ([...commit.files.keys()].some((path) => path.startsWith(`${FOLDER}/0`) && path.endsWith(`-${type}.json`)) ? [index] : []))[nth]!;
const pathIn = (index: number, type: string): string => [...commits[index]!.files.keys()].find((path) => path.endsWith(`-${type}.json`))!;

/** Changes an event and leaves the chain as it was. */
function edit(type: string, change: (event: Json) => void, nth = 0): void {
  const index = indexOf(type, nth);
  const path = pathIn(index, type);
  const event = parse(commits[index]!.files.get(path)!.bytes);
  change(event);
  commits[index]!.files.set(path, { mode: '100644', bytes: canonicalJson(event) });
}

/** Changes an event's text. */
function rewrite(type: string, change: (text: string) => string): void {
  const index = indexOf(type);
  const path = pathIn(index, type);
  commits[index]!.files.set(path, { mode: '100644', bytes: new TextEncoder().encode(change(new TextDecoder().decode(commits[index]!.files.get(path)!.bytes))) });
}

/** Changes the JSON evidence that an event names, with its name and every mention of it in that event. */
function respoil(type: string, member: string, change: (record: Json) => void, nth = 0): void {
  const index = indexOf(type, nth);
  const path = pathIn(index, type);
  const event = parse(commits[index]!.files.get(path)!.bytes);
  const old = event['body'][member] as string;
  const from = commits.find((commit) => commit.files.has(`${FOLDER}/evidence/${old}.json`))!;
  const record = parse(from.files.get(`${FOLDER}/evidence/${old}.json`)!.bytes);
  change(record);
  const bytes = canonicalJson(record);
  const hash = sha256(bytes);
  from.files.delete(`${FOLDER}/evidence/${old}.json`);
  from.files.set(`${FOLDER}/evidence/${hash}.json`, { mode: '100644', bytes });
  event['body'][member] = hash;
  event['evidence'] = event['evidence'].map((ref: Json) => (ref['sha256'] === old ? { ...ref, sha256: hash, size: bytes.byteLength } : ref));
  commits[index]!.files.set(path, { mode: '100644', bytes: canonicalJson(event) });
}

/** What a careful forger does: numbers, names and hashes are right again everywhere. */
function rechain(): void {
  let prev: string | null = null;
  let seq = 0;
  for (const commit of commits) {
    const paths = [...commit.files.keys()].filter((path) => path.startsWith(`${FOLDER}/0`)).sort();
    for (const path of paths) {
      const event = { ...parse(commit.files.get(path)!.bytes), prev, seq: ++seq };
      const bytes = canonicalJson(event);
      commit.files.delete(path);
      commit.files.set(path.replace(/\/\d{4}-/, `/${String(seq).padStart(4, '0')}-`), { mode: '100644', bytes });
      prev = sha256(bytes);
    }
  }
}

describe('verifyLedger', () => {
  it('holds for the honest ledger', async () => {
    expect(await codes()).toEqual([]);
  });

  const attacks: [string, () => void, string[]][] = [
    ['a flipped byte', () => edit('approval-recorded', (event) => void (event['body'].comment = 'fine!')), ['event-chain']],
    ['a dropped event', () => void commits.splice(indexOf('approval-recorded'), 1), ['event-chain', 'event-sequence']],
    ['a dropped approval, chained anew', () => (commits.splice(indexOf('approval-recorded'), 1), rechain()), ['write-before-approval']],
    ['swapped evidence', () => { const file = [...commits[1]!.files].find(([path]) => path.includes('/evidence/'))!; commits[1]!.files.set(file[0], { mode: '100644', bytes: new TextEncoder().encode('another') }); }, ['evidence-hash']],
    ['dropped evidence', () => void commits[1]!.files.delete([...commits[1]!.files.keys()].find((path) => path.includes('/evidence/'))!), ['evidence-missing']],
    ['evidence that is only listed, and is not there', () => (edit('patch-set-proposed', (event) => void event['evidence'].push({ ...event['evidence'][0], name: 'more.json', sha256: 'b'.repeat(64) })), rechain()), ['evidence-missing']],
    ['evidence that nobody names', () => void commits[1]!.files.set(`${FOLDER}/evidence/${sha256(new Uint8Array())}.txt`, { mode: '100644', bytes: new Uint8Array() }), ['evidence-unreferenced']],
    ['an approval by someone not listed', () => (edit('approval-recorded', (event) => void (event['body'].login = 'mallory')), rechain()), ['approval-not-listed', 'write-before-approval']],
    ["an approval that a job recorded in somebody's name", () => (edit('approval-recorded', (event) => void (event['actor'] = { kind: 'workflow', login: null, id: null })), rechain()), ['record-mismatch', 'write-before-approval']],
    ['an approval by another actor', () => (edit('approval-recorded', (event) => void (event['actor'].login = 'mallory')), rechain()), ['record-mismatch', 'write-before-approval']],
    ["an approval with another account's number", () => (edit('approval-recorded', (event) => void (event['actor'].id = 7)), rechain()), ['record-mismatch', 'write-before-approval']],
    ['an approval of another environment', () => (edit('approval-recorded', (event) => void (event['body'].environment = 'staging')), rechain()), ['record-mismatch', 'write-before-approval']],
    ['an approval recorded by another run', () => (edit('approval-recorded', (event) => void (event['run'].id = 999)), rechain()), ['record-mismatch', 'write-before-approval']],
    ['an approval recorded by a second attempt', () => (edit('approval-recorded', (event) => void (event['run'].attempt = 2)), rechain()), ['record-mismatch', 'write-before-approval']],
    ['an approval of another digest', () => (edit('approval-recorded', (event) => void (event['body'].digest = 'e'.repeat(64))), rechain()), ['approval-not-current', 'write-before-approval']],
    ['a replayed approval of an older revision', () => (edit('approval-recorded', (event) => void (event['body'].revision = 7)), rechain()), ['approval-not-current']],
    ['an approval moved behind the write', () => { const from = indexOf('approval-recorded', 1); const to = indexOf('write-intended'); commits.splice(to, 0, ...commits.splice(from, 1)); rechain(); }, ['write-before-approval']],
    ['another policy at the approval', () => (edit('approval-recorded', (event) => void (event['policy'] = 'd'.repeat(64))), rechain()), ['policy-changed']],
    ['another policy at the write', () => (edit('write-intended', (event) => void (event['policy'] = 'd'.repeat(64))), rechain()), ['policy-changed']],
    ['another tree written', () => (edit('patch-set-applied', (event) => void (event['body'].tree = 'd'.repeat(40))), rechain()), ['illegal-transition', 'result-mismatch']],
    ['another head in the pull request', () => (edit('pr-opened', (event) => void (event['body'].head = 'd'.repeat(40))), rechain()), ['result-mismatch']],
    ['a passed Gate 5 over another tree', () => (commits.forEach((_, index) => [...commits[index]!.files.keys()].filter((path) => path.startsWith(FOLDER) && path.endsWith('-ci-observed.json')).forEach((path) => { const event = parse(commits[index]!.files.get(path)!.bytes); event['body'].tree = 'd'.repeat(40); commits[index]!.files.set(path, { mode: '100644', bytes: canonicalJson(event) }); })), rechain()), ['result-mismatch']],
    ['a proposal that is not its manifest', () => (edit('patch-set-proposed', (event) => void (event['body'].resultTree = 'd'.repeat(40))), rechain()), ['manifest-mismatch']],
    ['a state that the machine does not give', () => (edit('approval-recorded', (event) => void (event['state'].to = 'DONE')), rechain()), ['state-mismatch']],
    ["another workflow's event", () => { const other = commits.findIndex((commit) => [...commit.files.keys()].some((path) => path.includes(`${OTHER}/0001`))); const path = [...commits[other]!.files.keys()].find((name) => name.includes('0001'))!; commits.at(-1)!.files.set(`${FOLDER}/0099-workflow-created.json`, { ...commits[other]!.files.get(path)! }); }, ['foreign-workflow']],
    ["another ledger's event", () => (edit('context-ingested', (event) => void (event['ledger'] = 'another-ledger')), rechain()), ['wrong-ledger']],
    ['another first file', () => void commits[0]!.files.set('ledger.json', { mode: '100644', bytes: canonicalJson({ format: 'countersign/ledger@1', ledger: 'another-ledger', created: '2026-11-22T10:00:00Z' }) }), ['wrong-ledger']],
    ['no first file', () => void commits[0]!.files.delete('ledger.json'), ['genesis']],
    ['a duplicate key', () => { const index = indexOf('context-ingested'); const path = pathIn(index, 'context-ingested'); const text = new TextDecoder().decode(commits[index]!.files.get(path)!.bytes); commits[index]!.files.set(path, { mode: '100644', bytes: new TextEncoder().encode(text.replace('{"actor"', '{"actor":1,"actor"')) }); }, ['event-not-canonical']],
    ['an unknown member', () => (edit('context-ingested', (event) => void (event['extra'] = 1)), rechain()), ['event-not-by-schema']],
    ['the same id twice', () => (edit('context-ingested', (event) => void (event['id'] = `${ID}:0`)), rechain()), ['event-repeated']],
    ['a merge commit', () => void (commits.at(-1)!.mergeOf = 2), ['merge-commit']],
    ['a file changed by a later commit', () => void commits.at(-1)!.files.set('ledger.json', { mode: '100644', bytes: new Uint8Array([1]) }), ['file-changed']],
    ['a file removed by a later commit', () => void commits.at(-1)!.files.set([...commits[1]!.files.keys()][0]!, null), ['file-removed']],
    ['an executable file', () => void (commits[1]!.files.get([...commits[1]!.files.keys()][0]!)!.mode = '100755'), ['file-mode']],
    ['a symbolic link', () => void commits.at(-1)!.files.set(`${FOLDER}/evidence/${'a'.repeat(64)}.txt`, { mode: '120000', bytes: new TextEncoder().encode('/etc/passwd') }), ['file-mode']],
    ['reordered events, chained anew', () => { const from = indexOf('write-intended'); [commits[from], commits[from + 1]] = [commits[from + 1]!, commits[from]!]; rechain(); }, ['illegal-transition']],
    ['a duplicate key', () => rewrite('approval-recorded', (text) => text.replace('"login":"octocat"', '"login":"octocat","login":"octocat"')), ['event-not-canonical']],
    ['another order of keys', () => rewrite('approval-recorded', (text) => text.replace('{"actor":', '{ "actor":')), ['event-not-canonical']],
    ['an event by no schema', () => (edit('approval-recorded', (event) => void (event['body'].extra = 1)), rechain()), ['event-not-by-schema']],
    ['evidence whose name is a path', () => (edit('patch-set-proposed', (event) => void (event['evidence'][0].name = '../../x.json')), rechain()), ['event-not-by-schema']],
    ['a decision document of another verdict', () => (respoil('decision-recorded', 'document', (document) => void (document['verdict'] = 'NO_GO')), rechain()), ['record-mismatch']],
    ['a document by no schema', () => (respoil('artifact-recorded', 'document', (document) => void delete document['stage']), rechain()), ['record-invalid']],
    ["another workflow's document", () => (respoil('artifact-recorded', 'document', (document) => void (document['workflow'] = OTHER)), rechain()), ['record-mismatch']],
    ['a gate result that did not pass', () => (respoil('gate-evaluated', 'result', (result) => { result['outcome'] = 'WAITING'; result['checks'][0].outcome = 'WAITING'; }), rechain()), ['record-mismatch']],
    ['another Gate 3 result than the manifest binds', () => (respoil('gate-evaluated', 'result', (result) => void (result['checks'][0].reason = 'It looked fine.'), 3), rechain()), ['manifest-mismatch']],
    ['a policy result with a violation less', () => (respoil('policy-evaluated', 'result', (result) => { result['block'] = 1; result['verdict'] = 'block'; }), rechain()), ['record-invalid']],
    ["another policy's result", () => (respoil('policy-evaluated', 'result', (result) => void (result['policy'] = 'd'.repeat(64))), rechain()), ['record-mismatch', 'manifest-mismatch']],
    ['an issue text that is not the pinned revision', () => (edit('workflow-created', (event) => void (event['body'].source.revision = 'd'.repeat(64))), rechain()), ['record-mismatch']],
    ['a path outside the layout', () => void commits.at(-1)!.files.set('README.md', { mode: '100644', bytes: new Uint8Array() }), ['unexpected-path']],
    ['a commit that records nothing', () => void commits.push({ message: 'nothing\n', files: new Map() }), ['commit-empty']],
  ];
  it.each(attacks)('catches %s', async (_, attack, expected) => {
    attack();
    expect(await codes()).toEqual(expect.arrayContaining(expected));
  });

  it('catches a dropped tail, reordered history and a force-push against a remembered tip', async () => {
    const tip = writeModel(repository.gitDir, honest, 'refs/heads/remembered');
    expect(await codes(tip)).toEqual([]);
    commits.pop();
    expect(await codes(tip)).toEqual(['tip-not-reached']);
    commits = copyModel(honest);
    commits.at(-1)!.message = 'another message\n';
    expect(await codes(tip)).toEqual(['tip-not-reached']);
  });

  it('lists every problem, not only the first', async () => {
    edit('context-ingested', (event) => void (event['ledger'] = 'another-ledger'));
    edit('approval-recorded', (event) => void (event['body'].login = 'mallory'));
    commits.at(-1)!.files.set('README.md', { mode: '100644', bytes: new Uint8Array() });
    expect(await codes()).toEqual(expect.arrayContaining(['wrong-ledger', 'event-chain', 'approval-not-listed', 'write-before-approval', 'unexpected-path']));
  });
});
