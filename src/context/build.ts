import type { ContextManifest, CutOff, RepoFacts, RepositoryContext } from '../domain/context.ts';
import type { Oid, RepoName, Sha256 } from '../domain/ids.ts';
import type { ObjectReader } from '../ports/objects.ts';
import { importGraph, keyOf } from './graph.ts';
import { TOOLS, type LoadGrammar } from './grammars.ts';
import { byCodeUnit, byKey } from './order.ts';
import { createOutlineParser, type OutlineParser } from './parse/parser.ts';
import { rankFiles } from './rank.ts';
import { readFiles } from './read-files.ts';
import { readTreeListing } from './read-tree.ts';
import { repoFacts, type ReadRepo } from './repo-facts.ts';
import { createResolver } from './resolve.ts';
import { selectShown } from './select.ts';

export interface ContextRequest {
  readonly repos: readonly { readonly repo: RepoName; readonly role: 'primary' | 'secondary'; readonly commit: Oid; readonly tree: Oid; readonly objects: ObjectReader }[];
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
}

/**
 * Reads the pinned trees and gives every fact the roles work from. Nothing is executed, configured or followed.
 * The same trees, query and budget give the same bytes on every machine. Rejects only when a tree cannot be read.
 */
export async function buildContext(request: ContextRequest, tools: ContextTools): Promise<RepositoryContext> {
  const read = await readRepos(request, tools.loadGrammar);
  const repos = factsOf(read);
  const { texts, missing } = textsOf(read);
  const ranking = rankFiles(repos, texts, { query: request.query, graph: importGraph(repos) });
  const { shown, cutOff } = selectShown(ranking, { repos, texts, missing }, request.budgetBytes);
  const manifest: ContextManifest = {
    format: 'countersign/context@1',
    repos: repos.map(({ repo, commit, tree }) => ({ repo, commit, tree })),
    shown: shown.map(({ repo, path, blob, start, end }) => ({ repo, path, blob, start, end })),
    cutOff,
    budgetBytes: request.budgetBytes,
    tools: TOOLS,
    promptTemplates: [...(request.promptTemplates ?? [])].sort(byKey(({ role, hash }) => `${role}\0${hash}`)),
  };
  return { contextHash: tools.hash(manifest), manifest, repos, ranking, shown };
}

async function readRepos(request: ContextRequest, loadGrammar: LoadGrammar): Promise<ReadRepo[]> {
  const parser = createOutlineParser(loadGrammar);
  try {
    const read: ReadRepo[] = [];
    // The primary first, then by name: the order in which the caller lists them must not matter.
    for (const each of request.repos.toSorted((left, right) => byCodeUnit(left.role, right.role) || byCodeUnit(left.repo, right.repo))) read.push(await readRepo(each, parser));
    return read;
  } finally {
    parser.close();
  }
}

async function readRepo(from: ContextRequest['repos'][number], parser: OutlineParser): Promise<ReadRepo> {
  const { repo, role, commit, tree, objects } = from;
  const listing = await readTreeListing(objects, tree);
  return { repo, role, commit, tree, listing, read: await readFiles(objects, listing.files, parser) };
}

function factsOf(read: readonly ReadRepo[]): RepoFacts[] {
  const resolve = createResolver(read.map(({ repo, listing, read: { manifests } }) => ({ repo, paths: new Set(listing.files.map((file) => file.path)), manifests })));
  return read.map((each) => repoFacts(each, resolve));
}

function textsOf(read: readonly ReadRepo[]): { texts: ReadonlyMap<string, string>; missing: ReadonlyMap<string, CutOff['reason']> } {
  const texts = new Map<string, string>();
  const missing = new Map<string, CutOff['reason']>();
  for (const { repo, read: { files } } of read) {
    for (const { file, text, missing: reason } of files) {
      if (text !== null) texts.set(keyOf({ repo, path: file.path }), text);
      else if (reason !== null) missing.set(keyOf({ repo, path: file.path }), reason);
    }
  }
  return { texts, missing };
}
