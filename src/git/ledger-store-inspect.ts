import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { inputError } from '../domain/errors.ts';
import type { Oid } from '../domain/ids.ts';
import { readRef } from './ledger-store-ref.ts';
import { locateRepository } from './locate-repository.ts';
import { resolveCommit } from './resolve-commit.ts';

/** Something in the repository that would make git show another history than the objects hold. */
export interface HistoryOverlay {
  readonly kind: 'replace-ref' | 'graft' | 'shallow';
  readonly detail: string;
}

/** Where a ledger was found. */
export interface LedgerPlace {
  readonly gitDir: string;
  /** Its object directory, to be opened with `openLedgerRepository`. */
  readonly objects: string;
  readonly ref: string;
  readonly tip: Oid;
  readonly overlays: readonly HistoryOverlay[];
}

// The control repository of an `up` directory.
const CONTROL_REPOSITORY = join('git', 'local', 'control.git');
// A clone has the branch only as its remote's, until somebody checks it out.
const USUAL_REFS = ['refs/heads/ledger', 'refs/remotes/origin/ledger'];

/** Finds the ledger branch in a bare repository, a checkout or an `up` directory. `ref` null: the usual places. Rejects with an `input` error. */
export async function locateLedger(directory: string, ref: string | null): Promise<LedgerPlace> {
  const control = join(resolve(directory), CONTROL_REPOSITORY);
  const path = (await isDirectory(control)) ? control : directory;
  const place = await locateRepository(path);
  const common = dirname(place.objects);
  const overlays = await findOverlays(common);
  if (ref !== null) return { gitDir: place.gitDir, objects: place.objects, ref, tip: await resolveCommit(place.gitDir, ref), overlays };
  for (const usual of USUAL_REFS) {
    const tip = await readRef({ gitDir: common, ref: usual });
    if (tip !== null) return { gitDir: place.gitDir, objects: place.objects, ref: usual, tip, overlays };
  }
  throw inputError('no-ledger', `${path} has no ledger branch. Fetch it (git fetch origin ledger:ledger), or name another with --ref.`);
}

/** Replace refs, grafts and a shallow boundary of the repository whose common directory is `common`. */
async function findOverlays(common: string): Promise<readonly HistoryOverlay[]> {
  const found: HistoryOverlay[] = [];
  for (const name of await readdir(join(common, 'refs', 'replace'), { recursive: true }).catch(() => [])) found.push({ kind: 'replace-ref', detail: `refs/replace/${name}` });
  const packed = await readFile(join(common, 'packed-refs'), 'latin1').catch(() => '');
  for (const [, name = ''] of packed.matchAll(/^[0-9a-f]{40} (refs\/replace\/\S+)$/gm)) found.push({ kind: 'replace-ref', detail: name });
  if (await hasContent(join(common, 'info', 'grafts'))) found.push({ kind: 'graft', detail: 'info/grafts' });
  if (await hasContent(join(common, 'shallow'))) found.push({ kind: 'shallow', detail: 'shallow' });
  return found;
}

const isDirectory = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() === true;
const hasContent = async (path: string): Promise<boolean> => ((await stat(path).catch(() => null))?.size ?? 0) > 0;
