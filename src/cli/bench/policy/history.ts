import { CountersignError } from '../../../domain/errors.ts';
import type { Oid } from '../../../domain/ids.ts';
import { treeDelta } from '../../../change-set/tree-delta.ts';
import { judgeChanges } from '../../../change-set/judge.ts';
import { runGit } from '../../../git/git-process.ts';
import { openScratchStore } from '../../../git/scratch-store.ts';
import type { ScratchStore } from '../../../ports/objects.ts';
import { evaluatePolicy } from '../../../policy/evaluate.ts';
import type { JudgedChange } from '../../../policy/input.ts';
import { printable } from '../../printable.ts';

const RULES = ['secrets', 'hidden-text', 'tests'] as const;
const FILES_MAX = 200;
const EXAMPLES_MAX = 5;

/** What the rules say of the commits of a real repository. Every flag is one to look at: real histories hold real secrets, too. */
export interface HistoryFigures {
  readonly repository: string;
  readonly commits: number;
  /** Without a parent, or with objects that are not at hand. */
  readonly skipped: number;
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly flagged: Readonly<Record<(typeof RULES)[number], number>>;
  readonly secrets: readonly string[];
}

/** Judges the newest commits of a repository against their first parents. Reads only; commits whose objects are not all there are counted as skipped. */
export async function judgeHistory(gitDir: string, count: number): Promise<HistoryFigures> {
  const listed = await runGit({ args: ['-C', gitDir, 'log', '--no-merges', '-n', String(count), '--format=%H'], cwd: '/' });
  const ids = listed.stdout.toString('utf8').split('\n').filter((line) => line !== '');
  const store = await openScratchStore({ gitDir });
  const flagged = { secrets: 0, 'hidden-text': 0, tests: 0 };
  const secrets: string[] = [];
  let [commits, skipped, files, bytes, milliseconds] = [0, 0, 0, 0, 0];
  try {
    for (const id of ids) {
      const judged = await changesOf(id, store);
      if (judged === null) {
        skipped += 1;
        continue;
      }
      const start = performance.now();
      const result = evaluatePolicy({ repo: 'local/repository', changes: judged, basePaths: [], baseFiles: new Map(), scope: null, config: { kind: 'rules', rules: {} }, policy: '0'.repeat(64), today: '2026-01-01' });
      milliseconds += performance.now() - start;
      commits += 1;
      files += judged.length;
      bytes += judged.reduce((sum, { newBytes }) => sum + (newBytes?.length ?? 0), 0);
      for (const rule of RULES) {
        const [first] = result.rules.find((each) => each.rule === rule)?.violations ?? [];
        if (first === undefined) continue;
        flagged[rule] += 1;
        if (rule === 'secrets') secrets.push(`${id.slice(0, 8)}: ${printable(first.message)}`);
      }
    }
  } finally {
    await store.close();
  }
  return { repository: gitDir, commits, skipped, files, bytes, seconds: milliseconds / 1000, flagged, secrets: secrets.slice(0, EXAMPLES_MAX) };
}

/** A commit's changes against its first parent; null for a first commit, and where an object is not there. */
async function changesOf(id: Oid, store: ScratchStore): Promise<JudgedChange[] | null> {
  try {
    const { tree, parents } = await store.readCommit(id);
    const [parent] = parents;
    if (parent === undefined) return null;
    const base = (await store.readCommit(parent)).tree;
    const changes = (await treeDelta(base, tree, store)).filter(({ oldMode, newMode }) => oldMode !== '160000' && newMode !== '160000').slice(0, FILES_MAX);
    return await judgeChanges({ base: { commit: parent, tree: base }, result: { tree }, changes }, store);
  } catch (error) {
    if (error instanceof CountersignError && error.kind === 'input') return null;
    throw error;
  }
}
