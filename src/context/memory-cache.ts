import type { BlobFacts } from './analyse/analyse-blob.ts';
import type { FactsCache } from './facts-cache.ts';

/** Facts in memory, for a process that reads neighbouring commits. */
export function createMemoryCache(): FactsCache {
  const known = new Map<string, BlobFacts>();
  return {
    load(keys, take) {
      for (const key of keys) {
        const facts = known.get(key);
        if (facts !== undefined) take(key, facts);
      }
      return Promise.resolve();
    },
    save(entries) {
      for (const { key, facts } of entries) known.set(key, facts);
      return Promise.resolve();
    },
  };
}
