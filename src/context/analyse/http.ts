import type { HttpUse } from './outline.ts';
import { createLineCounter } from './declarations.ts';
import { asPrefix, routePrefixesOf, type RoutePrefixes } from './http-prefixes.ts';
import { railsRoutesOf, RESOURCE_ROUTES } from './http-rails.ts';

const HTTP_MAX = 200;
const LITERALS_MAX = 2_000;
const METHODS = 'get|post|put|patch|delete|del|head|options|all|any';
/** A path, a URL, or one that begins with a variable: `${base}/x`, `{base}/x`, `$base/x`. Go's patterns may begin with a method. */
const PATH_LITERAL = /(["'`])((?:(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) )?(?:https?:\/\/[^"'`\s]{1,300}|\$?\{[^}\n]{0,80}\}\/[^"'`\s]{0,300}|\$\w{1,80}\/[^"'`\s]{0,300}|\/[^"'`\s]{0,300}))\1/g;
const PATH_HERE = new RegExp(PATH_LITERAL.source, 'y');

// Judged by what stands before the literal on its line: a call, a decorator, an attribute.
const PROVIDES: readonly RegExp[] = [
  new RegExp(String.raw`\b(?:app|server|router|routes?|fastify|mux|group|blueprint|bp|r|e|g|v\d|\w*[Rr]outer|\w*[Aa]pp|\w*[Mm]ux|\w*[Gg]roup|Route::|\w*[Bb]lueprint)\s*(?:\.|::)?\s*(${METHODS}|route|handle|handlefunc|path|mapget|mappost|mapput|mapdelete|mappatch)\s*\(\s*$`, 'i'),
  new RegExp(String.raw`@(?:\w+\.)?(${METHODS}|route|controller|getmapping|postmapping|putmapping|deletemapping|patchmapping|requestmapping|path|api_route)\s*\(\s*(?:(?:value|path)\s*=\s*)?\{?\s*$`, 'i'),
  new RegExp(String.raw`^\s*(${METHODS})\s+$`, 'i'),
  new RegExp(String.raw`#\[(${METHODS}|route)\(\s*$`, 'i'),
  /\[(Http(?:Get|Post|Put|Patch|Delete)|Route)\(\s*$/,
  /\bhttp\.(HandleFunc|Handle)\(\s*$/,
  /\.route\(\s*\{[^}\n]*\b()url\s*:\s*$/,
  /(?:\)|^)\s*\.route\(\s*()$/,
  /\bweb::(resource)\(\s*$/,
];
/** A call on a variable; a route when that variable is known for a group. */
const ON_VARIABLE = new RegExp(String.raw`\b(\w+)\s*\.\s*(${METHODS}|handle|handlefunc|map(?:get|post|put|patch|delete))\(\s*$`, 'i');
/** A variable that the path is added to, or what makes a text of it. */
const BASE = String.raw`(?:(?:new\s+URL|URI|format!|fmt\.Sprintf|str)\(\s*|[\w.]+\s*\+\s*)?[f$&]?`;
const CLIENT = String.raw`axios|got|ky|requests?|httpx|session|https?|client|api|urllib\.request|superagent|reqwest|faraday|httparty|resty|\$http|\w*[Cc]lient|\w*[Aa]pi|\w*[Hh]ttp|rest|RestTemplate|dio|AF`;
const CALL = String.raw`${METHODS}|request|urlopen|getFor(?:Object|Entity)|postFor(?:Object|Entity)|exchange|(?:get|post|put|patch|delete)(?:AsJson|FromJson|String)?Async`;
const USES: readonly RegExp[] = [
  new RegExp(String.raw`\b(?:fetch|useFetch|useSWR|(?:${CLIENT})(?:\s*(?:\.|::|->)\s*(${CALL}))?)\s*(?:<[^>]{0,80}>)?\(\s*(?:(?:url|path)\s*[:=]\s*)?${BASE}$`, 'i'),
  new RegExp(String.raw`\b(?:request|NewRequest|NewRequestWithContext)\(\s*(?:ctx\s*,\s*|\w+\(\)\s*,\s*)?(?:["']|http\.Method)(\w+)["']?\s*,\s*${BASE}$`),
  /\b(?:axios|request|ajax|got)\(\s*\{[^}\n]*\b()(?:url|uri)\s*:\s*$/,
  /\.()(?:uri|url)\(\s*(?:[\w.]+\s*\+\s*)?$/,
];
/** Believed for whole URLs alone. */
const NAMES_URL = /\b(?:URI(?:\.create)?|Uri(?:\.parse)?|URL)\(\s*(?:string:\s*)?$/;
/** The same with what stands before it in a variable. */
const ADDS_TO_URL = /\b(?:URI\.create|Uri\.parse)\(\s*(?:[\w.]+\s*\+\s*)?$/;
/** Ktor's routes stand in blocks, on no variable. */
const ON_BLOCK = /^\s*(get|post|put|patch|delete|head|options)\s*\(\s*$/;
const IN_BLOCK = /(?:^|[\s{])(get|post|put|patch|delete)\s*\{/g;
/** The path that a client's requests begin with, where a file states it. */
const BASE_URL = /\b\w{0,40}(?:[bB]ase_?[uU][rR][lL]|BASE_URL|API_URL|[aA]pi_?[uU]rl)["']?\s*[:=(]\s*["'`](?:https?:\/\/[^/"'`\n]{1,200})?(\/[^"'`\n]{1,200})["'`]/g;
const LARAVEL_RESOURCE = /\bRoute::(?:apiResource|resource)\(\s*["']\/?([\w\-/.{}]{1,100})["']/g;
/** Paths that are written without a slash where nothing else can stand: attributes, decorators, Django's and Rails' routes. */
const BARE: readonly { readonly role: HttpUse['role']; readonly needs: readonly string[]; readonly pattern: RegExp }[] = [
  { role: 'provides', needs: ['[Http'], pattern: /\[(Http(?:Get|Post|Put|Patch|Delete))(?:\(\s*"()([^"/\n][^"\n]{0,200})")?\s*[)\],]/g },
  { role: 'provides', needs: ['@Controller', 'Mapping'], pattern: /@(Get|Post|Put|Patch|Delete|Head|Options|All|GetMapping|PostMapping|PutMapping|PatchMapping|DeleteMapping)(?:\(\s*(?:(?:value|path)\s*=\s*)?(["'`])([^"'`/\n][^"'`\n]{0,200})\2)?(?:\s*\(\s*\)|\s*\)|[ \t]*\r?\n)/g },
  { role: 'uses', needs: ['@GET(', '@POST(', '@PUT(', '@PATCH(', '@DELETE('], pattern: /@(GET|POST|PUT|PATCH|DELETE|HEAD)\(\s*(")([^"/\n][^"\n]{0,200})"/g },
  { role: 'uses', needs: ['Async(', 'Async<'], pattern: /\.((?:Get|Post|Put|Patch|Delete)(?:AsJson|FromJson|String)?Async)(?:<[^>\n]{0,80}>)?\(\s*\$?(")([a-z][^"\n:]{0,200}\/[^"\n:]{0,200})"/g },
  { role: 'provides', needs: ['Route::'], pattern: /\bRoute::(get|post|put|patch|delete|any)\(\s*(["'])([^"'/\n][^"'\n]{0,200})\2/g },
  { role: 'provides', needs: ['urlpatterns'], pattern: /\b()(?:re_)?path\(\s*r?(["'])\^?([\w\-./<>:]{1,200})\$?\2\s*,\s*(?!include\b)/g },
];

/** How all of them end: most paths in a text stand behind none of these. */
const LEADS = /[({:=+]\s*[f$&]?$|equest\w*\([^()]*(?:\(\))?[^()]*$|^\s*[a-z]+\s+$/;
/** Whether anything but a written-out path may say something here: to see that it does not is all that most files cost. */
const MARKED = /[@[](?:Controller|RequestMapping|Route|Path|GET|POST|PUT|PATCH|DELETE|Http(?:Get|Post|Put|Patch|Delete)|(?:Get|Post|Put|Patch|Delete)Mapping)\b|urlpatterns|Route::|\brouting\s*\{|[bB]ase_?[uU][rR][lL]|BASE_URL|API_URL|(?:Get|Post|Put|Patch|Delete)(?:AsJson|FromJson|String)?Async[(<]|routes\.draw/;
/** An ECMAScript text without decorators has no more of them than a client's address. */
const ADDRESS = /[bB]ase_?[uU][rR][lL]|BASE_URL|API_URL/;
const DECORATORS = 'Controller|RequestMapping|Route|Path|GET|POST|PUT|PATCH|DELETE'.split('|');

/** What the scan of an ECMAScript text saw on its way. Its comments say nothing then. */
export interface HttpScan {
  /** Where strings begin that may be paths. */
  readonly quotes: readonly number[];
  readonly calls: (name: string) => boolean;
}

/** HTTP paths in a source text, with the role that the code around them gives them. Nothing else about a literal is believed. */
export function httpUsesOf(text: string, scan: HttpScan | null = null): HttpUse[] {
  const literals = scan === null ? [...text.matchAll(PATH_LITERAL).take(LITERALS_MAX)] : literalsAt(text, scan.quotes);
  const isMarked = scan === null || DECORATORS.some(scan.calls) ? MARKED.test(text) : literals.length > 0 && ADDRESS.test(text);
  if (literals.length === 0 && !isMarked) return [];
  const prefixes = routePrefixesOf(text, scan?.calls ?? null);
  const lineAt = createLineCounter(text);
  const placed = [...writtenOut(text, literals, prefixes), ...(isMarked ? bare(text, prefixes) : []), ...prefixes.mounts, ...(isMarked ? [...basesOf(text), ...blockRoutes(text, prefixes), ...laravelResources(text, prefixes)] : [])];
  const found = placed.sort((left, right) => left.index - right.index).slice(0, HTTP_MAX).map(({ role, method, path, index }): HttpUse => ({ role, method, path, line: lineAt(index) }));
  const rails = isMarked ? railsRoutesOf(text) : [];
  return (rails.length === 0 ? found : [...rails, ...found.filter(({ role }) => role === 'uses')]).slice(0, HTTP_MAX);
}

function literalsAt(text: string, quotes: readonly number[]): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  for (const at of quotes) {
    PATH_HERE.lastIndex = at;
    const literal = PATH_HERE.exec(text);
    if (literal !== null && found.length < LITERALS_MAX) found.push(literal);
  }
  return found;
}

type Placed = Omit<HttpUse, 'line'> & { readonly index: number };

function writtenOut(text: string, literals: readonly RegExpExecArray[], prefixes: RoutePrefixes): Placed[] {
  const found: Placed[] = [];
  const isRouting = text.includes('routing') && /\brouting\s*\{/.test(text);
  for (const match of literals) {
    if (found.length >= HTTP_MAX) break;
    const { index } = match;
    const before = text.slice(Math.max(0, index - 120, text.lastIndexOf('\n', index - 1) + 1), index);
    if (!LEADS.test(before) || prefixes.isPrefix(index)) continue;
    const [, stated, literal = ''] = /^(?:([A-Z]+) )?(.*)$/.exec(match[2] ?? '') ?? [];
    const after = text.slice(index + match[0].length, index + match[0].length + 300);
    // What a path that ends in a slash is added to is one more part of it.
    const path = httpPath(literal.endsWith('/') && /^\s*\+\s*[\w(]/.test(after) ? `${literal}{x}` : literal);
    const provided = PROVIDES.map((pattern) => pattern.exec(before)).find((each) => each !== null);
    const onGroup = provided === undefined ? ON_VARIABLE.exec(before) : null;
    const inBlock = provided === undefined && onGroup === null ? ON_BLOCK.exec(before)?.[1] : undefined;
    const name = provided?.[1] ?? (onGroup !== null && prefixes.of(onGroup[1] ?? '') + prefixes.within(index) !== '' ? onGroup[2] : undefined) ?? (inBlock !== undefined && (isRouting || prefixes.within(index) !== '') ? inBlock : undefined);
    if (provided !== undefined || name !== undefined) found.push(...routesAt({ before, after, index, literal, stated, name }, prefixes));
    else {
      const used = USES.map((pattern) => pattern.exec(before)).find((each) => each !== null);
      const isUrl = (literal.startsWith('http') && NAMES_URL.test(before)) || ADDS_TO_URL.test(before);
      if (path !== null && (used !== undefined || isUrl)) found.push({ role: 'uses', method: methodOf(used?.[1] === undefined || used[1] === '' ? (/\.(get|post|put|patch|delete)\(\)\s*\.uri\(\s*$/.exec(before)?.[1] ?? 'request') : used[1], { before, after }), path, index });
    }
  }
  return found;
}

interface At {
  readonly before: string;
  readonly after: string;
  readonly index: number;
  readonly literal: string;
  readonly stated: string | undefined;
  readonly name: string | undefined;
}

function routesAt({ before, after, index, literal, stated, name }: At, prefixes: RoutePrefixes): Placed[] {
  const variable = /@?(\w+)\s*(?:\.|::)\s*\w+\s*\(\s*$/.exec(before)?.[1];
  const isMarked = /(?:^|[^\w.])@\w+\(|\[\w+\(/.test(before);
  const prefix = prefixes.within(index) + (variable !== undefined ? prefixes.of(variable) : isMarked ? (prefixes.at(index) ?? '') : '');
  const path = httpPath(prefix + (literal === '/' && prefix !== '' ? '' : literal));
  // A path that begins with a variable part is read as one without a slash.
  if (path === null || literal.startsWith('{')) return [];
  // Axum: `.route("/x", get(show).delete(remove))`.
  const chained = /^\s*,\s*(?:\w+::)*(get|post|put|patch|delete)\(/.test(after) ? [...(after.split(/\n|\.route\(/)[0] ?? '').matchAll(/\b(get|post|put|patch|delete)\(/g)].map(([, method = '']) => method.toUpperCase()) : [];
  const methods = chained.length > 0 && /\.route\(\s*$/.test(before) ? chained : [stated ?? methodOf(name, { before, after })];
  // Actix: `web::resource("/x").route(web::get().to(h))`; Gorilla: `.HandleFunc("/x", h).Methods("GET")`.
  return methods.map((method) => ({ role: 'provides', method, path, index }));
}

function bare(text: string, prefixes: RoutePrefixes): Placed[] {
  return BARE.flatMap(({ role, needs, pattern }) =>
    !needs.some((word) => text.includes(word)) ? [] : [...text.matchAll(pattern).take(HTTP_MAX)].flatMap((match): Placed[] => {
      const [, name, , relative = ''] = match;
      const path = httpPath((role === 'provides' ? prefixes.within(match.index) + (prefixes.at(match.index) ?? '') : '') + asPrefix(relative));
      return path === null ? [] : [{ role, method: methodOf(name, { before: '', after: '' }), path, index: match.index }];
    }),
  );
}

/** A client's base, as a mount of everything that its repository asks for. */
const basesOf = (text: string): Placed[] =>
  [...text.matchAll(BASE_URL).take(20)].flatMap(({ index, 1: base = '' }): Placed[] => {
    const path = httpPath(base);
    return path === null ? [] : [{ role: 'mounts', method: '*', path, index }];
  });

/** Ktor's `get { … }` in a `route("/x")`. */
const blockRoutes = (text: string, prefixes: RoutePrefixes): Placed[] =>
  !text.includes('routing') && !text.includes('Route.') ? [] : [...text.matchAll(IN_BLOCK).take(HTTP_MAX)].flatMap(({ index, 1: method = '' }): Placed[] => {
    const path = httpPath(prefixes.within(index));
    return path === null ? [] : [{ role: 'provides', method: method.toUpperCase(), path, index }];
  });

const laravelResources = (text: string, prefixes: RoutePrefixes): Placed[] =>
  [...text.matchAll(LARAVEL_RESOURCE).take(HTTP_MAX)].flatMap(({ index, 1: name = '' }) =>
    ['index', 'create', 'show', 'update', 'destroy'].flatMap((action) => (RESOURCE_ROUTES[action] ?? []).flatMap(([method, rest]): Placed[] => {
      const path = httpPath(`${prefixes.within(index)}/${name.replaceAll('.', '/{}/')}${rest}`);
      return path === null ? [] : [{ role: 'provides', method: method.toUpperCase(), path, index }];
    })),
  );

/** `/users/:id`, `/users/{id}`, `/users/<int:id>` and `${base}/users/${id}` are all `/users/{}`. Null when no path is left. */
export function httpPath(literal: string): string | null {
  const path = literal.replace(/^https?:\/\/[^/]*/, '').replace(/^(?:\$?\{[^}]*\}|\$\w+)(?=\/)/, '').replace(/[?#].*$/, '');
  const plain = path.replace(/\$\{[^}]*\}|\{[^}]*\}|<[^>]*>|%[sdv]|\$\w+/g, '{}').replace(/:\w+(?:\([^)]*\))?\??/g, '{}').replace(/\/+$/, '');
  return /^\/[\w\-.~/{}*@]*$/.test(plain) && plain.length > 1 && !/\.(?:[cm]?[jt]sx?|css|html?|png|svg|md)$/.test(plain) ? plain : null;
}

/** The method that a call's name says, else one that its options state before the call ends. */
function methodOf(name: string | undefined, { before, after }: { before: string; after: string }): string {
  const known = /get|post|put|patch|delete|del|head|options/i.exec(name ?? '')?.[0].replace(/^del$/i, 'delete');
  const options = /^[\s\S]*?(?=;|\)[ \t]*(?:\n|$)|\n\s*\n|$)/.exec(after)?.[0] ?? '';
  const chained = /^resource$|^handle/i.test(name ?? '') ? /\bweb::(get|post|put|patch|delete)\(\)|\.Methods\(\s*(?:["']|http\.Method)(\w+)/.exec(options) : null;
  const stated = chained?.[1] ?? chained?.[2] ?? /\bmethods?\s*[:=]\s*[[{]?\s*(?:["']|RequestMethod\.)(\w+)/i.exec(`${before.slice(before.lastIndexOf('{') + 1)} ${options}`)?.[1];
  return (known ?? stated ?? (/^(?:fetch|request|urlopen)$/i.test(name ?? '') ? 'get' : 'any')).toUpperCase();
}
