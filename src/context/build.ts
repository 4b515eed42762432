import type { ContextManifest, CutOff, RankedFile, RepoFacts, RepositoryContext, Topology } from '../domain/context.ts';
import type { Oid, RepoName, Sha256 } from '../domain/ids.ts';
import type { ObjectReader } from '../ports/objects.ts';
import type { Redact } from '../ports/redactor.ts';
import { createAnalyser, type Analyser } from './analyse/analyser.ts';
import type { FactsCache } from './facts-cache.ts';
import { findCycles, importGraph, type ImportGraph } from './graph.ts';
import { TOOLS, type LoadGrammar } from './grammars.ts';
import { baseName } from './languages.ts';
import { locateUses } from './locate-uses.ts';
import { byCodeUnit, byKey } from './order.ts';
import { parseQuery, type QueryTerms } from './query.ts';
import { rankFiles } from './rank.ts';
import { readFiles, type WordCounts } from './read-files.ts';
import { needsToml, needsYaml, readFactTexts, readManifests } from './read-texts.ts';
import { readTreeListing } from './read-tree.ts';
import { repoFacts, type ReadRepo } from './repo-facts.ts';
import { readConfigs } from './resolve/configs.ts';
import { indexPaths } from './resolve/paths.ts';
import { indexPackages, type ResolvableRepo } from './resolve/repo.ts';
import { createResolver } from './resolve/resolve.ts';
import { manifestNames } from './secret-names.ts';
import { selectShown } from './select.ts';
import { topologyOf } from './topology.ts';
import { loadToml } from './toml.ts';
import { loadYaml } from './yaml.ts';

export interface ContextRequest {
  readonly repos: readonly { readonly repo: RepoName; readonly role: 'primary' | 'secondary'; readonly commit: Oid; readonly tree: Oid; readonly objects: ObjectReader; readonly cache?: FactsCache | null }[];
  /** The title and text. */
  readonly query: string;
  /** Bytes of file text that a role is shown. */
  readonly budgetBytes: number;
  /** Templates of the roles that will read this context; part of the context hash. */
  readonly promptTemplates?: readonly { readonly role: string; readonly hash: Sha256 }[];
}

export interface ContextTools {
  readonly loadGrammar: LoadGrammar;
  /** SHA-256 over canonical JSON. */
  readonly hash: (value: unknown) => Sha256;
  /** Takes secrets out of the names that the manifest is stored with. Left out where nothing is stored. */
  readonly loadRedact?: () => Promise<Redact>;
  /** Who finds out what blobs say; this thread without one. It stays open. */
  readonly analyser?: Analyser;
  readonly cache?: FactsCache;
}

/** Everything read and worked out before anything is chosen for a budget. */
export interface Ingestion {
  readonly repos: readonly RepoFacts[];
  readonly graph: ImportGraph;
  readonly topology: Topology;
  readonly query: QueryTerms;
  /** By the graph's number: the words of every file that can be ranked, and why a file cannot be shown. */
  readonly words: readonly (WordCounts | null)[];
  readonly missing: readonly (CutOff['reason'] | null)[];
  readonly analysed: number;
  readonly cached: number;
}

/**
 * Reads the pinned trees and gives every fact the roles work from. Nothing is executed, configured or followed.
 * The same trees, query and budget give the same bytes on every machine. Rejects only when a tree cannot be read.
 */
export async function buildContext(request: ContextRequest, tools: ContextTools): Promise<RepositoryContext> {
  return chooseShown(request, await ingestRepos(request, tools), tools);
}

/** Several repositories as one workflow sees them, and each as it is alone: the same bytes as `buildContext` gives of it by itself. */
export interface SeveralContexts {
  /** In the order of the request. */
  readonly alone: readonly RepositoryContext[];
  readonly topology: Topology;
  readonly ranking: readonly RankedFile[];
}

/** Reads every repository once. `alone`: the name that each goes by when nothing else is there. */
export async function buildContexts(request: ContextRequest & { readonly alone: RepoName }, tools: ContextTools): Promise<SeveralContexts> {
  const query = parseQuery(request.query);
  const read = await readRepos(request.repos, query, tools);
  const together = await withLines(factsOf(read, query), request);
  const alone: RepositoryContext[] = [];
  for (const each of request.repos) {
    const own = read.filter(({ repo }) => repo === each.repo).map((one): ReadRepo => ({ ...one, repo: request.alone, role: 'primary' }));
    alone.push(await chooseShown({ ...request, repos: [{ ...each, repo: request.alone, role: 'primary' }] }, factsOf(own, query), tools));
  }
  return { alone, topology: together.topology, ranking: rankFiles(together.repos, together.words, together) };
}

async function chooseShown(request: ContextRequest, ingestion: Ingestion, tools: Pick<ContextTools, 'hash' | 'loadRedact'>): Promise<RepositoryContext> {
  const { repos, topology } = ingestion;
  const ranking = rankFiles(repos, ingestion.words, ingestion);
  const objects = objectsOf(request);
  const { shown, cutOff } = await selectShown(ranking, { repos, objects, missing: ingestion.missing }, request.budgetBytes);
  const nameOf = await manifestNames([...shown, ...cutOff].map(({ path }) => path), tools.loadRedact);
  const manifest: ContextManifest = {
    format: 'countersign/context@1',
    repos: repos.map(({ repo, commit, tree }) => ({ repo, commit, tree })),
    shown: shown.map(({ repo, path, blob, start, end }) => ({ repo, path: nameOf(path), blob, start, end })),
    cutOff: cutOff.map((entry) => ({ ...entry, path: nameOf(entry.path) })),
    budgetBytes: request.budgetBytes,
    tools: TOOLS,
    promptTemplates: [...(request.promptTemplates ?? [])].sort(byKey(({ role, hash }) => `${role}\0${hash}`)),
  };
  return { contextHash: tools.hash(manifest), manifest, repos, topology, ranking, shown };
}

/** The facts, without a choice. */
export async function ingestRepos(request: Pick<ContextRequest, 'repos' | 'query'>, tools: Omit<ContextTools, 'hash'>): Promise<Ingestion> {
  const query = parseQuery(request.query);
  return withLines(factsOf(await readRepos(request.repos, query, tools), query), request);
}

const objectsOf = ({ repos }: Pick<ContextRequest, 'repos'>): ReadonlyMap<RepoName, ObjectReader> => new Map(repos.map((each) => [each.repo, each.objects]));

async function withLines(ingestion: Ingestion, request: Pick<ContextRequest, 'repos'>): Promise<Ingestion> {
  const { repos, topology } = ingestion;
  return topology.crossRepo.length === 0 ? ingestion : { ...ingestion, topology: { ...topology, crossRepo: await locateUses(topology.crossRepo, repos, objectsOf(request)) } };
}

function factsOf(read: readonly ReadRepo[], query: QueryTerms): Ingestion {
  const resolve = createResolver(read.map(resolvable));
  const defined = definedNames(read);
  const withoutCycles = read.map((each) => repoFacts(each, resolve, defined));
  const graph = importGraph(withoutCycles);
  const repos = withoutCycles.map((facts): RepoFacts => ({ ...facts, cycles: findCycles(facts.repo, graph) }));
  return { repos, graph, topology: topologyOf(repos, read), query, ...wordsOf(read), analysed: sum(read, ({ read: { analysed } }) => analysed), cached: sum(read, ({ read: { cached } }) => cached) };
}

const sum = (read: readonly ReadRepo[], of: (each: ReadRepo) => number): number => read.reduce((total, each) => total + of(each), 0);

async function readRepos(repos: ContextRequest['repos'], query: QueryTerms, tools: Omit<ContextTools, 'hash'>): Promise<ReadRepo[]> {
  const analyser = tools.analyser ?? createAnalyser(tools.loadGrammar);
  try {
    const read: ReadRepo[] = [];
    // The primary first, then by name: the order in which the caller lists them must not matter.
    for (const each of repos.toSorted((left, right) => byCodeUnit(left.role, right.role) || byCodeUnit(left.repo, right.repo))) {
      const { repo, role, commit, tree, objects } = each;
      const listing = await readTreeListing(objects, tree);
      const files = await readFiles(objects, listing.files, { analyser, cache: each.cache ?? tools.cache ?? null, query });
      const texts = await readFactTexts(objects, files.files);
      if (needsYaml(texts)) await loadYaml();
      if (needsToml(texts)) await loadToml();
      read.push({ repo, role, commit, tree, listing, read: files, texts, ...readManifests(texts) });
    }
    return read;
  } finally {
    if (tools.analyser === undefined) await analyser.close();
  }
}

function resolvable({ repo, listing, manifests, texts, read }: ReadRepo): ResolvableRepo {
  return { repo, paths: indexPaths(listing.files.map(({ path }) => path)), manifests, packages: indexPackages(manifests), configs: readConfigs(texts), namespaces: namespacesOf(read) };
}

/** Files by the namespace they declare, and by what they define in it where their name does not say so (Kotlin and Scala name files freely). */
function namespacesOf({ files }: ReadRepo['read']): ReadonlyMap<string, readonly string[]> {
  const namespaces = new Map<string, string[]>();
  const add = (name: string, path: string): void => {
    const paths = namespaces.get(name);
    if (paths === undefined) namespaces.set(name, [path]);
    else if (paths.at(-1) !== path) paths.push(path);
  };
  for (const { file: { path, symbols } } of files) {
    if (!/\.(?:java|kt|kts|scala|cs|php)$/.test(path)) continue;
    const declared = symbols.filter(({ kind }) => kind === 'module').map(({ name }) => name);
    for (const name of declared) add(name, path);
    // Scala stacks packages: `package a`, then `package b`.
    const namespace = path.endsWith('.scala') ? declared.join('.') : declared[0];
    if (namespace === undefined || namespace === '') continue;
    if (declared.length > 1 && path.endsWith('.scala')) add(namespace, path);
    const stem = baseName(path).replace(/\.\w+$/, '');
    for (const { name, kind } of symbols) if (kind !== 'module' && kind !== 'method' && name !== stem) add(`${namespace}.${name}`, path);
  }
  return namespaces;
}

/** Names that some file of the workflow lets others use, each by itself. */
function definedNames(read: readonly ReadRepo[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { read: { files } } of read) for (const { file } of files) for (const { name, exported, kind } of file.symbols) if (exported || kind === 'method') names.set(name, name);
  return names;
}

function wordsOf(read: readonly ReadRepo[]): Pick<Ingestion, 'words' | 'missing'> {
  const files = read.flatMap((each) => each.read.files);
  return {
    // What was too much to read still has a path to go by.
    words: files.map(({ missing, words }) => (missing === null || missing === 'over-limit' || missing === 'too-large' ? words : null)),
    missing: files.map(({ missing }) => missing),
  };
}
