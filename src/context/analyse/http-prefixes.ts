import { routeBlocksOf, type RouteBlock } from './http-blocks.ts';
import type { HttpUse } from './outline.ts';

/** What stands before the paths of a file's routes: groups by their variable, classes by where they begin, and what it mounts from elsewhere. */
export interface RoutePrefixes {
  /** The prefix of a router or group that a variable holds. */
  of(variable: string): string;
  /** The prefix of the class around a place; null outside of any. */
  at(index: number): string | null;
  /** What the groups around a place begin with, and the router that it is part of. */
  within(index: number): string;
  /** True for the place of a path that is itself a prefix. */
  isPrefix(index: number): boolean;
  readonly mounts: readonly (Omit<HttpUse, 'line'> & { readonly index: number })[];
}

const GROUP = /\b(\w+)\s*:?=\s*(\w+)\s*\.\s*(?:Group|MapGroup|group)\(\s*(["'`])(\/?[^"'`\n]{0,200})\3/g;
const BASE_PATH = /\b(\w+)\s*=\s*new\s+(?:Hono(?:<[^>\n]{0,100}>)?\([^)\n]{0,100}\)\s*\.\s*basePath\(\s*|\w*Router\(\s*\{[^}\n]{0,200}\bprefix\s*:\s*)(["'`])([^"'`\n]{0,200})\2/g;
const SUBROUTER = /\b(\w+)\s*:?=\s*(\w+)\s*\.\s*PathPrefix\(\s*(")([^"\n]{0,200})"\s*\)\s*\.\s*Subrouter\(/g;
const NEST = /\.\s*nest(?:_service)?\(\s*"(\/[^"\n]{0,200})"\s*,\s*((?:\w+::)*\w+)/g;
const PYTHON_ROUTER = /\b(\w+)\s*=\s*(?:\w+\.)?(?:APIRouter|Blueprint)\(([^)]{0,400})\)/g;
const PREFIX_ARGUMENT = /(?:url_)?prefix\s*[=:]\s*(["'`])([^"'`\n]{0,200})\1/;
const CLASS = /(?:@RequestMapping|@Controller|@Path|\[Route)\(\s*(?:(?:value|path)\s*=\s*)?\{?\s*(["'`])([^"'`\n]{0,200})\1[^\n]{0,200}\n(?:[ \t]*[@[][^\n]{0,300}\n){0,10}[ \t]*(?:(?:export|default|public|final|abstract|sealed|partial|open|internal)\s+){0,5}class\s+(\w+)/g;
const MOUNT = /\b(\w+)\s*\.\s*(?:use|register|route|mount)\(\s*(["'`])(\/[^"'`\n]{0,200})\2\s*,\s*(?:require\(\s*["'`]([^"'`\n]{1,200})["'`]\s*\)|(\w+))\s*\)/g;
const REGISTER = /\.\s*(?:register|include_router|register_blueprint)\(\s*([\w.]+)\s*,([^)]{0,200})\)/g;
const DJANGO = /\bpath\(\s*r?(["'])([^"'\n]{0,200})\1\s*,\s*include\(\s*["']([\w.]{1,200})["']/g;
const IMPORTED = /\bimport\s+(\w+)\s+from\s*["']([^"'\n]{1,300})["']|\b(?:const|let|var)\s+(\w+)\s*=\s*require\(\s*["']([^"'\n]{1,300})["']/g;
const DEPTH_MAX = 6;
/** Of each kind in one file. */
const MATCHES_MAX = 200;

const NONE: RoutePrefixes = { of: () => '', at: () => null, within: () => '', isPrefix: () => false, mounts: [] };

/** `api` and `/api/` are `/api`; nothing stays nothing. */
export const asPrefix = (path: string): string => (path.replace(/^\/+|\/+$/g, '') === '' ? '' : `/${path.replace(/^\/+|\/+$/g, '')}`);

/** What a text has that has one of them, and the name that is called there. */
interface Sign {
  readonly sign: string;
  readonly name: string;
}
const signs = (...all: readonly string[]): readonly Sign[] => all.map((sign) => ({ sign, name: /(\w+)\W*$/.exec(sign)?.[1] ?? sign }));
const GROUPS = signs('Group(', '.group(', 'PathPrefix(', 'basePath(', 'Router(');
const BLOCKS = signs('.Route(', 'route("', 'prefix(', 'Route::group', 'web::scope', 'Router::new');
const ROUTERS = signs('APIRouter(', 'Blueprint(');
const CLASSES = signs('@RequestMapping(', '@Controller(', '@Path(', '[Route(');
const MOUNTS = signs('.use(', '.route(', '.mount(', '.nest', '.register(', '.include_router(', '.register_blueprint(', 'include(');

/** `calls`: what is called in the text, where somebody has looked; null to look for it. */
export function routePrefixesOf(text: string, calls: ((name: string) => boolean) | null): RoutePrefixes {
  // Most files have none of them, and to see that is all the time this may take.
  const has = (signs: readonly Sign[]): boolean => signs.some(({ sign, name }) => (calls === null ? text.includes(sign) : calls(name)));
  const isThere = { groups: has(GROUPS), blocks: has(BLOCKS), routers: has(ROUTERS), classes: has(CLASSES), mounts: has(MOUNTS) };
  if (!isThere.groups && !isThere.blocks && !isThere.routers && !isThere.classes && !isThere.mounts) return NONE;
  const byVariable = new Map<string, { prefix: string; on: string }>();
  const places = new Set<number>();
  for (const match of isThere.groups ? [...text.matchAll(GROUP).take(MATCHES_MAX), ...text.matchAll(SUBROUTER).take(MATCHES_MAX)] : []) {
    const [whole, variable = '', on = '', , path = ''] = match;
    byVariable.set(variable, { prefix: asPrefix(path), on });
    places.add(whole.endsWith('(') ? match.index + whole.indexOf('"') : match.index + whole.length - path.length - 2);
  }
  for (const [, variable = '', , path = ''] of isThere.groups ? text.matchAll(BASE_PATH).take(MATCHES_MAX) : []) byVariable.set(variable, { prefix: asPrefix(path), on: '' });
  const blocks = isThere.blocks ? routeBlocksOf(text) : [];
  for (const { place } of blocks) places.add(place);
  for (const [, variable = '', given = ''] of isThere.routers ? text.matchAll(PYTHON_ROUTER).take(MATCHES_MAX) : []) byVariable.set(variable, { prefix: asPrefix(PREFIX_ARGUMENT.exec(given)?.[2] ?? ''), on: '' });
  const mounts = isThere.mounts ? mountsOf(text, byVariable, { blocks, places }) : [];
  const classes = (isThere.classes ? [...text.matchAll(CLASS).take(MATCHES_MAX)] : []).map((match) => {
    const [, , path = '', name = ''] = match;
    places.add(match.index + match[0].indexOf(path) - 1);
    // ASP.NET fills in the class's own name.
    return { index: match.index, prefix: asPrefix(path.replace(/\[controller\]/i, name.replace(/Controller$/, ''))) };
  });
  const of = (variable: string, depth = 0): string => {
    const known = byVariable.get(variable);
    return known === undefined || depth > DEPTH_MAX ? '' : of(known.on, depth + 1) + known.prefix;
  };
  const within = (index: number): string => blocks.filter((each) => each.start <= index && index < each.end).map(({ prefix, router }) => (router === null ? prefix : of(router))).join('');
  return { of: (variable) => of(variable), within, at: (index) => classes.findLast((each) => each.index < index)?.prefix ?? null, isPrefix: (index) => places.has(index), mounts };
}

const MOUNTS_HERE = /\.\s*(?:use|register|route|mount|nest|nest_service)\(\s*["'`]\/|(?:register|include_router|register_blueprint)\([^)\n]{0,200}prefix|path\([^)\n]{0,220}include\(/;

/** A router of this file that is mounted here gets its prefix; one from elsewhere is named, with the import that it came by. */
function mountsOf(text: string, byVariable: Map<string, { prefix: string; on: string }>, { blocks, places }: { blocks: readonly RouteBlock[]; places: Set<number> }): { role: 'mounts'; method: string; path: string; index: number }[] {
  if (!MOUNTS_HERE.test(text)) return [];
  const imported = new Map([...text.matchAll(IMPORTED).take(MATCHES_MAX)].map(([, name, from, other, required]) => [name ?? other ?? '', from ?? required ?? ''] as const));
  const found: { role: 'mounts'; method: string; path: string; index: number }[] = [];
  const mount = (index: number, { on, name, path }: { on: string; name: string; path: string }): void => {
    const from = imported.get(name);
    if (from === undefined && !name.includes('.') && isLocal(text, name)) byVariable.set(name, { prefix: asPrefix(path) + (byVariable.get(name)?.prefix ?? ''), on });
    else if (path !== '') found.push({ role: 'mounts', method: from ?? name.replace(/\.\w*$/, ''), path, index });
  };
  for (const { 0: whole, 1: on = '', 3: path = '', 4: required, 5: name = '', index } of text.matchAll(MOUNT).take(MATCHES_MAX)) {
    places.add(index + whole.indexOf(path) - 1);
    if (required !== undefined) found.push({ role: 'mounts', method: required, path: asPrefix(path), index });
    else mount(index, { on, name, path: asPrefix(path) });
  }
  for (const { 1: path = '', 2: router = '', index } of text.matchAll(NEST).take(MATCHES_MAX)) {
    const on = blocks.findLast((each) => each.router !== null && each.start <= index && index < each.end)?.router ?? '';
    mount(index, { on, name: router.includes('::') ? `${router.replace(/::\w+$/, '').replace(/^.*::/, '')}.` : router, path: asPrefix(path) });
  }
  for (const { 1: name = '', 2: given = '', index } of text.matchAll(REGISTER).take(MATCHES_MAX)) {
    const path = asPrefix(PREFIX_ARGUMENT.exec(given)?.[2] ?? '');
    if (path !== '') mount(index, { on: '', name, path });
  }
  for (const { 2: path = '', 3: module = '', index } of text.matchAll(DJANGO).take(MATCHES_MAX)) if (asPrefix(path) !== '') found.push({ role: 'mounts', method: module, path: asPrefix(path), index });
  return found;
}

const isLocal = (text: string, name: string): boolean => new RegExp(String.raw`\b${name}\s*=\s*[^=]|\b(?:function|fn)\s+${name}\b`).test(text);
