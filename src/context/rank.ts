import type { RankedFile, RepoFacts } from '../domain/context.ts';
import { keyOf, targetOf, type ImportGraph } from './graph.ts';
import { byCodeUnit } from './order.ts';
import { tokensOf } from './tokens.ts';

/** A word in a path says more than one in a symbol, and that more than one in the text. */
const WEIGHTS = { path: 4, symbol: 3, text: 1 } as const;
const BM25 = { k1: 1.2, b: 0.75 } as const;
/** The share of a neighbour's score that one hop of imports passes on. */
const HOP = 0.3;
const QUERY_TOKENS_MAX = 4_000;

interface Entry {
  readonly key: string;
  readonly length: number;
  /** Weighted frequency of each query word. */
  readonly frequencies: ReadonlyMap<string, number>;
  readonly named: boolean;
}

interface Score {
  readonly own: number;
  readonly words: readonly string[];
  readonly named: boolean;
}

/**
 * Orders all readable files of all repositories for an issue: BM25 over paths, symbols and text, plus one hop of
 * imports. A path that the issue names comes first. Without a query the most imported files lead.
 */
export function rankFiles(repos: readonly RepoFacts[], texts: ReadonlyMap<string, string>, options: { query: string; graph: ImportGraph }): RankedFile[] {
  const query = new Set(tokensOf(options.query).slice(0, QUERY_TOKENS_MAX));
  const named = pathsNamedIn(options.query);
  const entries = repos.flatMap((repo) => repo.files.flatMap((file) => entryOf(repo, file, { text: texts.get(keyOf({ repo: repo.repo, path: file.path })), query, named })));
  const own = query.size === 0 ? byImporters(entries, options.graph) : bm25(entries, query);
  const ranked = entries.map(({ key }) => withNeighbours(key, own, options.graph));
  return ranked.sort((left, right) => right.score - left.score || byCodeUnit(`${left.repo}\0${left.path}`, `${right.repo}\0${right.path}`));
}

/** Every whole word of the query that could be a path. */
const pathsNamedIn = (query: string): ReadonlySet<string> => new Set([...query.matchAll(/[\w@.+-]+(?:\/[\w@.+-]+)*/g)].map(([path]) => path.replace(/\.$/, '')));

function entryOf(repo: RepoFacts, file: RepoFacts['files'][number], known: { text: string | undefined; query: ReadonlySet<string>; named: ReadonlySet<string> }): Entry[] {
  if (known.text === undefined || file.kind === 'lockfile') return [];
  const frequencies = new Map<string, number>();
  let length = 0;
  const count = (tokens: readonly string[], weight: number): void => {
    length += tokens.length * weight;
    for (const token of tokens) if (known.query.has(token)) frequencies.set(token, (frequencies.get(token) ?? 0) + weight);
  };
  count(tokensOf(file.path), WEIGHTS.path);
  count(file.symbols.flatMap((symbol) => tokensOf(symbol.name)), WEIGHTS.symbol);
  count(tokensOf(known.text), WEIGHTS.text);
  return [{ key: keyOf({ repo: repo.repo, path: file.path }), length, frequencies, named: known.named.has(file.path) }];
}

function bm25(entries: readonly Entry[], query: ReadonlySet<string>): Map<string, Score> {
  const average = entries.reduce((sum, entry) => sum + entry.length, 0) / Math.max(1, entries.length);
  const idf = new Map<string, number>();
  for (const word of query) {
    const files = entries.filter((entry) => entry.frequencies.has(word)).length;
    if (files > 0) idf.set(word, Math.log(1 + (entries.length - files + 0.5) / (files + 0.5)));
  }
  return new Map(entries.map((entry) => [entry.key, scoreOf(entry, idf, average)]));
}

function scoreOf(entry: Entry, idf: ReadonlyMap<string, number>, average: number): Score {
  const norm = BM25.k1 * (1 - BM25.b + (BM25.b * entry.length) / Math.max(1, average));
  // Summed in the order of the words, so that rounding is the same whatever the order of the files.
  const parts = [...entry.frequencies].sort(([left], [right]) => byCodeUnit(left, right)).map(([word, frequency]) => ({ word, part: ((idf.get(word) ?? 0) * frequency * (BM25.k1 + 1)) / (frequency + norm) }));
  const words = parts.toSorted((left, right) => right.part - left.part || byCodeUnit(left.word, right.word)).slice(0, 4).map(({ word }) => word);
  return { own: parts.reduce((sum, { part }) => sum + part, entry.named ? 1_000 : 0), words, named: entry.named };
}

function byImporters(entries: readonly Entry[], graph: ImportGraph): Map<string, Score> {
  return new Map(entries.map((entry) => [entry.key, { own: graph.importers.get(entry.key)?.size ?? 0, words: [], named: false }]));
}

function withNeighbours(key: string, scores: ReadonlyMap<string, Score>, graph: ImportGraph): RankedFile {
  const { own, words, named } = scores.get(key) ?? { own: 0, words: [], named: false };
  const neighbours = [...new Set([...(graph.imports.get(key) ?? []), ...(graph.importers.get(key) ?? [])])].sort(byCodeUnit);
  const best = neighbours.reduce<{ key: string; score: number } | null>((found, each) => {
    const score = scores.get(each)?.own ?? 0;
    return score > (found?.score ?? 0) ? { key: each, score } : found;
  }, null);
  const score = Math.round((own + HOP * (best?.score ?? 0)) * 10_000) / 10_000;
  return { ...targetOf(key), score, why: explain({ words, named, own }, best === null ? null : { path: targetOf(best.key).path, imports: graph.imports.get(key)?.has(best.key) === true }) };
}

function explain(score: Score, neighbour: { path: string; imports: boolean } | null): string {
  const reasons = [
    ...(score.named ? ['named in the issue'] : []),
    ...(score.words.length > 0 ? [`matches ${score.words.join(', ')}`] : []),
    ...(score.words.length === 0 && score.own > 0 && !score.named ? [`imported by ${score.own} files`] : []),
    ...(neighbour === null ? [] : [`${neighbour.imports ? 'imports' : 'imported by'} ${neighbour.path}`]),
  ];
  return reasons.length === 0 ? 'nothing in it matches the issue' : reasons.join('; ');
}
