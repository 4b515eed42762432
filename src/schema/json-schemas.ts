import { z } from 'zod';

import { ARTIFACT_KINDS } from '../domain/documents.ts';
import { EVENT_TYPES, type EventType } from '../domain/event.ts';
import { canonicalVectors } from './canonical-vectors.ts';
import { configJsonSchema } from './config.ts';
import { contextManifestSchema } from './context-manifest.ts';
import { documentSchemas } from './documents.ts';
import { eventSchemaOf } from './events.ts';
import { packAnyLineSchema } from './evidence-pack.ts';
import { gateResultSchema, policyResultSchema } from './gate-records.ts';
import { genesisSchema } from './genesis.ts';
import { COMMON } from './json-schema-common.ts';
import { describe, FILES } from './json-schema-texts.ts';
import { manifestSchema } from './manifest.ts';
import { proposalSchema } from './think.ts';
import { TRANSITIONS } from './transition-table.ts';

/** Version of the format that this folder describes: the number behind the `@` of every `format`. */
export const FORMAT_VERSION = 1;
/** The schemas' names are addresses below this one. They name; nothing has to answer there. */
export const SCHEMA_BASE = `https://countersign.example/ledger-schema/${FORMAT_VERSION}/`;
const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

type Json = Record<string, unknown>;

export const slugOfType = (type: EventType): string => type.replace(/^E_/, '').toLowerCase().replaceAll('_', '-');

/** Every file of `ledger-schema/` that follows from the code alone: its path there, and its text. */
export function generateSchemaFiles(): ReadonlyMap<string, string> {
  const files = new Map([...generateSchemas()].map(([path, schema]) => [path, print(schema)]));
  files.set('transitions.json', print({ about: TRANSITIONS_ABOUT, transitions: TRANSITIONS }));
  files.set('vectors/canonical.json', print(canonicalVectors()));
  return files;
}

const TRANSITIONS_ABOUT =
  'For each state, the events that it accepts, and the states that may follow. "new" is a workflow without any record. An event that a state does not list cannot happen there. Which of several states follows depends on the event and the records before it; src/domain/transition.ts decides.';

/** The JSON Schemas, by path. Each has an `$id`, a title, and a description of every member. */
export function generateSchemas(): ReadonlyMap<string, Json> {
  const plain = new Map<string, Json>([
    ['common.json', { $defs: sharedDefinitions() }],
    ['envelope.json', envelope()],
    ...EVENT_TYPES.map((type) => [`events/${slugOfType(type)}.json`, eventOf(type)] as const),
    ['event.json', { oneOf: EVENT_TYPES.map((type) => ({ $ref: `events/${slugOfType(type)}.json` })) }],
    ...ARTIFACT_KINDS.map((kind) => [`documents/${kind}.json`, schemaOf(documentSchemas[kind])] as const),
    ['ledger.json', schemaOf(genesisSchema)],
    ['manifest.json', schemaOf(manifestSchema)],
    ['proposal.json', schemaOf(proposalSchema)],
    ['context-manifest.json', schemaOf(contextManifestSchema)],
    ['gate-result.json', schemaOf(gateResultSchema)],
    ['policy-result.json', schemaOf(policyResultSchema)],
    ['evidence-pack.json', schemaOf(packAnyLineSchema)],
    ['config.json', withoutFormats(configJsonSchema())],
  ]);
  return new Map([...plain].map(([path, schema]) => [path, finish(path, schema)]));
}

const registry = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(COMMON)) registry.add(schema, { id });

const schemaOf = (schema: z.ZodType): Json => z.toJSONSchema(schema, { metadata: registry });

/** The definitions that several schemas share, in one list: what refers to one finds it there. */
function sharedDefinitions(): Json {
  const { $defs } = schemaOf(z.union(Object.values(COMMON)));
  return Object.fromEntries(Object.entries(isJson($defs) ? $defs : {}).map(([id, schema]) => [id, isJson(schema) ? without(schema, ['id']) : schema]));
}

const FREE = ['type', 'body'];

/** What all events have in common; each event's own schema says what `type` and `body` are. */
function envelope(): Json {
  const { properties, required, additionalProperties } = eventParts('E_CANCELLED');
  return { type: 'object', properties: { ...properties, type: { enum: [...EVENT_TYPES] }, body: { type: 'object' } }, required, additionalProperties };
}

function eventOf(type: EventType): Json {
  const { properties } = eventParts(type);
  return { type: 'object', $ref: '../envelope.json', properties: Object.fromEntries(FREE.map((name) => [name, properties[name]])), required: FREE };
}

function eventParts(type: EventType) {
  return z.object({ properties: z.record(z.string(), z.unknown()), required: z.array(z.string()), additionalProperties: z.literal(false) }).parse(schemaOf(eventSchemaOf(type)));
}

/** Names it, describes it, and makes references to shared definitions lead to the one file that has them. */
function finish(path: string, schema: Json): Json {
  const file = FILES[path];
  if (!file) throw new TypeError(`${path} has no title in json-schema-texts.ts`);
  const own = path === 'common.json' ? schema : without(schema, ['$defs']);
  const { title, description } = file;
  const head = { $schema: DRAFT, $id: SCHEMA_BASE + path, title, description };
  const up = path.includes('/') ? '../' : '';
  const referred = rewrite(without(own, ['$schema', 'title', 'description']), (name, value) => (name === '$ref' && typeof value === 'string' ? value.replace(/^#\/\$defs\//, path === 'common.json' ? '#/$defs/' : `${up}common.json#/$defs/`) : value));
  return describe(path, { ...head, ...(isJson(referred) ? referred : {}) });
}

// Draft 2020-12 lets a validator ignore `format`: what must hold is a pattern.
const withoutFormats = (schema: Json): Json => {
  const made = rewrite(schema, (name, value) => (name === 'format' && value === 'uri' ? undefined : value));
  return isJson(made) ? made : {};
};

function rewrite(value: unknown, change: (name: string, value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, change));
  if (!isJson(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [name, change(name, rewrite(member, change))] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const without = (value: Json, names: readonly string[]): Json => Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
const print = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
