import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { PolicyViolation } from '../../domain/policy.ts';
import { failedAnswer, type CheckAnswer } from './check-patch.ts';
import { toSarif } from './sarif.ts';

// The published schema of SARIF 2.1.0, as Microsoft's own matchers for it carry it. It calls itself draft 4, and uses nothing that draft 7 reads differently.
const require = createRequire(import.meta.url);
const SCHEMA = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const RULES = ['secrets', 'dependencies', 'hidden-text', 'ci-files', 'size', 'tests'];

let faultsOf: (log: unknown) => unknown[];
beforeAll(async () => {
  const { $schema: _draft, id: _id, ...schema } = z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(SCHEMA, 'utf8')));
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  faultsOf = (log) => (validate(JSON.parse(JSON.stringify(log))) ? [] : (validate.errors ?? []));
});

const violation = (more: Partial<PolicyViolation>): PolicyViolation => ({ rule: 'secrets', severity: 'BLOCK', path: 'src/a b.ts', line: 3, message: 'Line 3 holds a GitHub token.', why: 'It could be used.', help: 'Take it out.', ...more });
const answer = (violations: readonly PolicyViolation[]): CheckAnswer => ({
  ok: violations.length === 0,
  base: { commit: '2'.repeat(40), tree: '3'.repeat(40) },
  result: { tree: '4'.repeat(40) },
  digest: '5'.repeat(64),
  changes: [{ path: 'src/ü.ts', op: 'add', oldMode: null, newMode: '100644', oldBlob: null, newBlob: '1'.repeat(40) }],
  violations,
});

it('what is written is SARIF 2.1.0 by the published schema, whatever was found', () => {
  const places: Partial<PolicyViolation>[] = [{}, { path: '', line: null }, { path: 'a\uDCFFb/ü #?%.ts', line: 1 }, { path: '[slug]/x y.ts', line: null }, { path: 'a:b', line: 1 }, { path: '//x', line: 2 }, { message: 'x'.repeat(20_000) }];
  const violations = RULES.flatMap((rule) => (['BLOCK', 'WARN'] as const).flatMap((severity) => places.map((place) => violation({ rule, severity, ...place }))));
  expect(faultsOf(toSarif(answer(violations)))).toEqual([]);
  expect(faultsOf(toSarif(answer([])))).toEqual([]);
  expect(faultsOf(toSarif(failedAnswer('context-mismatch', 'Line 3 differs.')))).toEqual([]);
});

it('the schema refuses what is none', () => {
  const log = toSarif(answer([violation({})]));
  expect(faultsOf({ ...log, version: '2.0.0' })).not.toEqual([]);
  expect(faultsOf({ ...log, runs: [{ ...log.runs[0], results: [{ message: 'text' }] }] })).not.toEqual([]);
});
