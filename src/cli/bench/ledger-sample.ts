import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { outsideError } from '../../domain/errors.ts';
import { workflowDirectory, type Oid, type WorkflowId } from '../../domain/ids.ts';
import { gitEnvironment, gitReason, runGit } from '../../git/git-process.ts';
import { createGenesis, encodeGenesis } from '../../ledger/codec.ts';
import { GENESIS_PATH } from '../../ledger/layout.ts';
import { sampleLife } from '../../ledger/sample/life.ts';
import { hashCanonical } from '../../schema/canonical-json.ts';
import { sha256 } from '../../schema/sha256.ts';

export interface SampleLedger {
  readonly gitDir: string;
  readonly workflows: number;
  /** The template of the ids, shared by all; the same number gives the same ledger. */
  readonly workflowsADay?: number;
  /** So many commits of each workflow's seven; all of them when it is not given. The first has 25 files. */
  readonly commitsEach?: number;
  /** Told how many workflows are written, now and then. */
  readonly onProgress?: (workflows: number) => void;
  /**
   * Files of the same kind come one after the other, as `git repack` puts them, so that each is a small delta of the one
   * before: half the time and half the pack. Default: every commit's files together, as appends leave them.
   */
  readonly repacked?: boolean;
}

const LEDGER = '00112233445566778899aabbccddeeff';
const TEMPLATE: WorkflowId = 'wf-20260101-000000';
/** Lives that are under way at the same time: their commits alternate, as jobs of several workflows do. */
const AT_ONCE = 4;
const AT_ONCE_REPACKED = 54;
/** `onProgress` is told after so many workflows. */
const TOLD_EVERY = 10_000;
const WORKFLOWS_A_DAY = 27;
const FIRST_DAY = Date.UTC(2026, 0, 1);

/** The `index`th workflow's id in a sample ledger. */
export function sampleWorkflowId(index: number, workflowsADay = WORKFLOWS_A_DAY): WorkflowId {
  const day = new Date(FIRST_DAY + Math.floor(index / workflowsADay) * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
  return `wf-${day}-${index.toString(36).padStart(6, '0')}`;
}

/**
 * Writes a whole, valid ledger of `workflows` finished workflows (seven commits and 60 files each) to `refs/heads/ledger` of
 * a bare repository, in one pack, through `git fast-import`. Gives its tip.
 */
export async function writeSampleLedger({ gitDir, ...shape }: SampleLedger): Promise<Oid> {
  const made = await runGit({ args: ['init', '--quiet', '--bare', '--initial-branch=main', gitDir], cwd: '/' });
  if (made.code !== 0) throw outsideError('git-failed', `git could not make ${gitDir}: ${gitReason(made.stderr)}.`);
  const child = spawn('git', ['--git-dir=.', 'fast-import', '--quiet', '--done', '--max-pack-size=0'], { cwd: gitDir, env: gitEnvironment(), stdio: ['pipe', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text.slice(0, 4_000)));
  child.stdin.on('error', () => undefined); // The exit code says why.
  const ended = once(child, 'close');
  for (const block of importStream(shape)) if (!child.stdin.write(block)) await Promise.race([once(child.stdin, 'drain'), ended]);
  child.stdin.end('done\n');
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw outsideError('git-failed', `git fast-import failed: ${gitReason(stderr)}.`);
  const tip = await runGit({ args: ['--git-dir=.', 'rev-parse', 'refs/heads/ledger'], cwd: gitDir });
  return tip.stdout.toString('latin1').trim();
}

function* importStream({ workflows, workflowsADay, commitsEach = Number.POSITIVE_INFINITY, onProgress, repacked = false }: Omit<SampleLedger, 'gitDir'>): Generator<Buffer> {
  const writer = new ImportWriter();
  const atOnce = repacked ? AT_ONCE_REPACKED : AT_ONCE;
  writer.commit('Begin the ledger\n', [[GENESIS_PATH, Buffer.from(encodeGenesis(createGenesis(LEDGER, '2026-01-01T00:00:00Z')))]]);
  const template = createTemplate(commitsEach);
  for (let first = 0; first < workflows; first += atOnce) {
    const lives = Array.from({ length: Math.min(atOnce, workflows - first) }, (_, offset) => template(sampleWorkflowId(first + offset, workflowsADay)));
    for (let step = 0; step < (lives[0]?.length ?? 0); step++) {
      const commits = lives.flatMap((life) => life[step] ?? []);
      if (repacked) writer.blobs(commits);
      for (const { message, files } of commits) writer.commit(message, files);
    }
    yield writer.take();
    if (Math.floor((first + atOnce) / TOLD_EVERY) > Math.floor(first / TOLD_EVERY)) onProgress?.(first + lives.length);
  }
}

class ImportWriter {
  #parts: Buffer[] = [];
  #commits = 0;
  #marks = 0;
  readonly #marked = new Map<Buffer, number>();

  /** The files of several commits, those of the same kind together. */
  blobs(commits: readonly Filled[]): void {
    const kinds = Math.max(...commits.map(({ files }) => files.length));
    for (let kind = 0; kind < kinds; kind++) {
      for (const { files } of commits) {
        const bytes = files[kind]?.[1];
        if (!bytes) continue;
        this.#marked.set(bytes, ++this.#marks);
        this.#parts.push(Buffer.from(`blob\nmark :${this.#marks}\ndata ${bytes.length}\n`), bytes, NEWLINE);
      }
    }
  }

  commit(message: string, files: readonly (readonly [string, Buffer])[]): void {
    const text = Buffer.from(message);
    this.#parts.push(Buffer.from(`commit refs/heads/ledger\ncommitter Countersign <countersign@users.noreply.github.com> ${1_767_225_600 + this.#commits++} +0000\ndata ${text.length}\n`), text, NEWLINE);
    for (const [path, bytes] of files) {
      const mark = this.#marked.get(bytes);
      if (mark === undefined) this.#parts.push(Buffer.from(`M 100644 inline ${path}\ndata ${bytes.length}\n`), bytes, NEWLINE);
      else this.#parts.push(Buffer.from(`M 100644 :${mark} ${path}\n`));
    }
  }

  take(): Buffer {
    const block = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#marked.clear();
    return block;
  }
}

const NEWLINE = Buffer.from('\n');

interface Filled {
  readonly message: string;
  readonly files: readonly (readonly [string, Buffer])[];
}

// One life is planned in full; the others are that one with its id and the hashes that follow from it replaced.
function createTemplate(commitsEach: number): (id: WorkflowId) => readonly Filled[] {
  const commits = sampleLife(TEMPLATE, LEDGER).slice(0, commitsEach);
  const folder = workflowDirectory(TEMPLATE);
  const known: Known = { hashes: new Map(), gates: new Map() };
  const steps = commits.map(({ message, files }) => ({ message, files: inOrder(files).map((file) => toParts(file, folder, known)) }));
  return (id) => {
    const fresh: string[] = [];
    const fill = (parts: readonly Part[]): string => parts.map((part) => fillOne(part, id, fresh)).join('');
    return steps.map(({ message, files }) => ({
      message: message.replaceAll(TEMPLATE, id),
      files: files.map(({ path, parts }) => {
        const bytes = Buffer.from(fill(parts));
        fresh.push(sha256(bytes));
        return [`${workflowDirectory(id)}/${fill(path)}`, bytes] as const;
      }),
    }));
  };
}

// Evidence comes before the events that name it; a life attaches a manifest after all that it binds.
function inOrder<T extends { readonly path: string }>(files: readonly T[]): readonly T[] {
  const rank = ({ path }: T): number => (path.includes('/evidence/') ? 0 : 1);
  return files.toSorted((left, right) => rank(left) - rank(right));
}

/** A fixed text, the workflow's id (−1), the hash of an earlier file (its number), or the hash of a list of such hashes. */
type Part = string | number | readonly number[];

function fillOne(part: Part, id: WorkflowId, fresh: readonly string[]): string {
  if (typeof part === 'string') return part;
  if (typeof part === 'number') return part < 0 ? id : (fresh[part] ?? '');
  return hashCanonical(part.map((index) => fresh[index] ?? ''));
}

interface Known {
  /** The template's hashes, each with the number of its file. */
  readonly hashes: Map<string, number>;
  /** The last result of each gate. */
  readonly gates: Map<number, string>;
}

function toParts(file: { readonly path: string; readonly bytes: Uint8Array }, folder: string, { hashes, gates }: Known) {
  const own = sha256(file.bytes);
  const text = Buffer.from(file.bytes).toString('utf8');
  const results = [0, 1, 2, 3].map((gate) => gates.get(gate) ?? '');
  // The manifest binds the results of Gates 0 to 3 as one hash, and comes right after that of Gate 3.
  const bound = hashCanonical(results);
  hashes.set(own, hashes.size);
  const gate = /"format":"countersign\/gate-result@1","gate":(\d)/.exec(text)?.[1];
  if (gate !== undefined) gates.set(Number(gate), own);
  const toPart = (part: string): Part => (part === TEMPLATE ? -1 : part === bound ? results.map((result) => hashes.get(result) ?? 0) : (hashes.get(part) ?? part));
  const split = (whole: string): readonly Part[] => whole.split(/(wf-20260101-000000|[0-9a-f]{64})/).map(toPart);
  return { path: split(file.path.slice(folder.length + 1)), parts: split(text) };
}
