export interface Page<Item> {
  readonly items: readonly Item[];
  readonly number: number;
  readonly of: number;
}

/** Page `number` (from 1) of the items, `size` items a page. There is always at least one page. */
export function pageOf<Item>(items: readonly Item[], number: number, size: number): Page<Item> {
  const of = Math.floor(items.length / size) + 1;
  const wanted = Math.min(Math.max(number, 1), of);
  return { items: items.slice((wanted - 1) * size, wanted * size), number: wanted, of };
}
