import type { ContextFile } from '../domain/context.ts';
import type { ImportGraph } from './graph.ts';
import { byCodeUnit } from './order.ts';
import type { QueryTerms } from './query.ts';
import { FIELDS, inPath, isInName, isInSymbol, type FieldCounts } from './rank-counts.ts';
import { createMentions } from './rank-named.ts';
import { priorOf } from './rank-prior.ts';
import type { RankWeights } from './rank-weights.ts';

export const WORDS_SHOWN = 4;
/** What speaks for each file by itself, by its number. */
export interface Scores {
  readonly own: Float64Array;
  /** 1 for a file that the issue names. */
  readonly named: Uint8Array;
  /** The terms that say most, `WORDS_SHOWN` for each file; -1 for none. */
  readonly terms: Int16Array;
}

/** BM25F over names, folders, symbols and text, times what kind of file it is. */
export function scoreFiles(files: readonly ContextFile[], counts: FieldCounts, options: { query: QueryTerms; graph: ImportGraph; weights: RankWeights }): Scores {
  const { query, graph, weights } = options;
  const scores: Scores = { own: new Float64Array(files.length), named: new Uint8Array(files.length), terms: new Int16Array(files.length * WORDS_SHOWN).fill(-1) };
  const scale = scaleOf(counts, query, weights);
  const prior = priorOf(query, weights);
  const mentionOf = createMentions(files.map(({ path }) => path), query);
  for (const number of counts.ranked) {
    const file = files[number];
    if (file === undefined) continue;
    const { own, best } = scoreOf(file.path, scale, (take) => counts.visit(number, take), (field) => counts.lengthOf(number, field));
    const importers = graph.importersOf(number).length;
    const raised = own === 0 ? 0 : own + weights.imported * Math.log(1 + importers) + weights.length * Math.log(1 + counts.lengthOf(number, FIELDS.length - 1));
    const mention = mentionOf(file.path);
    // One of many files named `index.ts` is not meant more than another.
    const byPart = mention?.kind === 'part' ? weights.namedFile / mention.files : 0;
    scores.own[number] = (raised + byPart) * prior(file) + (mention?.kind === 'path' ? weights.namedPath : 0);
    scores.named[number] = mention === null ? 0 : 1;
    scores.terms.set(best, number * WORDS_SHOWN);
  }
  return scores;
}

interface Scale {
  readonly query: QueryTerms;
  readonly weights: RankWeights;
  /** By term: how rare it is in files, and among the words of paths alone; how much it counts. */
  readonly idf: Float64Array;
  readonly pathIdf: Float64Array;
  readonly termWeights: readonly number[];
  /** By field: the mean of its length. */
  readonly mean: readonly number[];
}

function scaleOf(counts: FieldCounts, query: QueryTerms, weights: RankWeights): Scale {
  const total = counts.ranked.length;
  const files = new Uint32Array(query.terms.length);
  const paths = new Uint32Array(query.terms.length);
  const lengths = FIELDS.map(() => 0);
  for (const number of counts.ranked) {
    for (const field of FIELDS.keys()) lengths[field] = (lengths[field] ?? 0) + counts.lengthOf(number, field);
    counts.visit(number, (term, each) => {
      files[term] = (files[term] ?? 0) + 1;
      if (inPath(each)) paths[term] = (paths[term] ?? 0) + 1;
    });
  }
  const rarity = (count: number): number => (count === 0 ? 0 : Math.log(1 + (total - count + 0.5) / (count + 0.5)));
  return { query, weights, idf: Float64Array.from(files, rarity), pathIdf: Float64Array.from(paths, rarity), termWeights: query.weigh(weights), mean: lengths.map((length) => Math.max(1, length / Math.max(1, total))) };
}

interface Part {
  readonly term: number;
  readonly part: number;
}

function scoreOf(path: string, scale: Scale, visit: (take: (term: number, counts: Uint32Array) => void) => void, lengthOf: (field: number) => number): { own: number; best: number[] } {
  const { query, weights, idf, pathIdf, termWeights, mean } = scale;
  const parts: Part[] = [];
  const inItsPath = new Set<number>();
  // Visited in the order of the terms, so that rounding is the same whatever the order of the files.
  visit((term, counts) => {
    if (inPath(counts)) inItsPath.add(term);
    const frequency = FIELDS.reduce((sum, field, index) => {
      const count = counts[index] ?? 0;
      const { weight, b } = weights.fields[field];
      return count === 0 ? sum : sum + (weight * count) / (1 - b + (b * lengthOf(index)) / (mean[index] ?? 1));
    }, 0);
    const placed = (isInName(counts) ? weights.inName * (pathIdf[term] ?? 0) : 0) + (isInSymbol(counts) ? weights.inSymbol * (idf[term] ?? 0) : 0);
    // Two words written as one say less, except in a path.
    const joined = term >= query.plain && !inPath(counts) ? weights.joined : 1;
    parts.push({ term, part: joined * (termWeights[term] ?? 1) * ((idf[term] ?? 0) * (frequency / (weights.k1 + frequency)) + placed) });
  });
  const { begun, pairs } = query.likenessOf(path);
  for (const term of begun) if (!inItsPath.has(term)) parts.push({ term, part: weights.prefix * (idf[term] ?? 0) * (termWeights[term] ?? 1) });
  const paired = pairs.reduce((sum, [left, right]) => sum + weights.pair * Math.min(pathIdf[left] ?? 0, pathIdf[right] ?? 0), 0);
  return { own: parts.reduce((sum, { part }) => sum + part, paired), best: bestOf(parts, query) };
}

/** The terms that say most, each word of the issue once. */
function bestOf(parts: readonly Part[], query: QueryTerms): number[] {
  const { terms } = query;
  const best: number[] = [];
  const words = new Set<string>();
  for (const { term } of parts.toSorted((left, right) => right.part - left.part || byCodeUnit(terms[left.term] ?? '', terms[right.term] ?? ''))) {
    const word = query.wordOf(terms[term] ?? '');
    if (words.has(word)) continue;
    words.add(word);
    best.push(term);
    if (best.length === WORDS_SHOWN) break;
  }
  return best;
}
