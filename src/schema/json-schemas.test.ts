import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { DomainEvent } from '../domain/event.ts';
import { EVENT_TYPES } from '../domain/event.ts';
import { transition } from '../domain/transition.ts';
import type { Workflow } from '../domain/workflow.ts';
import { SampleEvents, type Sample } from '../ledger/testing/sample-events.ts';
import { detoursOf, nextStep } from '../ledger/testing/sample-history.ts';
import { seededRandom } from '../ledger/testing/fakes.ts';
import { eventSchema, parseEvent } from './events.ts';
import { generateValidators } from '../../scripts/schema-validators.ts';
import { generateSchemaFiles, generateSchemas, SCHEMA_BASE } from './json-schemas.ts';

const FOLDER = join(import.meta.dirname, '../../ledger-schema');

describe('ledger-schema', () => {
  it('is what the schemas in the code say (run "node scripts/generate-schemas.ts" when it is not)', async () => {
    for (const [path, text] of generateSchemaFiles()) expect(await readFile(join(FOLDER, path), 'utf8'), path).toBe(text);
  });

  it('holds no schema that the code no longer has', async () => {
    const found = (await readdir(FOLDER, { recursive: true })).filter((path) => path.endsWith('.json') && !path.startsWith('vectors/'));
    expect(found.sort()).toEqual([...generateSchemaFiles().keys()].filter((path) => !path.startsWith('vectors/')).sort());
  });

  it('is what the validators that we read by were made of', async () => {
    for (const [name, text] of await generateValidators()) expect(await readFile(join(import.meta.dirname, 'generated', name), 'utf8'), name).toBe(text);
  });

  it('names and describes every schema and every member, and each schema is valid in strict mode', () => {
    const all = generateSchemas();
    const ajv = new Ajv2020({ strict: true, strictRequired: false });
    for (const [, schema] of all) ajv.addSchema(schema);
    for (const [path, schema] of all) {
      expect(schema, path).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: `https://countersign.example/ledger-schema/1/${path}`, title: expect.any(String), description: expect.stringMatching(/\.$/) });
      expect(ajv.validateSchema(schema), path).toBe(true);
      expect(() => ajv.compile({ $ref: String(schema['$id']) }), path).not.toThrow();
      expect(undescribed(schema), path).toEqual([]);
    }
  });
});

/** The members without a description, wherever they stand. */
function undescribed(value: unknown, name = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const properties = 'properties' in value && typeof value.properties === 'object' ? Object.entries(value.properties ?? {}) : [];
  const own = properties.filter(([, member]) => typeof member === 'object' && member !== null && !('description' in member)).map(([member]) => `${name}.${member}`);
  return [...own, ...Object.entries(value).flatMap(([key, member]) => undescribed(member, `${name}.${key}`))];
}

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
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
  for (const [, schema] of generateSchemas()) ajv.addSchema(schema);
  const judge = ajv.compile({ $ref: `${SCHEMA_BASE}event.json` });

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

  it('agrees with the code about events with one thing changed, whatever it is', () => {
    const histories = [...sampleEvents()];
    const junk = fc.oneof(fc.constantFrom(null, '', 'x', 0, -1, 1.5, true, [], {}, 'a'.repeat(64), '2026-13-01T00:00:00Z', 'o/..', 'ps-0', 2 ** 53), fc.string());
    fc.assert(
      fc.property(fc.constantFrom(...histories), fc.nat(), junk, fc.boolean(), (valid, place, value, removes) => {
        const event: unknown = JSON.parse(JSON.stringify(valid));
        change(event, { place, value, removes });
        const isValid = eventSchema.safeParse(event).success;
        expect(judge(event), JSON.stringify(event)).toBe(isValid);
        expect(parseEvent(event).kind).toBe(isValid ? 'valid' : 'invalid');
      }),
      { seed: 31, numRuns: 1_500 },
    );
  });

  /** One event of every type. */
  function* sampleEvents(): Generator<object> {
    const events = new SampleEvents('wf-20261122-k3v9q2', 2, seededRandom(2));
    const random = seededRandom(3);
    const seen = new Set<string>();
    for (let round = 0; round < 400 && seen.size < EVENT_TYPES.length; round++) {
      let workflow: Workflow | null = null;
      for (let step = 0; step < 80 && !workflow?.outcome; step++) {
        const samples: readonly Sample[] = workflow && random.fraction() < 0.3 ? detoursOf(events, workflow) : [nextStep(events, workflow)];
        for (const entry of samples[Math.floor(random.fraction() * samples.length)]!.entries) {
          const outcome = transition(workflow, { type: entry.type, body: entry.body, at: event.at } as DomainEvent, 'wf-20261122-k3v9q2');
          if (outcome.kind === 'refused') continue;
          workflow = outcome.workflow;
          if (seen.has(entry.type)) continue;
          seen.add(entry.type);
          yield { ...event, type: entry.type, body: entry.body };
        }
      }
    }
    expect([...seen].sort()).toEqual([...EVENT_TYPES].sort());
  }

  /** Changes one member somewhere in the value. */
  function change(root: unknown, { place, value, removes }: { place: number; value: unknown; removes: boolean }): void {
    const places: { holder: Record<string, unknown>; name: string }[] = [];
    const visit = (each: unknown): void => {
      if (typeof each !== 'object' || each === null) return;
      for (const [name, member] of Object.entries(each)) {
        places.push({ holder: each as Record<string, unknown>, name });
        visit(member);
      }
    };
    visit(root);
    const chosen = places[place % places.length]!;
    if (removes) delete chosen.holder[chosen.name];
    else chosen.holder[chosen.name] = value;
  }
});
