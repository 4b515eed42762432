import type { FileHandle } from 'node:fs/promises';
import { relative } from 'node:path';

import { systemDisk, type LedgerDisk, type LedgerFs, type PackedReader } from '../../git/ledger-store-disk.ts';
import type { FaultInjector } from './faults.ts';

type At = <T>(operation: string, work: () => Promise<T>) => Promise<T>;

/** The machine's disk and git, each call of the local ledger store going through `injector` under a name that is the same in every run. */
export class FaultyDisk implements LedgerDisk {
  readonly fs: LedgerFs;
  readonly #gitDir: string;
  readonly #injector: FaultInjector;
  readonly #open = new Set<FileHandle | PackedReader>();
  #isReleased = false;

  constructor(gitDir: string, injector: FaultInjector) {
    this.#gitDir = gitDir;
    this.#injector = injector;
    const { fs } = systemDisk;
    const at = <A extends unknown[], T>(operation: string, work: (...args: A) => Promise<T>) =>
      (...args: A): Promise<T> => this.#at(operation, args[0], () => work(...args));
    const faulty = {
      readFile: at('read', (...args: Parameters<LedgerFs['readFile']>) => fs.readFile(...args)),
      stat: at('stat', (...args: Parameters<LedgerFs['stat']>) => fs.stat(...args)),
      mkdir: at('mkdir', (...args: Parameters<LedgerFs['mkdir']>) => fs.mkdir(...args)),
      rename: at('rename', fs.rename),
      rm: at('rm', fs.rm),
      open: (...args: Parameters<LedgerFs['open']>) => this.#openFile(...args),
    };
    this.fs = faulty as unknown as LedgerFs; // The overloads of node:fs are more than the store uses.
  }

  openPacked(directory: string): PackedReader {
    const packed = systemDisk.openPacked(directory);
    this.#open.add(packed);
    return { read: (oid) => this.#injector.call(`cat-file ${oid}`, () => packed.read(oid)), close: () => packed.close() };
  }

  runGit(call: Parameters<LedgerDisk['runGit']>[0]): ReturnType<LedgerDisk['runGit']> {
    return this.#injector.call(`git ${call.args[1] ?? ''}`, () => systemDisk.runGit(call));
  }

  /** Closes what a process that is dead or failed left open; the system would. */
  async release(): Promise<void> {
    this.#isReleased = true;
    for (const each of this.#open) await each.close();
  }

  #at<T>(operation: string, path: unknown, work: () => Promise<T>): Promise<T> {
    return this.#injector.call(`${operation} ${relative(this.#gitDir, String(path)).replace(/tmp_obj_[0-9a-f]+/, 'tmp_obj')}`, work);
  }

  async #openFile(...args: Parameters<LedgerFs['open']>): Promise<FileHandle> {
    const file = await this.#at('open', args[0], async () => {
      const opened = await systemDisk.fs.open(...args);
      // A call that was on its way when the process ended.
      if (this.#isReleased) await opened.close();
      else this.#open.add(opened);
      return opened;
    });
    return faultyFile(file, (operation, work) => this.#at(operation, args[0], work));
  }
}

/** The three calls that the store makes on an open file; a write is two, so that one of them can have written half. */
function faultyFile(file: FileHandle, at: At): FileHandle {
  const writeFile = async (bytes: Uint8Array): Promise<void> => {
    const middle = Math.floor(bytes.byteLength / 2);
    // At their places, as a system call that is sent twice would be.
    await at('write half', () => file.write(bytes, 0, middle, 0));
    await at('write rest', () => file.write(bytes, middle, null, middle));
  };
  const sync = (): Promise<void> => at('sync', () => file.sync());
  const close = (): Promise<void> => at('close', () => file.close());
  return { writeFile, sync, close } as unknown as FileHandle;
}
