import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { inputError } from '../../../domain/errors.ts';
import { sha256 } from '../../../schema/sha256.ts';
import { systemReason } from '../../system-reason.ts';

const FORMAT = 'countersign/transcript@1';

/** What a transcript says of itself. `by hand` marks one that no model ever answered. */
const headSchema = z.strictObject({
  format: z.literal(FORMAT),
  model: z.string().regex(/^[a-z0-9][a-z0-9-]*\/\S+$/).max(200),
  source: z.enum(['recorded', 'by hand']),
});

const CONTENT_TYPE_MAX = 200;
const RETRY_AFTER_MAX = 100;

const exchangeSchema = z.strictObject({
  request: z.strictObject({ path: z.string().startsWith('/').max(2_000), body: z.unknown() }),
  response: z.strictObject({ status: z.int().min(100).max(599), contentType: z.string().max(CONTENT_TYPE_MAX), retryAfter: z.string().max(RETRY_AFTER_MAX).nullable(), body: z.string() }),
  /** Of request and response, where they were recorded: an answer that was edited since is not one that the model gave. */
  sha256: z.string().optional(),
});

export type TranscriptHead = z.infer<typeof headSchema>;
export type Exchange = Pick<z.infer<typeof exchangeSchema>, 'request' | 'response'>;
export type ModelRequestSent = Exchange['request'];

const HEAD = 'transcript.json';
const EXCHANGES_MAX = 10_000;
const BYTES_MAX = 64 * 1024 * 1024;

/** The same request has the same key: where it goes and its whole body, never a header. */
export const requestKey = ({ path, body }: ModelRequestSent): string => sha256(new TextEncoder().encode(JSON.stringify([path, body])));

const exchangeHash = ({ request, response }: Exchange): string => sha256(new TextEncoder().encode(JSON.stringify([request.path, request.body, response.status, response.contentType, response.retryAfter, response.body])));

/** Begins a transcript in an empty or new directory. Rejects with an `input` error for any other. */
export async function beginTranscript(dir: string, head: TranscriptHead): Promise<void> {
  await mkdir(dir, { recursive: true }).catch((error: unknown) => Promise.reject(inputError('bad-transcript', `${dir} cannot be made: ${systemReason(error)}. Name another directory with --record.`, error)));
  // A head alone was left by a start that failed for another reason.
  if ((await readdir(dir)).some((name) => name !== HEAD)) throw inputError('used-transcript', `${dir} is not empty. --record begins a new transcript: name a new directory.`);
  await writeFile(join(dir, HEAD), `${JSON.stringify(head, null, 2)}\n`).catch((error: unknown) => Promise.reject(inputError('bad-transcript', `${dir} cannot be written: ${systemReason(error)}. Name another directory with --record.`, error)));
}

/** How many exchanges a transcript has: what is kept next goes behind them. */
export const countExchanges = async (dir: string): Promise<number> => (await readdir(dir)).filter(isExchange).length;

const isExchange = (name: string): boolean => name.endsWith('.json') && name !== HEAD;

export async function keepExchange(dir: string, number: number, { request, response }: Exchange): Promise<void> {
  const kept = { request, response: { ...response, contentType: response.contentType.slice(0, CONTENT_TYPE_MAX), retryAfter: response.retryAfter?.slice(0, RETRY_AFTER_MAX) ?? null } };
  const path = join(dir, `${String(number).padStart(4, '0')}-${requestKey(request).slice(0, 12)}.json`);
  // Whole or not at all.
  await writeFile(`${path}.part`, `${JSON.stringify({ ...kept, sha256: exchangeHash(kept) }, null, 2)}\n`).then(async () => rename(`${path}.part`, path)).catch(async (error: unknown) => {
    await rm(`${path}.part`, { force: true }).catch(() => undefined);
    throw error;
  });
}

/** Reads a transcript as hostile data. Rejects with an `input` error that names the file. */
export async function readTranscript(dir: string): Promise<{ head: TranscriptHead; exchanges: readonly Exchange[] }> {
  const json = await readJson(dir, HEAD);
  const head = headSchema.safeParse(json);
  const { format } = z.object({ format: z.string().regex(/^countersign\/transcript@\d{1,9}$/).catch(FORMAT) }).catch({ format: FORMAT }).parse(json);
  if (format !== FORMAT) throw inputError('bad-transcript', `${join(dir, HEAD)} is of another version (${format}); this one reads ${FORMAT}. Record it again.`);
  if (!head.success) throw inputError('bad-transcript', `${join(dir, HEAD)} is not the head of a transcript. Make one with: countersign up --model PROVIDER/NAME --record DIR`);
  const names = (await readdir(dir)).filter(isExchange).toSorted();
  if (names.length > EXCHANGES_MAX) throw inputError('bad-transcript', `${dir} holds ${names.length} exchanges; at most ${EXCHANGES_MAX} are read.`);
  const gap = head.data.source === 'recorded' ? names.findIndex((name, at) => Number.parseInt(name, 10) !== at + 1) : -1;
  if (gap >= 0) throw inputError('bad-transcript', `${dir} does not hold exchange ${gap + 1}: it is not whole. Record it again.`);
  const exchanges: Exchange[] = [];
  for (const name of names) {
    const parsed = exchangeSchema.safeParse(await readJson(dir, name));
    if (!parsed.success) throw inputError('bad-transcript', `${join(dir, name)} is not an exchange of a transcript. Record it again.`);
    const { sha256: recorded, ...exchange } = parsed.data;
    if (recorded === undefined ? head.data.source === 'recorded' : recorded !== exchangeHash(exchange)) throw inputError('bad-transcript', `${join(dir, name)} is not as it was recorded: it was changed since. Record it again, or say "source": "by hand" in ${HEAD} and leave sha256 out where the answers are your own.`);
    exchanges.push(exchange);
  }
  return { head: head.data, exchanges };
}

async function readJson(dir: string, name: string): Promise<unknown> {
  const path = join(dir, name);
  const info = await stat(path).catch(() => null);
  if (!info?.isFile()) throw inputError('bad-transcript', `${path} is not there. --replay names a directory that \`countersign up --record\` made.`);
  if (info.size > BYTES_MAX) throw inputError('bad-transcript', `${path} has ${info.size} bytes; at most ${BYTES_MAX} are read.`);
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    throw inputError('bad-transcript', `${path} is not JSON.`);
  }
}
