import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { RunRef } from '../src/domain/event.ts';
import type { WorkflowId } from '../src/domain/ids.ts';
import type { WorkflowSnapshot } from '../src/ports/ledger-store.ts';
import { sha256 } from '../src/schema/sha256.ts';

// `authorize` and `write` are two steps of one job, seconds apart. The second would read again what the first has just read and
// recorded; instead the first leaves it in the job's temporary directory.

/** What a step of the write job knows of its workflow: records, evidence and settings as of the commit that it has just made. */
export interface Handover {
  readonly snapshot: WorkflowSnapshot;
  /** By SHA-256. */
  readonly evidence: ReadonlyMap<string, Uint8Array>;
  /** The text of `countersign.yml`. */
  readonly config: string;
}

/** For whom it is: another run's or another workflow's is not taken. */
export interface Addressee {
  readonly temp: string;
  readonly run: RunRef;
  readonly workflow: WorkflowId;
}

const FILE = 'countersign-handover.json';
const BYTES_MAX = 64 * 1024 * 1024;
const bytes = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));
const schema = z.strictObject({
  for: z.string(),
  config: z.string(),
  tip: z.string().regex(/^[0-9a-f]{40}$/),
  ledger: z.string(),
  events: z.array(z.strictObject({ path: z.string(), bytes })),
  evidence: z.array(bytes),
});

const nameOf = ({ run, workflow }: Addressee): string => `${run.repository} ${run.id}/${run.attempt} ${run.job} ${workflow}`;
const base64 = (raw: Uint8Array): string => Buffer.from(raw).toString('base64');

export async function leaveHandover(addressee: Addressee, { snapshot, evidence, config }: Handover): Promise<void> {
  const { tip, ledger, events } = snapshot;
  const text = JSON.stringify({ for: nameOf(addressee), config, tip, ledger, events: events.map((file) => ({ path: file.path, bytes: base64(file.bytes) })), evidence: [...evidence.values()].map(base64) });
  if (text.length <= BYTES_MAX) await writeFile(join(addressee.temp, FILE), text, { mode: 0o600 });
}

/**
 * What an earlier step of this job left, or null: then the ledger is read. Nothing is believed that the ledger's own rules do not
 * prove: events are folded and their chain is checked as after any read, and evidence counts by its hash alone.
 */
export async function takeHandover(addressee: Addressee): Promise<Handover | null> {
  const text = await readFile(join(addressee.temp, FILE), 'utf8').catch(() => null);
  const parsed = text === null || text.length > BYTES_MAX ? null : schema.safeParse(jsonOf(text));
  if (parsed?.success !== true || parsed.data.for !== nameOf(addressee)) return null;
  const { config, tip, ledger, events, evidence } = parsed.data;
  return { snapshot: { tip, ledger, events }, evidence: new Map(evidence.map((each) => [sha256(each), each])), config };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
