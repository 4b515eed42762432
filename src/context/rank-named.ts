import { baseName } from './languages.ts';
import type { QueryTerms } from './query.ts';

/** How an issue names a file: by its path, or in another way that `files` files share: its name, the end of its path, a name of its module (`Shop::Cart`, `shop.cart`). */
export type Mention = { readonly kind: 'path' } | { readonly kind: 'part'; readonly files: number } | null;

const SEGMENTS_MAX = 3;

/** Finds out how the issue names each of `paths`. */
export function createMentions(paths: readonly string[], { named, qualified }: QueryTerms): (path: string) => Mention {
  const counts = new Map<string, number>();
  const namesOf = (path: string): string[] => [baseName(path), ...(qualified.size === 0 ? [] : endingsOf(path))].filter((name, index) => (index === 0 ? name.includes('.') && named.has(name) : qualified.has(name)));
  for (const path of paths) for (const name of namesOf(path)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return (path) => {
    if (named.has(path)) return { kind: 'path' };
    const shared = namesOf(path).map((name) => counts.get(name) ?? 1);
    return shared.length === 0 ? null : { kind: 'part', files: Math.min(...shared) };
  };
}

/** The last two and three segments of a path without its extension, as `qualifiedIn` writes them. */
function endingsOf(path: string): string[] {
  const segments = path.replace(/\.\w+$/, '').split('/').slice(-SEGMENTS_MAX).map(plain);
  return [2, SEGMENTS_MAX].flatMap((length) => (segments.length < length ? [] : [segments.slice(-length).join('/')]));
}

/** Names of several parts in a text (`RuboCop::Server.start`, `app/models/user.rb`), every two and three neighbouring parts of each. */
export function qualifiedIn(text: string): ReadonlySet<string> {
  const names = [...text.matchAll(/[A-Za-z_][\w-]{0,60}(?:(?:::|[\\./#])[A-Za-z_][\w-]{0,60}){1,9}/g)].map(([name]) => name.split(/::|[\\./#]/).map(plain));
  return new Set(names.flatMap((parts) => parts.flatMap((_, start) => [2, SEGMENTS_MAX].flatMap((length) => (start + length > parts.length ? [] : [parts.slice(start, start + length).join('/')])))));
}

const plain = (segment: string): string => segment.toLowerCase().replace(/[-_]/g, '');
