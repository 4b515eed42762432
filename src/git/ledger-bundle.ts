import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inputError } from '../domain/errors.ts';
import { isOid, type Oid } from '../domain/ids.ts';
import { gitEnvironment, gitReason, spawnError } from './git-process.ts';
import { createBareRepository } from './scratch-repository.ts';

const HEADER_BYTES_MAX = 1024 * 1024;
const REFS = ['refs/heads/ledger', 'refs/remotes/origin/ledger'];

/** A git bundle, unpacked into a throw-away repository. */
export interface UnpackedBundle {
  readonly objects: string;
  readonly ref: string;
  readonly tip: Oid;
  remove(): Promise<void>;
}

/** Unpacks the bundle in `file`. `ref` null: its ledger branch, or its only one. Rejects with an `input` error when it is no whole bundle. */
export async function unpackBundle(file: string, ref: string | null): Promise<UnpackedBundle> {
  const header = await readHeader(file);
  const { ref: name, tip } = chooseRef(file, header.refs, ref);
  const directory = await mkdtemp(join(tmpdir(), 'countersign-bundle-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    await createBareRepository(directory);
    await indexPack(file, header.end, directory);
  } catch (error) {
    await remove();
    throw error;
  }
  return { objects: join(directory, 'objects'), ref: name, tip, remove };
}

interface BundleHeader {
  readonly refs: ReadonlyMap<string, Oid>;
  /** Where the pack begins. */
  readonly end: number;
}

// `# v2 git bundle`, then capabilities (@, version 3), prerequisites (-), refs, an empty line, a pack: gitformat-bundle(5).
async function readHeader(file: string): Promise<BundleHeader> {
  const handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES_MAX), 0, HEADER_BYTES_MAX, 0);
  await handle.close();
  const bytes = buffer.subarray(0, bytesRead);
  const end = bytes.indexOf('\n\n');
  if (end < 0) throw inputError('bundle-cut-short', `${file} is a git bundle that is cut short: its list of branches does not end. Copy the whole file again.`);
  const lines = bytes.toString('utf8', 0, end).split('\n').slice(1);
  if (lines.some((line) => line.startsWith('-'))) throw inputError('bundle-incomplete', `${file} is a git bundle that builds on commits which it does not hold. Make one of the whole branch: git bundle create FILE ledger`);
  if (lines.some((line) => /^@object-format=(?!sha1$)/.test(line))) throw inputError('sha256-repository', `${file} uses object names other than SHA-1, which are not supported yet.`);
  const refs = lines.flatMap((line) => {
    const [oid = '', name = ''] = line.split(' ');
    return isOid(oid) && name !== '' ? [[name, oid] as const] : [];
  });
  return { refs: new Map(refs), end: end + 2 };
}

function chooseRef(file: string, refs: BundleHeader['refs'], ref: string | null): { readonly ref: string; readonly tip: Oid } {
  const wanted = ref === null ? REFS : [ref, `refs/heads/${ref}`];
  const only = ref === null && refs.size === 1 ? [...refs.keys()] : [];
  for (const name of [...wanted, ...only]) {
    const tip = refs.get(name);
    if (tip !== undefined) return { ref: name, tip };
  }
  throw inputError('no-ledger', `${file} is a git bundle without ${ref === null ? 'a ledger branch' : JSON.stringify(ref)}. Make one that has it: git bundle create FILE ledger`);
}

// git checks the pack's own hash while it indexes it, so a pack that is cut short or changed is refused here.
function indexPack(file: string, start: number, directory: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['--git-dir=.', 'index-pack', '--stdin', '--threads=1'], { cwd: directory, env: gitEnvironment({ config: { 'core.bigFileThreshold': '8m' } }), stdio: ['pipe', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr = (stderr + text).slice(0, 4_000)));
    child.stdin.on('error', () => undefined); // The exit code says why.
    child.once('error', (error) => reject(spawnError(error)));
    child.once('close', (code) => (code === 0 ? resolve() : reject(inputError('bundle-damaged', `${file} is a git bundle that is cut short or damaged: ${gitReason(stderr)}. Copy the whole file again.`))));
    const source = createReadStream(file, { start });
    source.once('error', (error) => {
      child.kill();
      reject(inputError('cannot-read', `${file} cannot be read: ${error.message}.`, error));
    });
    source.pipe(child.stdin);
  });
}
