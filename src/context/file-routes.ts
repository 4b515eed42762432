import type { ContextFile } from '../domain/context.ts';
import type { HttpUse } from './analyse/outline.ts';

const METHODS = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;

/** Routes that a framework makes of a file's path: Next.js (`app/…/route.ts`, `pages/api`), SvelteKit (`+server.ts`), Nuxt (`server/api/x.get.ts`). */
export function fileRoutesOf({ path, symbols, kind }: ContextFile): HttpUse[] {
  if (kind !== 'source' || !/\.[cm]?[jt]sx?$/.test(path)) return [];
  const exported = symbols.filter(({ name, exported: isExported }) => isExported && METHODS.test(name)).map(({ name, line }) => ({ method: name, line }));
  const app = /(?:^|\/)app\/(.+)\/route\.[jt]sx?$/.exec(path) ?? /(?:^|\/)src\/routes\/(.+)\/\+server\.[jt]s$/.exec(path);
  if (app?.[1] !== undefined) return exported.map(({ method, line }) => ({ role: 'provides', method, path: pathOf(app[1] ?? ''), line }));
  const pages = /(?:^|\/)pages\/(api\/.+?)(?:\/index)?\.[jt]sx?$/.exec(path)?.[1];
  if (pages !== undefined) return [{ role: 'provides', method: 'ANY', path: pathOf(pages), line: 1 }];
  const nuxt = /(?:^|\/)server\/(api\/.+?)(?:\/index)?(?:\.(get|post|put|patch|delete|head|options))?\.[jt]s$/.exec(path);
  return nuxt?.[1] === undefined ? [] : [{ role: 'provides', method: (nuxt[2] ?? 'any').toUpperCase(), path: pathOf(nuxt[1]), line: 1 }];
}

/** `users/[id]/(group)/[...rest]` is `/users/{}/{}`. */
const pathOf = (folders: string): string => `/${folders.split('/').filter((part) => !/^\(.*\)$|^@/.test(part)).map((part) => part.replaceAll(/\[+[^\]]*\]+/g, '{}')).join('/')}`;
