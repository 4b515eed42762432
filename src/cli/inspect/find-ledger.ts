import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CountersignError, inputError } from '../../domain/errors.ts';
import { isWorkflowId, type WorkflowId } from '../../domain/ids.ts';
import { locateLedger, type LedgerPlace } from '../../git/ledger-store-inspect.ts';
import { loadWorkflow, type LoadedWorkflow } from '../../ledger/load.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { listWorkflows, openLedger } from '../ledger-place.ts';
import { printable } from '../printable.ts';

/** A ledger to read from, and its workflows, oldest first. */
export interface FoundLedger {
  readonly directory: string;
  /** The repository that holds the branch; the control repo, or a clone of its ledger. */
  readonly gitDir: string;
  readonly store: LedgerStore;
  readonly workflows: readonly WorkflowId[];
}

/** Opens the ledger of `directory`; without one, of the current directory, or else of the newest `up` directory below it. Rejects with an `input` error. */
export async function findLedger(directory: string | undefined): Promise<FoundLedger> {
  const { directory: found, gitDir, ref } = await findPlace(directory, null);
  return open(found, { gitDir, ref });
}

/** Where the ledger of `directory` lies, or the one that is meant without one. `ref` null: its usual branch. Rejects with an `input` error. */
export async function findPlace(directory: string | undefined, ref: string | null): Promise<LedgerPlace & { readonly directory: string }> {
  if (directory !== undefined) return { directory, ...(await locateLedger(directory, ref)) };
  const here = await locateLedger('.', ref).catch(noLedgerHere);
  if (here) return { directory: '.', ...here };
  const newest = await newestUpDirectory();
  if (newest === null) throw inputError('no-ledger', 'There is no ledger here and no directory of `countersign up`. Name a repository or an `up` directory with --dir, or start with: npm start');
  return { directory: newest, ...(await locateLedger(newest, ref)) };
}

async function open(directory: string, { gitDir, ref }: Pick<LedgerPlace, 'gitDir' | 'ref'>): Promise<FoundLedger> {
  return { directory, gitDir, store: openLedger(gitDir, ref), workflows: await listWorkflows(gitDir, ref) };
}

function noLedgerHere(error: unknown): null {
  if (error instanceof CountersignError && error.kind === 'input') return null;
  throw error;
}

async function newestUpDirectory(): Promise<string | null> {
  const names = await readdir('.countersign').catch(() => []);
  const dated = await Promise.all(names.map(async (name) => ({ path: join('.countersign', name), changed: (await stat(join('.countersign', name, 'up.json')).catch(() => null))?.mtimeMs ?? -1 })));
  return dated.filter(({ changed }) => changed >= 0).toSorted((a, b) => b.changed - a.changed)[0]?.path ?? null;
}

/** A workflow of the ledger with its records. Rejects with an `input` error when the ledger does not have it. */
export async function requireInLedger(ledger: FoundLedger, id: string): Promise<LoadedWorkflow & { readonly workflow: NonNullable<LoadedWorkflow['workflow']> }> {
  const listed = requireListed(ledger, id);
  const loaded = await loadWorkflow(ledger.store, listed);
  if (!loaded.workflow) throw inputError('unknown-workflow', `${listed} has no records.`);
  return { ...loaded, workflow: loaded.workflow };
}

/** The id of a workflow that the ledger has. Throws an `input` error otherwise. */
export function requireListed(ledger: FoundLedger, id: string): WorkflowId {
  if (!isWorkflowId(id)) throw inputError('bad-workflow', `"${printable(id).slice(0, 100)}" is not a workflow's id. It looks like wf-20261122-k3v9q2; \`countersign status\` lists them.`);
  if (!ledger.workflows.includes(id)) throw inputError('unknown-workflow', `${id} is not in the ledger of ${ledger.directory}. \`countersign status\` lists the workflows; --dir names another ledger.`);
  return id;
}
