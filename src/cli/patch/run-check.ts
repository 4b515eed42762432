import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { CountersignError, inputError } from '../../domain/errors.ts';
import { MAX_PROPOSAL_BYTES } from '../../change-set/limits.ts';
import { exitWith, printJson } from '../output.ts';
import { systemReason } from '../system-reason.ts';
import { readConfigFile, type CheckRequest } from './check-request.ts';
import { CheckSession } from './check-session.ts';
import type { BatchLine } from './batch-lines.ts';
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

/** Bytes of a file that are read at once. */
const READ_AT_ONCE = 256 * 1024;

/** One check. Exit code 0: it applies and nothing blocks; 1: blocked; 2: malformed or not exact; 3: git failed. */
export async function runCheck(flags: CheckFlags): Promise<void> {
  const answer = await answerCheck(flags);
  if (flags.sarif !== undefined) await writeSarif(flags.sarif, answer);
  if (flags.json) printJson(publicAnswer(answer));
  else printAnswer(answer);
  exitWith(answer.error !== undefined ? 2 : answer.ok ? 0 : 1);
}

/** The answer to one check. With `json` even broken input is answered, by the one document that scripts read. */
export async function answerCheck(flags: CheckFlags): Promise<CheckAnswer> {
  return withSession(async (session) => {
    try {
      return await session.check(await requestOf(flags));
    } catch (error) {
      if (flags.json && error instanceof CountersignError && error.kind === 'input') return failedAnswer(error.code, error.message);
      throw error;
    }
  });
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
  await writeFile(file, `${JSON.stringify(toSarif(answer), null, 2)}\n`).catch((error: unknown) => Promise.reject(inputError('unwritable-file', `${file} cannot be written (${systemReason(error)}). Check the path.`, error)));
}

/**
 * Many checks: one JSON request a line in, one JSON answer a line out, in order, each as soon as it is known. A bad line
 * is answered by its error. Memory is bounded by the longest line, not by the batch.
 */
export async function runBatch(flags: CheckFlags, file: string): Promise<void> {
  const [{ batchLines }, { parseBatchLine }] = await Promise.all([import('./batch-lines.ts'), import('./batch-line.ts')]);
  await withSession(async (session) => {
    for await (const line of batchLines(openInput(file))) await print(publicAnswer(await answerLine(line, (text) => parseBatchLine(text, flags), session)));
  });
  exitWith(0);
}

async function answerLine(line: BatchLine, parse: (text: string) => Promise<CheckRequest>, session: CheckSession): Promise<CheckAnswer> {
  if (line.kind === 'bad') return failedAnswer(line.code, line.message);
  try {
    return await session.check(await parse(line.text));
  } catch (error) {
    if (error instanceof CountersignError) return failedAnswer(error.code, error.message);
    // Whatever else went wrong with this line, the others are still to be answered.
    return failedAnswer('unexpected', `Something failed that should not have (${error instanceof Error ? error.message : String(error)}). Check this patch alone with --debug and report it.`);
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

/** The whole input, of which never more than `most` bytes are held. */
async function readInput(file: string, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of openInput(file)) {
    size += part.length;
    if (size > most) throw inputError('too-large', `${file === '-' ? 'Standard input' : file} has more than ${most} bytes, which is the most that is taken. Split the change.`);
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

async function* openInput(file: string): AsyncGenerator<Uint8Array> {
  const stream: AsyncIterable<unknown> = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: READ_AT_ONCE });
  try {
    for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk;
  } catch (error) {
    throw unreadable(file, error);
  }
}

const unreadable = (file: string, error: unknown): CountersignError =>
  inputError('unreadable-file', `${file === '' ? 'The file ""' : file} cannot be read (${systemReason(error)}). Check the path.`, error);
