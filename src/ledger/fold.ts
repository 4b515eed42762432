import type { Command } from '../domain/command.ts';
import type { DomainEvent, WorkflowEvent } from '../domain/event.ts';
import type { WorkflowId } from '../domain/ids.ts';
import { transition } from '../domain/transition.ts';
import type { Workflow } from '../domain/workflow.ts';

/** What one event did to a workflow: the next state, or why the record cannot be true. */
export type FoldStep =
  | { readonly kind: 'next'; readonly workflow: Workflow; readonly commands: readonly Command[] }
  | { readonly kind: 'illegal'; readonly code: string; readonly reason: string }
  | { readonly kind: 'state-mismatch'; readonly workflow: Workflow; readonly expected: string; readonly found: string };

/** What the state machine sees of a record: its type, its body and its instant. */
// The record's type already pairs type and body; a spread of the three members loses that pairing for the compiler.
export const domainEventOf = (event: WorkflowEvent): DomainEvent => ({ type: event.type, body: event.body, at: event.at }) as DomainEvent;

/** Folds one record onto a workflow and compares the states that it recorded with those that the state machine gives. */
export function foldEvent(before: Workflow | null, event: WorkflowEvent, id: WorkflowId): FoldStep {
  const outcome = transition(before, domainEventOf(event), id);
  if (outcome.kind === 'refused') return { kind: 'illegal', code: outcome.code, reason: outcome.reason };
  const expected = showStates(before?.status ?? null, outcome.workflow.status);
  const found = showStates(event.state.from, event.state.to);
  if (expected !== found) return { kind: 'state-mismatch', workflow: outcome.workflow, expected, found };
  return { kind: 'next', workflow: outcome.workflow, commands: outcome.commands };
}

const showStates = (from: string | null, to: string): string => `${from ?? 'nothing'} to ${to}`;
