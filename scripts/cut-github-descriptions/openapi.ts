// The REST slice: whole operations by id, with every component they reach.
import { SERVED_OPERATIONS } from './served.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
/** Keys that carry prose, examples or GitHub's own rendering hints, wherever they are not property names. */
const PROSE = new Set(['description', 'example', 'examples', 'summary', 'externalDocs', 'tags', 'title', 'deprecated']);

/** Maps whose keys are names of the described thing, never keywords. */
const NAME_MAPS = new Set(['properties', 'schemas', 'parameters', 'responses', 'headers', 'paths', 'patternProperties']);

function strip(value: Json, isNameMap: boolean): Json {
  if (Array.isArray(value)) return value.map((item) => strip(item, false));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([key]) => isNameMap || !(PROSE.has(key) || key.startsWith('x-')));
  return Object.fromEntries(entries.map(([key, item]) => [key, strip(item, !isNameMap && NAME_MAPS.has(key))]));
}

/** Answers other than JSON (HTML renderings, SCIM, raw media) are not served: their content is dropped. */
function onlyJson(operation: JsonObject): JsonObject {
  const responses = Object.entries(objectOf(operation['responses'])).map(([status, response]): [string, Json] => {
    const content = objectOf(objectOf(response)['content']);
    const json = content['application/json'];
    return [status, isObject(response) && response['content'] !== undefined ? { ...response, content: json === undefined ? {} : { 'application/json': json } } : response];
  });
  return { ...operation, responses: Object.fromEntries(responses) };
}

function reach(value: Json, seen: Set<string>, root: JsonObject): void {
  if (Array.isArray(value)) for (const item of value) reach(item, seen, root);
  if (!isObject(value)) return;
  const ref = value['$ref'];
  if (typeof ref === 'string' && !seen.has(ref)) {
    seen.add(ref);
    reach(resolve(root, ref), seen, root);
  }
  for (const item of Object.values(value)) reach(item, seen, root);
}

function resolve(root: JsonObject, ref: string): Json {
  const [, , kind, name] = ref.split('/');
  const found = objectOf(objectOf(root['components'])[kind ?? ''])[name ?? ''];
  if (found === undefined) throw new Error(`The description has no component ${ref}.`);
  return found;
}

/** Ticks the operation off when it is one of the served ones. */
function isServed(operation: Json, missing: Set<string>): boolean {
  const id = objectOf(operation)['operationId'];
  return typeof id === 'string' && missing.delete(id);
}

/** The slice of GitHub's OpenAPI description with exactly the served operations. Throws when one is missing from the description. */
export function cutOpenapi(whole: JsonObject): JsonObject {
  const missing = new Set<string>(SERVED_OPERATIONS);
  const paths: JsonObject = {};
  for (const [path, methods] of Object.entries(objectOf(whole['paths']))) {
    const served = Object.entries(objectOf(methods)).filter(([, operation]) => isServed(operation, missing));
    if (served.length > 0) paths[path] = Object.fromEntries(served.map(([method, operation]) => [method, onlyJson(objectOf(operation))]));
  }
  if (missing.size > 0) throw new Error(`The description has no operation ${[...missing].join(', ')}.`);
  const bare = objectOf(strip({ components: whole['components'] ?? {} }, false));
  const barePaths = Object.fromEntries(Object.entries(paths).map(([path, methods]) => [path, strip(methods, false)]));
  const refs = new Set<string>();
  reach(barePaths, refs, bare);
  const components: JsonObject = {};
  for (const ref of [...refs].toSorted()) {
    const [, , kind = '', name = ''] = ref.split('/');
    components[kind] = { ...objectOf(components[kind]), [name]: resolve(bare, ref) };
  }
  return { openapi: whole['openapi'] ?? null, info: { title: 'A slice of GitHub\'s REST description', version: objectOf(whole['info'])['version'] ?? null, license: objectOf(whole['info'])['license'] ?? null }, paths: barePaths, components };
}
