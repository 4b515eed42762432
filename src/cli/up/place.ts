import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { inputError } from '../../domain/errors.ts';
import { systemReason } from '../system-reason.ts';

/** What an `up` directory remembers beside the local GitHub's own state. */
const placeSchema = z.strictObject({
  version: z.literal(1),
  port: z.int(),
  issue: z.strictObject({ repo: z.string(), number: z.int() }),
  targets: z.array(z.string()),
  login: z.string(),
  /** True once the issue was handed to Countersign: it is handed over once. */
  started: z.boolean(),
  /** The transcript that the model is asked through, if any. */
  transcript: z.strictObject({ kind: z.enum(['record', 'replay']), dir: z.string(), port: z.int().min(1).max(65_535), upstream: z.string(), roleUpstreams: z.record(z.string(), z.string()).default({}) }).nullable().default(null),
  /** The providers that are asked. Their keys are never kept: they are looked for again. */
  providers: z.array(z.string()).default([]),
});
export type UpPlace = z.infer<typeof placeSchema>;

const FILE = 'up.json';
/** Where the local GitHub likes to live; another port is taken when this one is not free. */
export const USUAL_PORT = 4180;

/** The directory of one `up`. */
export interface UpDirectory {
  readonly dir: string;
  /** The first folder that had to be made for it, or null if it was there. */
  readonly made: string | null;
}

/** The directory of this `up`: the one that was named, or a new one below `.countersign/`. */
export async function chooseDirectory(named: string | null, now: string): Promise<UpDirectory> {
  const dir = resolve(named ?? join('.countersign', `up-${now.replaceAll(/[-:]/g, '').replace('T', '-').replace('Z', '')}-${process.pid}`));
  const made = await makeDirectory(dir).catch((error: unknown) => {
    throw inputError('bad-dir', `${dir} cannot be made: ${systemReason(error)}. Name another directory with --dir.`);
  });
  return { dir, made };
}

/** The first folder that had to be made. Node's own recursive mkdir never ends below /proc, where making a folder says that its parent is missing. */
async function makeDirectory(dir: string): Promise<string | null> {
  const missing: string[] = [];
  for (let at = dir; (await stat(at).catch(nullIfMissing)) === null; at = dirname(at)) missing.unshift(at);
  for (const folder of missing) await mkdir(folder);
  if (missing.length === 0) await mkdir(dir, { recursive: true });
  return missing[0] ?? null;
}

function nullIfMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}

/** Leaves a directory as it was found: empty, or not there at all. */
export async function clearDirectory({ dir, made }: UpDirectory): Promise<void> {
  if (made !== null) return rm(made, { recursive: true, force: true });
  for (const name of await readdir(dir)) await rm(join(dir, name), { recursive: true, force: true });
}

/** What an earlier `up` left in this directory, or null for an empty one. Rejects for a directory that holds something else. */
export async function readPlace(dir: string): Promise<UpPlace | null> {
  const text = await readFile(join(dir, FILE), 'utf8').catch(() => null);
  if (text === null) {
    const names = await readdir(dir).catch((error: unknown) => {
      throw inputError('bad-dir', `${dir} cannot be read: ${systemReason(error)}. Name another directory with --dir.`);
    });
    if (names.length === 0) return null;
    throw inputError('foreign-dir', `${dir} is not empty and was not made by \`countersign up\`. Name an empty or a new directory with --dir.`);
  }
  const parsed = placeSchema.safeParse(parseJson(text));
  if (!parsed.success) throw inputError('damaged-dir', `${join(dir, FILE)} is damaged. Start again with a new directory.`);
  return parsed.data;
}

/** The directory as given, if `countersign up` made it. */
export async function readPlaceOf(dir: string): Promise<string> {
  const full = resolve(dir);
  if (await readPlace(full).catch(() => null)) return full;
  throw inputError('no-up-dir', `${full} was not made by \`countersign up\`. Name its directory with --dir; for a workflow on GitHub, --comment prints the comment for its tracking issue.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const writePlace = async (dir: string, place: UpPlace): Promise<void> => writeFile(join(dir, FILE), `${JSON.stringify(place, null, 2)}\n`);
