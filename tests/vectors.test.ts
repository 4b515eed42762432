// The golden vectors of ledger-schema/vectors, by our verifier and by one that shares no code with it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { verifyPlace } from '../src/cli/ledger/verify.ts';
import { EVENT_TYPES } from '../src/domain/event.ts';
import { locateLedger } from '../src/git/ledger-store-inspect.ts';
import { canonicalJson, parseCanonical, parseStrictJson, jcs, sha256 } from '../src/ledger/canonical-json.ts';
import { decodeEvent } from '../src/ledger/codec.ts';
import { parseLedgerPath } from '../src/ledger/layout.ts';

const VECTORS = join(import.meta.dirname, '../ledger-schema/vectors');
const readVectors = <T>(name: string, schema: z.ZodType<T>): T => schema.parse(JSON.parse(readFileSync(join(VECTORS, name), 'utf8')));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const { ledgers } = readVectors('ledgers.json', z.object({ ledgers: z.array(z.object({ name: z.string(), ref: z.string(), tip: z.string(), expect: z.array(z.string()), rememberedTip: z.string().nullable() })) }));
const { events } = readVectors('events.json', z.object({ events: z.array(z.object({ path: z.string(), sha256: z.string(), text: z.string() })) }));
const accepted = z.array(z.object({ text: z.string(), canonical: z.string(), sha256: z.string() }));
const canonical = readVectors('canonical.json', z.object({ ledger: z.object({ accepted, refused: z.array(z.string()) }), jcs: z.object({ accepted, refused: z.array(z.string()) }) }));

let gitDir: string;
beforeAll(() => {
  gitDir = join(mkdtempSync(join(tmpdir(), 'countersign-vectors-')), 'vectors.git');
  execFileSync('git', ['clone', '--quiet', '--mirror', '--template=', join(VECTORS, 'ledgers.bundle'), gitDir]);
});
afterAll(() => rmSync(join(gitDir, '..'), { recursive: true, force: true }));

test('events: each file has its hash, its place and its schema', () => {
  const types = events.map(({ text }) => z.object({ type: z.string() }).parse(JSON.parse(text)).type);
  expect(types.toSorted()).toEqual(EVENT_TYPES.toSorted());
  for (const { path, sha256: hash, text } of events) {
    expect(sha256(bytes(text)), path).toBe(hash);
    expect(decodeEvent(bytes(text)), path).toMatchObject({ kind: 'valid', value: { seq: Number(/\/(\d{4})-/.exec(path)?.[1]) } });
    expect(parseLedgerPath(path)?.kind).toBe('event');
  }
});

test('canonical JSON: what is accepted comes out as it says, the rest is refused', () => {
  for (const { text, canonical: expected, sha256: hash } of canonical.ledger.accepted) {
    const made = canonicalJson(parseStrictJson(bytes(text)));
    expect([new TextDecoder().decode(made), sha256(made)]).toEqual([expected, hash]);
    expect(canonicalJson(parseCanonical(bytes(expected)))).toEqual(made);
  }
  for (const { text, canonical: expected } of canonical.jcs.accepted) expect(new TextDecoder().decode(jcs(bytes(text)))).toBe(expected);
  for (const text of canonical.ledger.refused) expect(() => parseStrictJson(bytes(text)), text).toThrow();
  for (const text of canonical.jcs.refused) expect(() => jcs(bytes(text)), text).toThrow();
});

describe('our verifier', () => {
  test.each(ledgers)('$name', async ({ ref, tip, expect: codes, rememberedTip }) => {
    const place = await locateLedger(gitDir, ref);
    expect(place.tip).toBe(tip);
    const report = await verifyPlace(place, rememberedTip === null ? {} : { tip: rememberedTip });
    const found = new Set(report.problems.map(({ code }) => code));
    expect([...found]).toEqual(expect.arrayContaining(codes));
    expect(report.ok).toBe(codes.length === 0);
  });
});

const python = spawnSync('python3', ['--version']).status === 0;
if (!python) process.stderr.write('SKIPPED: the verifier in Python, because python3 is not installed.\n');

describe.skipIf(!python)('the verifier in Python, from the text and the schemas alone', () => {
  test.each(ledgers)('$name', ({ ref, expect: codes, rememberedTip }) => {
    const { status, stdout, stderr } = spawnSync('python3', ['-I', join(VECTORS, 'verify.py'), gitDir, ref, ...(rememberedTip === null ? [] : [rememberedTip])], { encoding: 'utf8' });
    expect(status, stderr).toBe(codes.length === 0 ? 0 : 1);
    const report = z.object({ ok: z.boolean(), problems: z.array(z.object({ code: z.string() })) }).parse(JSON.parse(stdout));
    expect([...new Set(report.problems.map(({ code }) => code))]).toEqual(expect.arrayContaining(codes));
    expect(report.ok).toBe(codes.length === 0);
  });
});
