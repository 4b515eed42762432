import type { Command } from '../domain/command.ts';
import type { WorkflowEvent } from '../domain/event.ts';
import { hashCanonical } from '../schema/canonical-json.ts';
import type { AppendResult } from './append.ts';
import { foldEvent } from './fold.ts';
import type { LoadedWorkflow } from './load.ts';

interface Wanted {
  readonly type: string;
  readonly body: unknown;
  readonly idempotencyKey: string;
}

/**
 * Looks for entries that are in the records already, by their idempotency keys: the answer that their first append gave or
 * should have given, null when none of them is there, or a refusal when a key is taken by something else.
 */
export function findRecorded(loaded: LoadedWorkflow, entries: readonly Wanted[]): AppendResult | null {
  const byId = new Map(loaded.events.map((event) => [event.id, event]));
  const found = entries.map((entry) => byId.get(entry.idempotencyKey));
  if (found.every((event) => event === undefined)) return repeatedKey(entries);
  for (const [index, entry] of entries.entries()) {
    const event = found[index];
    if (!event) return conflict(`${entry.idempotencyKey} is not recorded, but others of the same append are.`);
    if (event.type !== entry.type || hashCanonical(event.body) !== hashCanonical(entry.body)) {
      return conflict(`The key ${entry.idempotencyKey} already belongs to event ${event.seq} (${event.type}), which says something else.`);
    }
  }
  const events = found.filter((event) => event !== undefined);
  if (!loaded.workflow) return null;
  return { kind: 'appended', workflow: loaded.workflow, commands: commandsOf(loaded, events), commit: loaded.tip, events };
}

function repeatedKey(entries: readonly Wanted[]): AppendResult | null {
  const keys = entries.map((entry) => entry.idempotencyKey);
  const repeated = keys.find((key, index) => keys.indexOf(key) !== index);
  return repeated === undefined ? null : conflict(`The key ${repeated} stands twice in one append.`);
}

const conflict = (reason: string): AppendResult => ({ kind: 'refused', code: 'idempotency-conflict', reason });

// What those events asked for, found by folding up to them.
function commandsOf(loaded: LoadedWorkflow, wanted: readonly WorkflowEvent[]): readonly Command[] {
  const commands: Command[] = [];
  let workflow = null as LoadedWorkflow['workflow'];
  for (const event of loaded.events) {
    const step = foldEvent(workflow, event, loaded.id);
    if (step.kind === 'illegal') break;
    workflow = step.workflow;
    if (step.kind === 'next' && wanted.includes(event)) commands.push(...step.commands);
  }
  return commands;
}
