import type { WorkflowId } from '../../domain/ids.ts';
import { openLocalLedger } from '../../git/ledger-store.ts';
import { systemDisk, type LedgerDisk } from '../../git/ledger-store-disk.ts';
import type { AppendRequest } from '../../ledger/plan-append.ts';
import type { LedgerFile } from '../../ports/ledger-store.ts';
import { systemClock, systemRandom } from '../../system/clock.ts';
import { appendRecords } from './ledger-append-record.ts';

/** What one append cost on a local ledger. */
export interface LocalCost {
  readonly ms: number;
  /** Of the object files, compressed as they are on disk, and of the ref. */
  readonly bytesWritten: number;
  readonly filesWritten: number;
  readonly gitProcesses: number;
}

/** A ref's file: an id and a line feed. */
const REF_BYTES = 41;

/** Appends once through the product's store, opened anew as a job does, and measures it. `files` is what the commit added. */
export async function appendLocally(gitDir: string, workflow: WorkflowId, request: AppendRequest): Promise<LocalCost & { readonly files: readonly LedgerFile[] }> {
  const meter = new MeteredDisk();
  const local = openLocalLedger({ gitDir, clock: systemClock, random: systemRandom, disk: meter });
  let files: readonly LedgerFile[] = [];
  const store = {
    readWorkflow: local.readWorkflow.bind(local),
    readEvidence: local.readEvidence.bind(local),
    commit: (commit: Parameters<typeof local.commit>[0]) => {
      files = commit.files;
      return local.commit(commit);
    },
  };
  const start = performance.now();
  await appendRecords(store, workflow, request);
  return { ms: performance.now() - start, bytesWritten: meter.bytes + REF_BYTES, filesWritten: meter.files, gitProcesses: meter.processes, files };
}

class MeteredDisk implements LedgerDisk {
  bytes = 0;
  files = 0;
  processes = 0;
  readonly fs: LedgerDisk['fs'];

  constructor() {
    this.fs = { ...systemDisk.fs, open: (...args) => this.#open(...args) };
  }

  openPacked(gitDir: string): ReturnType<LedgerDisk['openPacked']> {
    this.processes++;
    return systemDisk.openPacked(gitDir);
  }

  runGit(call: Parameters<LedgerDisk['runGit']>[0]): ReturnType<LedgerDisk['runGit']> {
    this.processes++;
    return systemDisk.runGit(call);
  }

  // The store opens files only to write them, each in one piece.
  async #open(...args: Parameters<LedgerDisk['fs']['open']>): ReturnType<LedgerDisk['fs']['open']> {
    const file = await systemDisk.fs.open(...args);
    const write = file.writeFile.bind(file);
    file.writeFile = async (data, ...rest) => {
      this.files++;
      if (data instanceof Uint8Array) this.bytes += data.byteLength;
      await write(data, ...rest);
    };
    return file;
  }
}
