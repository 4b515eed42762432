import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { writeSampleLedger, sampleWorkflowId } from '../cli/bench/ledger-sample.ts';
import { CountersignError } from '../domain/errors.ts';
import { openLedgerRepository } from '../git/ledger-objects.ts';
import type { RawObject } from '../ports/ledger-objects.ts';
import { seededRandom } from './testing/fakes.ts';
import { createRepository, git } from './testing/temporary-repository.ts';
import { verifyLedger, type VerifyReport } from './verify.ts';

// Random single changes to the stored objects of a real ledger, beneath git's own tools: any byte of any event, evidence file,
// tree or commit, under the old id and under the new one all the way up to a new tip. A verifier that remembers the tip must
// find each of them and say where.

const LONG = process.env['COUNTERSIGN_LONG'] === '1';
const MUTATIONS_TRIED = LONG ? 1_000 : 300;
/** Of these, so many are also written into the repository and read from it as any other is. */
const STORED_TRIED = LONG ? 100 : 12;
const SEED = Number(process.env['COUNTERSIGN_SEED']);

interface StoredObject {
  readonly oid: string;
  readonly type: string;
  readonly path: string;
  readonly bytes: Buffer;
}

let repository: ReturnType<typeof createRepository>;
let tip: string;
let objects: readonly StoredObject[];
let history: readonly string[];

beforeAll(async () => {
  const source = createRepository();
  await writeSampleLedger({ gitDir: source.gitDir, workflows: 3 });
  repository = createRepository();
  tip = git(source.gitDir, ['rev-parse', 'ledger']).toString().trim();
  // Loose objects can be changed one by one.
  const pack = git(source.gitDir, ['pack-objects', '--stdout', '--revs'], Buffer.from('refs/heads/ledger\n'));
  git(repository.gitDir, ['unpack-objects', '-q'], pack);
  const listed = git(source.gitDir, ['rev-list', '--objects', 'refs/heads/ledger']).toString().trim().split('\n').map((line) => [line.slice(0, 40), line.slice(41)] as const);
  const types = git(source.gitDir, ['cat-file', '--batch-check=%(objecttype)'], Buffer.from(listed.map(([oid]) => `${oid}\n`).join(''))).toString().split('\n');
  objects = listed.map(([oid, path], index) => ({ oid, path, type: types[index] ?? '', bytes: contentOf(readLoose(oid)) }));
  history = git(source.gitDir, ['rev-list', '--reverse', 'ledger']).toString().trim().split('\n');
  source.remove();
});
afterAll(() => repository.remove());

const fileOf = (oid: string): string => join(repository.gitDir, 'objects', oid.slice(0, 2), oid.slice(2));
const readLoose = (oid: string): Buffer => inflateSync(readFileSync(fileOf(oid)));
const contentOf = (framed: Buffer): Buffer => framed.subarray(framed.indexOf(0) + 1);
function writeLoose(oid: string, framed: Uint8Array): void {
  mkdirSync(join(repository.gitDir, 'objects', oid.slice(0, 2)), { recursive: true });
  replaceFile(oid, deflateSync(framed));
}

// git makes its object files read-only.
function replaceFile(oid: string, bytes: Uint8Array): void {
  rmSync(fileOf(oid), { force: true });
  writeFileSync(fileOf(oid), bytes);
}

async function verify(at: string, rememberedTip: string): Promise<VerifyReport | CountersignError> {
  const source = await openLedgerRepository(join(repository.gitDir, 'objects'));
  try {
    return await orRefusal(verifyLedger({ objects: source, history: source.history(at), tip: at, rememberedTip }));
  } finally {
    await source.close();
  }
}

/** The ledger from memory, with one of its objects changed. */
async function verifyWith(changed: StoredObject | null): Promise<VerifyReport | CountersignError> {
  const held = new Map(objects.map((object) => [object.oid, object]));
  if (changed) held.set(changed.oid, changed);
  const read = (oid: string): RawObject => {
    const object = held.get(oid);
    return object ? { kind: 'object', type: object.type, bytes: object.bytes } : { kind: 'missing' };
  };
  const inOrder = async function* (): AsyncGenerator<string> {
    yield* history;
  };
  return orRefusal(verifyLedger({ objects: { read, isAtHand: () => true }, history: inOrder(), tip, rememberedTip: tip }));
}

async function orRefusal(verifying: Promise<VerifyReport>): Promise<VerifyReport | CountersignError> {
  return verifying.catch((error: unknown) => {
    if (error instanceof CountersignError && error.kind === 'input') return error;
    throw error;
  });
}

async function expectFoundInStore({ oid }: StoredObject, changed: Buffer, how: string): Promise<void> {
  const honest = readLoose(oid);
  try {
    writeLoose(oid, Buffer.concat([honest.subarray(0, honest.indexOf(0) + 1), changed]));
    expectFound(await verify(tip, tip), how);
  } finally {
    writeLoose(oid, honest);
  }
}

function expectFound(outcome: VerifyReport | CountersignError, how: string): void {
  if (outcome instanceof CountersignError) return expect(outcome.message.length, how).toBeGreaterThan(20);
  expect(outcome.ok, how).toBe(false);
  const named = outcome.problems.some(({ workflow, path, message }) => workflow !== null || path !== null || /[0-9a-f]{40}/.test(message));
  expect(named, `${how}: ${JSON.stringify(outcome.problems[0])}`).toBe(true);
}

describe('a stored ledger', () => {
  it('holds untouched', async () => {
    expect(await verify(tip, tip)).toMatchObject({ ok: true, workflows: 3, problems: [] });
    expect(sampleWorkflowId(0)).toBe('wf-20260101-000000');
  });

  it('fails for any byte of any object that is changed under its id', async () => {
    const random = seededRandom(SEED);
    const draw = (limit: number): number => Math.floor(random.fraction() * limit);
    const kinds: Record<string, number> = {};
    for (let round = 0; round < MUTATIONS_TRIED; round++) {
      const object = objects[draw(objects.length)];
      if (!object) throw new Error('nothing to change');
      const changed = Buffer.from(object.bytes);
      const at = draw(changed.length);
      changed[at] = (changed[at] ?? 0) ^ (1 << draw(8));
      const how = `seed ${SEED}, round ${round}: byte ${at} of ${object.type} ${object.oid} ${object.path}`;
      expectFound(await verifyWith({ ...object, bytes: changed }), how);
      if (round < STORED_TRIED) await expectFoundInStore(object, changed, how);
      kinds[object.type] = (kinds[object.type] ?? 0) + 1;
    }
    process.stderr.write(`stored ledger: ${MUTATIONS_TRIED} changed bytes (${JSON.stringify(kinds)}), ${STORED_TRIED} of them in the repository, seed ${SEED}, 0 missed\n`);
    expect(Object.values(kinds).reduce((sum, count) => sum + count, 0)).toBe(MUTATIONS_TRIED);
  });

  it('fails when any object stands in the place of another', async () => {
    const random = seededRandom(SEED + 1);
    for (let round = 0; round < MUTATIONS_TRIED / 5; round++) {
      const [object, other] = [0, 1].map(() => objects[Math.floor(random.fraction() * objects.length)]);
      if (!object || !other || object.oid === other.oid) continue;
      expectFound(await verifyWith({ ...other, oid: object.oid }), `seed ${SEED}, round ${round}: ${other.oid} ${other.path} as ${object.type} ${object.oid} ${object.path}`);
    }
    expect(await verifyWith(objects[0] ?? null)).toMatchObject({ ok: true });
  });

  it('fails for an object that is missing, cut short, or not compressed as git does', async () => {
    for (const type of ['blob', 'tree', 'commit']) {
      const object = objects.filter((each) => each.type === type).at(-2);
      if (!object) throw new Error(`no ${type}`);
      const honest = readFileSync(fileOf(object.oid));
      for (const bytes of [Buffer.alloc(0), honest.subarray(0, honest.length / 2), Buffer.from('garbage')]) {
        try {
          replaceFile(object.oid, bytes);
          expectFound(await verify(tip, tip), `${type} ${object.oid} ${object.path}: ${bytes.length} bytes`);
        } finally {
          replaceFile(object.oid, honest);
        }
      }
    }
  });
});
