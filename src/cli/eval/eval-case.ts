import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { inputError, type CountersignError } from '../../domain/errors.ts';
import { parseYaml } from '../../schema/config-yaml.ts';
import { SAMPLES } from '../up/seed.ts';
import { systemReason } from '../system-reason.ts';

/** The set that ships with Countersign: small repositories with seeded bugs and missing features. */
export const OWN_SET = join(SAMPLES, 'eval');

const [ISSUE_BYTES_MAX, DIFF_BYTES_MAX, CASE_BYTES_MAX] = [256 * 1024, 16 * 1024 * 1024, 64 * 1024];

const program = z.string().regex(/^[A-Za-z0-9+._-]{1,40}$/, 'must be the name of a program, or a list of such names');
const revision = z.string('must be a commit, a tag or a branch; in quotes where YAML would read a number: known: "1234567"').regex(/^[^-\s][^\s]{0,199}$/, 'must be a commit, a tag or a branch');

const caseSchema = z
  .strictObject({
    language: z.string().min(1).max(40),
    kind: z.enum(['bug', 'feature']),
    /** Programs that its CI cannot do without. */
    needs: z.union([program, z.array(program).max(20)]).transform((names) => (typeof names === 'string' ? [names] : names)),
    /** Run by the shell in a copy of the result, with the files of `checks/` laid over it. */
    ci: z.string().min(1).max(2_000),
    /** How long that may take. */
    minutes: z.int().min(1).max(600).default(10),
    /** A git repository, from the case's folder, instead of `base/` and `known.diff`. */
    repo: z.string().min(1).max(4_000).optional(),
    /** The known good commit there. */
    known: revision.optional(),
    /** The commit that the issue finds; without it the known one's parent. */
    base: revision.optional(),
  })
  .refine(({ repo, known }) => (repo === undefined) === (known === undefined), 'repo and known go together: a repository, and the known good commit in it')
  .refine(({ repo, base }) => repo !== undefined || base === undefined, 'base names a commit of repo, and there is no repo: the folder base/ needs no line');

/** Where the repository of a case comes from, with its known good change. */
export type CaseSource =
  | { readonly kind: 'folder'; readonly base: string; readonly knownDiff: string }
  | { readonly kind: 'commits'; readonly repo: string; readonly known: string; readonly base: string | null };

/** An issue with a known good change. */
export interface EvalCase {
  readonly name: string;
  readonly folder: string;
  readonly language: string;
  readonly kind: 'bug' | 'feature';
  readonly needs: readonly string[];
  readonly ci: string;
  readonly minutes: number;
  readonly issue: string;
  readonly source: CaseSource;
  /** SHA-256 of everything in its folder: another hash is another case. */
  readonly hash: string;
}

/** Every case of a set, by name. Rejects with an `input` error that names the file that is wrong. */
export async function readSet(dir: string, only: readonly string[]): Promise<readonly EvalCase[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((error: unknown) => Promise.reject(inputError('no-set', `${dir} cannot be read: ${systemReason(error)}. --set names a folder of cases (docs/evaluation.md).`, error)));
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name).toSorted();
  const unknown = only.find((name) => !names.includes(name));
  if (names.length === 0) throw inputError('empty-set', `${dir} holds no case. A case is a folder with case.yml, issue.md, checks/ and the repository (docs/evaluation.md).`);
  if (unknown !== undefined) throw inputError('unknown-case', `${dir} has no case ${unknown}. Cases: ${names.slice(0, 30).join(', ')}${names.length > 30 ? ', …' : ''}.`);
  const set = await realpath(dir);
  const cases: EvalCase[] = [];
  for (const name of names) if (only.length === 0 || only.includes(name)) cases.push(await readCase(resolve(dir, name), name, set));
  return cases;
}

async function readCase(folder: string, name: string, set: string): Promise<EvalCase> {
  const text = await readText(join(folder, 'case.yml'), set, CASE_BYTES_MAX);
  const { value } = parseYaml(text, join(folder, 'case.yml'));
  const parsed = caseSchema.safeParse(value);
  if (!parsed.success) throw badCase(join(folder, 'case.yml'), parsed.error.issues.map(({ path, message }) => `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`).join('; '));
  const { repo, known, base, ...data } = parsed.data;
  const issue = await readText(join(folder, 'issue.md'), set, ISSUE_BYTES_MAX);
  if (issue.trim() === '') throw badCase(join(folder, 'issue.md'), 'it is empty');
  await requireFolder(join(folder, 'checks'), set, 'the files that are laid over the result before its CI runs');
  const source: CaseSource = repo !== undefined && known !== undefined ? { kind: 'commits', repo: resolve(folder, repo), known, base: base ?? null } : await folderSource(folder, set);
  return { ...data, name, folder, issue, source, hash: await hashOf(folder) };
}

async function folderSource(folder: string, set: string): Promise<CaseSource> {
  await requireFolder(join(folder, 'base'), set, 'the repository as the issue finds it (or case.yml names a repo and a known commit)');
  const known = join(folder, 'known.diff');
  if ((await readText(known, set, DIFF_BYTES_MAX)).trim() === '') throw badCase(known, 'it is empty');
  return { kind: 'folder', base: join(folder, 'base'), knownDiff: known };
}

const badCase = (path: string, why: string, cause?: unknown): CountersignError => inputError('bad-case', `${path}: ${why}. docs/evaluation.md shows what a case holds.`, cause);

/** A set may come from somebody else: what is read lies in it, wherever links lead. */
async function requireWithin(path: string, set: string): Promise<void> {
  const real = await realpath(path).catch((error: unknown) => Promise.reject(badCase(path, systemReason(error), error)));
  const inside = relative(set, real);
  if (inside === '..' || inside.startsWith(`..${sep}`) || resolve(inside) === inside) throw badCase(path, 'it is a symbolic link that leads out of the set');
}

async function requireFolder(path: string, set: string, what: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) throw badCase(path, `there is no such folder; it holds ${what}`);
  await requireWithin(path, set);
}

async function readText(path: string, set: string, bytesMax: number): Promise<string> {
  await requireWithin(path, set);
  const found = await stat(path);
  if (!found.isFile()) throw badCase(path, 'it is not a file');
  if (found.size > bytesMax) throw badCase(path, `it has ${found.size} bytes, and the limit is ${bytesMax}`);
  return readFile(path, 'utf8').catch((error: unknown) => Promise.reject(badCase(path, systemReason(error), error)));
}

async function hashOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const walk = async (path: string): Promise<void> => {
    const found = await lstat(path).catch((error: unknown) => Promise.reject(badCase(path, path.includes('\uFFFD') ? 'its name is not UTF-8; a case with such files is taken from a git repository (repo, known)' : systemReason(error), error)));
    hash.update(`${relative(folder, path)}\0${found.mode.toString(8)}\0${found.isFile() ? found.size : 0}\0`);
    if (found.isFile()) hash.update(await readFile(path));
    if (found.isDirectory()) for (const name of (await readdir(path)).toSorted()) if (name !== '.git' && name !== 'node_modules') await walk(join(path, name));
  };
  await walk(folder);
  return hash.digest('hex');
}
