import { createAnalyser } from '../../context/analyse/analyser.ts';
import { ingestRepos, type Ingestion } from '../../context/build.ts';
import { loadGrammarFromPackages } from '../../context/grammars.ts';
import { createMemoryCache } from '../../context/memory-cache.ts';
import { rankFiles } from '../../context/rank.ts';
import { openSourceRepository, openScratchStore } from '../../git/scratch-store.ts';
import { heldOutCommits, type HeldOutCommit } from './context-history.ts';

/** How well one history's commits are found from their messages. Shares are of the commits, 0 to 1. */
export interface RankingResult {
  readonly history: string;
  readonly commits: number;
  readonly files: number;
  /** A touched source file is among the first ten. */
  readonly hitAt10: number;
  /** The mean share of a commit's touched source files among the first ten. */
  readonly recallAt10: number;
  /** The same two for BM25 over paths and texts alone, same words, same files. */
  readonly bm25HitAt10: number;
  readonly bm25RecallAt10: number;
  /** Messages that no ranking by words can serve: none of their words stands in any file of the tree, or in none that the commit touched. They count as commits all the same. */
  readonly withoutWords: { readonly inTree: number; readonly inTouched: number };
  readonly misses: readonly { readonly commit: string; readonly message: string; readonly touched: readonly string[] }[];
}

const TOP = 10;

/** Ranks the tree of each held-out commit's parent for its message: nothing of the commit itself is seen. */
export async function measureRanking(gitDir: string, options: { readonly from: string; readonly count: number; readonly skip?: number; readonly say: (line: string) => void }): Promise<RankingResult> {
  const commits = await heldOutCommits(gitDir, options);
  const shared = await openSourceRepository(gitDir);
  const analyser = createAnalyser(loadGrammarFromPackages);
  const cache = createMemoryCache();
  const own: Found[] = [];
  const plain: Found[] = [];
  const withoutWords = { inTree: 0, inTouched: 0 };
  let files = 0;
  try {
    for (const [index, held] of commits.entries()) {
      if (index % 25 === 0) options.say(`${gitDir}: commit ${index + 1} of ${commits.length}`);
      const objects = await openScratchStore({ gitDir, shared });
      const { tree } = await objects.readCommit(held.parent);
      const ingestion = await ingestRepos({ repos: [{ repo: 'bench/history', role: 'primary', commit: held.parent, tree, objects }], query: held.message }, { loadGrammar: loadGrammarFromPackages, analyser, cache });
      files = Math.max(files, ingestion.repos[0]?.files.length ?? 0);
      own.push(found(held, rankFiles(ingestion.repos, ingestion.words, ingestion).map(({ path }) => path)));
      plain.push(found(held, rankByBm25(ingestion)));
      const holders = holdersOfWords(ingestion);
      if (holders.size === 0) withoutWords.inTree += 1;
      if (!held.touched.some((path) => holders.has(path))) withoutWords.inTouched += 1;
    }
  } finally {
    await analyser.close();
    await shared.close();
  }
  return {
    history: gitDir, commits: commits.length, files, hitAt10: mean(own.map(({ hit }) => hit)), recallAt10: mean(own.map(({ recall }) => recall)),
    bm25HitAt10: mean(plain.map(({ hit }) => hit)), bm25RecallAt10: mean(plain.map(({ recall }) => recall)),
    withoutWords, misses: commits.filter((_, index) => own[index]?.hit === 0).map(({ commit, message, touched }) => ({ commit, message: message.split('\n')[0] ?? '', touched })),
  };
}

interface Found {
  readonly hit: number;
  readonly recall: number;
}

function found({ touched }: HeldOutCommit, ranking: readonly string[]): Found {
  const top = new Set(ranking.slice(0, TOP));
  const hits = touched.filter((path) => top.has(path)).length;
  return { hit: hits > 0 ? 1 : 0, recall: hits / touched.length };
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / Math.max(1, numbers.length);

/** Paths of the files that have a word of the message, in their text or their path. */
function holdersOfWords({ graph, words, query }: Ingestion): ReadonlySet<string> {
  const isPlain = (term: number): boolean => term >= 0 && term < query.plain;
  return new Set(graph.files.flatMap(({ path }, number) => {
    const matches = words[number]?.matches ?? [];
    return matches.some((term, at) => at % 2 === 0 && isPlain(term)) || query.tokensIn(path).some(isPlain) ? [path] : [];
  }));
}

/** The yardstick: textbook BM25 (k1 1.2, b 0.75) over each file's path and text as one bag of words. */
export function rankByBm25({ repos, graph, words, query }: Ingestion): string[] {
  const [facts] = repos;
  const bags = graph.files.flatMap(({ path }, number) => {
    const { length, matches } = words[number] ?? { length: 0, matches: null };
    if (matches === null) return [];
    const counts = new Map<number, number>();
    for (let index = 0; index < matches.length; index += 2) if ((matches[index] ?? 0) < query.plain) counts.set(matches[index] ?? 0, matches[index + 1] ?? 0);
    const inPath = query.tokensIn(path);
    for (const term of inPath) if (term >= 0 && term < query.plain) counts.set(term, (counts.get(term) ?? 0) + 1);
    return [{ path, length: length + inPath.length, counts }];
  });
  const average = mean(bags.map(({ length }) => length));
  const idf = query.terms.map((_, term) => {
    const holders = bags.filter(({ counts }) => counts.has(term)).length;
    return Math.log(1 + (bags.length - holders + 0.5) / (holders + 0.5));
  });
  const kinds = new Map(facts?.files.map(({ path, kind }) => [path, kind]));
  const scored = bags.filter(({ path }) => kinds.get(path) !== 'lockfile').map(({ path, length, counts }) => {
    const norm = 1.2 * (0.25 + (0.75 * length) / Math.max(1, average));
    return { path, score: [...counts].reduce((sum, [term, count]) => sum + ((idf[term] ?? 0) * count * 2.2) / (count + norm), 0) };
  });
  return scored.sort((left, right) => right.score - left.score || (left.path < right.path ? -1 : 1)).map(({ path }) => path);
}

