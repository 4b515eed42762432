import type { RankedFile, RepoFacts } from '../domain/context.ts';
import type { ImportGraph } from './graph.ts';
import { byCodeUnit } from './order.ts';
import type { QueryTerms } from './query.ts';
import { countFields } from './rank-counts.ts';
import { scoreFiles, WORDS_SHOWN, type Scores } from './rank-score.ts';
import { pairTests } from './rank-tests.ts';
import { RANK_WEIGHTS, type RankWeights } from './rank-weights.ts';
import type { WordCounts } from './read-files.ts';

interface Ranking {
  readonly query: QueryTerms;
  readonly graph: ImportGraph;
  readonly weights: RankWeights;
  readonly scores: Scores;
  readonly testsOf: ReadonlyMap<number, readonly number[]>;
}

/**
 * Orders all readable files of all repositories for an issue: what each says by itself, plus one hop of imports and a share of its tests'. A
 * path that the issue names comes first. Without a query the most imported files lead. `words` goes by the graph's numbers.
 */
export function rankFiles(repos: readonly RepoFacts[], words: readonly (WordCounts | null)[], options: { query: QueryTerms; graph: ImportGraph; weights?: RankWeights }): RankedFile[] {
  const { query, graph, weights = RANK_WEIGHTS } = options;
  const files = repos.flatMap((repo) => repo.files);
  const counts = countFields(files, words, query);
  const asks = query.terms.length > 0;
  const scores = asks ? scoreFiles(files, counts, { query, graph, weights }) : byImporters(files.length, counts.ranked, graph);
  const ranking: Ranking = { query, graph, weights, scores, testsOf: asks ? pairTests(files) : new Map<number, readonly number[]>() };
  const ranked = Array.from(counts.ranked, (number) => withNeighbours(number, ranking));
  return ranked.sort((left, right) => right.score - left.score || byCodeUnit(left.repo, right.repo) || byCodeUnit(left.path, right.path));
}

function byImporters(files: number, ranked: Uint32Array, graph: ImportGraph): Scores {
  const own = new Float64Array(files);
  for (const number of ranked) own[number] = graph.importersOf(number).length;
  return { own, named: new Uint8Array(files), terms: new Int16Array(files * WORDS_SHOWN).fill(-1) };
}

function withNeighbours(number: number, ranking: Ranking): RankedFile {
  const { graph, weights, scores, testsOf } = ranking;
  // A path that the issue names makes its neighbours no likelier than a good match does.
  const passedOn = (other: number): number => Math.min(scores.own[other] ?? 0, weights.namedFile);
  const [imports, importers] = [graph.importsOf(number), graph.importersOf(number)];
  let best = -1;
  let most = 0;
  for (const neighbours of [imports, importers]) {
    for (const each of neighbours) {
      const score = passedOn(each);
      if (score < most || score === 0 || (score === most && best <= each)) continue;
      best = each;
      most = score;
    }
  }
  const tested = (testsOf.get(number) ?? []).reduce((highest, each) => Math.max(highest, passedOn(each)), 0);
  const score = Math.round(((scores.own[number] ?? 0) + weights.hop * most + weights.tested * tested) * 10_000) / 10_000;
  const { repo = '', path = '' } = graph.files[number] ?? {};
  return { repo, path, score, why: explain(number, ranking, best < 0 ? null : { path: graph.files[best]?.path ?? '', imports: imports.includes(best) }) };
}

function explain(number: number, { query, scores }: Ranking, neighbour: { path: string; imports: boolean } | null): string {
  const terms = [...scores.terms.subarray(number * WORDS_SHOWN, (number + 1) * WORDS_SHOWN)].filter((term) => term >= 0);
  const [own, named] = [scores.own[number] ?? 0, scores.named[number] === 1];
  const reasons = [
    ...(named ? ['named in the issue'] : []),
    ...(terms.length > 0 ? [`matches ${terms.map((term) => query.wordOf(query.terms[term] ?? '')).join(', ')}`] : []),
    ...(terms.length === 0 && own > 0 && !named ? [own === 1 ? 'imported by 1 file' : `imported by ${own} files`] : []),
    ...(neighbour === null ? [] : [`${neighbour.imports ? 'imports' : 'imported by'} ${neighbour.path}`]),
  ];
  return reasons.length === 0 ? 'nothing in it matches the issue' : reasons.join('; ');
}
