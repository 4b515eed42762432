import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { inputError, outsideError } from '../../../domain/errors.ts';
import { byteStringOf } from '../../../change-set/lossless-text.ts';
import { treeDelta } from '../../../change-set/tree-delta.ts';
import { locateRepository } from '../../../git/locate-repository.ts';
import { readObjectSizes } from '../../../git/object-sizes.ts';
import { createScratchRepository } from '../../../git/scratch-repository.ts';
import { openScratchStore } from '../../../git/scratch-store.ts';
import type { ScratchStore } from '../../../ports/objects.ts';
import { medianStart, runNode } from '../child.ts';
import { deriveEdits, type EditedFile } from './derive-edits.ts';
import { printDiffs } from './print-diffs.ts';
import { runTool } from './run-tool.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'main.ts');
const COLD_STARTS = 5;

/** One form of one commit's change: what goes into `patch check`, and the tree that must come out. */
interface Item {
  readonly form: string;
  readonly base: string;
  readonly tree: string;
  readonly file: string;
}

export interface HistoryReport {
  readonly repo: string;
  readonly commits: number;
  /** How many changes were given in each form, and how many came out as the commit's own tree. */
  readonly forms: readonly { readonly form: string; readonly given: number; readonly exact: number }[];
  readonly misses: readonly { readonly form: string; readonly base: string; readonly tree: string; readonly reason: string }[];
  /** Whole processes over the same patches: one batch here; a loop of git apply and git write-tree on indexes made before; the same with git read-tree. */
  readonly throughput: { readonly patches: number; readonly seconds: number; readonly gitSeconds: number; readonly gitWithReadTreeSeconds: number; readonly ratio: number };
  /** Medians of one check of the last commit, and of a bare start of node. */
  readonly cold: { readonly seconds: number; readonly nodeSeconds: number };
}

const answerSchema = z.object({ result: z.object({ tree: z.string() }).nullable(), error: z.object({ code: z.string(), message: z.string() }).optional() });

/** Takes the last commits of a real repository through `patch check` in every form, beside git. */
export async function benchHistory(repo: string, commits: number, say: (line: string) => void): Promise<HistoryReport> {
  const { gitDir, objects } = await locateRepository(repo);
  const directory = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
  const judge = await createScratchRepository(objects);
  try {
    const pairs = await lastCommits(gitDir, judge.directory, commits);
    if (pairs.length === 0) throw inputError('no-history', `${repo} has no commits with a parent to measure.`);
    say(`${repo}: ${pairs.length} commits`);
    const items = await writeItems({ pairs, gitDir, judge: judge.directory, directory });
    const answers = await runBatch(gitDir, items, directory);
    const timed = items.filter(({ form }) => form === 'diff -M');
    say(`${repo}: ${timed.length} patches here and by git`);
    const throughput = await measure({ gitDir, timed, directory, judge: judge.directory });
    return { repo, commits: pairs.length, ...compare(items, answers), throughput, cold: await measureCold(gitDir, timed, directory) };
  } finally {
    await judge.remove();
    await rm(directory, { recursive: true, force: true });
  }
}

interface Commit {
  readonly commit: string;
  readonly parent: string;
  readonly baseTree: string;
  readonly tree: string;
}

/** The newest commits with exactly one parent whose objects are all there. */
async function lastCommits(gitDir: string, judge: string, count: number): Promise<Commit[]> {
  const out = await runTool('git', [`--git-dir=${gitDir}`, 'log', '--all', '--no-merges', '--min-parents=1', `-${count}`, '--format=%H %P %T'], { cwd: gitDir });
  const lines = out.toString('latin1').trim().split('\n').filter((line) => line !== '').map((line) => line.split(' '));
  const trees = await runTool('git', ['--git-dir=.', 'cat-file', '--batch-check=%(objectname) %(objecttype)'], { cwd: judge, input: lines.map(([, parent = '']) => `${parent}^{tree}\n`).join('') });
  const bases = trees.toString('latin1').trimEnd().split('\n').map((line) => line.split(' ')[0] ?? '');
  return wholeOnes(lines.map(([commit = '', parent = '', tree = ''], index) => ({ commit, parent, tree, baseTree: bases[index] ?? '' })), judge);
}

/** Those of which every file is there before and after: a copy of a repository may lack its largest. */
async function wholeOnes(commits: readonly Commit[], judge: string): Promise<Commit[]> {
  const raw = await runTool('git', ['--git-dir=.', 'diff-tree', '--stdin', '-r', '--raw', '--no-abbrev', '--no-renames'], { cwd: judge, input: commits.map(({ baseTree, tree }) => `${baseTree} ${tree}\n`).join('') });
  const blobs = new Map<string, string[]>();
  let named: string[] = [];
  for (const line of raw.toString('latin1').split('\n')) {
    const [, oldMode, newMode, old = '', next = ''] = /^:(\d{6}) (\d{6}) ([0-9a-f]{40}) ([0-9a-f]{40}) /u.exec(line) ?? [];
    if (/^[0-9a-f]{40} [0-9a-f]{40}$/u.test(line)) blobs.set(line, (named = []));
    if (oldMode !== undefined && oldMode !== SUBMODULE && !isNull(old)) named.push(old);
    if (newMode !== undefined && newMode !== SUBMODULE && !isNull(next)) named.push(next);
  }
  const sizes = await readObjectSizes(judge, [...new Set([...blobs.values()].flat())]);
  return commits.filter(({ baseTree, tree }) => (blobs.get(`${baseTree} ${tree}`) ?? []).every((oid) => sizes.has(oid)));
}

const SUBMODULE = '160000';
const isNull = (oid: string): boolean => /^0+$/u.test(oid);

async function writeItems({ pairs, gitDir, judge, directory }: { pairs: readonly Commit[]; gitDir: string; judge: string; directory: string }): Promise<Item[]> {
  const items: Item[] = [];
  const put = async (form: string, { parent, tree }: Commit, bytes: Uint8Array | null): Promise<void> => {
    if (bytes === null || bytes.length === 0) return;
    const file = join(directory, `${items.length}.patch`);
    items.push({ form, base: parent, tree, file });
    await writeFile(file, bytes);
  };
  // git prints them where nothing is configured.
  for (const [form, flags] of [['diff -M', ['-M']], ['diff', ['--no-renames']], ['diff -C', ['-C']]] as const) {
    const diffs = await printDiffs(judge, pairs.map(({ baseTree, tree }) => ({ base: baseTree, result: tree })), flags);
    for (const [index, pair] of pairs.entries()) await put(form, pair, diffs[index] ?? null);
  }
  const store = await openScratchStore({ gitDir });
  try {
    for (const pair of pairs) {
      await put('mail', pair, await runTool('git', [`--git-dir=${judge}`, 'format-patch', '-1', '--stdout', pair.commit], { cwd: judge }));
      await put('edits', pair, await editsOf(pair, store));
    }
  } finally {
    await store.close();
  }
  return items;
}

/** Edit blocks for a change of nothing but plain text files; null for any other. */
async function editsOf({ baseTree, tree }: Commit, store: ScratchStore): Promise<Buffer | null> {
  const files: EditedFile[] = [];
  for (const { path, oldMode, newMode, oldBlob, newBlob } of await treeDelta(baseTree, tree, store)) {
    const kinds = new Set([oldMode, newMode].filter((mode) => mode !== null));
    if (kinds.has('120000') || kinds.has('160000') || kinds.size > 1 || (oldMode === null && newMode !== '100644')) return null;
    files.push({ path: byteStringOf(path), old: oldBlob === null ? null : await store.readBlob(oldBlob), next: newBlob === null ? null : await store.readBlob(newBlob) });
  }
  return files.length === 0 ? null : deriveEdits(files);
}

async function runBatch(gitDir: string, items: readonly Item[], directory: string): Promise<readonly unknown[]> {
  const batch = join(directory, 'batch.jsonl');
  await writeFile(batch, items.map(({ form, base, file }) => `${JSON.stringify({ repo: gitDir, base, patch: file, format: form === 'edits' ? 'edits' : 'diff', config: { policy: 'off' } })}\n`).join(''));
  const out = join(directory, 'answers.jsonl');
  await runTool('sh', ['-c', '"$NODE" "$MAIN" patch check --json --batch "$BATCH" >"$OUT"'], { cwd: directory, env: { NODE: process.execPath, MAIN, BATCH: batch, OUT: out, PATH: process.env['PATH'] ?? '' } });
  return (await readFile(out, 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as unknown);
}

function compare(items: readonly Item[], answers: readonly unknown[]): Pick<HistoryReport, 'forms' | 'misses'> {
  if (items.length !== answers.length) throw outsideError('bench-failed', `patch check answered ${answers.length} of ${items.length} lines.`);
  const forms = new Map<string, { given: number; exact: number }>();
  const misses: HistoryReport['misses'][number][] = [];
  items.forEach(({ form, base, tree }, index) => {
    const answer = answerSchema.parse(answers[index]);
    const tally = forms.get(form) ?? { given: 0, exact: 0 };
    forms.set(form, tally);
    tally.given += 1;
    if (answer.result?.tree === tree) tally.exact += 1;
    else misses.push({ form, base, tree, reason: answer.error === undefined ? 'another tree' : `${answer.error.code}: ${answer.error.message}` });
  });
  return { forms: [...forms].map(([form, tally]) => ({ form, ...tally })), misses };
}

const PREPARE = 'while read -r number base file; do GIT_INDEX_FILE="$DIRECTORY/$number.index" git read-tree "$base"; done';
const APPLY = 'while read -r number base file; do export GIT_INDEX_FILE="$DIRECTORY/$number.index"; git apply --cached --whitespace=nowarn "$file" && git write-tree; done >/dev/null';
const READ_AND_APPLY = 'export GIT_INDEX_FILE="$DIRECTORY/index"; while read -r number base file; do git read-tree "$base" && git apply --cached --whitespace=nowarn "$file" && git write-tree; done >/dev/null';

async function measure({ gitDir, timed, directory, judge }: { gitDir: string; timed: readonly Item[]; directory: string; judge: string }): Promise<HistoryReport['throughput']> {
  const input = timed.map(({ base, file }, number) => `${number} ${base} ${file}\n`).join('');
  const git = (script: string): Promise<Buffer> => runTool('sh', ['-c', script], { cwd: judge, env: { GIT_DIR: judge, DIRECTORY: directory }, input });
  await git(PREPARE);
  const gitSeconds = await secondsOf(() => git(APPLY));
  const gitWithReadTreeSeconds = await secondsOf(() => git(READ_AND_APPLY));
  const seconds = await secondsOf(() => runBatch(gitDir, timed, directory));
  return { patches: timed.length, seconds, gitSeconds, gitWithReadTreeSeconds, ratio: seconds / gitSeconds };
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

async function measureCold(gitDir: string, timed: readonly Item[], directory: string): Promise<HistoryReport['cold']> {
  const [item] = timed;
  if (item === undefined) throw outsideError('bench-failed', 'There is no patch to check.');
  const config = join(directory, 'off.yml');
  await writeFile(config, 'policy: off\n');
  const args = [MAIN, 'patch', 'check', '--repo', gitDir, '--base', item.base, '--patch', item.file, '--config', config, '--json'];
  const { exitCode } = await runNode(args);
  if (exitCode !== 0) throw outsideError('bench-failed', `One check of the newest commit ended with exit code ${exitCode ?? 'none'}.`);
  return { seconds: await medianStart(args, COLD_STARTS), nodeSeconds: await medianStart(['-e', '0'], COLD_STARTS) };
}
