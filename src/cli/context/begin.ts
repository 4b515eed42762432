import { getCompileCacheDir } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { CountersignError, inputError } from '../../domain/errors.ts';
import { isOid, type Oid } from '../../domain/ids.ts';
import { locateRepository, type RepositoryPlace } from '../../git/locate-repository.ts';
import { resolveCommit } from '../../git/resolve-commit.ts';
import { openScratchStore } from '../../git/scratch-store.ts';
import type { ScratchStore } from '../../ports/objects.ts';
import type { ContextFlags } from '../commands/context.ts';
import { printable } from '../printable.ts';

const TOP_MAX = 10_000;
const BUDGET_MAX = 100_000_000;
const THREADS_MAX = 4;

/** What is under way while the code that reads a repository is loaded: git lists the tree. */
export interface Beginning {
  readonly top: number;
  readonly budgetBytes: number;
  readonly place: RepositoryPlace;
  readonly commit: Oid;
  /** Its tree, which git lists meanwhile. */
  readonly tree: Oid;
  /** Of the repository; to be closed. */
  readonly objects: ScratchStore;
  /** How many threads analyse, this one included. */
  readonly threads: number;
  /** A thread has no compile cache of its own accord. */
  readonly environment: Record<string, string>;
}

/** Rejects for flags that are wrong, and where there is no repository. */
export async function beginReading(flags: ContextFlags): Promise<Beginning> {
  const { top, budgetBytes, repos: [first] } = requestOf(flags);
  if (first === undefined) throw inputError('no-repository', 'Name a repository with --repo.');
  const place = await locateRepository(first.path);
  const asked = commitOf(place, first);
  const threads = threadsHere();
  const compiled = getCompileCacheDir();
  const environment: Record<string, string> = compiled === undefined ? {} : { NODE_COMPILE_CACHE: dirname(compiled) };
  asked.catch(() => undefined); // It is waited for below.
  const objects = await openScratchStore({ gitDir: place.gitDir, place });
  // A whole id needs no looking up: git lists while it is found out whether it is a commit's.
  if (isOid(first.ref)) objects.expectTreeOf(first.ref);
  const found = asked.then(async (commit) => {
    if (commit !== first.ref) objects.expectTreeOf(commit);
    return { commit, tree: (await objects.readCommit(commit)).tree };
  });
  try {
    // What analyses, while git finds the commit and begins to list its tree.
    const [{ commit, tree }] = await Promise.all([found, import('../../context/pool/pool.ts')]);
    return { top, budgetBytes, place, commit, tree, objects, threads, environment };
  } catch (error) {
    await objects.close();
    throw error;
  }
}

/** How many threads analyse on this machine. */
export const threadsHere = (): number => Math.min(THREADS_MAX, availableParallelism());

/** One repository of the command line. */
export interface NamedRepository {
  readonly path: string;
  readonly ref: string;
}

const REPOS_MAX = 50;

/** The flags, checked. Rejects for numbers out of range and for refs that do not fit the repositories. */
export function requestOf({ repo, ref = [], top, budget }: ContextFlags): { readonly top: number; readonly budgetBytes: number; readonly repos: readonly NamedRepository[] } {
  const numbers = { top: wholeNumber('--top', top, TOP_MAX), budgetBytes: wholeNumber('--budget', budget, BUDGET_MAX) };
  if (repo.length > REPOS_MAX) throw inputError('too-many-repositories', `At most ${REPOS_MAX} repositories are read at once, got ${repo.length}. Leave some out.`);
  if (ref.length > 0 && ref.length !== repo.length) throw inputError('refs-do-not-fit', `--ref is given ${ref.length === 1 ? 'once' : `${ref.length} times`} for ${repo.length === 1 ? 'one repository' : `${repo.length} repositories`}. Give one for each --repo, in their order (HEAD for its newest commit), or none at all.`);
  return { ...numbers, repos: repo.map((path, index) => ({ path, ref: ref[index] ?? 'HEAD' })) };
}

export async function commitOf(place: RepositoryPlace, { path, ref }: NamedRepository): Promise<Oid> {
  try {
    return await resolveCommit(place.gitDir, ref, place);
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== 'missing-commit') throw error;
    const name = printable(ref).slice(0, 200);
    const way = ref === 'HEAD' ? 'It may have no commit yet: commit something there, or name a branch with --ref.' : 'Fetch it there (a shallow clone has only its newest commits), or give another --ref.';
    throw inputError('missing-commit', `${printable(path)} has no commit "${name}". ${way}`, error);
  }
}

function wholeNumber(flag: string, text: string, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) throw inputError('bad-number', `${flag} needs a whole number from 1 to ${most}, got "${printable(text).slice(0, 60)}".`);
  return number;
}
