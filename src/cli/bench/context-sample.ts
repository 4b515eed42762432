import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { outsideError } from '../../domain/errors.ts';
import { runGit } from '../../git/git-process.ts';
import { resolveCommit } from '../../git/resolve-commit.ts';

/** A repository with its files beside it: a peer reads the files, we read the objects. */
export interface BenchRepository {
  readonly gitDir: string;
  readonly checkout: string;
  readonly commit: string;
}

const SOURCE = join(import.meta.dirname, '..', '..', '..', 'src');
const PERSON = { 'user.name': 'bench', 'user.email': 'bench@example.org', 'commit.gpgSign': 'false', 'init.defaultBranch': 'main' };

/** `files` files: this project's own sources, again and again below folders of their own, each with a line that makes its blob its own. In one pack, as a clone or a fetch leaves them. */
export async function generateRepository(folder: string, files: number): Promise<BenchRepository> {
  const names = (await readdir(SOURCE, { recursive: true })).filter((name) => name.endsWith('.ts') && !name.includes('/samples/')).sort();
  for (let index = 0; index < files; index++) {
    const name = names[index % names.length] ?? 'index.ts';
    const copy = Math.floor(index / names.length);
    const path = join(folder, `package-${copy}`, 'src', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `export const copy${copy} = ${index};\n${await readFile(join(SOURCE, name), 'utf8')}`);
  }
  for (const args of [['init', '--quiet', '--template='], ['add', '--all'], ['commit', '--quiet', '--message', 'generated'], ['repack', '-a', '-d', '--quiet']]) await git(args, folder);
  return { gitDir: join(folder, '.git'), checkout: folder, commit: await resolveCommit(folder, 'HEAD') };
}

/** The files of a commit of somebody's repository, in a folder of our own; the repository is only read. */
export async function checkOut(gitDir: string, ref: string, folder: string): Promise<BenchRepository> {
  const commit = await resolveCommit(gitDir, ref);
  const archive = `${folder}.tar`;
  await mkdir(folder, { recursive: true });
  await git([`--git-dir=${gitDir}`, 'archive', '--format=tar', `--output=${archive}`, commit], folder);
  const tar = spawn('tar', ['-xf', archive, '-C', folder], { stdio: 'ignore' });
  const code = await new Promise<number | null>((resolve) => {
    tar.once('error', () => resolve(null));
    tar.once('close', resolve);
  });
  await rm(archive, { force: true });
  if (code !== 0) throw outsideError('cannot-unpack', 'The files of the commit could not be unpacked with tar. Is there room below the temporary directory?');
  return { gitDir, checkout: folder, commit };
}

/** A copy without `.git`, so that a peer does not walk the objects. */
export async function plainCopy({ checkout }: BenchRepository, folder: string): Promise<string> {
  await cp(checkout, folder, { recursive: true, filter: (source) => !source.endsWith('/.git'), verbatimSymlinks: true });
  return folder;
}

async function git(args: readonly string[], cwd: string): Promise<void> {
  const output = await runGit({ args, cwd, config: { ...PERSON, 'safe.directory': '*' } });
  if (output.code !== 0) throw outsideError('git-failed', `git ${args[0] ?? ''} failed while the benchmark's repository was made.`);
}
