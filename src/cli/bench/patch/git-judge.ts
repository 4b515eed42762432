import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outsideError } from '../../../domain/errors.ts';
import { isOid, type Oid } from '../../../domain/ids.ts';
import { runTool } from './run-tool.ts';

export interface JudgedPatch {
  readonly base: Oid;
  readonly patch: Uint8Array;
}

// One shell for many patches: starting git from it is far cheaper than from a process as large as ours. A git that was
// killed (a mutated size can make it ask for very much memory) leaves its lock behind.
const SCRIPT = `
while read -r number base; do
  export GIT_INDEX_FILE="$DIRECTORY/index.$base"
  [ -f "$GIT_INDEX_FILE" ] || git read-tree "$base"
  cp "$GIT_INDEX_FILE" "$DIRECTORY/index"
  export GIT_INDEX_FILE="$DIRECTORY/index"
  [ ! -e "$GIT_INDEX_FILE.lock" ] || rm -f "$GIT_INDEX_FILE.lock"
  if git apply --cached --whitespace=nowarn "$DIRECTORY/$number.patch" 2>/dev/null; then git write-tree 2>/dev/null || echo none; else echo none; fi
done
`;

/** What git makes of patches: the judge of every comparison. New objects go into `gitDir`, a throw-away repository. */
export class GitJudge {
  readonly #gitDir: string;
  #directories: Promise<readonly string[]> | null = null;

  constructor(gitDir: string) {
    this.#gitDir = gitDir;
  }

  /**
   * The tree that `git apply --cached` and `git write-tree` make of each base with its patch, null where git refuses; in
   * the order given. Two shells work at once.
   */
  async trees(patches: readonly JudgedPatch[]): Promise<(Oid | null)[]> {
    this.#directories ??= Promise.all([0, 1].map(() => mkdtemp(join(tmpdir(), 'countersign-judge-'))));
    const directories = await this.#directories;
    const half = Math.ceil(patches.length / 2);
    const parts = [patches.slice(0, half), patches.slice(half)];
    return (await Promise.all(parts.map((part, index) => this.#judge(part, directories[index] ?? '')))).flat();
  }

  async close(): Promise<void> {
    for (const directory of (await this.#directories) ?? []) await rm(directory, { recursive: true, force: true });
  }

  async #judge(patches: readonly JudgedPatch[], directory: string): Promise<(Oid | null)[]> {
    if (patches.length === 0) return [];
    await Promise.all(patches.map(({ patch }, number) => writeFile(join(directory, `${number}.patch`), patch)));
    const input = patches.map(({ base }, number) => `${number} ${base}\n`).join('');
    const out = await runTool('sh', ['-c', SCRIPT], { cwd: this.#gitDir, env: { GIT_DIR: this.#gitDir, DIRECTORY: directory }, input });
    const trees = out.toString('latin1').trimEnd().split('\n');
    if (trees.length !== patches.length) throw outsideError('bench-failed', `git answered ${trees.length} of ${patches.length} patches.`);
    return trees.map((tree) => (isOid(tree) ? tree : null));
  }
}
