import type { RepoName } from '../../domain/ids.ts';
import type { Rewrite, RewriteRequest, Rewritten, RewrittenFile } from '../../ports/rewriter.ts';
import type { LoadGrammar } from '../grammars.ts';
import { createRewriteEngine } from './engine.ts';
import { REWRITE_LIMITS } from './limits.ts';
import { RewriteFault, rewriteRepository, type RewriteBase, type RewriteOrder, type RewriteRun } from './rewrite-repository.ts';
import { parseRules } from './rule.ts';

/** Gives the pinned tree of a repository. It is asked when a rule is for that repository, not before. */
export type OpenBase = (repo: RepoName) => Promise<RewriteBase>;

/** Turns rules into exact changes of pinned trees. Everything is read from the tree as it stands: no rule sees what another one made. */
export function createRewrite(open: OpenBase, loadGrammar: LoadGrammar, stepsMax: number = REWRITE_LIMITS.steps): Rewrite {
  return async (requests) => {
    const orders: RewriteOrder[] = [];
    const faults: string[] = [];
    for (const [request, { rules, line, repo }] of requests.entries()) {
      const parsed = parseRules(rules, line);
      if (parsed.kind === 'malformed') faults.push(parsed.reason);
      else orders.push(...parsed.rules.map((rule) => ({ rule, request, repo })));
    }
    if (orders.length > REWRITE_LIMITS.rules) faults.push(`There are ${orders.length} rewrite rules; at most ${REWRITE_LIMITS.rules} are read. Split the issue.`);
    if (faults.length > 0) return { kind: 'faulty', faults };
    return rewriteAll(requests, orders, { open, run: { engine: await createRewriteEngine(loadGrammar, stepsMax), used: { files: 0, bytes: 0, matches: 0, insertedChars: 0, diffChars: 0 } } });
  };
}

async function rewriteAll(requests: readonly RewriteRequest[], orders: readonly RewriteOrder[], { open, run }: { open: OpenBase; run: RewriteRun }): Promise<Rewritten> {
  const files: RewrittenFile[][] = requests.map(() => []);
  const leftAlone: string[][] = requests.map(() => []);
  const faults: string[] = [];
  for (const repo of new Set(orders.map((order) => order.repo))) {
    try {
      const here = await rewriteRepository(run, await open(repo), orders.filter((order) => order.repo === repo));
      for (const { request, file } of here.made) files[request]?.push(file);
      for (const [request, paths] of here.leftAlone) leftAlone[request]?.push(...paths);
    } catch (error) {
      if (!(error instanceof RewriteFault)) throw error;
      faults.push(error.message);
    }
  }
  return faults.length > 0 ? { kind: 'faulty', faults } : { kind: 'rewritten', files, leftAlone };
}
