import type { Sha256, WorkflowId } from '../domain/ids.ts';
import { workflowDirectory } from '../domain/ids.ts';
import type { CommitResult, LedgerCommit, LedgerFile, LedgerStore, WorkflowSnapshot } from '../ports/ledger-store.ts';
import { sha256 } from '../schema/sha256.ts';

export interface RememberingStore extends LedgerStore {
  /** What another read brought along. */
  remember(workflow: WorkflowId, snapshot: WorkflowSnapshot, evidence?: ReadonlyMap<Sha256, Uint8Array>): void;
}

/**
 * A ledger store that one job reads through, so that a workflow it has just read or written is not asked for again.
 * Stale memory costs a lost race and nothing else: every commit still compares and swaps the tip it was decided on, and
 * anything but a clean commit makes it forget everything.
 */
export function rememberingStore(store: LedgerStore): RememberingStore {
  const snapshots = new Map<WorkflowId, WorkflowSnapshot>();
  // By workflow: evidence counts only where the ledger holds it.
  const evidence = new Map<string, Uint8Array>();
  const keyOf = (workflow: WorkflowId, hash: Sha256): string => `${workflow}/${hash}`;

  return {
    remember: (workflow, snapshot, brought = new Map()) => {
      snapshots.set(workflow, snapshot);
      for (const [hash, bytes] of brought) if (sha256(bytes) === hash) evidence.set(keyOf(workflow, hash), bytes);
    },

    async readWorkflow(workflow) {
      const known = snapshots.get(workflow);
      if (known) return known;
      const read = await store.readWorkflow(workflow);
      snapshots.set(workflow, read);
      return read;
    },

    async readEvidence(workflow, hashes) {
      const missing = hashes.filter((hash) => !evidence.has(keyOf(workflow, hash)));
      if (missing.length > 0) for (const [hash, bytes] of await store.readEvidence(workflow, missing)) evidence.set(keyOf(workflow, hash), bytes);
      return new Map(hashes.flatMap((hash) => knownEvidence(workflow, hash)));
    },

    async commit(commit: LedgerCommit): Promise<CommitResult> {
      const before = new Map(snapshots);
      snapshots.clear();
      const result = await store.commit(commit);
      if (result.kind === 'committed') keep(before, commit, result.commit);
      return result;
    },
  };

  function knownEvidence(workflow: WorkflowId, hash: Sha256): readonly (readonly [Sha256, Uint8Array])[] {
    const bytes = evidence.get(keyOf(workflow, hash));
    return bytes ? [[hash, bytes]] : [];
  }

  function keep(before: ReadonlyMap<WorkflowId, WorkflowSnapshot>, commit: LedgerCommit, tip: string): void {
    for (const [workflow, snapshot] of before) {
      // Only what was read at the very tip that was built on is known to be current.
      if (snapshot.tip === commit.expectedTip) snapshots.set(workflow, { ...snapshot, tip, events: [...snapshot.events, ...eventsOf(commit.files, workflow)] });
    }
    for (const { path, bytes } of commit.files) {
      const workflow = /\/([^/]+)\/evidence\//.exec(path)?.[1];
      if (workflow !== undefined) evidence.set(keyOf(workflow, sha256(bytes)), bytes);
    }
  }
}

function eventsOf(files: readonly LedgerFile[], workflow: WorkflowId): readonly LedgerFile[] {
  const directory = `${workflowDirectory(workflow)}/`;
  return files.filter(({ path }) => path.startsWith(directory) && !path.slice(directory.length).includes('/'));
}
