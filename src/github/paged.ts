import { outsideError } from '../domain/errors.ts';

const PAGE_SIZE = 100;
const PAGES_MAX = 20;

/** Reads page after page until one is not full. Rejects rather than to leave something out: what is cut off may be what matters. */
export async function readAllPages<T>(doing: string, readPage: (query: string) => Promise<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const items = await readPage(page === 1 ? `per_page=${PAGE_SIZE}` : `per_page=${PAGE_SIZE}&page=${page}`);
    all.push(...items);
    if (items.length < PAGE_SIZE) return all;
  }
  throw outsideError('github-too-many', `GitHub has more than ${PAGE_SIZE * PAGES_MAX} entries when asked to ${doing}. That is more than is read.`);
}
