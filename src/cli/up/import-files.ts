import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { outsideError } from '../../domain/errors.ts';
import type { Instant, Oid } from '../../domain/ids.ts';
import { gitReason, runGit } from '../../git/git-process.ts';

// A bare repository is filled by one `git fast-import`: one process, and one pack from which every later clone is copied as it lies.

/** A file of a commit. */
interface ImportedFile {
  readonly path: string;
  readonly mode: '100644' | '100755' | '120000';
  readonly bytes: Uint8Array;
}

export interface ImportedCommit {
  readonly branch: string;
  readonly message: string;
  readonly at: Instant;
  /** Which paths of the folder: files, and folders with all that is in them. */
  readonly names: readonly string[];
  /** True for a path that stays out, and with a folder all that is in it. */
  readonly isLeftOut?: (path: string) => boolean;
  /** Texts that are in no folder, by path. */
  readonly texts?: Readonly<Record<string, string>>;
}

const WHO = 'octocat <octocat@users.noreply.github.com>';
/** Quick to write and as small as it need be; a pack of its own for every import, and nothing to wait for the disk for. */
const SETTINGS = { 'core.compression': '1', 'fastimport.unpackLimit': '1', 'core.fsync': 'none', 'safe.directory': '*' };
/** Never part of a repository, wherever it lies. */
const NEVER = /(?:^|\/)(?:node_modules|\.git)$/;

/** Commits files of a folder onto a new branch of a bare repository. */
export async function importFiles(gitDir: string, folder: string, commit: ImportedCommit): Promise<Oid> {
  const files: ImportedFile[] = Object.entries(commit.texts ?? {}).map(([path, text]) => ({ path, mode: '100644', bytes: Buffer.from(text) }));
  for (const name of commit.names) await collect(folder, name, { isLeftOut: commit.isLeftOut ?? (() => false), files });
  const done = await runGit({ args: [`--git-dir=${gitDir}`, 'fast-import', '--quiet', '--done', '--depth=0'], cwd: gitDir, config: SETTINGS, input: stream(commit, files) });
  const id = done.stdout.toString('utf8').trim();
  if (done.code !== 0 || !/^[0-9a-f]{40}$/.test(id)) throw outsideError('git-failed', `git could not take in ${folder}: ${gitReason(done.stderr)}`);
  return id;
}

async function collect(folder: string, path: string, into: { isLeftOut: (path: string) => boolean; files: ImportedFile[] }): Promise<void> {
  if (NEVER.test(path) || into.isLeftOut(path)) return;
  const full = join(folder, path);
  const found = await lstat(full);
  if (found.isDirectory()) for (const name of (await readdir(full)).toSorted()) await collect(folder, path === '.' ? name : `${path}/${name}`, into);
  else if (found.isSymbolicLink()) into.files.push({ path, mode: '120000', bytes: Buffer.from(await readlink(full)) });
  else if (found.isFile()) into.files.push({ path, mode: (found.mode & 0o100) === 0 ? '100644' : '100755', bytes: await readFile(full) });
}

/** The stream of one commit, as git-fast-import(1) describes it; at its end it asks for the commit's id. */
function stream({ branch, message, at }: ImportedCommit, files: readonly ImportedFile[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const line = (text: string): void => void parts.push(Buffer.from(`${text}\n`));
  const data = (bytes: Uint8Array): void => {
    line(`data ${bytes.length}`);
    parts.push(bytes);
    line('');
  };
  line(`commit refs/heads/${branch}`);
  line('mark :1');
  line(`committer ${WHO} ${Date.parse(at) / 1_000} +0000`);
  data(Buffer.from(`${message}\n`));
  for (const { path, mode, bytes } of files) {
    line(`M ${mode} inline "${path.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}"`);
    data(bytes);
  }
  line('get-mark :1');
  line('done');
  return Buffer.concat(parts);
}
