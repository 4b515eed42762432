import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { inputError } from '../../../domain/errors.ts';
import { sha256 } from '../../../schema/sha256.ts';
import { systemReason } from '../../system-reason.ts';

/** What a transcript says of itself. `by hand` marks one that no model ever answered. */
const headSchema = z.strictObject({
  format: z.literal('countersign/transcript@1'),
  model: z.string().regex(/^[a-z0-9][a-z0-9-]*\/\S+$/).max(200),
  source: z.enum(['recorded', 'by hand']),
});

const exchangeSchema = z.strictObject({
  request: z.strictObject({ path: z.string().startsWith('/').max(2_000), body: z.unknown() }),
  response: z.strictObject({ status: z.int().min(100).max(599), contentType: z.string().max(200), retryAfter: z.string().max(100).nullable(), body: z.string() }),
});

export type TranscriptHead = z.infer<typeof headSchema>;
export type Exchange = z.infer<typeof exchangeSchema>;
export type ModelRequestSent = Exchange['request'];

const HEAD = 'transcript.json';
const EXCHANGES_MAX = 10_000;
const BYTES_MAX = 64 * 1024 * 1024;

/** The same request has the same key: where it goes and its whole body, never a header. */
export const requestKey = ({ path, body }: ModelRequestSent): string => sha256(new TextEncoder().encode(JSON.stringify([path, body])));

/** Begins a transcript in an empty or new directory. Rejects with an `input` error for any other. */
export async function beginTranscript(dir: string, head: TranscriptHead): Promise<void> {
  await mkdir(dir, { recursive: true }).catch((error: unknown) => Promise.reject(inputError('bad-transcript', `${dir} cannot be made: ${systemReason(error)}. Name another directory with --record.`, error)));
  if ((await readdir(dir)).length > 0) throw inputError('used-transcript', `${dir} is not empty. --record begins a new transcript: name a new directory.`);
  await writeFile(join(dir, HEAD), `${JSON.stringify(head, null, 2)}\n`);
}

export async function keepExchange(dir: string, number: number, exchange: Exchange): Promise<void> {
  await writeFile(join(dir, `${String(number).padStart(4, '0')}-${requestKey(exchange.request).slice(0, 12)}.json`), `${JSON.stringify(exchange, null, 2)}\n`);
}

/** Reads a transcript as hostile data. Rejects with an `input` error that names the file. */
export async function readTranscript(dir: string): Promise<{ head: TranscriptHead; exchanges: readonly Exchange[] }> {
  const head = headSchema.safeParse(await readJson(dir, HEAD));
  if (!head.success) throw inputError('bad-transcript', `${join(dir, HEAD)} is not the head of a transcript. Make one with: countersign up --model PROVIDER/NAME --record DIR`);
  const names = (await readdir(dir)).filter((name) => name.endsWith('.json') && name !== HEAD).toSorted();
  if (names.length > EXCHANGES_MAX) throw inputError('bad-transcript', `${dir} holds ${names.length} exchanges; at most ${EXCHANGES_MAX} are read.`);
  const exchanges: Exchange[] = [];
  for (const name of names) {
    const parsed = exchangeSchema.safeParse(await readJson(dir, name));
    if (!parsed.success) throw inputError('bad-transcript', `${join(dir, name)} is not an exchange of a transcript. Record it again.`);
    exchanges.push(parsed.data);
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
