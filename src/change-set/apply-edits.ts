import { byteStringOf } from './lossless-text.ts';
import { isBinary } from './is-binary.ts';
import type { Oid } from '../domain/ids.ts';
import type { ScratchStore } from '../ports/objects.ts';
import type { Applied } from './apply-diff.ts';
import { ByteBudget } from './budget.ts';
import { BaseTree, type TreeFile } from './base-tree.ts';
import { bytesOf, compareByteStrings, show } from './bytes.ts';
import { assertPath } from './check-path.ts';
import type { Edit } from './edit-model.ts';
import { failureOf, PatchFault, type PatchFailure } from './failure.ts';
import { MAX_FILE_BYTES } from './limits.ts';
import { replaceLines } from './replace-lines.ts';
import { writeResult } from './write-result.ts';

/** All edits of one base path: at most one of add, delete and rename, and any number of replacements. */
interface FileEdits {
  readonly path: string;
  shape: Exclude<Edit, { kind: 'replace' }> | null;
  readonly replacements: Extract<Edit, { kind: 'replace' }>[];
}

/**
 * Applies edits to a tree, exactly: every search text must match that tree. The tree need not be a commit's: a
 * revision's amendments go onto the result before it. Edits of one path are one change; every path must come out changed.
 */
export async function applyEdits(edits: readonly Edit[], baseTree: Oid, store: ScratchStore): Promise<Applied | PatchFailure> {
  try {
    if (edits.length === 0) throw new PatchFault('no-edits', 'The text holds no edit block.');
    const base = new BaseTree(baseTree, store);
    const budget = new ByteBudget();
    const leave = new Set(edits.flatMap(({ kind, path }) => (kind === 'delete' || kind === 'rename' ? [byteStringOf(path)] : [])));
    const changes = new Map<string, TreeFile | null>();
    for (const file of groupByFile(edits)) {
      for (const [path, result] of await applyFile(file, { base, store, budget, leave })) {
        // A path that a rename leaves may be taken by a new file, and no path is written twice.
        const before = changes.get(path);
        if (before !== undefined && (before !== null || result === null)) throw twice(path);
        changes.set(path, result);
      }
    }
    return { kind: 'applied', tree: await writeResult(baseTree, changes, store), declaredPaths: [...changes.keys()].toSorted(compareByteStrings) };
  } catch (error) {
    return failureOf(error);
  }
}

function groupByFile(edits: readonly Edit[]): FileEdits[] {
  const files = new Map<string, FileEdits>();
  // A file that is renamed may be named by its new path in the other blocks.
  const oldNames = new Map(edits.flatMap((edit) => (edit.kind === 'rename' ? [[edit.to, edit.path] as const] : [])));
  for (const edit of edits) {
    const name = edit.kind === 'replace' ? (oldNames.get(edit.path) ?? edit.path) : edit.path;
    const path = byteStringOf(name);
    assertPath(path);
    if (edit.kind === 'rename') assertPath(byteStringOf(edit.to));
    const file = files.get(path) ?? { path, shape: null, replacements: [] };
    files.set(path, file);
    if (edit.kind === 'replace') file.replacements.push(edit);
    else if (file.shape === null) file.shape = edit;
    else throw twice(path);
  }
  return [...files.values()];
}

interface Around {
  readonly base: BaseTree;
  readonly store: ScratchStore;
  readonly budget: ByteBudget;
  readonly leave: ReadonlySet<string>;
}

async function applyFile(file: FileEdits, around: Around): Promise<[string, TreeFile | null][]> {
  const { shape, path } = file;
  if (shape?.kind === 'new-file' || shape?.kind === 'delete') {
    if (file.replacements.length > 0) throw twice(path);
    if (shape.kind === 'new-file') return [[path, await addFile(shape, path, around)]];
    await around.base.fileAt(path);
    return [[path, null]];
  }
  const old = await around.base.fileAt(path);
  const next = file.replacements.length === 0 ? old : await replaceIn(file, old, around);
  if (shape === null) return [[path, next]];
  const to = byteStringOf(shape.to);
  if (to === path) throw new PatchFault('no-change', `The rename at line ${shape.line} has the same path twice.`);
  await around.base.assertFree(to, around.leave);
  return [[path, null], [to, next]];
}

async function addFile(edit: Extract<Edit, { kind: 'new-file' }>, path: string, at: Around): Promise<TreeFile> {
  await at.base.assertFree(path, at.leave);
  const content = edit.lines.join('\n') + (edit.finalNewline && edit.lines.length > 0 ? '\n' : '');
  return { mode: '100644', oid: await at.store.writeBlob(bytesOf(byteStringOf(content))) };
}

async function replaceIn(file: FileEdits, old: TreeFile, { store, budget }: Around): Promise<TreeFile> {
  const name = show(file.path);
  if (old.mode === '120000' || old.mode === '160000') throw new PatchFault('not-a-file', `${name} is a ${old.mode === '120000' ? 'symlink' : 'submodule'}, so its lines cannot be edited.`);
  const content = await store.readBlob(old.oid);
  budget.take(content.length);
  if (isBinary(content)) throw new PatchFault('not-text', `${name} is a binary file, so its lines cannot be edited.`);
  const result = replaceLines(file.replacements, content);
  if (result.length > MAX_FILE_BYTES) throw new PatchFault('file-too-large', `${name} would have ${result.length} bytes; at most ${MAX_FILE_BYTES} are taken.`);
  if (result.equals(content)) throw new PatchFault('no-change', `The edits of ${name} (line ${file.replacements[0]?.line ?? 0}) change nothing.`);
  return { mode: old.mode, oid: await store.writeBlob(result) };
}

const twice = (path: string): PatchFault =>
  new PatchFault('duplicate-path', `The blocks say contradictory things about ${show(path)}: a path is added, deleted or renamed once, and what is added or deleted is not edited as well.`);
