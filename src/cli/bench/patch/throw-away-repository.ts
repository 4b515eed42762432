import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Oid } from '../../../domain/ids.ts';
import { createBareRepository } from '../../../git/scratch-repository.ts';
import { runTool } from './run-tool.ts';
import type { SyntheticCommit, SyntheticFile } from './synthetic-history.ts';

const MODES = { plain: '100644', executable: '100755', symlink: '120000', submodule: '160000' };

export interface Commit {
  readonly commit: Oid;
  readonly tree: Oid;
}

/** A bare repository in a temporary directory, made by the real git, into which anything may be written. */
export class ThrowAwayRepository {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(): Promise<ThrowAwayRepository> {
    const directory = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
    await createBareRepository(directory);
    return new ThrowAwayRepository(directory);
  }

  git(args: readonly string[], input?: string | Uint8Array): Promise<Buffer> {
    return runTool('git', args, { cwd: this.directory, env: { GIT_DIR: this.directory }, ...(input === undefined ? {} : { input }) });
  }

  /** Commits a history at once; each commit is the one before with its paths changed. */
  async importHistory(history: readonly SyntheticCommit[]): Promise<Commit[]> {
    const parts = history.flatMap((files) => ['commit refs/heads/main\ncommitter A <a@example.org> 1700000000 +0000\ndata 1\nx\n', ...[...files].toSorted(deletionsFirst).map(([path, file]) => importLine(path, file))]);
    await this.git(['fast-import', '--quiet'], Buffer.from(parts.join(''), 'latin1'));
    const lines = (await this.git(['log', '--reverse', '--format=%H %T', 'main'])).toString('latin1').trimEnd().split('\n');
    return lines.map((line) => ({ commit: line.slice(0, 40), tree: line.slice(41) }));
  }

  remove(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }
}

const deletionsFirst = (a: readonly [string, unknown], b: readonly [string, unknown]): number => Number(a[1] !== null) - Number(b[1] !== null);

function importLine(path: string, file: SyntheticFile | null): string {
  const quoted = `"${Array.from(Buffer.from(path, 'latin1'), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}"`;
  if (file === null) return `D ${quoted}\n`;
  if (file.kind === 'submodule') return `M 160000 ${file.commit} ${quoted}\n`;
  return `M ${MODES[file.kind]} inline ${quoted}\ndata ${file.content.length}\n${file.content}\n`;
}
