import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { CountersignError } from '../../domain/errors.ts';
import type { VerifyReport } from '../verify.ts';
import { exportSample } from '../testing/export-sample.ts';
import { verifyPack } from './verify-pack.ts';

const MUTATIONS_TRIED = process.env['COUNTERSIGN_LONG'] === '1' ? 1_000 : 150;

let honest: Buffer;
beforeAll(async () => {
  honest = await exportSample();
});

async function* inPieces(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}
const verify = async (bytes: Uint8Array, size?: number, rememberedTip?: string): Promise<VerifyReport> => verifyPack({ chunks: inPieces(bytes, size), ...(rememberedTip === undefined ? {} : { rememberedTip }) });
const lines = (): string[] => honest.toString('utf8').split('\n');

describe('an evidence pack', () => {
  it('holds, in whatever pieces it is read, and is the same when it is written again', async () => {
    for (const size of [1, 7, 1_000, 10_000_000]) expect((await verify(honest, size)).problems).toEqual([]);
    expect((await exportSample()).equals(honest)).toBe(true);
  });

  it('is written in lines that hold by the published schema', async () => {
    const folder = join(import.meta.dirname, '../../../ledger-schema');
    const schemaOf = (name: string): object => JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;
    const holds = new Ajv2020().addSchema(schemaOf('common.json')).compile(schemaOf('evidence-pack.json'));
    const all = lines().slice(0, -1);
    expect(all.filter((line) => !holds(JSON.parse(line)))).toEqual([]);
    expect(new Set(all.map((line) => (JSON.parse(line) as { kind?: string }).kind))).toEqual(new Set([undefined, 'commit', 'tree', 'blob', 'end']));
    for (const line of ['{"kind":"tag"}', '{"kind":"end","lines":1}', '{"format":"countersign/evidence-pack@2"}']) expect(holds(JSON.parse(line)), line).toBe(false);
  });

  it('shows that its commits lead to the tip, and that a remembered one is among them', async () => {
    const commits = lines().filter((line) => line.includes('"kind":"commit"')).map((line) => (JSON.parse(line) as { id: string }).id);
    const report = await verify(honest);
    expect(report).toMatchObject({ ok: true, tip: commits.at(-1), commits: commits.length, workflows: 1, events: 33, evidence: 27 });
    expect((await verify(honest, 65_536, commits[1])).ok).toBe(true);
    expect((await verify(honest, 65_536, 'd'.repeat(40))).problems.map(({ code }) => code)).toEqual(['tip-not-reached']);
  });

  it('fails for any byte that is changed, added or taken away, and names the place', async () => {
    const seed = Number(process.env['COUNTERSIGN_SEED']);
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(honest.length - 1), fc.integer({ min: 1, max: 255 }), fc.constantFrom('change', 'add', 'remove'), async (at, by, how) => {
        const bytes = [honest.subarray(0, at), ...(how === 'remove' ? [] : [Buffer.of(how === 'change' ? (honest[at] ?? 0) ^ by : by)]), honest.subarray(how === 'add' ? at : at + 1)];
        const tampered = Buffer.concat(bytes);
        tried++;
        const outcome = await verify(tampered).catch((error: unknown) => error);
        if (outcome instanceof CountersignError) {
          expect([outcome.kind, /line \d+/i.test(outcome.message)], `${how} at ${at}`).toEqual(['input', true]);
        } else {
          const report = outcome as VerifyReport;
          expect(report.ok, `${how} at ${at}`).toBe(false);
          expect(report.problems.some(({ workflow, path }) => workflow !== null || path !== null)).toBe(true);
        }
      }),
      { numRuns: MUTATIONS_TRIED, seed, endOnFailure: true },
    );
    process.stderr.write(`evidence pack: ${tried} changed packs, seed ${seed}, 0 missed\n`);
  });

  it('fails when lines are left out, doubled, exchanged or added', async () => {
    const all = lines();
    const commits = all.flatMap((line, index) => (line.includes('"kind":"commit"') ? [index] : []));
    const [first = 0, second = 0] = commits.slice(2);
    const without = (index: number): string => all.toSpliced(index, 1).join('\n');
    const tampered = [without(3), without(first), without(all.length - 3), all.toSpliced(5, 0, all[5] ?? '').join('\n'), all.with(first, all[second] ?? '').with(second, all[first] ?? '').join('\n'), `${honest.toString()}{}\n`, `${honest.toString()}x`];
    for (const text of tampered) {
      const outcome = await verify(Buffer.from(text)).catch((error: unknown) => error);
      expect(outcome instanceof CountersignError ? outcome.kind : (outcome as VerifyReport).ok).toEqual(outcome instanceof CountersignError ? 'input' : false);
    }
  });

  it('is refused with a sentence when it is cut short anywhere, of another version, or no pack at all', async () => {
    for (const end of [0, 10, 200, 5_000, honest.length - 200, honest.length - 1]) await expect(verify(honest.subarray(0, end))).rejects.toMatchObject({ kind: 'input' });
    await expect(verify(Buffer.from(honest.toString().replace('evidence-pack@1', 'evidence-pack@2')))).rejects.toMatchObject({ code: 'unknown-format' });
    await expect(verify(Buffer.from('{"a":1}\n'))).rejects.toMatchObject({ code: 'not-an-evidence-pack' });
  });

  it('is not read beyond its limits: an endless line, deep nesting, a size that lies', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield honest.subarray(0, honest.indexOf(10) + 1);
      for (;;) yield await Promise.resolve(new Uint8Array(1_000_000).fill(0x20));
    }
    expect(await verifyPack({ chunks: endless() })).toMatchObject({ ok: false, problems: [{ code: 'pack-line', path: 'line 2' }] });
    const withLine = (line: string): Buffer => Buffer.from([lines()[0], line, ''].join('\n'));
    expect(await verify(withLine('['.repeat(100_000)))).toMatchObject({ ok: false, problems: [{ code: 'pack-line', path: 'line 2' }] });
    const lying = (lines()[1] ?? '').replace(/"size":\d+/, '"size":9007199254740991');
    expect(await verify(withLine(lying))).toMatchObject({ ok: false, problems: [{ code: 'pack-line', path: 'line 2' }] });
  });
});
