import type { CountersignConfig } from '../../domain/config.ts';
import { CountersignError } from '../../domain/errors.ts';
import { isOid, type Oid } from '../../domain/ids.ts';
import { resolveCommit } from '../../git/resolve-commit.ts';
import { openScratchStore, openSourceRepository, type SourceRepository } from '../../git/scratch-store.ts';
import type { ScratchStore } from '../../ports/objects.ts';
import { asInput } from './damaged-repository.ts';
import { checkPatch, type CheckAnswer, type CheckBase } from './check-patch.ts';
import type { CheckRequest } from './check-request.ts';

/** Repositories kept open at once; each has one git process. */
const MAX_OPEN = 8;

/** Checks one patch or many, opening each repository once. */
export class CheckSession {
  readonly #today: string;
  readonly #open = new Map<string, SourceRepository>();
  #defaults: CountersignConfig | null = null;

  constructor(today: string) {
    this.#today = today;
  }

  async check(request: CheckRequest): Promise<CheckAnswer> {
    const store = await openScratchStore({ gitDir: request.repo, shared: await this.#source(request.repo) });
    try {
      const base = await baseOf(request, store);
      const config = request.config ?? (await this.#defaultConfig());
      return await checkPatch({ ...request, store, base, config, today: this.#today });
    } catch (error) {
      // A git process that ended, at a damaged object, must not take the next patch along: that one gets a new one.
      if (!(error instanceof CountersignError) || error.kind !== 'input') await this.#forget(request.repo);
      throw asInput(error);
    } finally {
      await store.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((source) => source.close()));
    this.#open.clear();
  }

  async #source(gitDir: string): Promise<SourceRepository> {
    const known = this.#open.get(gitDir);
    if (known !== undefined) return known;
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= MAX_OPEN) await this.#forget(oldest);
    const source = await openSourceRepository(gitDir);
    this.#open.set(gitDir, source);
    return source;
  }

  async #forget(gitDir: string): Promise<void> {
    const source = this.#open.get(gitDir);
    this.#open.delete(gitDir);
    await source?.close();
  }

  async #defaultConfig(): Promise<CountersignConfig> {
    this.#defaults ??= (await import('../../schema/config.ts')).defaultConfig();
    return this.#defaults;
  }
}

/** The tree without an entry: what a first commit's diff is against. Git knows it in every repository. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

async function baseOf(request: CheckRequest, store: ScratchStore): Promise<CheckBase> {
  if (request.base === EMPTY_TREE) return { commit: null, tree: EMPTY_TREE };
  const commit = await commitOf(request, store);
  return { commit, tree: (await store.readCommit(commit)).tree };
}

/** A full id is looked up where the objects are; any other name needs the repository's refs. */
async function commitOf(request: CheckRequest, store: ScratchStore): Promise<Oid> {
  if (!isOid(request.base)) return resolveCommit(request.repo, request.base);
  await store.readCommit(request.base);
  return request.base;
}
