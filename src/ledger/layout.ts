import { EVENT_TYPES, type EventType } from '../domain/event.ts';
import { isWorkflowId, workflowDirectory, type Sha256, type WorkflowId } from '../domain/ids.ts';
import { SEQ_MAX, type MediaType } from '../schema/events.ts';

export const GENESIS_PATH = 'ledger.json';

/** The file ending of each media type that evidence can have. */
export const EXTENSIONS: Readonly<Record<MediaType, string>> = {
  'application/json': 'json',
  'text/markdown': 'md',
  'text/x-diff': 'diff',
  'text/plain': 'txt',
};

const slugOf = (type: EventType): string => type.slice(2).toLowerCase().replaceAll('_', '-');
const TYPE_OF_SLUG: ReadonlyMap<string, EventType> = new Map(EVENT_TYPES.map((type) => [slugOf(type), type]));

/** `0001-workflow-created.json`. */
export function eventFileName(seq: number, type: EventType): string {
  return `${String(seq).padStart(4, '0')}-${slugOf(type)}.json`;
}

export const eventPath = (workflow: WorkflowId, seq: number, type: EventType): string => `${workflowDirectory(workflow)}/${eventFileName(seq, type)}`;
export const evidencePath = (workflow: WorkflowId, sha256: Sha256, mediaType: MediaType): string =>
  `${workflowDirectory(workflow)}/evidence/${sha256}.${EXTENSIONS[mediaType]}`;

/** What a path of the ledger is, or `null` when it belongs to no ledger of this format. */
export type LedgerPath =
  | { readonly kind: 'genesis' }
  | { readonly kind: 'event'; readonly workflow: WorkflowId; readonly seq: number; readonly type: EventType }
  | { readonly kind: 'evidence'; readonly workflow: WorkflowId; readonly sha256: Sha256; readonly extension: string };

const WORKFLOW_PATH = /^workflows\/\d{4}\/\d{2}\/\d{2}\/(wf-[0-9a-z-]+)\/(.+)$/;
const EVENT_FILE = /^(\d{4})-([a-z-]+)\.json$/;
const EVIDENCE_FILE = /^evidence\/([0-9a-f]{64})\.(json|md|diff|txt)$/;

/** Reads a path back. Strict: what `eventPath` and `evidencePath` would not write is `null`. */
export function parseLedgerPath(path: string): LedgerPath | null {
  if (path === GENESIS_PATH) return { kind: 'genesis' };
  const [, workflow = '', file = ''] = WORKFLOW_PATH.exec(path) ?? [];
  if (!isWorkflowId(workflow) || path !== `${workflowDirectory(workflow)}/${file}`) return null;
  return parseRecordName(workflow, file);
}

/** The same for the rest of a path, below the folder of its workflow. */
export function parseRecordName(workflow: WorkflowId, file: string): Exclude<LedgerPath, { kind: 'genesis' }> | null {
  const [, sha256, extension] = EVIDENCE_FILE.exec(file) ?? [];
  if (sha256 !== undefined && extension !== undefined) return { kind: 'evidence', workflow, sha256, extension };
  const [, digits = '', slug = ''] = EVENT_FILE.exec(file) ?? [];
  const type = TYPE_OF_SLUG.get(slug);
  const seq = Number(digits);
  return type && seq >= 1 && seq <= SEQ_MAX ? { kind: 'event', workflow, seq, type } : null;
}
