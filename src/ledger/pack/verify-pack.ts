import type { WorkflowEvent } from '../../domain/event.ts';
import type { Oid, WorkflowId } from '../../domain/ids.ts';
import { toProblem, type LedgerProblem, type VerifyReport } from '../verify/problem.ts';
import { verifyWorkflow } from '../verify/verify-workflow.ts';
import { PACK_START } from './pack-lines.ts';
import { PackFault, PackSource } from './pack-source.ts';

export { PACK_START };

export interface VerifyPackOptions {
  /** The file's bytes, in pieces of any size. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** A tip that was seen before: it must be among the commits of the pack. */
  readonly rememberedTip?: Oid;
  readonly onEvent?: (event: WorkflowEvent) => void;
  readonly onCommit?: (commit: Oid) => void;
}

/**
 * Verifies an evidence pack from its bytes alone: no git, no network, no file system, so it runs in a browser. Reads it once
 * and keeps one object at a time. Rejects with an `input` error for what is no whole evidence pack of this version.
 */
export async function verifyPack({ chunks, ...options }: VerifyPackOptions): Promise<VerifyReport & { readonly workflow: WorkflowId }> {
  const source = new PackSource(chunks);
  const { workflow, tip } = await source.header();
  const found: LedgerProblem[] = [];
  try {
    const report = await verifyWorkflow({ ...options, workflow, tip, steps: source.steps(), objects: source, onProblem: (problem) => void found.push(problem) });
    return { ...report, workflow };
  } catch (error) {
    if (!(error instanceof PackFault)) throw error;
    const { code, message, line, ...difference } = error;
    const problem = toProblem(code, message, { workflow, path: `line ${line}` }, difference);
    return { ok: false, ledger: null, tip, commits: 0, workflows: 1, events: 0, evidence: 0, problems: [...found, problem], workflow };
  }
}
