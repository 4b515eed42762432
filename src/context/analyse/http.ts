import type { HttpUse } from './outline.ts';
import { createLineCounter } from './declarations.ts';

const HTTP_MAX = 200;
const METHODS = 'get|post|put|patch|delete|head|options|all|any';
const PATH_LITERAL = /(["'`])((?:https?:\/\/[^"'`\s]{1,300}|\$\{[^}\n]{1,80}\}\/[^"'`\s]{0,300}|\/[^"'`\s]{0,300}))\1/g;

// Judged by what stands before the literal on its line: a call, a decorator, an attribute.
const PROVIDES: readonly RegExp[] = [
  new RegExp(String.raw`\b(?:app|server|router|routes?|fastify|mux|group|blueprint|bp|r|e|g|\w*[Rr]outer|\w*[Aa]pp|\w*[Mm]ux|Route::|\w*[Bb]lueprint)\s*(?:\.|::)?\s*(${METHODS}|route|use|handle|handlefunc|path|mapget|mappost|mapput|mapdelete|mappatch)\s*\(\s*$`, 'i'),
  new RegExp(String.raw`@(?:\w+\.)?(${METHODS}|route|controller|getmapping|postmapping|putmapping|deletemapping|patchmapping|requestmapping|path|api_route)\s*\(\s*(?:(?:value|path)\s*=\s*)?\{?\s*$`, 'i'),
  new RegExp(String.raw`^\s*(${METHODS})\s+$`, 'i'),
  new RegExp(String.raw`#\[(${METHODS}|route)\(\s*$`, 'i'),
  /\[(Http(?:Get|Post|Put|Patch|Delete)|Route)\(\s*$/,
];
const USES = new RegExp(String.raw`\b(?:fetch|(?:axios|got|ky|requests?|httpx|session|https?|client|api|urllib\.request|superagent|\$http|\w*[Cc]lient|\w*[Aa]pi|\w*[Hh]ttp|rest|RestTemplate)(?:\s*\.\s*(${METHODS}|request|urlopen|getForObject|postForObject|getAsync|postAsync|GetAsync|PostAsync))?)\s*(?:<[^>]{0,80}>)?\(\s*(?:(?:url|path)\s*[:=]\s*)?f?$`, 'i');

/** HTTP paths in a source text, with the role that the code around them gives them. Nothing else about a literal is believed. */
export function httpUsesOf(text: string): HttpUse[] {
  if (!text.includes('/')) return [];
  const found: HttpUse[] = [];
  const lineAt = createLineCounter(text);
  for (const match of text.matchAll(PATH_LITERAL)) {
    if (found.length >= HTTP_MAX) break;
    const before = text.slice(Math.max(0, match.index - 120, text.lastIndexOf('\n', match.index - 1) + 1), match.index);
    const path = httpPath(match[2] ?? '');
    if (path === null || before === '') continue;
    const provided = PROVIDES.map((pattern) => pattern.exec(before)).find((each) => each !== null);
    const used = provided === undefined ? USES.exec(before) : null;
    if (provided === undefined && used === null) continue;
    const line = lineAt(match.index);
    if (provided !== undefined) found.push({ role: 'provides', method: methodOf(provided?.[1], text.slice(match.index, match.index + 300)), path, line });
    else found.push({ role: 'uses', method: methodOf(used?.[1] ?? 'request', text.slice(match.index, match.index + 300)), path, line });
  }
  return found;
}

/** `/users/:id`, `/users/{id}`, `/users/<int:id>` and `${base}/users/${id}` are all `/users/{}`. Null when no path is left. */
export function httpPath(literal: string): string | null {
  const path = literal.replace(/^https?:\/\/[^/]*/, '').replace(/^\$\{[^}]*\}/, '').replace(/[?#].*$/, '');
  const plain = path.replace(/\$\{[^}]*\}|\{[^}]*\}|<[^>]*>|%[sdv]/g, '{}').replace(/:\w+(?:\([^)]*\))?\??/g, '{}').replace(/\/+$/, '');
  return /^\/[\w\-.~/{}*@]*$/.test(plain) && plain.length > 1 && !/\.(?:[cm]?[jt]sx?|css|html?|png|svg|md)$/.test(plain) ? plain : null;
}

function methodOf(name: string | undefined, around: string): string {
  const known = /get|post|put|patch|delete|head|options/i.exec(name ?? '')?.[0];
  const stated = /methods?\s*[:=]\s*\[?\s*["'](\w+)["']/i.exec(around)?.[1];
  return (known ?? stated ?? (/^(?:fetch|request|urlopen)$/i.test(name ?? '') ? 'get' : 'any')).toUpperCase();
}
