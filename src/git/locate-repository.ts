import { readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { inputError } from '../domain/errors.ts';

/** Where a repository keeps what is read: found by looking at files, so that its configuration is never obeyed. */
export interface RepositoryPlace {
  /** The git directory (of a linked work tree, that work tree's own). */
  readonly gitDir: string;
  /** The object directory, as a real path. */
  readonly objects: string;
}

/**
 * Finds the git directory in `path`: a bare repository, a `.git` directory, a work tree or a linked work tree.
 * Rejects with `not-a-repository` or `sha256-repository`.
 */
export async function locateRepository(path: string): Promise<RepositoryPlace> {
  const gitDir = await findGitDirectory(resolve(path));
  const common = await readLink(join(gitDir, 'commondir'), gitDir);
  const directory = common ?? gitDir;
  const objects = await realpath(join(directory, 'objects')).catch(() => null);
  if (objects === null) throw notARepository(path);
  await refuseSha256(directory, path);
  return { gitDir, objects };
}

async function findGitDirectory(path: string): Promise<string> {
  const inner = join(path, '.git');
  const kind = await kindOf(inner);
  if (kind === 'directory' && (await looksLikeGitDirectory(inner))) return inner;
  if (kind === 'file') {
    const target = await readLink(inner, path, 'gitdir: ');
    if (target !== null && (await kindOf(join(target, 'HEAD'))) !== 'none') return target;
  }
  if (await looksLikeGitDirectory(path)) return path;
  throw notARepository(path);
}

async function looksLikeGitDirectory(path: string): Promise<boolean> {
  return (await kindOf(join(path, 'HEAD'))) !== 'none' && ((await kindOf(join(path, 'objects'))) === 'directory' || (await kindOf(join(path, 'commondir'))) === 'file');
}

async function kindOf(path: string): Promise<'none' | 'file' | 'directory'> {
  const found = await stat(path).catch(() => null);
  if (found === null) return 'none';
  return found.isDirectory() ? 'directory' : 'file';
}

async function readLink(file: string, from: string, prefix = ''): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null || !text.startsWith(prefix)) return null;
  return resolve(from, text.slice(prefix.length).trim());
}

async function refuseSha256(directory: string, path: string): Promise<void> {
  const config = await readFile(join(directory, 'config'), 'utf8').catch(() => '');
  if (/^\s*objectformat\s*=\s*"?sha256/imu.test(config)) {
    throw inputError('sha256-repository', `${path} uses SHA-256 object names, which are not supported yet. Use a SHA-1 repository.`);
  }
}

const notARepository = (path: string) =>
  inputError('not-a-repository', `${path} is not a git repository. Give the path of a work tree, a .git directory or a bare repository.`);
