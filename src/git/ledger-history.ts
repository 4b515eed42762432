import { spawn } from 'node:child_process';
import type { Oid } from '../domain/ids.ts';
import type { LedgerObjects } from '../ports/ledger-objects.ts';
import { gitEnvironment, spawnError } from './git-process.ts';

export interface HistorySource {
  readonly objects: LedgerObjects;
  /** An empty repository that sees the objects, for git to run in. */
  readonly git: string;
  readonly config: Readonly<Record<string, string>>;
  /** Most objects are at hand: then they are followed without git. */
  readonly isPacked: boolean;
}

/** The first-parent history up to `tip`, oldest first, without what `since` reaches. What cannot be read ends it early. */
export async function* readHistory(source: HistorySource, tip: Oid, since: Oid | undefined): AsyncGenerator<Oid> {
  const own = source.isPacked ? await walkBack(source.objects, tip, since) : null;
  // A history that does not lead to `since` may still share commits with it, which git knows.
  const walk = own !== null && (since === undefined || own.reached) ? own : await askGit(source, tip, since);
  // After a failure of git, as far as commits can be read.
  yield* (walk ?? (await walkBack(source.objects, tip, since))).ids.oldestFirst();
}

const COMMIT_BYTES_MAX = 1024 * 1024;
const PARENT = /^tree [0-9a-f]{40}\nparent ([0-9a-f]{40})\n/;
const HEAD_BYTES = 200;
const OID_BYTES = 20;
const BLOCK = 4_096;

/** Commit ids, the newest first: 20 bytes each. */
class Ids {
  readonly #blocks: Buffer[] = [];
  #count = 0;

  add(oid: Oid): void {
    const at = this.#count++ % BLOCK;
    if (at === 0) this.#blocks.push(Buffer.allocUnsafe(BLOCK * OID_BYTES));
    this.#blocks.at(-1)?.write(oid, at * OID_BYTES, 'hex');
  }

  *oldestFirst(): Generator<Oid> {
    for (let index = this.#count - 1; index >= 0; index--) {
      const at = (index % BLOCK) * OID_BYTES;
      yield this.#blocks[Math.floor(index / BLOCK)]?.toString('hex', at, at + OID_BYTES) ?? '';
    }
  }
}

interface Walk {
  readonly ids: Ids;
  readonly reached: boolean;
}

/** From the tip back over first parents, as far as commits can be read, or to `since`. */
async function walkBack(objects: LedgerObjects, tip: Oid, since: Oid | undefined): Promise<Walk> {
  const ids = new Ids();
  let at: Oid | undefined = tip;
  while (at !== undefined && at !== since) {
    const reading = objects.read(at, COMMIT_BYTES_MAX);
    const commit = reading instanceof Promise ? await reading : reading;
    if (commit.kind !== 'object' || commit.type !== 'commit') break;
    ids.add(at);
    // Whoever reads the history hears of a commit that is damaged; before it there is nothing to follow.
    const { buffer, byteOffset, byteLength } = commit.bytes;
    at = PARENT.exec(Buffer.from(buffer, byteOffset, byteLength).toString('latin1', 0, HEAD_BYTES))?.[1];
  }
  return { ids, reached: at !== undefined && at === since };
}

/** Null when git fails. All of it is read before any is given out, so that git is gone when the work begins. */
async function askGit({ git, config }: HistorySource, tip: Oid, since: Oid | undefined): Promise<Walk | null> {
  const args = ['--git-dir=.', 'rev-list', '--first-parent', tip, ...(since === undefined ? [] : [`^${since}`]), '--'];
  const child = spawn('git', args, { cwd: git, env: gitEnvironment({ config }), stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(spawnError(error)));
    child.once('close', resolve);
  });
  ended.catch(() => undefined);
  const ids = new Ids();
  let rest = '';
  for await (const chunk of child.stdout.setEncoding('latin1') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) ids.add(line);
  }
  return (await ended) === 0 ? { ids, reached: true } : null;
}
