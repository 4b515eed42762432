import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { inputError } from '../../domain/errors.ts';
import { SAMPLES } from '../up/seed.ts';

/** The set that ships with Countersign: small repositories with seeded bugs and missing features. */
export const OWN_SET = join(SAMPLES, 'eval');

const caseSchema = z.strictObject({
  language: z.string().min(1).max(40),
  kind: z.enum(['bug', 'feature']),
  /** A program that its CI cannot do without. */
  needs: z.string().regex(/^[a-z0-9+._-]{1,40}$/),
  /** Run by the shell in a copy of the result, with the files of `checks/` laid over it. */
  ci: z.string().min(1).max(2_000),
});

/** An issue with a known good change. In its folder: `base/`, `issue.md`, `known.diff`, `checks/` and `case.yml`. */
export interface EvalCase extends z.infer<typeof caseSchema> {
  readonly name: string;
  readonly folder: string;
  readonly issue: string;
  readonly knownDiff: string;
}

/** Every case of a set, by name. Rejects with an `input` error that names the file that is wrong. */
export async function readSet(dir: string, only: readonly string[]): Promise<readonly EvalCase[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name).toSorted();
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw inputError('unknown-case', `${dir} has no case ${unknown}. Cases: ${names.join(', ')}.`);
  if (names.length === 0) throw inputError('empty-set', `${dir} holds no case. A case is a folder with base/, issue.md, known.diff, checks/ and case.yml (docs/evaluation.md).`);
  return Promise.all(names.filter((name) => only.length === 0 || only.includes(name)).map(async (name) => readCase(resolve(dir, name), name)));
}

async function readCase(folder: string, name: string): Promise<EvalCase> {
  const parsed = caseSchema.safeParse(parseYaml(await read(folder, 'case.yml')));
  if (!parsed.success) throw inputError('bad-case', `${join(folder, 'case.yml')}: ${parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`).join('; ')}. docs/evaluation.md shows the form.`);
  const base = await stat(join(folder, 'base')).catch(() => null);
  if (!base?.isDirectory()) throw inputError('bad-case', `${join(folder, 'base')} is not there: it holds the repository as the issue finds it.`);
  return { ...parsed.data, name, folder, issue: await read(folder, 'issue.md'), knownDiff: await read(folder, 'known.diff') };
}

const read = async (folder: string, name: string): Promise<string> =>
  readFile(join(folder, name), 'utf8').catch((error: unknown) => Promise.reject(inputError('bad-case', `${join(folder, name)} cannot be read. docs/evaluation.md shows what a case holds.`, error)));

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}
