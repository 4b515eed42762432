// Routes come from the published description: an operation is served when the description's slice and the handlers both have it.
import { brokenError } from '../../domain/errors.ts';
import { NEEDS } from './permissions.ts';
import type { Need } from './permissions.ts';
import type { Description, Operation } from './published.ts';
import type { Reply } from './reply.ts';
import type { Call } from './world.ts';

export type Handler = (call: Call) => Reply | Promise<Reply>;
export type Handlers = Readonly<Record<string, Handler>>;

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly operation: Operation;
  readonly need: Need;
  readonly handle: Handler;
}

/** Parameters whose value may hold slashes, wherever they stand. */
const SLASHED = new Set(['ref', 'path', 'branch']);

function compilePath(path: string): { pattern: RegExp; names: string[] } {
  const names: string[] = [];
  const source = path.replaceAll('.', '\\.').replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    names.push(name);
    return SLASHED.has(name) ? '(.+)' : '([^/]+)';
  });
  return { pattern: new RegExp(`^${source}$`), names };
}

/** The routes, literal paths before patterns. Throws `route-table` when description, handlers and permissions disagree. */
export function compileRoutes(description: Description, handlers: Handlers): Route[] {
  const routes: Route[] = [];
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const handle = handlers[operation.operationId];
      const need = NEEDS[operation.operationId];
      if (handle === undefined || need === undefined) throw brokenError('route-table', `The operation ${operation.operationId} lacks a handler or a permission.`);
      routes.push({ method: method.toUpperCase(), ...compilePath(path), operation, need, handle });
    }
  }
  const served = new Set(routes.map((route) => route.operation.operationId));
  const stray = Object.keys(handlers).find((id) => !served.has(id));
  if (stray !== undefined) throw brokenError('route-table', `The handler ${stray} is not in the published slice.`);
  // Longer patterns first: `commits/{ref}/status` must win over `commits/{ref}`, whose ref may hold slashes.
  return routes.toSorted((a, b) => b.pattern.source.length - a.pattern.source.length);
}

export type Match = { readonly route: Route; readonly params: Record<string, string> };

export function matchRoute(routes: readonly Route[], method: string, path: string): Match | null {
  for (const route of routes) {
    if (route.method !== method) continue;
    const found = route.pattern.exec(path);
    if (found === null) continue;
    try {
      return { route, params: Object.fromEntries(route.names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')])) };
    } catch {
      return null;
    }
  }
  return null;
}
