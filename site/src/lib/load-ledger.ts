import { CountersignError } from '../../../src/domain/errors.ts';
import type { WorkflowEvent } from '../../../src/domain/event.ts';
import { isWorkflowId, workflowDirectory, type Oid, type Sha256, type WorkflowId } from '../../../src/domain/ids.ts';
import { transition } from '../../../src/domain/transition.ts';
import type { Workflow } from '../../../src/domain/workflow.ts';
import { parseCanonical } from '../../../src/schema/canonical-json.ts';
import { parseEvent } from '../../../src/schema/events.ts';
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

/** Folds every workflow of the ledger. A broken one never hides the others. */
export function loadLedger({ tip, files }: LedgerBytes): LedgerView {
  const workflows: WorkflowView[] = [];
  const broken: BrokenWorkflow[] = [];
  for (const [id, paths] of groupByWorkflow(files.keys())) {
    try {
      workflows.push(loadWorkflow(id, paths, files));
    } catch (error) {
      if (!(error instanceof CountersignError) && !(error instanceof BrokenRecord)) throw error;
      broken.push({ id, reason: error.message });
    }
  }
  return { tip, workflows, broken };
}

class BrokenRecord extends Error {}

interface WorkflowPaths {
  readonly events: string[];
  readonly evidence: Map<Sha256, string>;
}

function groupByWorkflow(paths: Iterable<string>): ReadonlyMap<WorkflowId, WorkflowPaths> {
  const groups = new Map<WorkflowId, WorkflowPaths>();
  for (const path of paths) {
    const id = path.split('/')[4] ?? '';
    if (!isWorkflowId(id) || !path.startsWith(`${workflowDirectory(id)}/`)) continue;
    const group = groups.get(id) ?? { events: [], evidence: new Map<Sha256, string>() };
    groups.set(id, group);
    const rest = path.slice(workflowDirectory(id).length + 1);
    const evidence = /^evidence\/([0-9a-f]{64})\.[a-z]+$/.exec(rest)?.[1];
    if (evidence) group.evidence.set(evidence, path);
    else if (/^\d{4}-[a-z0-9-]+\.json$/.test(rest)) group.events.push(path);
  }
  return groups;
}

function loadWorkflow(id: WorkflowId, paths: WorkflowPaths, files: LedgerBytes['files']): WorkflowView {
  const events: EventRecord[] = [];
  let workflow: Workflow | null = null;
  for (const path of paths.events.toSorted()) {
    const bytes = files.get(path) ?? new Uint8Array();
    const event = readEvent(path, bytes);
    assertChained(id, event, events.at(-1));
    workflow = step(workflow, event);
    events.push({ event, path, sha256: sha256(bytes) });
  }
  if (!workflow) throw new BrokenRecord('It has no events.');
  return { workflow, events, evidence: evidenceReader(paths.evidence, files) };
}

function readEvent(path: string, bytes: Uint8Array): WorkflowEvent {
  const parsed = parseEvent(parseCanonical(bytes));
  if (parsed.kind === 'valid') return parsed.event;
  throw new BrokenRecord(`${path.split('/').at(-1)} is not an event: ${parsed.problems[0] ?? 'unknown'}`);
}

function assertChained(id: WorkflowId, event: WorkflowEvent, last: EventRecord | undefined): void {
  const seq = (last?.event.seq ?? 0) + 1;
  if (event.workflow !== id) throw new BrokenRecord(`Event ${seq} belongs to ${event.workflow}.`);
  if (event.seq !== seq) throw new BrokenRecord(`Event ${seq} is missing: found ${event.seq}.`);
  if (event.prev !== (last?.sha256 ?? null)) throw new BrokenRecord(`Event ${seq} does not follow the event before it: the hash in "prev" is another.`);
}

function step(workflow: Workflow | null, event: WorkflowEvent): Workflow {
  const outcome = transition(workflow, event, event.workflow);
  if (outcome.kind === 'refused') throw new BrokenRecord(`Event ${event.seq} (${event.type}) is not allowed: ${outcome.reason}`);
  if (outcome.workflow.status !== event.state.to) throw new BrokenRecord(`Event ${event.seq} claims ${event.state.to}; the state machine says ${outcome.workflow.status}.`);
  return outcome.workflow;
}

function evidenceReader(paths: ReadonlyMap<Sha256, string>, files: LedgerBytes['files']): WorkflowView['evidence'] {
  return (hash) => {
    const bytes = files.get(paths.get(hash) ?? '');
    return bytes && sha256(bytes) === hash ? bytes : null;
  };
}
