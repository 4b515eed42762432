/** A part of a text whose routes begin with a path, or belong to a router that a name stands for. */
export interface RouteBlock {
  readonly start: number;
  readonly end: number;
  readonly prefix: string;
  /** The variable or function that the routes make up; null for a plain group. */
  readonly router: string | null;
  /** Where the path itself stands. */
  readonly place: number;
}

/** Chi's `r.Route("/x", func(r chi.Router) {`, Ktor's `route("/x") {`, Laravel's `prefix('x')->group(function () {`. The path is the first group that matched. */
const GROUPS: readonly RegExp[] = [
  /\.\s*Route\(\s*"(\/[^"\n]{0,200})"\s*,\s*func\s*\([^)\n]{0,200}\)\s*\{/g,
  /(?:^|[\s{])route\(\s*"(\/?[^"\n]{1,200})"\s*\)\s*\{/g,
  /(?:::|->)prefix\(\s*["'](\/?[^"'\n]{1,200})["']\s*\)[^;{}]{0,300}?group\(\s*(?:static\s+)?function\s*\([^)\n]{0,100}\)\s*(?:use\s*\([^)\n]{0,200}\)\s*)?\{/g,
  /\bRoute::group\(\s*\[[^\]\n]{0,200}["']prefix["']\s*=>\s*["'](\/?[^"'\n]{1,200})["'][^\]]{0,300}\]\s*,\s*(?:static\s+)?function\s*\([^)\n]{0,100}\)\s*\{/g,
];
const SCOPE = /\bweb::scope\(\s*"(\/?[^"\n]{0,200})"\s*\)/g;
/** Routers that a variable holds, or that a function returns. */
const ROUTERS: readonly RegExp[] = [/\blet\s+(?:mut\s+)?(\w+)[^=;\n]{0,100}=\s*(?:\w+::)*Router(?:::<[^>\n]{0,100}>)?::new\(\)/g, /\bfn\s+(\w+)\s*(?:<[^>\n]{0,100}>)?\([^)]{0,300}\)\s*->\s*(?:\w+::)*Router\b[^{;\n]{0,100}\{/g];
/** Of each kind in one file; characters of one block. */
const [MATCHES_MAX, BLOCK_MAX] = [200, 100_000];

export function routeBlocksOf(text: string): RouteBlock[] {
  const found: RouteBlock[] = [];
  const add = (match: RegExpExecArray, [open, close]: readonly [string, string], named: boolean): void => {
    const start = match.index + match[0].length;
    const [whole, name = ''] = match;
    found.push({ start: named ? match.index : start, end: endOf(text, start, [open, close]), prefix: named ? '' : asPath(name), router: named ? name : null, place: named ? -1 : match.index + whole.indexOf(name) - 1 });
  };
  for (const pattern of GROUPS) for (const match of text.matchAll(pattern).take(MATCHES_MAX)) add(match, ['{', '}'], false);
  for (const match of text.includes('web::scope') ? text.matchAll(SCOPE).take(MATCHES_MAX) : []) add(match, ['(', ')'], false);
  for (const [index, pattern] of (text.includes('Router') ? ROUTERS : []).entries()) for (const match of text.matchAll(pattern).take(MATCHES_MAX)) add(match, index === 0 ? ['(', ')'] : ['{', '}'], true);
  return found.sort((left, right) => left.start - right.start);
}

const asPath = (path: string): string => (path.replace(/^\/+|\/+$/g, '') === '' ? '' : `/${path.replace(/^\/+|\/+$/g, '')}`);

/** Where what is open at `start` ends. Braces in paths come in pairs, so that strings need no reading; a statement's end closes what parentheses hold open. */
function endOf(text: string, start: number, [open, close]: readonly [string, string]): number {
  const last = Math.min(text.length, start + BLOCK_MAX);
  let depth = 0;
  for (let at = start; at < last; at++) {
    const character = text[at];
    if (character === open) depth += 1;
    else if (character === close && --depth < 0) return at;
    else if (character === ';' && depth === 0 && open === '(') return at;
  }
  return last;
}
