import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';

import { inputError } from '../../domain/errors.ts';
import { isWorkflowId, workflowDirectory, type Oid } from '../../domain/ids.ts';
import { openLedgerRepository, type LedgerRepository } from '../../git/ledger-objects.ts';
import type { LedgerPlace } from '../../git/ledger-store-inspect.ts';
import { writePack, type WrittenPack } from '../../ledger/pack/write-pack.ts';
import type { WorkflowStep } from '../../ledger/verify/verify-workflow.ts';
import { printable } from '../printable.ts';
import { shallowClone } from './verify.ts';

/** Writes the evidence pack of `workflow` to `out`, or to standard output. A file appears whole, and only when the records hold. */
export async function exportWorkflow(place: LedgerPlace, workflow: string, out: string | null): Promise<WrittenPack> {
  if (!isWorkflowId(workflow)) throw inputError('bad-workflow', `"${printable(workflow).slice(0, 100)}" is not a workflow's id. It looks like wf-20261122-k3v9q2; \`countersign status\` lists them.`);
  const objects = await openLedgerRepository(place.objects);
  try {
    const adding = await objects.changing(place.tip, workflowDirectory(workflow)).catch((error: unknown) => {
      throw place.overlays.some(({ kind }) => kind === 'shallow') ? shallowClone(place) : error;
    });
    if (adding.size === 0) throw inputError('unknown-workflow', `${workflow} is not in the ledger of ${place.gitDir}. \`countersign status\` lists the workflows; --dir names another ledger.`);
    const write = (sink: (bytes: Uint8Array) => Promise<void>): Promise<WrittenPack> => writePack({ workflow, tip: place.tip, steps: stepsOf(objects, place.tip, adding), objects, write: sink });
    return await (out === null ? write(toStdout) : toPlace(out, write));
  } finally {
    await objects.close();
  }
}

/** The history from the parent of the first commit that adds, up to the tip. */
async function* stepsOf(objects: LedgerRepository, tip: Oid, adding: ReadonlySet<Oid>): AsyncGenerator<WorkflowStep> {
  let parent: Oid | null = null;
  let begun = false;
  for await (const oid of objects.history(tip)) {
    const adds = adding.has(oid);
    if (adds && !begun && parent !== null) yield { oid: parent, adds: false };
    begun ||= adds;
    if (begun) yield { oid, adds };
    parent = oid;
  }
}

async function toStdout(bytes: Uint8Array): Promise<void> {
  if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
}

type Write = (sink: (bytes: Uint8Array) => Promise<void>) => Promise<WrittenPack>;

/** A file is replaced as a whole, also behind a symlink; a device or pipe is written to, and never replaced. */
async function toPlace(out: string, write: Write): Promise<WrittenPack> {
  const there = await stat(out).catch(() => null);
  if (there?.isDirectory()) throw inputError('cannot-write', `${out} is a directory. Give the path of a file in it.`);
  if (there === null || there.isFile()) return toFile(await realpath(out).catch(() => out), write);
  const device = await open(out, 'w').catch((cause: unknown) => {
    throw inputError('cannot-write', `${out} cannot be written to. Give the path of a file.`, cause);
  });
  try {
    return await write(async (bytes) => device.writeFile(bytes));
  } finally {
    await device.close();
  }
}

async function toFile(out: string, write: Write): Promise<WrittenPack> {
  const temporary = `${out}.${createHash('sha256').update(String(process.pid)).digest('hex').slice(0, 8)}.part`;
  const file = await open(temporary, 'wx').catch((cause: unknown) => {
    throw inputError('cannot-write', `${out} cannot be written there. Give a path in a folder that exists and can be written to.`, cause);
  });
  try {
    const written = await write(async (bytes) => file.writeFile(bytes));
    await file.close();
    if (written.report.ok) await rename(temporary, out);
    return written;
  } finally {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
  }
}
