import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';

import { inputError, type CountersignError } from '../../domain/errors.ts';
import type { Oid } from '../../domain/ids.ts';
import { unpackBundle } from '../../git/ledger-bundle.ts';
import { openLedgerRepository, type LedgerRepository } from '../../git/ledger-objects.ts';
import { locateLedger, type HistoryOverlay, type LedgerPlace } from '../../git/ledger-store-inspect.ts';
import { readTargetCommits } from '../../git/ledger-targets.ts';
import { PACK_START, verifyPack } from '../../ledger/pack/verify-pack.ts';
import { checkTargets } from '../../ledger/verify/targets.ts';
import { toProblem, verifyLedger, type VerifyReport } from '../../ledger/verify.ts';
import { recordThreads, startRecordThreads, ThreadedRecords } from './threaded-records.ts';
import { createYoungGenerationLimit } from './young-generation.ts';

export interface VerifyRequest {
  /** A tip that was seen before. */
  readonly tip?: Oid;
  /** Take everything up to `tip` as verified, and read only what came after it. */
  readonly incremental?: boolean;
  readonly targets?: readonly string[];
}

/** Verifies what `path` is: a repository or `up` directory, a git bundle of a ledger, or an evidence pack. Rejects with an `input` error for anything else. */
export async function verifyPath(path: string, ref: string | null, request: VerifyRequest): Promise<VerifyReport> {
  if ((await stat(path).catch(() => null))?.isFile() !== true) return verifyPlace(await locateLedger(path, ref), request);
  const start = await readStart(path);
  if (start.startsWith(PACK_START)) return verifyPackFile(path, ref, request);
  if (/^# v[23] git bundle\n/.test(start)) return verifyBundle(path, ref, request);
  throw inputError('not-a-ledger', `${path} is a file, but neither an evidence pack of \`countersign ledger export\` nor a git bundle. Give one of these, or a repository.`);
}

async function readStart(path: string): Promise<string> {
  try {
    const handle = await open(path);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    await handle.close();
    return buffer.toString('latin1', 0, bytesRead);
  } catch (cause) {
    throw inputError('cannot-read', `${path} cannot be read. Give the path of a readable file.`, cause);
  }
}

export const shallowClone = ({ gitDir }: LedgerPlace): CountersignError =>
  inputError('shallow-clone', `${gitDir} is a shallow clone: the oldest records of its ledger are missing. Run "git fetch --unshallow" there, or clone the branch whole.`);

/** Verifies the ledger at `place`; replace refs and grafts are problems too. */
export async function verifyPlace(place: LedgerPlace, request: VerifyRequest = {}): Promise<VerifyReport> {
  const report = await verifyObjects(place.objects, place.tip, request);
  if (report.problems.some(({ code }) => code === 'history-cut') && place.overlays.some(({ kind }) => kind === 'shallow')) {
    throw shallowClone(place);
  }
  const overlays = place.overlays.flatMap(({ kind, detail }) => (kind === 'shallow' ? [] : [toProblem(kind, OVERLAY_MESSAGES[kind], {}, { found: detail })]));
  const problems = [...overlays, ...report.problems];
  return { ...report, ok: problems.length === 0, problems };
}

const OVERLAY_MESSAGES: Readonly<Record<Exclude<HistoryOverlay['kind'], 'shallow'>, string>> = {
  'replace-ref': 'The repository has a replace ref: git would show other objects than the ledger holds. Remove it; the check read the real objects.',
  graft: 'The repository has grafts: git would show another history than the ledger holds. Remove the file; the check read the real objects.',
};

async function verifyObjects(directory: string, tip: Oid, request: VerifyRequest): Promise<VerifyReport> {
  const targets = request.targets ?? [];
  const check = checkTargets(await Promise.all(targets.map(readTargetCommits)));
  const objects = await openLedgerRepository(directory);
  const since = request.incremental === true ? request.tip : undefined;
  // Threads do not give events back, which only the comparison with targets asks for.
  const mayThread = targets.length === 0 && recordThreads() > 0;
  let threads = mayThread && since === undefined && countPacked(objects) >= MANY_OBJECTS ? startRecordThreads(objects) : [];
  const limitYoung = createYoungGenerationLimit();
  try {
    const report = await verifyLedger({
      objects,
      history: objects.history(tip, since),
      tip,
      ...(request.tip === undefined ? {} : { rememberedTip: request.tip }),
      ...(since === undefined ? {} : { since }),
      records: (to, commits) => {
        if (!mayThread || (commits ?? 0) < LONG_HISTORY) return null;
        if (threads.length === 0) threads = startRecordThreads(objects);
        return new ThreadedRecords(objects, to, threads);
      },
      onEvent: check.onEvent,
      onCommit: (commit) => {
        limitYoung();
        check.onCommit(commit);
      },
    });
    const problems = [...report.problems, ...check.finish()];
    return { ...report, ok: problems.length === 0, problems };
  } finally {
    await Promise.all([objects.close(), ...threads.map(async (thread) => thread.close())]);
  }
}

/** Commits from which on threads are worth their start. */
const LONG_HISTORY = 2_000;
/** Objects that so many commits have: threads are started while the history is still being read. */
const MANY_OBJECTS = 10 * LONG_HISTORY;

const countPacked = ({ indexes }: LedgerRepository): number => indexes.reduce((sum, { index }) => sum + index.high.length, 0);

async function verifyBundle(path: string, ref: string | null, request: VerifyRequest): Promise<VerifyReport> {
  const bundle = await unpackBundle(path, ref);
  try {
    return await verifyObjects(bundle.objects, bundle.tip, request);
  } finally {
    await bundle.remove();
  }
}

async function verifyPackFile(path: string, ref: string | null, request: VerifyRequest): Promise<VerifyReport> {
  if (ref !== null) throw inputError('bad-usage', `${path} is an evidence pack: it has no branches, so --ref says nothing about it.`);
  if (request.incremental === true) throw inputError('bad-usage', `${path} is an evidence pack: it is always read whole, so --incremental says nothing about it.`);
  const check = checkTargets(await Promise.all((request.targets ?? []).map(readTargetCommits)));
  const chunks = createReadStream(path, { highWaterMark: 1024 * 1024 });
  const { workflow, ...report } = await verifyPack({ chunks, ...(request.tip === undefined ? {} : { rememberedTip: request.tip }), onEvent: check.onEvent, onCommit: check.onCommit });
  const problems = [...report.problems, ...check.finish(workflow)];
  return { ...report, ok: problems.length === 0, problems };
}
