import type { BlobFacts } from './analyse/analyse-blob.ts';

/** Keeps facts by blob id and lens between runs. It may forget anything at any time; what it gives is what was put in. */
export interface FactsCache {
  /** Calls `take` for each of `keys` that is known. */
  load(keys: ReadonlySet<string>, take: (key: string, facts: BlobFacts) => void): Promise<void>;
  save(entries: readonly { readonly key: string; readonly facts: BlobFacts }[]): Promise<void>;
}
