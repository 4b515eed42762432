import { z } from 'zod';

import { ARTIFACT_KINDS } from '../domain/documents.ts';
import { EVENT_TYPES } from '../domain/event.ts';
import { canonicalJson, jcs } from './canonical-json.ts';
import { configJsonSchema } from './config.ts';
import { documentSchemas } from './documents.ts';
import { eventSchemaOf } from './events.ts';
import { gateResultSchema, policyResultSchema } from './gate-records.ts';
import { genesisSchema } from './genesis.ts';
import { manifestSchema } from './manifest.ts';
import { sha256 } from './sha256.ts';
import { parseStrictJson } from './strict-json.ts';

const encoder = new TextEncoder();
const slug = (name: string): string => name.replace(/^E_/, '').toLowerCase().replaceAll('_', '-');

/** Every file of `ledger-schema/` that is generated: its path there, and its text. */
export function generateSchemaFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const put = (path: string, title: string, schema: object): void => void files.set(path, print({ ...schema, title }));
  for (const type of EVENT_TYPES) put(`events/${slug(type)}.json`, type, z.toJSONSchema(eventSchemaOf(type)));
  put('event.json', 'Any event', { $schema: DRAFT, oneOf: EVENT_TYPES.map((type) => ({ $ref: `events/${slug(type)}.json` })) });
  for (const kind of ARTIFACT_KINDS) put(`documents/${kind}.json`, `The ${kind} document`, z.toJSONSchema(documentSchemas[kind]));
  put('ledger.json', 'The first file of a ledger', z.toJSONSchema(genesisSchema));
  put('manifest.json', 'What a person countersigns', z.toJSONSchema(manifestSchema));
  put('gate-result.json', "A gate's result", z.toJSONSchema(gateResultSchema));
  put('policy-result.json', "The policy's result", z.toJSONSchema(policyResultSchema));
  put('config.json', 'countersign.yml', configJsonSchema());
  files.set('vectors/canonical.json', print(canonicalVectors()));
  return files;
}

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';
const print = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

// Golden vectors for other people's canonical JSON: texts that are accepted with what comes out, and texts that are not.
function canonicalVectors(): object {
  const accepted = ['{}', '[]', 'null', '{"b":1,"a":[true,null,"x"]}', ' { "10" : 0 , "9" : 1 } ', '{"toJSON":1,"__proto__":2,"a":3}', '"\\u20ac\\u0041\\/\\n"', '"\\ud83d\\ude00"', '9007199254740991'];
  const refused = ['', '{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '1.0', '1e2', '-0', '9007199254740993', '"\\ud800"', '"\\u0000"', '{"a-b":1}', '[1,]', '{}x', '01'];
  const onlyJcs = ['-0', '1.0', '1E30', '4.50', '333333333.33333329', '{"a-b":"\\u0000"}'];
  return {
    about: 'Each `text` is JSON. `canonical` is its canonical form, `sha256` the hash of those bytes. `ledger` is the strict subset of the ledger, `jcs` all of RFC 8785.',
    ledger: { accepted: accepted.map((text) => vector(text, canonicalJson(parseStrictJson(encoder.encode(text))))), refused },
    jcs: { accepted: [...accepted, ...onlyJcs].map((text) => vector(text, jcs(encoder.encode(text)))), refused: ['', '{"a":1,"a":2}', '"\\ud800"', '1e999', '[1,]'] },
  };
}

const vector = (text: string, canonical: Uint8Array): object => ({ text, canonical: new TextDecoder().decode(canonical), sha256: sha256(canonical) });
