import type { BlobFacts } from './analyse-blob.ts';
import { packOutline, unpackOutline } from './outline.ts';

/** Facts of many blobs in a few buffers: cheap to hand to another thread and to write to a file. */
export interface FactsBatch {
  /** A JSON list of packed outlines. */
  readonly outlines: string;
  /** Words of each text. */
  readonly lengths: Uint32Array;
  /** Where each blob's terms end in `hashes` and `counts`. */
  readonly ends: Uint32Array;
  readonly hashes: Uint32Array;
  readonly counts: Uint8Array;
}

export function packBatch(facts: readonly BlobFacts[]): FactsBatch {
  const ends = new Uint32Array(facts.length);
  let total = 0;
  for (const [index, { terms }] of facts.entries()) ends[index] = total += terms.hashes.length;
  const hashes = new Uint32Array(total);
  const counts = new Uint8Array(total);
  for (const [index, { terms }] of facts.entries()) {
    const start = (ends[index] ?? 0) - terms.hashes.length;
    hashes.set(terms.hashes, start);
    counts.set(terms.counts, start);
  }
  return { outlines: `[${facts.map(({ outline }) => packOutline(outline)).join(',')}]`, lengths: Uint32Array.from(facts, ({ terms }) => terms.length), ends, hashes, counts };
}

/** The facts again. Their terms are views of the batch: what keeps one keeps all. Throws when the parts do not fit together. */
export function unpackBatch({ outlines, lengths, ends, hashes, counts }: FactsBatch): BlobFacts[] {
  const packed: unknown = JSON.parse(outlines);
  if (!Array.isArray(packed) || packed.length !== lengths.length || packed.length !== ends.length || hashes.length !== counts.length || (ends.at(-1) ?? 0) !== hashes.length) {
    throw new TypeError('the parts of a batch do not fit together');
  }
  return packed.map((outline: unknown, index) => {
    const start = index === 0 ? 0 : (ends[index - 1] ?? 0);
    const end = ends[index] ?? start;
    return { outline: unpackOutline(outline), terms: { length: lengths[index] ?? 0, hashes: hashes.subarray(start, end), counts: counts.subarray(start, end) } };
  });
}
