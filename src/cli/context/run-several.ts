import { buildContexts, type SeveralContexts } from '../../context/build.ts';
import { loadGrammarFromPackages } from '../../context/grammars.ts';
import { createPooledAnalyser } from '../../context/pool/pool.ts';
import { locateRepository } from '../../git/locate-repository.ts';
import { openScratchStore } from '../../git/scratch-store.ts';
import { hashCanonical } from '../../ledger/canonical-json.ts';
import type { ContextFlags } from '../commands/context.ts';
import { exitWith, note, printJson, printLine } from '../output.ts';
import { printable } from '../printable.ts';
import { commitOf, requestOf, threadsHere, type NamedRepository } from './begin.ts';
import { nameRepositories } from './repository-names.ts';
import { cacheFor, loadRedact, readQuery, REPO, report } from './run-context.ts';
import { faultOf, sentencesOf } from './sentences.ts';
import { severalLines, type NamedContext } from './several-lines.ts';

/** Several repositories: each as it is alone, and what one provides and another uses. Exit code 2, with a sentence, for one that has nothing to read. */
export async function runSeveral(flags: ContextFlags): Promise<void> {
  const start = performance.now();
  const { top, budgetBytes, repos } = requestOf(flags);
  const query = flags.query === undefined ? '' : await readQuery(flags.query);
  const names = await nameRepositories(repos);
  const { alone, topology, ranking } = await readSeveral(flags, { repos, names, query, budgetBytes });
  const contexts = alone.map((context, index): NamedContext => ({ name: names[index] ?? '', context, fault: faultOf(context) }));
  const across = topology.crossRepo;
  if (flags.json === true) {
    printJson({
      repos: contexts.map(({ name, context, fault }) => ({ name, ...report(context, top), ...(fault === null ? {} : { error: fault }) })),
      across,
      ranking: ranking.slice(0, top).map(({ repo, path, score, why }) => ({ repo, path, score, why })),
    });
  } else for (const line of severalLines(contexts, { across, ranking, top, hasQuery: query !== '', seconds: (performance.now() - start) / 1_000 })) printLine(line);
  for (const { name, context, fault } of contexts) for (const sentence of fault === null ? sentencesOf(context) : [fault.message]) note(printable(`${name}: ${sentence.replace(/^note {2}/, '')}`));
  if (contexts.some(({ fault }) => fault !== null)) exitWith(2);
}

interface Reading {
  readonly repos: readonly NamedRepository[];
  readonly names: readonly string[];
  readonly query: string;
  readonly budgetBytes: number;
}

async function readSeveral(flags: ContextFlags, { repos, names, query, budgetBytes }: Reading): Promise<SeveralContexts> {
  const open: { close(): Promise<void> }[] = [];
  try {
    const found = [];
    for (const [index, each] of repos.entries()) {
      const place = await locateRepository(each.path);
      const commit = await commitOf(place, each);
      const objects = await openScratchStore({ gitDir: place.gitDir });
      open.push(objects);
      const { tree } = await objects.readCommit(commit);
      found.push({ repo: names[index] ?? each.path, role: index === 0 ? ('primary' as const) : ('secondary' as const), commit, tree, objects, cache: cacheFor(flags, place.objects) });
    }
    const analyser = createPooledAnalyser(threadsHere());
    open.push(analyser);
    return await buildContexts({ repos: found, query, budgetBytes, alone: REPO }, { loadGrammar: loadGrammarFromPackages, hash: hashCanonical, loadRedact, analyser });
  } finally {
    await Promise.all(open.map(async (each) => each.close()));
  }
}
