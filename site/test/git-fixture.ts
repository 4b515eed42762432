import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { canonicalJson } from '../../src/schema/canonical-json.ts';
import { LEDGER_ID, type Append } from './workflow-builder.ts';

const ENV = { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' };
const AUTHOR = 'Countersign <countersign@example.invalid> 1763800000 +0000';

const git = (dir: string, ...args: readonly string[]): string => execFileSync('git', ['-C', dir, ...args], { env: ENV, encoding: 'utf8' }).trim();

export function initBare(dir: string): void {
  mkdirSync(dir, { recursive: true });
  git(dir, 'init', '--quiet', '--bare');
}

/** Writes a ledger branch, one commit an append, through `git fast-import`. Returns its tip. */
export function writeLedger(dir: string, appends: Iterable<Append>): string {
  initBare(dir);
  const genesis = { message: 'Genesis', files: [{ path: 'ledger.json', bytes: canonicalJson({ format: 'countersign/ledger@1', ledger: LEDGER_ID, created: '2026-11-01T00:00:00Z' }) }] };
  fastImport(dir, 'ledger', [genesis, ...appends]);
  return git(dir, 'rev-parse', 'refs/heads/ledger');
}

function fastImport(dir: string, branch: string, appends: readonly Append[]): void {
  const parts: Buffer[] = [];
  const line = (text: string): void => void parts.push(Buffer.from(`${text}\n`));
  const data = (bytes: Uint8Array): void => {
    line(`data ${bytes.byteLength}`);
    parts.push(Buffer.from(bytes), Buffer.from('\n'));
  };
  for (const { message, files } of appends) {
    line(`commit refs/heads/${branch}`);
    line(`committer ${AUTHOR}`);
    data(Buffer.from(message));
    for (const file of files) {
      line(`M 100644 inline ${file.path}`);
      data(file.bytes);
    }
  }
  line('done');
  const result = spawnSync('git', ['-C', dir, 'fast-import', '--quiet', '--done'], { env: ENV, input: Buffer.concat(parts), maxBuffer: Number.POSITIVE_INFINITY });
  if (result.status !== 0) throw new Error(`git fast-import: ${result.stderr.toString()}`);
}

export type Files = Readonly<Record<string, string | Buffer>>;

/** A base and a result tree made by real git, with the canonical diff between them. */
export interface RealChange {
  readonly base: { readonly commit: string; readonly tree: string };
  readonly result: { readonly tree: string };
  readonly diff: string;
  readonly changes: readonly { path: string; op: 'add' | 'modify' | 'delete'; oldMode: '100644' | null; newMode: '100644' | null; oldBlob: string | null; newBlob: string | null }[];
}

/** Commits `before`, then `after` (paths missing in it are deleted), and lets git tell the difference. */
export function makeChange(dir: string, before: Files, after: Files): RealChange {
  initBare(dir);
  const append = (message: string, files: Files): Append => ({ message, files: Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) })) });
  fastImport(dir, 'base', [append('base', before)]);
  fastImport(dir, 'result', [append('result', after)]);
  const tree = (branch: string): string => git(dir, 'rev-parse', `${branch}^{tree}`);
  const raw = git(dir, 'diff-tree', '-r', '-z', '--no-renames', '--full-index', tree('base'), tree('result'));
  return {
    base: { commit: git(dir, 'rev-parse', 'base'), tree: tree('base') },
    result: { tree: tree('result') },
    // Not trimmed: a last line may end in spaces.
    diff: execFileSync('git', ['-C', dir, 'diff-tree', '-p', '--binary', '--full-index', '-M', tree('base'), tree('result')], { env: ENV, encoding: 'utf8' }),
    changes: parseRaw(raw),
  };
}

function parseRaw(raw: string): RealChange['changes'] {
  const fields = raw.split('\0');
  const changes: RealChange['changes'][number][] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [, , oldBlob = '', newBlob = '', letter] = (fields[index] ?? '').split(' ');
    const op = letter === 'A' ? 'add' : letter === 'D' ? 'delete' : 'modify';
    changes.push({
      path: fields[index + 1] ?? '',
      op,
      oldMode: op === 'add' ? null : '100644',
      newMode: op === 'delete' ? null : '100644',
      oldBlob: op === 'add' ? null : oldBlob,
      newBlob: op === 'delete' ? null : newBlob,
    });
  }
  return changes;
}
