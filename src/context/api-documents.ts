import { httpPath } from './analyse/http.ts';
import type { HttpUse } from './analyse/outline.ts';
import { baseName } from './languages.ts';
import { entriesOf, itemsOf, memberOf, textOf } from './manifests/manifest-facts.ts';
import { parseYaml } from './yaml.ts';

/** What an API description offers: its routes, and the schemas it names. */
export interface ApiDocument {
  readonly routes: readonly HttpUse[];
  readonly schemas: readonly string[];
}

const ROUTES_MAX = 2_000;
const BYTES_MAX = 400_000;
const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options']);

/** OpenAPI and Swagger documents and JSON Schemas, as far as they parse; anything else offers nothing. */
export function readApiDocument(path: string, text: string): ApiDocument {
  let json: unknown = null;
  try {
    json = text.length > BYTES_MAX ? null : path.endsWith('.json') ? JSON.parse(text) : parseYaml(text);
  } catch {
    // Not for us to judge: the file simply offers nothing.
  }
  const base = basePathOf(json);
  const routes = entriesOf(memberOf(json, 'paths')).flatMap(([route, operations]) => {
    // Clients are given the base apart or write it out: both are the document's own words.
    const plains = [...new Set([httpPath(route), httpPath(base + route)])].filter((plain) => plain !== null);
    return plains.flatMap((plain) => entriesOf(operations).filter(([method]) => METHODS.has(method)).map(([method]): HttpUse => ({ role: 'provides', method: method.toUpperCase(), path: plain, line: 1 })));
  });
  const named = [memberOf(memberOf(json, 'components'), 'schemas'), memberOf(json, 'definitions'), memberOf(json, '$defs')].flatMap((each) => entriesOf(each).map(([name]) => name));
  const own = memberOf(json, '$schema') === undefined ? null : (textOf(memberOf(json, 'title')) ?? baseName(path).replace(/\.schema\.\w+$/, ''));
  return { routes: routes.slice(0, ROUTES_MAX), schemas: [...new Set([...(own === null ? [] : [own]), ...named])].slice(0, ROUTES_MAX) };
}

/** Swagger's `basePath`, or the path of OpenAPI's first server. */
function basePathOf(json: unknown): string {
  const server = textOf(memberOf(itemsOf(memberOf(json, 'servers'))[0], 'url')) ?? '';
  const base = textOf(memberOf(json, 'basePath')) ?? server.replace(/^https?:\/\/[^/]*/, '');
  return base.startsWith('/') ? base.replace(/\/+$/, '') : '';
}
