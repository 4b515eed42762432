import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { Analyser } from '../../context/analyse/analyser.ts';
import { buildContext } from '../../context/build.ts';
import { createDiskCache } from '../../context/disk-cache.ts';
import { loadGrammarFromPackages } from '../../context/grammars.ts';
import { createPooledAnalyser } from '../../context/pool/pool.ts';
import type { RepositoryContext } from '../../domain/context.ts';
import { inputError } from '../../domain/errors.ts';
import { hashCanonical } from '../../ledger/canonical-json.ts';
import type { Redact } from '../../ports/redactor.ts';
import { makeCacheFolder } from '../cache-folder.ts';
import type { ContextFlags } from '../commands/context.ts';
import { exitWith, note, printJson, printLine } from '../output.ts';
import { printable } from '../printable.ts';
import type { Beginning } from './begin.ts';
import { contextLines } from './context-lines.ts';
import { faultOf, sentencesOf } from './sentences.ts';

const QUERY_BYTES_MAX = 1_000_000;
/** The name that a repository without an owner goes by here. */
export const REPO = 'local/repository';

/** Reads, ranks and prints. Exit code 2, with one sentence, when there is nothing to read. */
export async function runContext(flags: ContextFlags, beginning: Beginning): Promise<void> {
  const { top } = beginning;
  const analyser = createPooledAnalyser(beginning.threads, beginning);
  try {
    const query = flags.query === undefined ? '' : await readQuery(flags.query);
    const { context, timing } = await readContext(flags, { query, beginning, analyser });
    show(context, { top, json: flags.json === true, hasQuery: query !== '', timing });
  } finally {
    // Also when the query cannot be read: git would be waited for otherwise.
    await Promise.all([analyser.close(), beginning.objects.close()]);
  }
}

function show(context: RepositoryContext, { top, json, hasQuery, timing }: { top: number; json: boolean; hasQuery: boolean; timing: { seconds: number } }): void {
  const fault = faultOf(context);
  if (json) printJson({ ...report(context, top), ...(fault === null ? {} : { error: fault }) });
  else if (fault === null) for (const line of contextLines(context, { top, hasQuery, timing })) printLine(line);
  for (const sentence of fault === null ? sentencesOf(context) : [fault.message]) note(printable(sentence));
  if (fault !== null) exitWith(2);
}

/** Tests and marked files that `--json` lists; `marked` counts them all. */
const ROWS_MAX = 5_000;

/** What `--json` prints of one repository: counts are numbers, the ranking is best first. */
export function report({ contextHash, manifest, repos, topology, ranking }: RepositoryContext, top: number): Record<string, unknown> {
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
    manifests: facts.manifests.map(({ path, ecosystem, name, dependencies }) => ({ path, ecosystem, name, dependencies: dependencies.length, requires: dependencies })),
    tests: facts.tests.slice(0, ROWS_MAX).map(({ path, covers }) => ({ path, covers: covers.map((each) => each.path) })),
    submodules: facts.submodules,
    marked: markedOf(facts.files),
    marks: facts.files.filter(({ marks }) => marks.length > 0).slice(0, ROWS_MAX).map(({ path, marks }) => ({ path, marks })),
    problems: facts.problems,
  };
}

function markedOf(files: RepositoryContext['repos'][number]['files']): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { marks } of files) for (const mark of marks) counts[mark] = (counts[mark] ?? 0) + 1;
  return counts;
}

interface Reading {
  readonly query: string;
  readonly beginning: Beginning;
  readonly analyser: Analyser;
}

async function readContext(flags: ContextFlags, { query, beginning, analyser }: Reading): Promise<{ context: RepositoryContext; timing: { seconds: number } }> {
  const start = performance.now();
  const { place, budgetBytes, commit, tree, objects } = beginning;
  const cache = cacheFor(flags, place.objects);
  const context = await buildContext({ repos: [{ repo: REPO, role: 'primary', commit, tree, objects }], query, budgetBytes }, { loadGrammar: loadGrammarFromPackages, hash: hashCanonical, loadRedact, analyser, ...(cache === null ? {} : { cache }) });
  return { context, timing: { seconds: (performance.now() - start) / 1_000 } };
}

/** A name that looks like a secret is written as the ledger has it; hardly a repository has one, and the search is much code to load. */
export const loadRedact = async (): Promise<Redact> => (await import('../../policy/secrets/redact.ts')).redactSecrets;

/** Facts are kept by blob id in this user's own cache folder: the next reading of the same files takes no parser. */
export function cacheFor({ cache }: Pick<ContextFlags, 'cache'>, place: string): ReturnType<typeof createDiskCache> | null {
  if (cache === false) return null;
  const folder = typeof cache === 'string' ? cache : makeCacheFolder('context');
  return folder === null ? null : createDiskCache(folder, place);
}

export async function readQuery(file: string): Promise<string> {
  const bytes = await (file === '-' ? buffer(process.stdin) : readFile(file)).catch((cause: unknown) => {
    throw inputError('no-query', `The query ${file === '-' ? 'on standard input' : printable(file)} cannot be read. Give the path of a text file, or - for standard input.`, cause);
  });
  if (bytes.length > QUERY_BYTES_MAX) throw inputError('query-too-large', `The query has more than ${QUERY_BYTES_MAX} bytes. Give the issue's text alone.`);
  return bytes.toString('utf8');
}
