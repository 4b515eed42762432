import { promises } from 'node:fs';

import { BatchReader, type RawObject } from './batch-reader.ts';
import { runGit, type GitCall, type GitOutput } from './git-process.ts';

/** The file system calls of the local ledger store. */
export type LedgerFs = Pick<typeof promises, 'readFile' | 'stat' | 'mkdir' | 'open' | 'rename' | 'rm'>;

/** Reads objects wherever the repository keeps them. */
export interface PackedReader {
  /** Null: there is no such object. */
  read(oid: string): Promise<RawObject | null>;
  close(): void;
}

/** All by which the local ledger store touches the machine, so that a test can break each call in turn. */
export interface LedgerDisk {
  readonly fs: LedgerFs;
  openPacked(gitDir: string): PackedReader;
  runGit(call: GitCall): Promise<GitOutput>;
}

/** The machine's own disk and git. */
export const systemDisk: LedgerDisk = { fs: promises, openPacked: (gitDir) => new BatchReader(gitDir), runGit };
