import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Oid } from '../domain/ids.ts';
import { gitEnvironment } from './git-process.ts';

const PERSON = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.org', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.org', GIT_AUTHOR_DATE: '1700000000 +0000', GIT_COMMITTER_DATE: '1700000000 +0000' };

/** What stands at a path: text or bytes of a plain file, or another kind of entry; null for nothing. */
export type TestFile = string | Uint8Array | { readonly kind: 'executable' | 'symlink'; readonly content: string } | { readonly kind: 'submodule'; readonly commit: Oid } | null;

/** For tests only: a real git repository in a temporary directory, driven by the real git. */
export class TestRepository {
  readonly directory = mkdtempSync(join(tmpdir(), 'countersign-test-'));

  constructor() {
    this.git(['init', '--quiet', '--initial-branch=main', '--template=']);
  }

  git(args: readonly string[], options: { readonly input?: Uint8Array; readonly env?: Record<string, string> } = {}): Buffer {
    return execFileSync('git', args, { cwd: this.directory, env: { ...gitEnvironment(), ...PERSON, ...options.env }, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe'], input: options.input ?? '' });
  }

  line(args: readonly string[], options: { readonly input?: Uint8Array; readonly env?: Record<string, string> } = {}): string {
    return this.git(args, options).toString('utf8').trim();
  }

  /** Commits the tree that is the last one with these paths changed. */
  commit(files: Readonly<Record<string, TestFile>>): { readonly commit: Oid; readonly tree: Oid } {
    for (const [path, file] of Object.entries(files)) this.#put(path, file);
    this.git(['commit', '--quiet', '--allow-empty', '--message', 'x']);
    return { commit: this.line(['rev-parse', 'HEAD']), tree: this.line(['rev-parse', 'HEAD^{tree}']) };
  }

  /** The canonical diff, by the real git. */
  diff(base: Oid, result: Oid, flags: readonly string[] = ['-M']): Buffer {
    return this.git(['diff-tree', '-p', '--binary', '--full-index', ...flags, base, result]);
  }

  /** The tree that `git apply` makes of `base`, or null when it refuses. */
  applyWithGit(base: Oid, patch: Uint8Array): Oid | null {
    const env = { GIT_INDEX_FILE: join(this.directory, '.git', 'apply-index') };
    try {
      this.git(['read-tree', base], { env });
      this.git(['apply', '--cached', '--whitespace=nowarn', '-'], { input: patch, env });
      return this.line(['write-tree'], { env });
    } catch {
      return null;
    } finally {
      rmSync(env.GIT_INDEX_FILE, { force: true });
    }
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  #put(path: string, file: TestFile): void {
    const place = join(this.directory, path);
    rmSync(place, { recursive: true, force: true });
    if (file !== null && typeof file === 'object' && 'commit' in file) {
      this.git(['update-index', '--add', '--cacheinfo', `160000,${file.commit},${path}`]);
      return;
    }
    if (file !== null) {
      mkdirSync(dirname(place), { recursive: true });
      if (typeof file === 'string' || file instanceof Uint8Array) writeFileSync(place, file);
      else if (file.kind === 'symlink') symlinkSync(file.content, place);
      else {
        writeFileSync(place, file.content);
        chmodSync(place, 0o755);
      }
    }
    this.git(['add', '--all', '--force', '--', path]);
  }
}
