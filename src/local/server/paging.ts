import type { Call } from './world.ts';
import type { Reply } from './reply.ts';

/** One page of `items` by `per_page` (30, at most 100) and `page`, with GitHub's `Link` header. `wrap` gives the body. */
export function pageOf<T>(call: Call, items: readonly T[], wrap: (page: readonly T[]) => unknown = (page) => page): Reply {
  const size = Math.min(100, Math.max(1, Number(call.query.get('per_page') ?? 30) || 30));
  const page = Math.max(1, Number(call.query.get('page') ?? 1) || 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (target: number, rel: string): string => {
    const url = new URL(call.url);
    url.searchParams.set('page', String(target));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [...(page > 1 ? [link(page - 1, 'prev')] : []), ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []), ...(page > 1 ? [link(1, 'first')] : [])];
  return { status: 200, body: wrap(items.slice((page - 1) * size, page * size)), ...(links.length > 0 ? { headers: { link: links.join(', ') } } : {}) };
}
