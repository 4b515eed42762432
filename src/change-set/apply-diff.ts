import type { FileMode } from '../domain/change-set.ts';
import { isOid, type Oid } from '../domain/ids.ts';
import type { ScratchStore } from '../ports/objects.ts';
import { applyHunks } from './apply-hunks.ts';
import { BaseTree, type TreeFile } from './base-tree.ts';
import { applyDelta } from './binary-delta.ts';
import { ByteBudget } from './budget.ts';
import { asBuffer, compareByteStrings, show } from './bytes.ts';
import type { BinaryHunk, FileDiff } from './diff-model.ts';
import { failureOf, PatchFault, type PatchFailure } from './failure.ts';
import { MAX_FILE_BYTES } from './limits.ts';
import { isTypeChange } from './one-change-a-path.ts';
import { parseDiff } from './parse-diff.ts';
import { writeResult } from './write-result.ts';

/** The tree that a proposal makes of the base, and the paths (byte strings, sorted) that its text says it changes. */
export interface Applied {
  readonly kind: 'applied';
  readonly tree: Oid;
  readonly declaredPaths: readonly string[];
}

/** Applies a unified diff exactly: every id, mode, line and position must hold at `baseTree`, or nothing is applied. */
export async function applyDiff(patch: Uint8Array, baseTree: Oid, store: ScratchStore): Promise<Applied | PatchFailure> {
  try {
    const files = parseDiff(patch);
    const base = new BaseTree(baseTree, store);
    const changes = new Map<string, TreeFile | null>();
    const additions = new Map<string, TreeFile>();
    const budget = new ByteBudget();
    const renamed = oldPathsOf(files, ['rename']);
    const leave = oldPathsOf(files, ['delete', 'rename']);
    for (const [index, file] of files.entries()) {
      const replaces = isTypeChange(files[index - 1], file) || (file.newPath !== null && renamed.has(file.newPath));
      const result = await applyFile(file, { base, store, budget, leave, replaces });
      if (file.oldPath !== null && file.op !== 'copy') changes.set(file.oldPath, null);
      if (file.newPath !== null && result !== null) additions.set(file.newPath, result);
    }
    for (const [path, file] of additions) changes.set(path, file);
    return { kind: 'applied', tree: await writeResult(baseTree, changes, store), declaredPaths: [...changes.keys()].toSorted(compareByteStrings) };
  } catch (error) {
    return failureOf(error);
  }
}

const oldPathsOf = (files: readonly FileDiff[], ops: readonly FileDiff['op'][]): ReadonlySet<string> => new Set(files.flatMap(({ op, oldPath }) => (ops.includes(op) && oldPath !== null ? [oldPath] : [])));

interface Around {
  readonly base: BaseTree;
  readonly store: ScratchStore;
  readonly budget: ByteBudget;
  /** Paths that the patch deletes or renames: a symlink there is no longer in anybody's way. */
  readonly leave: ReadonlySet<string>;
  /** True when another part takes away what stands at the new path: the other half of a change of type, or a rename. */
  readonly replaces: boolean;
}

async function applyFile(file: FileDiff, around: Around): Promise<TreeFile | null> {
  if (file.newPath !== null && file.newPath !== file.oldPath && !around.replaces) await around.base.assertFree(file.newPath, around.leave);
  const old = file.oldPath === null ? null : await around.base.fileAt(file.oldPath);
  if (old !== null) assertPinned(file, old);
  const moved = file.body.kind === 'none' && old !== null && file.newPath !== null ? { mode: file.newMode ?? old.mode, oid: old.oid } : null;
  return moved ?? applyContent(file, old, around);
}

async function applyContent(file: FileDiff, old: TreeFile | null, around: Around): Promise<TreeFile | null> {
  const before = old === null ? Buffer.alloc(0) : await contentOf(old, around.store);
  around.budget.take(before.length);
  const after = applyBody(file, before);
  around.budget.take(after.length);
  if (file.newPath === null) {
    if (after.length > 0) throw new PatchFault(file.body.kind === 'binary' ? 'binary-mismatch' : 'deletion-incomplete', `The deletion of ${pathOf(file)} (line ${file.line}) leaves ${after.length} bytes. A deletion must remove every line.`);
    return null;
  }
  const mode = file.newMode ?? old?.mode ?? '100644';
  const result = { mode, oid: await writeContent(after, mode, around.store) };
  if (file.index !== null && !result.oid.startsWith(file.index.new)) {
    throw new PatchFault('index-mismatch', `The index line of ${pathOf(file)} says that the result is blob ${file.index.new}, but its hunks make ${result.oid}. Make the diff again, or drop its index line.`);
  }
  return result;
}

function assertPinned(file: FileDiff, old: TreeFile): void {
  if (file.oldMode !== null && file.oldMode !== old.mode) throw new PatchFault('mode-mismatch', `The patch takes ${pathOf(file)} for ${file.oldMode}, but in the base it is ${old.mode}.`);
  if (file.index !== null && !old.oid.startsWith(file.index.old)) {
    throw new PatchFault('index-mismatch', `The patch is made for blob ${file.index.old} of ${pathOf(file)}, but the base holds ${old.oid}.`);
  }
}

function applyBody(file: FileDiff, before: Buffer): Buffer {
  switch (file.body.kind) {
    case 'none':
      return before;
    case 'text':
      return applyHunks(file.body.hunks, before, pathOf(file));
    case 'binary': {
      const after = applyBinary(file.body.forward, before);
      if (!applyBinary(file.body.reverse, after).equals(before)) throw new PatchFault('binary-mismatch', `The binary patch of ${pathOf(file)} does not lead back to the base. Make it again at the pinned base.`);
      return after;
    }
  }
}

const applyBinary = (hunk: BinaryHunk, from: Buffer): Buffer => (hunk.kind === 'literal' ? hunk.data : applyDelta(from, hunk.data));

// A submodule's content is, for a diff, the one line that names its commit.
async function contentOf(file: TreeFile, store: ScratchStore): Promise<Buffer> {
  return file.mode === '160000' ? Buffer.from(`Subproject commit ${file.oid}\n`) : asBuffer(await store.readBlob(file.oid));
}

async function writeContent(content: Buffer, mode: FileMode, store: ScratchStore): Promise<Oid> {
  if (content.length > MAX_FILE_BYTES) throw new PatchFault('file-too-large', `A changed file would have ${content.length} bytes; at most ${MAX_FILE_BYTES} are taken.`);
  if (mode !== '160000') return store.writeBlob(content);
  const text = content.toString('latin1');
  const commit = text.slice('Subproject commit '.length, -1);
  if (text !== `Subproject commit ${commit}\n` || !isOid(commit)) throw new PatchFault('bad-submodule', 'A submodule must be one line that names a commit.');
  return commit;
}

const pathOf = (file: FileDiff): string => show(file.newPath ?? file.oldPath ?? '');
