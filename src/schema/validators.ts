import type { Manifest } from '../domain/change-set.ts';
import { EVENT_TYPES, type EventType, type WorkflowEvent } from '../domain/event.ts';
import * as validators from './generated/event-validators.js';

// What ajv made of the published schemas: the contract that other people's verifiers read by is the one that we read by.

const EVENT_VALIDATORS: Readonly<Record<EventType, (value: unknown) => boolean>> = validators;
const TYPES: ReadonlySet<unknown> = new Set(EVENT_TYPES);

const isType = (value: unknown): value is EventType => TYPES.has(value);

/** Whether a JSON value is an event by the schema of the type that it names. */
export function isEvent(value: unknown): value is WorkflowEvent {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : null;
  return isType(type) && EVENT_VALIDATORS[type](value);
}

/** Whether a JSON value is a PatchSet manifest by its schema. */
export const isManifest = (value: unknown): value is Manifest => validators.manifest(value);
