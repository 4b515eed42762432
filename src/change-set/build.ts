import type { ChangeSet, FileStat } from '../domain/change-set.ts';
import type { Oid, RepoName } from '../domain/ids.ts';
import type { ScratchStore } from '../ports/objects.ts';
import { applyDiff, type Applied } from './apply-diff.ts';
import { applyEdits } from './apply-edits.ts';
import { byteString, compareByteStrings, show } from './bytes.ts';
import { failureOf, PatchFault, type PatchFailure } from './failure.ts';
import { fileStats } from './file-stats.ts';
import { parseEditBlocks } from './parse-edit-blocks.ts';
import { byteStringOf, isUtf8, textOf } from './lossless-text.ts';
import { treeDelta } from './tree-delta.ts';

/** One part of a proposal: Markdown with edit blocks, or a unified diff (as text or as its very bytes). */
export interface ProposalPart {
  readonly format: 'edits' | 'diff';
  readonly text: string | Uint8Array;
}

export interface BuildInput {
  /** Edit blocks that name another repository are refused; null takes blocks for at most one. */
  readonly repo: RepoName | null;
  readonly base: { readonly commit: Oid; readonly tree: Oid };
  /** Applied one after the other, the first to the base. */
  readonly parts: readonly ProposalPart[];
  readonly store: ScratchStore;
  /** `any` takes paths that are not UTF-8 too (see lossless-text.ts). A PatchSet cannot hold them: GitHub's API takes text. */
  readonly paths?: 'utf8' | 'any';
}

/** A change set, with the paths that the proposal's text names for it (sorted; Gate 3 compares them with the delta's). */
export interface Resolved {
  readonly kind: 'resolved';
  readonly changeSet: ChangeSet;
  readonly declaredPaths: readonly string[];
}

export type BuiltChangeSet = PatchFailure | (Omit<Resolved, 'kind'> & { readonly kind: 'built'; readonly diff: Uint8Array; readonly stats: readonly FileStat[] });

/** Applies a proposal exactly, takes the tree delta, and renders the canonical diff and its figures from that delta. */
export async function buildChangeSet(input: BuildInput): Promise<BuiltChangeSet> {
  const resolved = await resolveChangeSet(input);
  if (resolved.kind === 'failed') return resolved;
  const { changeSet, declaredPaths } = resolved;
  const diff = await input.store.diffTrees(changeSet.base.tree, changeSet.result.tree);
  return { kind: 'built', changeSet, declaredPaths, diff, stats: await fileStats(changeSet.changes, diff, input.store) };
}

/** Applies a proposal exactly and takes the tree delta: from here on, only that counts. Starts no further process. */
export async function resolveChangeSet(input: BuildInput): Promise<Resolved | PatchFailure> {
  try {
    return await applyParts(input);
  } catch (error) {
    return withBase(failureOf(error), input.base.commit);
  }
}

/** A change made elsewhere is told where it should have been made, and how it gets there. */
function withBase(failure: PatchFailure, commit: Oid): PatchFailure {
  if (failure.code === 'missing-in-base') return { ...failure, message: `${failure.message} The base is ${commit}.` };
  if (failure.code !== 'index-mismatch' && failure.code !== 'context-mismatch') return failure;
  return { ...failure, message: `${failure.message} The base is ${commit}: bring the change there (git rebase --onto ${commit.slice(0, 12)} OLD-BASE, or git apply --3way FILE in a checkout of it), and give what git diff ${commit.slice(0, 12)} prints.` };
}

async function applyParts({ repo, base, parts, store, paths: allowed = 'utf8' }: BuildInput): Promise<Resolved> {
  let tree = base.tree;
  const declared = new Set<string>();
  const undone = new Set<string>();
  for (const part of parts) {
    const applied = await applyPart(part, { repo, tree, store });
    const paths = applied.declaredPaths.map(textOf);
    const changed = new Set((await treeDelta(tree, applied.tree, store)).map(({ path }) => path));
    for (const path of paths) declared.add(path);
    // A later part may undo what an earlier one did; that much of the text is accounted for.
    for (const path of paths) if (changed.has(path)) undone.add(path);
    tree = applied.tree;
  }
  const changes = await treeDelta(base.tree, tree, store);
  const odd = changes.find(({ path }) => !isUtf8(path));
  if (odd !== undefined && allowed === 'utf8') throw new PatchFault('path-not-utf8', `The path ${show(byteStringOf(odd.path))} is not UTF-8, and GitHub's API takes paths as text, so no PatchSet can change it. Rename the file in the repository by hand first.`);
  if (changes.length === 0) throw new PatchFault('no-change', 'The proposal leaves the tree as it is. Give a patch that changes something at this base.');
  const inResult = new Set(changes.map(({ path }) => path));
  const declaredPaths = [...declared].filter((path) => inResult.has(path) || parts.length === 1 || !undone.has(path)).toSorted(byBytes);
  return { kind: 'resolved', changeSet: { base, result: { tree }, changes }, declaredPaths };
}

const byBytes = (a: string, b: string): number => compareByteStrings(byteStringOf(a), byteStringOf(b));

async function applyPart(part: ProposalPart, at: { repo: RepoName | null; tree: Oid; store: ScratchStore }): Promise<Applied> {
  const applied = part.format === 'diff' ? await applyDiff(bytesOfPart(part), at.tree, at.store) : await applyEditText(part, at);
  if (applied.kind === 'failed') throw new PatchFault(applied.code, applied.message);
  return applied;
}

async function applyEditText(part: ProposalPart, at: { repo: RepoName | null; tree: Oid; store: ScratchStore }): Promise<Applied | PatchFailure> {
  const parsed = parseEditBlocks(textOfPart(part), { anyBytes: typeof part.text !== 'string' });
  if (parsed.kind === 'malformed') return { kind: 'failed', code: parsed.code, message: parsed.message };
  let repo = at.repo;
  for (const edit of parsed.edits) {
    repo ??= edit.repo;
    if (edit.repo !== null && edit.repo.toLowerCase() !== repo?.toLowerCase()) {
      return { kind: 'failed', code: 'several-repos', message: `The block at line ${edit.line} is for ${edit.repo}, not for ${repo ?? ''}. Give each repository a proposal of its own.` };
    }
  }
  return applyEdits(parsed.edits, at.tree, at.store);
}

function bytesOfPart({ text }: ProposalPart): Uint8Array {
  if (typeof text !== 'string') return text;
  if (!text.isWellFormed()) throw new PatchFault('not-text', 'The text is not well-formed Unicode.');
  return Buffer.from(text, 'utf8');
}

function textOfPart({ text }: ProposalPart): string {
  return typeof text === 'string' ? text : textOf(byteString(text)).replace(/^\ufeff/u, '');
}
