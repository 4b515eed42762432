import { CountersignError, inputError } from '../../../src/domain/errors.ts';
import type { WorkflowEvent } from '../../../src/domain/event.ts';
import type { Oid, Sha256, WorkflowId } from '../../../src/domain/ids.ts';
import type { Workflow } from '../../../src/domain/workflow.ts';
import { decodeGenesis } from '../../../src/ledger/codec.ts';
import { GENESIS_PATH, parseLedgerPath } from '../../../src/ledger/layout.ts';
import { foldSnapshot } from '../../../src/ledger/load.ts';
import { sha256 } from '../../../src/schema/sha256.ts';
import type { LedgerBytes } from './read-git.ts';

/** One event with where it lies and what its file hashes to. */
export interface EventRecord {
  readonly event: WorkflowEvent;
  readonly path: string;
  readonly sha256: Sha256;
}

/** One workflow as its events tell it. */
export interface WorkflowView {
  readonly workflow: Workflow;
  readonly events: readonly EventRecord[];
  /** Evidence bytes, or null when they are missing, too large to show, or do not have that hash. */
  evidence(hash: Sha256): Uint8Array | null;
}

/** A workflow whose records do not hold together. It is listed, never shown as if it did. */
export interface BrokenWorkflow {
  readonly id: WorkflowId;
  readonly reason: string;
}

export interface LedgerView {
  readonly tip: Oid;
  readonly workflows: readonly WorkflowView[];
  readonly broken: readonly BrokenWorkflow[];
}

/** Folds every workflow of the ledger. A broken one never hides the others; only a broken genesis throws. */
export function loadLedger({ tip, files }: LedgerBytes): LedgerView {
  const ledger = readLedgerId(files);
  const workflows: WorkflowView[] = [];
  const broken: BrokenWorkflow[] = [];
  for (const [id, paths] of groupByWorkflow(files.keys())) {
    try {
      workflows.push(readWorkflow({ id, paths, files, tip, ledger }));
    } catch (error) {
      if (!(error instanceof CountersignError)) throw error;
      broken.push({ id, reason: error.message });
    }
  }
  return { tip, workflows, broken };
}

function readLedgerId(files: LedgerBytes['files']): string {
  const genesis = decodeGenesis(files.get(GENESIS_PATH) ?? new Uint8Array());
  if (genesis.kind === 'valid') return genesis.value.ledger;
  throw inputError('site-not-a-ledger', `The branch holds no ledger: ${GENESIS_PATH} is missing or wrong (${genesis.problems[0] ?? 'unknown'}).`);
}

interface WorkflowPaths {
  readonly events: string[];
  readonly evidence: Map<Sha256, string>;
}

function groupByWorkflow(paths: Iterable<string>): ReadonlyMap<WorkflowId, WorkflowPaths> {
  const groups = new Map<WorkflowId, WorkflowPaths>();
  for (const path of paths) {
    const parsed = parseLedgerPath(path);
    if (!parsed || parsed.kind === 'genesis') continue;
    const group = groups.get(parsed.workflow) ?? { events: [], evidence: new Map<Sha256, string>() };
    groups.set(parsed.workflow, group);
    if (parsed.kind === 'event') group.events.push(path);
    else group.evidence.set(parsed.sha256, path);
  }
  return groups;
}

interface Source {
  readonly id: WorkflowId;
  readonly paths: WorkflowPaths;
  readonly files: LedgerBytes['files'];
  readonly tip: Oid;
  readonly ledger: string;
}

function readWorkflow({ id, paths, files, tip, ledger }: Source): WorkflowView {
  const bytesOf = (path: string): Uint8Array => files.get(path) ?? new Uint8Array();
  const events = paths.events.toSorted().map((path) => ({ path, bytes: bytesOf(path) }));
  const loaded = foldSnapshot({ tip, ledger, events }, id);
  if (!loaded.workflow) throw inputError('site-no-events', `${id} has evidence but no events.`);
  return {
    workflow: loaded.workflow,
    events: loaded.events.map((event, index) => ({ event, path: events[index]?.path ?? '', sha256: sha256(events[index]?.bytes ?? new Uint8Array()) })),
    evidence: (hash) => {
      const bytes = files.get(paths.evidence.get(hash) ?? '');
      return bytes && sha256(bytes) === hash ? bytes : null;
    },
  };
}
