import { resolveChangeSet, type ProposalPart } from '../change-set/build.ts';
import type { LoadGrammar } from '../context/grammars.ts';
import { createRewrite } from '../context/rewrite/expand.ts';
import { refusedError } from '../domain/errors.ts';
import type { RepoName } from '../domain/ids.ts';
import type { WorkflowRepo } from '../domain/workflow.ts';
import type { ScratchStore } from '../ports/objects.ts';
import type { Rewrite } from '../ports/rewriter.ts';
import type { Ports } from './ports.ts';
import { openAll, storeOf } from './ingest.ts';

/** Where rewrite rules read: stores over the pinned commits, asked for only when there are rules. */
export interface RewriteSources {
  readonly open: (repo: RepoName) => Promise<ScratchStore>;
  readonly loadGrammar: LoadGrammar;
}

type Pinned = Pick<WorkflowRepo, 'repo' | 'baseCommit' | 'baseTree'>;

/** Rules are expanded on the pinned bases. */
export const rewriteOnBases = (repos: readonly Pinned[], { open, loadGrammar }: RewriteSources): Rewrite =>
  createRewrite(async (repo) => ({ objects: await open(repo), tree: pinnedOf(repos, repo).baseTree }), loadGrammar);

/** Rules of an amendment are expanded on what the last revision's parts make of the base. */
export const rewriteOnParts = (repos: readonly Pinned[], parts: readonly ProposalPart[], { open, loadGrammar }: RewriteSources): Rewrite =>
  createRewrite(async (repo) => {
    const { baseCommit, baseTree } = pinnedOf(repos, repo);
    const store = await open(repo);
    const last = await resolveChangeSet({ repo, base: { commit: baseCommit, tree: baseTree }, parts, store });
    if (last.kind === 'failed') throw refusedError('last-revision-lost', `The last revision for ${repo} no longer applies: ${last.message}`);
    return { objects: store, tree: last.changeSet.result.tree };
  }, loadGrammar);

/** Rules on the pinned bases, where no store is open yet: they are opened for the rules and closed after them. */
export const rewriteOpening = (ports: Pick<Ports, 'repos' | 'loadGrammar'>, repos: readonly WorkflowRepo[]): Rewrite => async (requests) => {
  const stores = await openAll(ports, repos.filter(({ repo }) => requests.some((request) => request.repo === repo)));
  try {
    return await rewriteOnBases(repos, { open: async (repo) => storeOf(stores, repo), loadGrammar: ports.loadGrammar })(requests);
  } finally {
    await Promise.all([...stores.values()].map(async (store) => store.close()));
  }
};

function pinnedOf(repos: readonly Pinned[], repo: RepoName): Pinned {
  const pinned = repos.find((each) => each.repo === repo);
  if (pinned === undefined) throw new TypeError(`${repo} is not pinned`);
  return pinned;
}
