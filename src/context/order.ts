/** Orders strings by code unit: the same on every machine, whatever its locale. */
export const byCodeUnit = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Orders objects by one string of each. */
export const byKey =
  <Item>(key: (item: Item) => string) =>
  (left: Item, right: Item): number =>
    byCodeUnit(key(left), key(right));

/** Runs `work` over `items`, a few at a time, and keeps the order of the results. */
export async function mapBounded<Item, Result>(items: readonly Item[], width: number, work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      const item = items[index];
      if (item !== undefined) results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
