import { readdir, readFile, stat } from 'node:fs/promises';
import { getCompileCacheDir } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { buildContext } from '../../context/build.ts';
import { createDiskCache } from '../../context/disk-cache.ts';
import { loadGrammarFromPackages } from '../../context/grammars.ts';
import { createPooledAnalyser } from '../../context/pool/pool.ts';
import type { RepositoryContext } from '../../domain/context.ts';
import { CountersignError, inputError } from '../../domain/errors.ts';
import { locateRepository } from '../../git/locate-repository.ts';
import { resolveCommit } from '../../git/resolve-commit.ts';
import { openScratchStore } from '../../git/scratch-store.ts';
import { hashCanonical } from '../../ledger/canonical-json.ts';
import { makeCacheFolder } from '../cache-folder.ts';
import type { ContextFlags } from '../commands/context.ts';
import { exitWith, note, printJson, printLine } from '../output.ts';
import { printable } from '../printable.ts';
import { contextLines } from './context-lines.ts';
import { faultOf, sentencesOf } from './sentences.ts';

const QUERY_BYTES_MAX = 1_000_000;
const TOP_MAX = 10_000;
const BUDGET_MAX = 100_000_000;
const THREADS_MAX = 4;
/** The index of a pack with some 1 500 objects. */
const LARGE_INDEX_BYTES = 45_000;
/** The name that a repository without an owner goes by here. */
const REPO = 'local/repository';

/** Reads, ranks and prints. Exit code 2, with one sentence, when there is nothing to read. */
export async function runContext(flags: ContextFlags): Promise<void> {
  const top = wholeNumber('--top', flags.top, TOP_MAX);
  const budgetBytes = wholeNumber('--budget', flags.budget, BUDGET_MAX);
  const query = flags.query === undefined ? '' : await readQuery(flags.query);
  const { context, timing } = await readContext(flags, { query, budgetBytes });
  const fault = faultOf(context);
  if (flags.json === true) printJson({ ...report(context, top), ...(fault === null ? {} : { error: fault }) });
  else if (fault === null) for (const line of contextLines(context, { top, hasQuery: query !== '', timing })) printLine(line);
  for (const sentence of fault === null ? sentencesOf(context) : [fault.message]) note(printable(sentence));
  if (fault !== null) exitWith(2);
}

/** What `--json` prints: counts are numbers, the ranking is best first. */
function report({ contextHash, manifest, repos, topology, ranking }: RepositoryContext, top: number): Record<string, unknown> {
  const [facts] = repos;
  if (facts === undefined) throw new TypeError('a context of one repository has its facts');
  return {
    commit: facts.commit, tree: facts.tree, contextHash,
    files: facts.counts.files, symbols: facts.counts.symbols, edges: facts.counts.imports,
    languages: Object.fromEntries(facts.languages.map(({ language, files }) => [language, files])),
    cutOff: manifest.cutOff.map(({ path, files, reason }) => ({ path, files, reason })),
    ranking: ranking.slice(0, top).map(({ path, score, why }) => ({ path, score, why })),
    references: facts.files.reduce((sum, { references }) => sum + references.length, 0),
    components: topology.components.map(({ repo: _repo, ...component }) => component),
    links: topology.links.map(({ from, to, imports, declared }) => ({ from: from.root, to: to.root, imports, declared })),
    entryPoints: facts.entryPoints, cycles: facts.cycles, checks: facts.checks, owners: facts.owners,
    manifests: facts.manifests.map(({ path, ecosystem, name, dependencies }) => ({ path, ecosystem, name, dependencies: dependencies.length })),
    submodules: facts.submodules,
    marked: markedOf(facts.files),
    problems: facts.problems,
  };
}

function markedOf(files: RepositoryContext['repos'][number]['files']): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { marks } of files) for (const mark of marks) counts[mark] = (counts[mark] ?? 0) + 1;
  return counts;
}

async function readContext(flags: ContextFlags, { query, budgetBytes }: { query: string; budgetBytes: number }): Promise<{ context: RepositoryContext; timing: { seconds: number } }> {
  const start = performance.now();
  const { gitDir, objects: place } = await locateRepository(flags.repo);
  const cache = cacheFor(flags, place);
  const objects = await openScratchStore({ gitDir });
  const analyser = createPooledAnalyser(Math.min(THREADS_MAX, availableParallelism()), { environment: threadEnvironment() });
  try {
    if ((cache === null || (await cache.isEmpty())) && (await isLarge(place))) analyser.prepare();
    const commit = await commitOf(gitDir, flags);
    const { tree } = await objects.readCommit(commit);
    const context = await buildContext({ repos: [{ repo: REPO, role: 'primary', commit, tree, objects }], query, budgetBytes }, { loadGrammar: loadGrammarFromPackages, hash: hashCanonical, analyser, ...(cache === null ? {} : { cache }) });
    return { context, timing: { seconds: (performance.now() - start) / 1_000 } };
  } finally {
    await Promise.all([objects.close(), analyser.close()]);
  }
}

/** A thread has no compile cache of its own accord. */
function threadEnvironment(): Record<string, string> {
  const compiled = getCompileCacheDir();
  return compiled === undefined ? {} : { NODE_COMPILE_CACHE: dirname(compiled) };
}

/** Whether its packs hold so many objects that a second thread will be needed: a guess, which costs nothing but time. */
async function isLarge(objects: string): Promise<boolean> {
  const names = (await readdir(join(objects, 'pack')).catch(() => [])).filter((name) => name.endsWith('.idx')).slice(0, 20);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(objects, 'pack', name)).catch(() => null))?.size ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0) > LARGE_INDEX_BYTES;
}

/** Facts are kept by blob id in this user's own cache folder: the next reading of the same files takes no parser. */
function cacheFor({ cache }: ContextFlags, place: string): ReturnType<typeof createDiskCache> | null {
  if (cache === false) return null;
  const folder = typeof cache === 'string' ? cache : makeCacheFolder('context');
  return folder === null ? null : createDiskCache(folder, place);
}

async function commitOf(gitDir: string, { repo, ref }: ContextFlags): Promise<string> {
  try {
    return await resolveCommit(gitDir, ref);
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== 'missing-commit') throw error;
    const name = printable(ref).slice(0, 200);
    const way = ref === 'HEAD' ? 'It may have no commit yet: commit something there, or name a branch with --ref.' : 'Fetch it there (a shallow clone has only its newest commits), or give another --ref.';
    throw inputError('missing-commit', `${printable(repo)} has no commit "${name}". ${way}`, error);
  }
}

function wholeNumber(flag: string, text: string, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) throw inputError('bad-number', `${flag} needs a whole number from 1 to ${most}, got "${printable(text).slice(0, 60)}".`);
  return number;
}

async function readQuery(file: string): Promise<string> {
  const bytes = await (file === '-' ? buffer(process.stdin) : readFile(file)).catch((cause: unknown) => {
    throw inputError('no-query', `The query ${file === '-' ? 'on standard input' : printable(file)} cannot be read. Give the path of a text file, or - for standard input.`, cause);
  });
  if (bytes.length > QUERY_BYTES_MAX) throw inputError('query-too-large', `The query has more than ${QUERY_BYTES_MAX} bytes. Give the issue's text alone.`);
  return bytes.toString('utf8');
}
