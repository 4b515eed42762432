// Refs as git keeps them in files: loose ones win over `packed-refs`. Written under git's own lock files, so that git processes and this one exclude each other.
import { mkdir, readFile, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface Ref {
  readonly name: string;
  readonly oid: string;
}

const LOOSE = /^([0-9a-f]{40})\n?$/;
const PACKED = /^([0-9a-f]{40}) (refs\/.+)$/;

async function readPacked(gitDir: string): Promise<Map<string, string>> {
  const text = await readFile(path.join(gitDir, 'packed-refs'), 'utf8').catch(() => '');
  const refs = text.split('\n').flatMap((line) => {
    const found = PACKED.exec(line);
    return found === null ? [] : [[found[2] ?? '', found[1] ?? ''] as const];
  });
  return new Map(refs);
}

const readLoose = async (gitDir: string, name: string): Promise<string | null> =>
  LOOSE.exec(await readFile(path.join(gitDir, name), 'utf8').catch(() => ''))?.[1] ?? null;

/** What a full ref name points at; null when it does not exist. The name must have been checked. */
export async function readRef(gitDir: string, name: string): Promise<string | null> {
  return (await readLoose(gitDir, name)) ?? (await readPacked(gitDir)).get(name) ?? null;
}

export async function listRefs(gitDir: string, prefix: string): Promise<Ref[]> {
  const refs = await readPacked(gitDir);
  const files = await readdir(path.join(gitDir, 'refs'), { recursive: true, withFileTypes: true });
  for (const file of files) {
    const name = path.relative(gitDir, path.join(file.parentPath, file.name)).split(path.sep).join('/');
    const oid = file.isFile() && !name.endsWith('.lock') ? await readLoose(gitDir, name) : null;
    if (oid !== null) refs.set(name, oid);
  }
  return [...refs].map(([name, oid]) => ({ name, oid })).filter((ref) => ref.name.startsWith(prefix)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** A ref cannot be where another one has its folder, nor below another one. */
async function isBlocked(gitDir: string, name: string): Promise<boolean> {
  const names = (await listRefs(gitDir, 'refs/')).map((ref) => ref.name);
  return names.some((other) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`));
}

/** Points a ref at `next` if it still is `expected`. False when it is not, when another writer holds it, or when its name is taken by a folder. */
export async function moveRef(gitDir: string, move: { name: string; next: string; expected: string | null }): Promise<boolean> {
  const { name, next, expected } = move;
  const file = path.join(gitDir, name);
  if (expected === null && (await isBlocked(gitDir, name))) return false;
  const lock = `${file}.lock`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(lock, `${next}\n`, { flag: 'wx' });
  } catch {
    return false;
  }
  try {
    if ((await readRef(gitDir, name)) !== expected) return false;
    // An empty folder is what a deleted `name/…` left behind.
    await rmdir(file).catch(() => {});
    await rename(lock, file);
    return true;
  } finally {
    await rm(lock, { force: true });
  }
}
