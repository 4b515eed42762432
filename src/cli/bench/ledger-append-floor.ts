import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { outsideError } from '../../domain/errors.ts';
import type { Oid } from '../../domain/ids.ts';
import { gitEnvironment } from '../../git/git-process.ts';
import type { LedgerFile } from '../../ports/ledger-store.ts';

/** What writing the same files by hand cost. */
export interface FloorCost {
  readonly ms: number;
  readonly bytesWritten: number;
  readonly gitProcesses: number;
}

const REF_BYTES = 41;
const LEDGER_REF = 'refs/heads/ledger';
const PERSON = { GIT_AUTHOR_NAME: 'Countersign', GIT_AUTHOR_EMAIL: 'countersign@users.noreply.github.com', GIT_COMMITTER_NAME: 'Countersign', GIT_COMMITTER_EMAIL: 'countersign@users.noreply.github.com' };

/**
 * The floor: `git hash-object`, one `git mktree` for each folder on the way, `git commit-tree`, `git update-ref`, and nothing
 * else. Reading the old trees (`git ls-tree`) is not counted, nor does this check or decide anything. git's own settings: it
 * does not sync the objects, as the store does.
 */
export async function appendByHand(gitDir: string, files: readonly LedgerFile[]): Promise<FloorCost> {
  const work = await mkdtemp(join(tmpdir(), 'countersign-floor-'));
  const clock = new Stopwatch(gitDir);
  try {
    for (const file of files) await writeFileAt(join(work, file.path), file.bytes);
    const tip = (await clock.uncounted(['rev-parse', LEDGER_REF])).trim();
    const folder = dirname(files[0]?.path ?? '').replace(/\/evidence$/, '');
    const folders = [...parentsOf(folder), folder, `${folder}/evidence`];
    const entries = new Map<string, string[]>();
    for (const path of folders) entries.set(path, await listTree(clock, tip, path));
    const blobs = (await clock.counted(['hash-object', '-w', '--no-filters', '--', ...files.map(({ path }) => join(work, path))])).trim().split('\n');
    files.forEach(({ path }, index) => entries.get(dirname(path))?.push(`100644 blob ${blobs[index] ?? ''}\t${path.split('/').at(-1) ?? ''}`));
    const written: Oid[] = [...blobs];
    let tree = '';
    for (const path of folders.toReversed()) {
      tree = (await clock.counted(['mktree'], `${(entries.get(path) ?? []).join('\n')}\n`)).trim();
      written.push(tree);
      replaceEntry(entries.get(dirname(path)), { path, tree });
    }
    const commit = (await clock.counted(['commit-tree', tree, '-p', tip], 'By hand\n')).trim();
    await clock.counted(['update-ref', LEDGER_REF, commit, tip]);
    return { ms: clock.ms, bytesWritten: (await sizeOf(gitDir, [...written, commit])) + REF_BYTES, gitProcesses: clock.processes };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

class Stopwatch {
  ms = 0;
  processes = 0;
  readonly #gitDir: string;

  constructor(gitDir: string) {
    this.#gitDir = gitDir;
  }

  async counted(args: readonly string[], input = ''): Promise<string> {
    const start = performance.now();
    const output = await this.uncounted(args, input);
    this.ms += performance.now() - start;
    this.processes++;
    return output;
  }

  async uncounted(args: readonly string[], input = ''): Promise<string> {
    const child = spawn('git', [`--git-dir=${this.#gitDir}`, ...args], { cwd: '/', env: { ...gitEnvironment(), ...PERSON }, stdio: ['pipe', 'pipe', 'pipe'] });
    let [output, failure] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (failure += text));
    child.stdin.on('error', () => undefined); // The exit code says why.
    child.stdin.end(input);
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw outsideError('bench-failed', `git ${args[0] ?? ''} failed in the benchmark: ${failure.trim().slice(0, 300)}.`);
    return output;
  }
}

/** '' (the root), then each folder above `folder`. */
function parentsOf(folder: string): readonly string[] {
  const names = folder.split('/').slice(0, -1);
  return ['.', ...names.map((_, index) => names.slice(0, index + 1).join('/'))];
}

async function listTree(clock: Stopwatch, tip: Oid, path: string): Promise<string[]> {
  const listed = await clock.uncounted(['ls-tree', path === '.' ? tip : `${tip}:${path}`]).catch(() => '');
  return listed.split('\n').filter((line) => line !== '');
}

function replaceEntry(entries: string[] | undefined, { path, tree }: { readonly path: string; readonly tree: Oid }): void {
  if (!entries) return;
  const name = path.split('/').at(-1) ?? '';
  const at = entries.findIndex((line) => line.endsWith(`\t${name}`));
  entries.splice(at < 0 ? entries.length : at, 1, `040000 tree ${tree}\t${name}`);
}

async function writeFileAt(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

async function sizeOf(gitDir: string, oids: readonly Oid[]): Promise<number> {
  const sizes = await Promise.all(oids.map(async (oid) => (await stat(join(gitDir, 'objects', oid.slice(0, 2), oid.slice(2))).catch(() => ({ size: 0 }))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
