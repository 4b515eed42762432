import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { outsideError } from '../../../domain/errors.ts';
import { applyDiff } from '../../../change-set/apply-diff.ts';
import { parseDiff } from '../../../change-set/parse-diff.ts';
import { byteString } from '../../../change-set/bytes.ts';
import type { ObjectReader } from '../../../ports/objects.ts';
import { BaseTree } from '../../../change-set/base-tree.ts';
import { openScratchStore, openSourceRepository } from '../../../git/scratch-store.ts';
import { tryAttacks, type Attacked } from './attack.ts';
import { Dice } from './dice.ts';
import { syntheticSteps, type Step } from './fuzz.ts';
import { ThrowAwayRepository } from './throw-away-repository.ts';

const PEERS = join(import.meta.dirname, '..', '..', '..', '..', 'scripts', 'bench-peers');

/** How one tool did. A missed attack is one that it neither refuses nor names; a corrupted diff comes out otherwise than git makes it. */
export interface ToolScore {
  readonly tool: string;
  readonly attacks: { readonly blocked: number; readonly missed: number };
  readonly harmless: { readonly exact: number; readonly corrupted: number; readonly refused: number };
}

/** A file of a harmless diff: byte strings; `after` is what git has there. */
interface ExpectedFile {
  readonly old: string | null;
  readonly new: string | null;
  readonly added: number;
  readonly removed: number;
  readonly before: string;
  readonly after: string;
}

interface Case {
  readonly patch: string;
  readonly files: readonly ExpectedFile[];
}

const path = z.string().nullish().transform((value) => value ?? null);
const answerSchema = z.object({ refused: z.string().nullable(), files: z.array(z.object({ old: path, new: path, added: z.number(), removed: z.number(), after: z.string().optional() })) });
const peersSchema = z.object({ peers: z.array(z.object({ name: z.string(), version: z.string(), answers: z.array(answerSchema) })) });
type Answer = z.infer<typeof answerSchema>;

/** The attacks, and diffs of a synthetic history, given to the peers and to `patch check`. */
export async function compareWithPeers(seed: number, commits: number): Promise<{ readonly attacks: readonly Attacked[]; readonly scores: readonly ToolScore[] }> {
  const attacks = await tryAttacks();
  const { cases, exact } = await harmlessCases(seed, commits);
  const blocked = attacks.filter(({ blockedBy }) => blockedBy.length > 0).length;
  const ours: ToolScore = { tool: 'countersign', attacks: { blocked, missed: attacks.length - blocked }, harmless: { exact, corrupted: cases.length - exact, refused: 0 } };
  const { peers } = await askPeers([...attacks.map(({ attack }) => ({ patch: attack.patch, files: [] })), ...cases]);
  const scores = peers.map(({ name, version, answers }) => scoreOf(`${name} ${version}`, { answers, attacks, cases }));
  return { attacks, scores: [ours, ...scores] };
}

async function harmlessCases(seed: number, commits: number): Promise<{ cases: Case[]; exact: number }> {
  const repository = await ThrowAwayRepository.create();
  const source = await openSourceRepository(repository.directory);
  const cases: Case[] = [];
  let exact = 0;
  try {
    for (const step of await syntheticSteps(repository, new Dice(seed), commits, [['-M']])) {
      const store = await openScratchStore({ gitDir: repository.directory, shared: source });
      cases.push({ patch: byteString(step.patch), files: await expectedFiles(step, store) });
      const applied = await applyDiff(step.patch, step.base, store);
      if (applied.kind === 'applied' && applied.tree === step.result) exact += 1;
      await store.close();
    }
    return { cases, exact };
  } finally {
    await source.close();
    await repository.remove();
  }
}

async function expectedFiles({ base, result, patch }: Step, objects: ObjectReader): Promise<ExpectedFile[]> {
  const [before, after] = [new BaseTree(base, objects), new BaseTree(result, objects)];
  const read = async (tree: BaseTree, name: string | null): Promise<string> => {
    if (name === null) return '';
    const { mode, oid } = await tree.fileAt(name);
    return mode === '160000' ? `Subproject commit ${oid}\n` : byteString(await objects.readBlob(oid));
  };
  const files: ExpectedFile[] = [];
  for (const { oldPath, newPath, body } of parseDiff(patch)) {
    const hunks = body.kind === 'text' ? body.hunks : [];
    const added = hunks.reduce((sum, hunk) => sum + hunk.added, 0);
    const removed = hunks.reduce((sum, hunk) => sum + hunk.oldCount - (hunk.newCount - hunk.added), 0);
    files.push({ old: oldPath, new: newPath, added, removed, before: await read(before, oldPath), after: await read(after, newPath) });
  }
  return files;
}

function scoreOf(tool: string, { answers, attacks, cases }: { answers: readonly Answer[]; attacks: readonly Attacked[]; cases: readonly Case[] }): ToolScore {
  const notices = ({ attack }: Attacked, answer: Answer | undefined): boolean =>
    answer === undefined || answer.refused !== null || (attack.atStake !== null && answer.files.some((file) => [file.old, file.new].some((name) => name === attack.atStake)));
  const blocked = attacks.filter((attack, index) => notices(attack, answers[index])).length;
  const verdicts = cases.map((each, index) => judge(each, answers[attacks.length + index]));
  const count = (verdict: string): number => verdicts.filter((each) => each === verdict).length;
  return { tool, attacks: { blocked, missed: attacks.length - blocked }, harmless: { exact: count('exact'), corrupted: count('corrupted'), refused: count('refused') } };
}

function judge({ files }: Case, answer: Answer | undefined): 'exact' | 'corrupted' | 'refused' {
  if (answer === undefined || answer.refused !== null) return 'refused';
  const isSame = (expected: ExpectedFile, given: Answer['files'][number] | undefined): boolean => {
    if (given === undefined) return false;
    // A tool that makes contents is judged by them, one that only reads by names and numbers.
    if (given.after !== undefined) return given.after === expected.after;
    return sameName(expected.old, given.old) && sameName(expected.new, given.new) && expected.added === given.added && expected.removed === given.removed;
  };
  return answer.files.length === files.length && files.every((expected, index) => isSame(expected, answer.files[index])) ? 'exact' : 'corrupted';
}

const sameName = (bytes: string | null, text: string | null): boolean => (bytes === null ? null : Buffer.from(bytes, 'latin1').toString('utf8')) === text;

async function askPeers(cases: readonly Case[]): Promise<z.infer<typeof peersSchema>> {
  if (!(await access(join(PEERS, 'node_modules')).then(() => true, () => false))) {
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], '');
  }
  const out = await run(process.execPath, ['peers.mjs'], JSON.stringify({ cases }));
  const parsed = peersSchema.safeParse(JSON.parse(out));
  if (!parsed.success) throw outsideError('bench-failed', `The peers gave an answer of another form: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function run(command: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: PEERS, stdio: ['pipe', 'pipe', 'inherit'] });
    const out: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', (error) => reject(outsideError('bench-failed', `${command} cannot be started.`, error)));
    child.once('close', (code) => (code === 0 ? resolve(Buffer.concat(out).toString('utf8')) : reject(outsideError('bench-failed', `${command} ${args[0] ?? ''} in scripts/bench-peers ended with ${code ?? 'a signal'}. Are the peers installed? npm ci --prefix scripts/bench-peers`))));
  });
}
