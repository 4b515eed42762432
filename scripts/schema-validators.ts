import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';

import { ARTIFACT_KINDS } from '../src/domain/documents.ts';
import { EVENT_TYPES } from '../src/domain/event.ts';
import { generateSchemas, SCHEMA_BASE, slugOfType } from '../src/schema/json-schemas.ts';

type Json = Record<string, unknown>;

/** The modules that hold ajv's validators for what is read, by file name, and the schemas in each by export name. */
const MODULES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'event-validators.js': [...EVENT_TYPES.map((type) => [type, `events/${slugOfType(type)}.json`] as const), ['manifest', 'manifest.json'], ['genesis', 'ledger.json']],
  'result-validators.js': [['gateResult', 'gate-result.json'], ['policyResult', 'policy-result.json'], ['contextManifest', 'context-manifest.json']],
  'document-validators.js': ARTIFACT_KINDS.map((kind) => [kind, `documents/${kind}.json`] as const),
};

/**
 * Compiles the published schemas to plain functions with ajv, once, so that reading a ledger costs no compiler, works
 * where code may not be made from text (a browser with a policy), and cannot drift from `ledger-schema/`: a test compares.
 */
export async function generateValidators(): Promise<ReadonlyMap<string, string>> {
  const files = await Promise.all(Object.entries(MODULES).map(async ([name, exported]) => [name, await bundle(exported)] as const));
  return new Map(files);
}

async function bundle(exported: readonly (readonly [string, string])[]): Promise<string> {
  // `strictRequired` asks that what is required is described beside it; an event's own schema refers to the envelope for that.
  const ajv = new Ajv2020({ strict: true, strictRequired: false, messages: false, code: { source: true, esm: true, optimize: 2 } });
  for (const [, schema] of generateSchemas()) ajv.addSchema(withoutTexts(schema));
  const code = standalone.default(ajv, Object.fromEntries(exported.map(([name, path]) => [name, SCHEMA_BASE + path])));
  const built = await build({ stdin: { contents: withSlimSchemas(withoutErrors(code)), resolveDir: import.meta.dirname, loader: 'js' }, bundle: true, minify: true, format: 'esm', platform: 'neutral', mainFields: ['main'], write: false, legalComments: 'none' });
  return `// Made by scripts/generate-schemas.ts from ledger-schema/ with ajv. Do not edit.\n${built.outputFiles[0]?.text ?? ''}`;
}

const ERROR = /\{instancePath(?=[:,])/g;

/**
 * Leaves out what ajv would say of each fault: three quarters of the code. What is wrong is said by the zod schemas, and
 * only when something is. Each error object becomes an empty one, so that the code around it still counts them.
 */
const withoutErrors = (code: string): string => replaceObjects(code, ERROR, () => '{}');

/** Puts something else in the place of each object literal that begins where `begin` matches. */
function replaceObjects(code: string, begin: RegExp, change: (literal: string) => string): string {
  const parts: string[] = [];
  let from = 0;
  for (const { index: at } of code.matchAll(begin)) {
    if (at < from) continue;
    const end = endOfObject(code, at);
    parts.push(code.slice(from, at), change(code.slice(at, end)));
    from = end;
  }
  return parts.join('') + code.slice(from);
}

/** What the code asks a schema for once it is compiled: which properties there are, by the way to them. Everything else was compiled. */
const COMPILED = new Set(['$schema', '$id', '$ref', 'type', 'pattern', 'format', 'required', 'minLength', 'maxLength', 'minItems', 'maxItems', 'minimum', 'maximum', 'uniqueItems']);

function withSlimSchemas(code: string): string {
  return replaceObjects(code, /(?<=\bconst schema\d+ = )\{/g, (json) => JSON.stringify(slim(JSON.parse(json))));
}

/** Names of properties stay, whatever they are called. */
function slim(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(slim);
  if (!isJson(schema)) return schema;
  return Object.fromEntries(Object.entries(schema).filter(([name, value]) => !COMPILED.has(name) && !(name === 'additionalProperties' && typeof value === 'boolean')).map(([name, value]) => [name, name === 'properties' && isJson(value) ? Object.fromEntries(Object.entries(value).map(([own, each]) => [own, slim(each)])) : slim(value)]));
}

/** Where the object literal that begins at `start` ends: braces in pairs, texts left aside. */
function endOfObject(code: string, start: number): number {
  let depth = 0;
  for (let at = start; at < code.length; at++) {
    const character = code[at] ?? '';
    if (character === '"') at = endOfText(code, at);
    else if (character === '{') depth += 1;
    else if (character === '}' && --depth === 0) return at + 1;
  }
  throw new TypeError('ajv wrote an object that does not end');
}

function endOfText(code: string, start: number): number {
  let at = start + 1;
  while (code[at] !== '"') at += code[at] === '\\' ? 2 : 1;
  return at;
}

function withoutTexts(schema: Json): Json {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (!isJson(value)) return value;
    return Object.fromEntries(Object.entries(value).filter(([name, member]) => !((name === 'title' || name === 'description') && typeof member === 'string')).map(([name, member]) => [name, visit(member)]));
  };
  const visited = visit(schema);
  return isJson(visited) ? visited : {};
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
