import { readFile, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { CountersignError, inputError } from '../../domain/errors.ts';
import { MAX_PROPOSAL_BYTES } from '../../change-set/limits.ts';
import { exitWith, printJson } from '../output.ts';
import { readConfigFile, type CheckRequest } from './check-request.ts';
import { CheckSession } from './check-session.ts';
import { parseBatchLine } from './batch-line.ts';
import { publicAnswer, printAnswer } from './show-answer.ts';
import { failedAnswer, type CheckAnswer } from './check-patch.ts';

export interface CheckFlags {
  readonly repo?: string;
  readonly base?: string;
  readonly patch?: string;
  readonly format: 'diff' | 'edits';
  readonly config?: string;
  readonly scope: readonly string[];
  readonly batch?: string;
  readonly json?: true;
  readonly sarif?: string;
}

/** Largest batch that is read, in bytes. */
const MAX_BATCH_BYTES = 1024 * 1024 * 1024;

/** One check. Exit code 0: it applies and nothing blocks; 1: blocked; 2: malformed or not exact; 3: git failed. */
export async function runCheck(flags: CheckFlags): Promise<void> {
  const answer = await withSession(async (session) => {
    try {
      return await session.check(await requestOf(flags));
    } catch (error) {
      // With --json even broken input is answered by the one document that scripts read.
      if (flags.json && error instanceof CountersignError && error.kind === 'input') return failedAnswer(error.code, error.message);
      throw error;
    }
  });
  if (flags.sarif !== undefined) await writeSarif(flags.sarif, answer);
  if (flags.json) printJson(publicAnswer(answer));
  else printAnswer(answer);
  exitWith(answer.error !== undefined ? 2 : answer.ok ? 0 : 1);
}

async function requestOf(flags: CheckFlags): Promise<CheckRequest> {
  const { repo, base, patch } = flags;
  if (repo === undefined || base === undefined || patch === undefined) throw inputError('bad-usage', 'Give --repo, --base and --patch, or --batch.');
  return {
    repo,
    base,
    format: flags.format,
    patch: await readInput(patch, MAX_PROPOSAL_BYTES),
    config: flags.config === undefined ? null : await readConfigFile(flags.config),
    scope: flags.scope.length === 0 ? null : flags.scope,
    wantsExcerpts: !flags.json,
  };
}

async function writeSarif(file: string, answer: CheckAnswer): Promise<void> {
  const { toSarif } = await import('./sarif.ts');
  await writeFile(file, `${JSON.stringify(toSarif(answer), null, 2)}\n`).catch((error: unknown) => Promise.reject(inputError('unwritable-file', `${file} cannot be written (${error instanceof Error ? error.message : String(error)}). Check the path.`, error)));
}

/** Many checks: one JSON request a line in, one JSON answer a line out, in order. A bad line is answered by its error. */
export async function runBatch(flags: CheckFlags, file: string): Promise<void> {
  const lines = (await readInput(file, MAX_BATCH_BYTES)).toString('utf8').split('\n');
  await withSession(async (session) => {
    for (const line of lines) if (line.trim() !== '') await print(publicAnswer(await answerLine(session, line, flags)));
  });
  exitWith(0);
}

async function answerLine(session: CheckSession, line: string, flags: CheckFlags): Promise<CheckAnswer> {
  try {
    return await session.check(await parseBatchLine(line, flags));
  } catch (error) {
    if (error instanceof CountersignError) return failedAnswer(error.code, error.message);
    throw error;
  }
}

async function withSession<T>(use: (session: CheckSession) => Promise<T>): Promise<T> {
  const session = new CheckSession(new Date().toISOString().slice(0, 10));
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

/** Waits when the reader is slower, so that a long batch does not pile up in memory. */
async function print(answer: unknown): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(answer)}\n`)) await new Promise<void>((resolve) => process.stdout.once('drain', () => resolve()));
}

async function readInput(file: string, most: number): Promise<Buffer> {
  const bytes = file === '-' ? await buffer(process.stdin) : await readFile(file).catch((error: unknown) => Promise.reject(unreadable(file, error)));
  if (bytes.length > most) throw inputError('too-large', `${file} has ${bytes.length} bytes; at most ${most} are taken.`);
  return bytes;
}

const unreadable = (file: string, error: unknown): CountersignError =>
  inputError('unreadable-file', `${file} cannot be read (${error instanceof Error ? error.message : String(error)}). Check the path.`, error);
