import { lstat, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { RepositoryPlace } from './locate-repository.ts';

/** What git looks names up in, beside `HEAD`; whatever is not there is left out. */
const SHARED = ['refs', 'packed-refs', 'shallow', 'logs', 'reftable'];
const OWN = ['FETCH_HEAD', 'ORIG_HEAD'];
const HEAD_BYTES_MAX = 4_096;

/** A git directory of our own that sees a repository's refs and objects, and nothing of its configuration: what that includes is not even opened. */
export interface RefsView {
  readonly directory: string;
  remove(): Promise<void>;
}

/** Null for a repository whose `HEAD` is none. */
export async function openRefsView({ gitDir, objects }: RepositoryPlace): Promise<RefsView | null> {
  const head = await readHead(join(gitDir, 'HEAD'));
  if (head === null) return null;
  const common = await readFile(join(gitDir, 'commondir'), 'utf8').then((text) => resolve(gitDir, text.trim()), () => gitDir);
  const directory = await mkdtemp(join(tmpdir(), 'countersign-refs-'));
  const link = async (name: string, target: string): Promise<boolean> => lstat(target).then(async () => symlink(target, join(directory, name)).then(() => true), () => false);
  const [hasReftable] = await Promise.all([
    link('reftable', join(common, 'reftable')),
    writeFile(join(directory, 'HEAD'), head),
    link('objects', objects),
    ...SHARED.filter((name) => name !== 'reftable').map(async (name) => link(name, join(common, name))),
    ...OWN.map(async (name) => link(name, join(gitDir, name))),
  ]);
  const format = hasReftable ? '\trepositoryformatversion = 1\n[extensions]\n\trefstorage = reftable\n[core]\n' : '\trepositoryformatversion = 0\n';
  await writeFile(join(directory, 'config'), `[core]\n${format}\tbare = true\n`);
  return { directory, remove: async () => rm(directory, { recursive: true, force: true }) };
}

/** A link stands for a branch, as very old repositories have it, or for nothing. */
async function readHead(path: string): Promise<string | null> {
  const found = await lstat(path).catch(() => null);
  if (found?.isSymbolicLink() === true) {
    const target = await readlink(path);
    return target.startsWith('refs/') ? `ref: ${target}\n` : null;
  }
  return found?.isFile() === true && found.size <= HEAD_BYTES_MAX ? readFile(path, 'utf8') : null;
}
