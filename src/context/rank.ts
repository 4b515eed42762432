import type { ContextFile, RankedFile, RepoFacts } from '../domain/context.ts';
import { keyOf, targetOf, type ImportGraph } from './graph.ts';
import { baseName } from './languages.ts';
import { byCodeUnit } from './order.ts';
import type { PathLikeness, QueryTerms } from './query.ts';
import { priorOf } from './rank-prior.ts';
import { pairTests } from './rank-tests.ts';
import { RANK_WEIGHTS, type RankWeights } from './rank-weights.ts';
import type { WordCounts } from './read-files.ts';

type Field = keyof RankWeights['fields'];
const NOBODY: ReadonlyMap<string, readonly string[]> = new Map();
const FIELD_NAMES = ['name', 'folder', 'symbol', 'text'] as const satisfies readonly Field[];

interface Entry {
  readonly key: string;
  readonly file: ContextFile;
  readonly lengths: Readonly<Record<Field, number>>;
  /** By the query's term: how often in each field. */
  readonly counts: ReadonlyMap<number, Record<Field, number>>;
  readonly likeness: PathLikeness;
  readonly named: 'path' | 'file' | null;
}

interface Score {
  readonly own: number;
  readonly words: readonly string[];
  readonly named: Entry['named'];
}

/**
 * Orders all readable files of all repositories for an issue: BM25F over names, folders, symbols and text, times what kind of
 * file it is, plus one hop of imports and a share of its tests'. A path that the issue names comes first. Without a query the most imported files lead.
 */
export function rankFiles(repos: readonly RepoFacts[], words: ReadonlyMap<string, WordCounts>, options: { query: QueryTerms; graph: ImportGraph; weights?: RankWeights }): RankedFile[] {
  const { query, graph, weights = RANK_WEIGHTS } = options;
  const entries = repos.flatMap((repo) => repo.files.flatMap((file) => entryOf(keyOf({ repo: repo.repo, path: file.path }), file, { words, query })));
  const scores = query.terms.length === 0 ? byImporters(entries, graph) : bm25f(entries, { query, graph, weights });
  const testsOf = query.terms.length === 0 ? NOBODY : pairTests(entries);
  const ranked = entries.map(({ key }) => withNeighbours(key, scores, { graph, testsOf, weights }));
  return ranked.sort((left, right) => right.score - left.score || byCodeUnit(left.repo, right.repo) || byCodeUnit(left.path, right.path));
}

function entryOf(key: string, file: ContextFile, { words, query }: { words: ReadonlyMap<string, WordCounts>; query: QueryTerms }): Entry[] {
  const text = words.get(key);
  if (text === undefined || file.kind === 'lockfile') return [];
  const counts = new Map<number, Record<Field, number>>();
  const add = (term: number, field: Field, count: number): void => {
    const each = counts.get(term) ?? { name: 0, folder: 0, symbol: 0, text: 0 };
    each[field] += count;
    counts.set(term, each);
  };
  for (let index = 0; index < text.matches.length; index += 2) add(text.matches[index] ?? 0, 'text', text.matches[index + 1] ?? 0);
  const lengths = { name: 0, folder: 0, symbol: 0, text: text.length };
  const countAll = (field: Field, source: string): void => {
    for (const token of query.tokensIn(source)) {
      lengths[field] += 1;
      if (token >= 0) add(token, field, 1);
    }
  };
  const name = baseName(file.path);
  countAll('name', name);
  countAll('folder', file.path.slice(0, -name.length));
  for (const symbol of file.symbols) countAll('symbol', symbol.name);
  return [{ key, file, lengths, counts, likeness: query.likenessOf(file.path), named: query.named.has(file.path) ? 'path' : name.includes('.') && query.named.has(name) ? 'file' : null }];
}

function bm25f(entries: readonly Entry[], { query, graph, weights }: { query: QueryTerms; graph: ImportGraph; weights: RankWeights }): Map<string, Score> {
  const mean = Object.fromEntries(FIELD_NAMES.map((field) => [field, Math.max(1, entries.reduce((sum, { lengths }) => sum + lengths[field], 0) / Math.max(1, entries.length))]));
  const files = new Map<number, number>();
  const paths = new Map<number, number>();
  for (const { counts } of entries) {
    for (const [term, { name, folder }] of counts) {
      files.set(term, (files.get(term) ?? 0) + 1);
      if (name + folder > 0) paths.set(term, (paths.get(term) ?? 0) + 1);
    }
  }
  const rarity = (count: number): number => Math.log(1 + (entries.length - count + 0.5) / (count + 0.5));
  const idf = new Map([...files].map(([term, count]) => [term, rarity(count)]));
  const pathIdf = new Map([...paths].map(([term, count]) => [term, rarity(count)]));
  const prior = priorOf(query, weights);
  const termWeights = query.weigh(weights);
  return new Map(entries.map((entry) => {
    const { own, words } = scoreOf(entry, { idf, pathIdf, mean, query, termWeights, weights });
    const importers = graph.importers.get(entry.key)?.size ?? 0;
    const raised = own === 0 ? 0 : own + weights.imported * Math.log(1 + importers) + weights.length * Math.log(1 + entry.lengths.text);
    const named = entry.named === 'path' ? weights.namedPath : entry.named === 'file' ? weights.namedFile : 0;
    return [entry.key, { own: raised * prior(entry.file) + named, words, named: entry.named }];
  }));
}

interface Scale {
  readonly idf: ReadonlyMap<number, number>;
  /** The same among the words of paths alone. */
  readonly pathIdf: ReadonlyMap<number, number>;
  readonly mean: Readonly<Record<string, number>>;
  readonly query: QueryTerms;
  readonly termWeights: readonly number[];
  readonly weights: RankWeights;
}

function scoreOf({ counts, lengths, likeness }: Entry, { idf, pathIdf, mean, query, termWeights, weights }: Scale): { own: number; words: string[] } {
  // Summed in the order of the terms, so that rounding is the same whatever the order of the files.
  const parts = [...counts].sort(([left], [right]) => left - right).map(([term, fields]) => {
    const frequency = FIELD_NAMES.reduce((sum, field) => {
      const { weight, b } = weights.fields[field];
      return fields[field] === 0 ? sum : sum + (weight * fields[field]) / (1 - b + (b * lengths[field]) / (mean[field] ?? 1));
    }, 0);
    return { term: query.terms[term] ?? '', part: (idf.get(term) ?? 0) * (termWeights[term] ?? 1) * (frequency / (weights.k1 + frequency)) };
  });
  const begun = likeness.begun.flatMap((term) => (inPath(counts.get(term)) ? [] : [{ term: query.terms[term] ?? '', part: weights.prefix * (idf.get(term) ?? 0) * (termWeights[term] ?? 1) }]));
  const paired = likeness.pairs.reduce((sum, [left, right]) => sum + weights.pair * Math.min(pathIdf.get(left) ?? 0, pathIdf.get(right) ?? 0), 0);
  const all = [...parts, ...begun];
  const best = all.toSorted((left, right) => right.part - left.part || byCodeUnit(left.term, right.term));
  return { own: all.reduce((sum, { part }) => sum + part, paired), words: [...new Set(best.map(({ term }) => query.wordOf(term)))].slice(0, 4) };
}

const inPath = (fields: Record<Field, number> | undefined): boolean => fields !== undefined && fields.name + fields.folder > 0;

function byImporters(entries: readonly Entry[], graph: ImportGraph): Map<string, Score> {
  return new Map(entries.map((entry) => [entry.key, { own: graph.importers.get(entry.key)?.size ?? 0, words: [], named: null }]));
}

function withNeighbours(key: string, scores: ReadonlyMap<string, Score>, { graph, testsOf, weights }: { graph: ImportGraph; testsOf: ReadonlyMap<string, readonly string[]>; weights: RankWeights }): RankedFile {
  const { own, words, named } = scores.get(key) ?? { own: 0, words: [], named: null };
  let best: { key: string; score: number } | null = null;
  for (const neighbours of [graph.imports.get(key), graph.importers.get(key)]) {
    for (const each of neighbours ?? []) {
      // A path that the issue names makes its neighbours no likelier than a good match does.
      const score = Math.min(scores.get(each)?.own ?? 0, weights.namedFile);
      if (score > (best?.score ?? 0) || (best !== null && score === best.score && each < best.key)) best = { key: each, score };
    }
  }
  const tested = (testsOf.get(key) ?? []).reduce((most, each) => Math.max(most, Math.min(scores.get(each)?.own ?? 0, weights.namedFile)), 0);
  const score = Math.round((own + weights.hop * (best?.score ?? 0) + weights.tested * tested) * 10_000) / 10_000;
  return { ...targetOf(key), score, why: explain({ words, named, own }, best === null ? null : { path: targetOf(best.key).path, imports: graph.imports.get(key)?.has(best.key) === true }) };
}

function explain(score: Score, neighbour: { path: string; imports: boolean } | null): string {
  const reasons = [
    ...(score.named !== null ? ['named in the issue'] : []),
    ...(score.words.length > 0 ? [`matches ${score.words.join(', ')}`] : []),
    ...(score.words.length === 0 && score.own > 0 && score.named === null ? [`imported by ${score.own} files`] : []),
    ...(neighbour === null ? [] : [`${neighbour.imports ? 'imports' : 'imported by'} ${neighbour.path}`]),
  ];
  return reasons.length === 0 ? 'nothing in it matches the issue' : reasons.join('; ');
}
