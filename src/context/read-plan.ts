import type { ContextFile, ContextProblem, FileKind, FileMark } from '../domain/context.ts';
import type { Oid } from '../domain/ids.ts';
import { fileKindOf } from './file-kind.ts';
import { lensOf, type Lens } from './lens.ts';
import { LIMITS } from './limits.ts';
import { marksOfPath } from './marks.ts';
import { byCodeUnit } from './order.ts';
import type { TreeFile } from './read-tree.ts';

/** What will be done with one file of the listing. */
export interface PlannedFile {
  readonly path: string;
  readonly blob: Oid;
  readonly bytes: number;
  readonly kind: ContextFile['kind'];
  readonly marks: readonly FileMark[];
  readonly lens: Lens;
  /** Null: it is read. */
  readonly missing: 'too-large' | 'binary' | 'unreadable' | 'link' | 'over-limit' | null;
}

export interface ReadPlan {
  /** In the order of the listing. */
  readonly files: readonly PlannedFile[];
  readonly problems: readonly ContextProblem[];
}

/** What a path says, before its size is known. */
export type NamedFile = Omit<PlannedFile, 'bytes' | 'missing'>;

export function nameFile({ path, blob, mode }: TreeFile): NamedFile {
  return mode === '120000' ? { path, blob, kind: 'link', marks: [], lens: 'text' } : { path, blob, kind: fileKindOf(path), marks: marksOfPath(path), lens: lensOf(path) };
}

/** Decides by paths and sizes alone what is read, so that nothing large is ever taken out of the repository. */
export function planReading(named: readonly NamedFile[], sizes: ReadonlyMap<Oid, number>): ReadPlan {
  const problems: ContextProblem[] = [];
  const files = named.map((file) => planFile(file, sizes.get(file.blob), problems));
  const left = overLimit(files);
  if (left.size === 0) return { files, problems };
  const total = [...left].reduce((sum, index) => sum + (files[index]?.bytes ?? 0), 0);
  problems.push({ path: '', code: 'over-limit', reason: `${left.size} files (${total} bytes) are ranked by their paths alone: ${LIMITS.readFiles} files or ${LIMITS.textBytes} bytes of text are read, source first` });
  return { files: files.map((file, index) => (left.has(index) ? { ...file, missing: 'over-limit' as const } : file)), problems };
}

/** Bytes of a git LFS pointer: its three lines, and less than 1024 by its specification. */
const [LFS_POINTER_MIN, LFS_POINTER_MAX] = [100, 1_023];

function planFile({ path, blob, kind, marks, lens }: NamedFile, size: number | undefined, problems: ContextProblem[]): PlannedFile {
  const base = { path, blob, bytes: size ?? 0, kind, marks, lens };
  // A link's target is somebody's text; it is never followed, and nobody needs to read it.
  if (kind === 'link') return { ...base, missing: 'link' };
  if (size === undefined) {
    problems.push({ path, code: 'unreadable', reason: 'its blob is not in this repository (a partial clone?): fetch it, nothing is fetched from here' });
    return { ...base, missing: 'unreadable' };
  }
  // Pictures and archives are what git LFS keeps elsewhere: in their place stands a small text.
  if (kind === 'binary') return { ...base, missing: size >= LFS_POINTER_MIN && size <= LFS_POINTER_MAX ? null : 'binary' };
  if (size <= LIMITS.fileBytes) return { ...base, missing: null };
  problems.push({ path, code: 'too-large', reason: `${size} bytes: files up to ${LIMITS.fileBytes} bytes are read, this one is only listed` });
  return { ...base, missing: 'too-large' };
}

// What is read when not everything can be: what people wrote and what the facts need.
const PRIORITY: Readonly<Record<FileKind, number>> = { manifest: 0, ci: 0, source: 1, config: 2, test: 3, docs: 4, data: 5, lockfile: 6, binary: 7, link: 7 };

function overLimit(files: readonly PlannedFile[]): ReadonlySet<number> {
  const wanted = files.flatMap(({ missing }, index) => (missing === null ? [index] : []));
  const bytes = wanted.reduce((sum, index) => sum + (files[index]?.bytes ?? 0), 0);
  if (wanted.length <= LIMITS.readFiles && bytes <= LIMITS.textBytes) return new Set();
  const rank = (index: number): number => {
    const file = files[index];
    return file === undefined ? 99 : PRIORITY[file.kind] + (file.marks.length > 0 ? 10 : 0);
  };
  const ordered = wanted.map((index) => ({ index, rank: rank(index), path: files[index]?.path ?? '' })).sort((left, right) => left.rank - right.rank || byCodeUnit(left.path, right.path));
  const left = new Set<number>();
  let count = 0;
  let text = 0;
  for (const { index } of ordered) {
    const size = files[index]?.bytes ?? 0;
    if (count >= LIMITS.readFiles || text + size > LIMITS.textBytes) left.add(index);
    else {
      count += 1;
      text += size;
    }
  }
  return left;
}
