import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

import { SampleEvents } from '../ledger/testing/sample-events.ts';
import { seededRandom } from '../ledger/testing/fakes.ts';
import { parseEvent } from './events.ts';
import { generateSchemaFiles } from './json-schemas.ts';

const FOLDER = join(import.meta.dirname, '../../ledger-schema');

describe('ledger-schema', () => {
  it('is what the schemas in the code say (run "node scripts/generate-schemas.ts" when it is not)', async () => {
    for (const [path, text] of generateSchemaFiles()) expect(await readFile(join(FOLDER, path), 'utf8'), path).toBe(text);
  });

  it('holds no schema that the code no longer has', async () => {
    const found = (await readdir(FOLDER, { recursive: true })).filter((path) => path.endsWith('.json'));
    expect(found.sort()).toEqual([...generateSchemaFiles().keys()].sort());
  });
});

describe('another validator', () => {
  const event = {
    format: 'countersign/event@1',
    ledger: '00112233445566778899aabbccddeeff',
    workflow: 'wf-20261122-k3v9q2',
    seq: 1,
    prev: null,
    id: 'a:1',
    at: '2026-11-22T10:00:00Z',
    state: { from: null, to: 'INGESTED' },
    actor: { kind: 'workflow', login: null, id: null },
    run: { repository: 'o/control', id: 1, attempt: 1, job: 'record', workflowRef: '', workflowSha: 'c'.repeat(40) },
    policy: 'a'.repeat(64),
    evidence: [],
  };
  const { type, body } = new SampleEvents('wf-20261122-k3v9q2', 2, seededRandom(1)).created().entries[0]!;
  const valid = { ...event, type, body };
  const schema = JSON.parse(generateSchemaFiles().get('events/workflow-created.json') ?? '') as object;
  const judge = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

  it.each<[string, unknown, boolean]>([
    ['a valid event', valid, true],
    ['an unknown member', { ...valid, extra: 1 }, false],
    ['an unknown member of the body', { ...valid, body: { ...body, extra: 1 } }, false],
    ['a missing member', { ...valid, prev: undefined }, false],
    ['another type', { ...valid, type: 'E_CANCELLED' }, false],
    ['a fraction', { ...valid, seq: 1.5 }, false],
    ['a repository with two dots', { ...valid, run: { ...event.run, repository: 'o/..' } }, false],
    ['a month 13', { ...valid, at: '2026-13-01T00:00:00Z' }, false],
  ])('agrees about %s', (_, value, holds) => {
    const plain: unknown = JSON.parse(JSON.stringify(value));
    expect(judge(plain)).toBe(holds);
    expect(parseEvent(plain).kind).toBe(holds ? 'valid' : 'invalid');
  });
});
