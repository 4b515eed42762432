import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inputError, outsideError } from '../../domain/errors.ts';
import { gitReason, runGit, type GitOutput } from '../../git/git-process.ts';
import { locateRepository } from '../../git/locate-repository.ts';
import { resolveCommit } from '../../git/resolve-commit.ts';
import { copyCommit } from '../up/git-seed.ts';
import { importFiles } from '../up/import-files.ts';
import type { CaseSource, EvalCase } from './eval-case.ts';

const AT = '2026-01-01T00:00:00Z';

/** A case's repository, bare, with `main` at the base. The known result is in it, too, and on no branch. */
export interface Planted {
  readonly gitDir: string;
  readonly baseTree: string;
  readonly knownTree: string;
  /** From the base to the known result, as an exact diff. */
  readonly knownDiff: string;
  readonly knownPaths: readonly string[];
}

/** Builds the repository without a work tree: no attribute, no ignore file and no line ending changes what the set holds. */
export async function plantCase({ source, name }: EvalCase, dir: string): Promise<Planted> {
  const gitDir = join(dir, 'case.git');
  await mkdir(gitDir);
  await git(gitDir, ['init', '-q', '--bare', '-b', 'main', '.']);
  const { base, known } = source.kind === 'folder' ? await plantFolder(gitDir, source) : await plantCommits(gitDir, source);
  const baseTree = await git(gitDir, ['rev-parse', `${base}^{tree}`]);
  const knownTree = await git(gitDir, ['rev-parse', `${known}^{tree}`]);
  if (baseTree === knownTree) throw inputError('bad-case', `The known change of ${name} changes nothing.`);
  await git(gitDir, ['update-ref', 'refs/heads/main', base]);
  const knownPaths = (await git(gitDir, ['diff', '--name-only', '-z', '--no-renames', baseTree, knownTree])).split('\0').filter(Boolean);
  return { gitDir, baseTree, knownTree, knownPaths, knownDiff: await git(gitDir, [...DIFF, '--binary', baseTree, knownTree], '') };
}

/** Runs no program that a repository names. */
export const DIFF = ['diff', '--no-ext-diff', '--no-textconv', '--no-renames', '--full-index', '--no-color'] as const;

interface Ends {
  readonly base: string;
  /** A commit or a tree. */
  readonly known: string;
}

async function plantFolder(gitDir: string, { base: folder, knownDiff }: Extract<CaseSource, { kind: 'folder' }>): Promise<Ends> {
  const base = await importFiles(gitDir, folder, { branch: 'main', message: 'The repository as the issue finds it', at: AT, names: ['.'] });
  await git(gitDir, ['read-tree', base]);
  const applied = await call(gitDir, ['apply', '--cached', '--whitespace=nowarn', knownDiff]);
  if (applied.code !== 0) throw inputError('bad-case', `${knownDiff} does not apply to base/: ${gitReason(applied.stderr)}. Make it with git diff in a copy of base/.`);
  return { base, known: await git(gitDir, ['write-tree']) };
}

/** Only the two commits are taken: a model is not shown a history that goes on to the known one. */
async function plantCommits(gitDir: string, { repo, base: baseName, known: knownName }: Extract<CaseSource, { kind: 'commits' }>): Promise<Ends> {
  const place = await locateRepository(repo);
  const known = await resolveCommit(repo, knownName, place);
  const base = await (baseName === null ? parentOf(repo, known) : resolveCommit(repo, baseName, place));
  for (const commit of [base, known]) await copyCommit(dirname(place.objects), commit, gitDir);
  return { base, known };
}

const parentOf = async (repo: string, known: string): Promise<string> =>
  resolveCommit(repo, `${known}^`).catch((error: unknown) => Promise.reject(inputError('missing-commit', `${known} has no parent in ${repo}. Say in case.yml which commit the issue finds: base: COMMIT.`, error)));

const call = async (gitDir: string, args: readonly string[]): Promise<GitOutput> => runGit({ cwd: gitDir, args: [`--git-dir=${gitDir}`, ...args], protocols: ['file'] });

/** What git printed, without the white space around it unless `trimmed` is empty. */
export async function git(gitDir: string, args: readonly string[], trimmed: '' | 'trimmed' = 'trimmed'): Promise<string> {
  const result = await call(gitDir, args);
  if (result.code !== 0) throw outsideError('eval-failed', `git ${args[0] ?? ''} failed: ${gitReason(result.stderr)}`);
  const text = result.stdout.toString('utf8');
  return trimmed === '' ? text : text.trim();
}
