import type { RepositoryContext } from '../domain/context.ts';
import type { Evidence } from '../domain/documents.ts';
import { buildContext } from '../context/build.ts';
import { hashCanonical } from '../ledger/canonical-json.ts';
import { promptTemplatesFor } from '../model/prompts/templates.ts';
import type { ScratchStore } from '../ports/objects.ts';
import type { Intake } from './intake.ts';
import type { Ports } from './ports.ts';

/** A context with the open stores it was read from. Whoever ingests closes. */
export interface Ingested {
  readonly context: RepositoryContext;
  readonly stores: ReadonlyMap<string, ScratchStore>;
  close(): Promise<void>;
}

/** What files are ranked for: the title and text. */
export const contextQuery = ({ title, body }: Pick<Intake, 'title' | 'body'>): string => `${title}\n\n${body}`;

/** Reads every repository at its pinned commit. The same pins give the same context hash, in whichever job. */
export async function ingest(ports: Pick<Ports, 'job' | 'repos' | 'loadGrammar'>, intake: Pick<Intake, 'title' | 'body' | 'repos'>): Promise<Ingested> {
  const stores = await openAll(ports, intake.repos);
  const close = async (): Promise<void> => void (await Promise.all([...stores.values()].map(async (store) => store.close())));
  try {
    const context = await buildContext(
      {
        repos: intake.repos.map(({ repo, role, baseCommit, baseTree }) => ({ repo, role, commit: baseCommit, tree: baseTree, objects: storeOf(stores, repo) })),
        query: contextQuery(intake),
        budgetBytes: ports.job.config.context.budgetBytes,
        promptTemplates: promptTemplatesFor(ports.job.config.model.name, hashCanonical),
      },
      { loadGrammar: ports.loadGrammar, hash: hashCanonical, loadRedact: async () => ports.job.redact },
    );
    return { context, stores, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens a scratch store over each pinned commit, and checks that the commit has the pinned tree. */
export async function openAll(ports: Pick<Ports, 'repos'>, repos: Intake['repos']): Promise<Map<string, ScratchStore>> {
  const opened = await Promise.all(repos.map(async ({ repo, baseCommit }) => [repo, await ports.repos.open(repo, baseCommit)] as const));
  return new Map(opened);
}

export function storeOf(stores: ReadonlyMap<string, ScratchStore>, repo: string): ScratchStore {
  const store = stores.get(repo);
  if (!store) throw new TypeError(`no store was opened for ${repo}`);
  return store;
}

/** Whether a cited piece of a repository is what the pinned tree holds there. */
export function citationLookup(context: RepositoryContext): (evidence: Evidence) => boolean {
  const files = new Map(context.repos.flatMap(({ repo, commit, files: all }) => all.map((file) => [`${repo}\0${commit}\0${file.path}`, file] as const)));
  return ({ repo, commit, path, blob, lines }) => {
    const file = files.get(`${repo}\0${commit}\0${path}`);
    if (!file || file.blob !== blob) return false;
    return lines === null || file.lines === null || (lines[0] >= 1 && lines[0] <= lines[1] && lines[1] <= Math.max(file.lines, 1));
  };
}
