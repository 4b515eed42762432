import { applyDiff } from '../../../change-set/apply-diff.ts';
import { byteString, bytesOf } from '../../../change-set/bytes.ts';
import { isDeliberate, isRefusedByGitAlone } from '../../../change-set/deliberate-refusals.ts';
import type { Oid } from '../../../domain/ids.ts';
import { openScratchStore, openSourceRepository, type SourceRepository } from '../../../git/scratch-store.ts';
import { parseDiff } from '../../../change-set/parse-diff.ts';
import { Dice } from './dice.ts';
import { GitJudge } from './git-judge.ts';
import { mutatePatch } from './mutate-patch.ts';
import { printDiffs } from './print-diffs.ts';
import { syntheticHistory } from './synthetic-history.ts';
import { ThrowAwayRepository } from './throw-away-repository.ts';

/** A patch as git printed it, between two trees. */
export interface Step {
  readonly base: Oid;
  readonly result: Oid;
  readonly patch: Buffer;
}

export interface FuzzReport {
  readonly seed: number;
  readonly mutations: number;
  readonly accepted: number;
  /** Accepted by both with one tree; the others are disagreements. */
  readonly agreedTrees: number;
  /** Refused by us, by code: how many, how many of them git was asked about, and how many of those it accepts. */
  readonly refused: Readonly<Record<string, { readonly count: number; readonly asked: number; readonly gitAccepts: number }>>;
  readonly disagreements: readonly Disagreement[];
}

export interface Disagreement {
  readonly mutation: number;
  readonly ours: string;
  readonly git: Oid | null;
  readonly base: Oid;
  readonly patch: string;
}

export interface FuzzOptions {
  readonly seed: number;
  readonly mutations: number;
  readonly commits: number;
  /** Ask git about one in so many of the deliberate refusals too; 0: about none. What they say is no disagreement. */
  readonly askDeliberate: number;
  readonly say?: (line: string) => void;
}

const CHUNK = 2_000;
/** Forms that `git apply` takes, whatever the change. */
const FORMS = [['-M'], ['-C'], ['--no-renames'], ['-U1'], ['-B'], ['-M', '--abbrev=7', '--no-full-index']];

/** Steps between the neighbours of a synthetic history, each in all the forms (flags of git diff-tree) in which git prints it. */
export async function syntheticSteps(repository: ThrowAwayRepository, dice: Dice, commits: number, forms: readonly (readonly string[])[] = FORMS): Promise<Step[]> {
  const history = await repository.importHistory(syntheticHistory(dice, commits));
  const pairs = history.slice(1).map(({ tree }, index) => ({ base: history[index]?.tree ?? '', result: tree }));
  const steps: Step[] = [];
  for (const flags of forms) {
    const patches = await printDiffs(repository.directory, pairs, flags);
    pairs.forEach((pair, index) => {
      const patch = patches[index];
      if (patch !== undefined && patch.length > 0) steps.push({ ...pair, patch });
    });
  }
  return steps;
}

/** Spoils patches that git printed, and compares what becomes of them here with what git makes of them. */
export async function fuzz({ seed, mutations, commits, askDeliberate, say }: FuzzOptions): Promise<FuzzReport> {
  const dice = new Dice(seed);
  const repository = await ThrowAwayRepository.create();
  try {
    // With -B and -M together git also prints what it does not take itself: a move onto a file of which it shows no deletion.
    const steps = await syntheticSteps(repository, dice, commits, [...FORMS, ['-B', '-M']]);
    const source = await openSourceRepository(repository.directory);
    const judge = new GitJudge(repository.directory);
    const tally = new Tally(askDeliberate);
    try {
      for (let done = 0; done < mutations; done += CHUNK) {
        const chunk = Array.from({ length: Math.min(CHUNK, mutations - done) }, (_, index) => spoil(dice, steps, done + index));
        await compareChunk(chunk, { gitDir: repository.directory, source, judge, tally });
        say?.(`${Math.min(done + CHUNK, mutations)} of ${mutations} mutated patches`);
      }
    } finally {
      await judge.close();
      await source.close();
    }
    return tally.report(seed, mutations);
  } finally {
    await repository.remove();
  }
}

interface Spoilt {
  readonly mutation: number;
  readonly base: Oid;
  readonly patch: Buffer;
}

function spoil(dice: Dice, steps: readonly Step[], mutation: number): Spoilt {
  const { base, patch } = dice.pick(steps);
  return { mutation, base, patch: bytesOf(mutatePatch(dice, byteString(patch), byteString(dice.pick(steps).patch))) };
}

async function compareChunk(chunk: readonly Spoilt[], at: { gitDir: string; source: SourceRepository; judge: GitJudge; tally: Tally }): Promise<void> {
  const asked: { readonly spoilt: Spoilt; readonly ours: string }[] = [];
  for (const spoilt of chunk) {
    const ours = await applyHere(spoilt, at.gitDir, at.source);
    if (at.tally.wantsGit(ours)) asked.push({ spoilt, ours });
  }
  const answers = await at.judge.trees(asked.map(({ spoilt }) => spoilt));
  asked.forEach(({ spoilt, ours }, index) => at.tally.compare(spoilt, ours, answers[index] ?? null));
}

async function applyHere({ base, patch }: Spoilt, gitDir: string, shared: SourceRepository): Promise<string> {
  const store = await openScratchStore({ gitDir, shared });
  try {
    const applied = await applyDiff(patch, base, store);
    return applied.kind === 'applied' ? applied.tree : applied.code;
  } finally {
    await store.close();
  }
}

const isTree = (ours: string): boolean => /^[0-9a-f]{40}$/u.test(ours);

class Tally {
  readonly #askDeliberate: number;
  readonly #refused: Record<string, { count: number; asked: number; gitAccepts: number }> = {};
  readonly #disagreements: Disagreement[] = [];
  #accepted = 0;
  #agreed = 0;

  constructor(askDeliberate: number) {
    this.#askDeliberate = askDeliberate;
  }

  /** Counts an answer of ours; true when git is to be asked about it. */
  wantsGit(ours: string): boolean {
    if (isTree(ours)) {
      this.#accepted += 1;
      return true;
    }
    const entry = (this.#refused[ours] ??= { count: 0, asked: 0, gitAccepts: 0 });
    entry.count += 1;
    const asks = !isDeliberate(ours) || (this.#askDeliberate > 0 && entry.count % this.#askDeliberate === 0);
    if (asks) entry.asked += 1;
    return asks;
  }

  compare({ mutation, base, patch }: Spoilt, ours: string, git: Oid | null): void {
    const entry = this.#refused[ours];
    if (entry !== undefined && git !== null) entry.gitAccepts += 1;
    if (isTree(ours) && (ours === git || (git === null && isRefusedByGitAlone(parseDiff(patch))))) this.#agreed += 1;
    else if (isTree(ours) || (git !== null && !isDeliberate(ours))) this.#disagreements.push({ mutation, ours, git, base, patch: byteString(patch) });
  }

  report(seed: number, mutations: number): FuzzReport {
    return { seed, mutations, accepted: this.#accepted, agreedTrees: this.#agreed, refused: this.#refused, disagreements: this.#disagreements };
  }
}
