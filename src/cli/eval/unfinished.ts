import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { inputError } from '../../domain/errors.ts';
import { systemReason } from '../system-reason.ts';
import type { EvalCase } from './eval-case.ts';
import type { EvalResult } from './eval-result.ts';

// What was measured stands beside the page until the evaluation is finished: calls that were paid for are not made again.

const headSchema = z.object({ format: z.literal('countersign/eval@1'), model: z.string() });

const resultSchema = z.object({
  name: z.string(), language: z.string(), kind: z.enum(['bug', 'feature']), skipped: z.string().nullable(), bad: z.string().nullable(), failed: z.string().nullable(), verdict: z.string().nullable(), state: z.string().nullable(), reason: z.string(),
  gatesPassed: z.array(z.number()), ciPassed: z.boolean().nullable(), checksOutput: z.array(z.string()), files: z.object({ known: z.array(z.string()), touched: z.array(z.string()), hit: z.number() }),
  appliedFirstTime: z.boolean().nullable(), revisions: z.number(), sameAsKnown: z.boolean(), difference: z.string(), costMicroUsd: z.number().nullable(), tokens: z.number(), seconds: z.number(),
});

const lineSchema = z.object({ hash: z.string(), result: resultSchema });

/** The results of an evaluation that is under way, in a file beside its page. */
export interface Unfinished {
  /** What was measured of this very case in the evaluation that is gone on with. */
  take(each: EvalCase): EvalResult | null;
  keep(each: EvalCase, result: EvalResult): Promise<void>;
  /** With nothing left to go on with, nothing is kept. */
  close(): Promise<void>;
}

export const unfinishedPath = (out: string): string => `${out.replace(/\.html?$/i, '')}.unfinished.jsonl`;

/** Begins anew, or goes on with what an interrupted evaluation left. Rejects when there is nothing of that kind. */
export async function openUnfinished(out: string, model: string, goOn: boolean): Promise<Unfinished> {
  const path = unfinishedPath(out);
  const known = goOn ? await readKnown(path, model) : new Map<string, EvalResult>();
  if (!goOn) await writeFile(path, `${JSON.stringify({ format: 'countersign/eval@1', model })}\n`).catch((error: unknown) => Promise.reject(inputError('bad-out', `${path} cannot be written: ${systemReason(error)}. Name another file with --out.`, error)));
  return {
    take: ({ hash }) => known.get(hash) ?? null,
    keep: async ({ hash }, result) => appendFile(path, `${JSON.stringify({ hash, result })}\n`),
    close: async () => rm(path, { force: true }),
  };
}

async function readKnown(path: string, model: string): Promise<ReadonlyMap<string, EvalResult>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => Promise.reject(inputError('nothing-to-go-on', `There is no interrupted evaluation to go on with: ${path} cannot be read (${systemReason(error)}). Leave --go-on out.`, error)));
  const [head, ...lines] = text.split('\n').filter((line) => line !== '').map(parseLine);
  const parsed = headSchema.safeParse(head);
  if (!parsed.success) throw inputError('nothing-to-go-on', `${path} is not what an interrupted evaluation leaves. Leave --go-on out.`);
  if (parsed.data.model !== model) throw inputError('other-model', `${path} is of an evaluation of ${parsed.data.model}, not of ${model}. Leave --go-on out, or name another page with --out.`);
  // A line that was cut off while it was written is a case that is measured again.
  return new Map(lines.flatMap((line) => {
    const each = lineSchema.safeParse(line);
    return each.success ? [[each.data.hash, each.data.result]] : [];
  }));
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
