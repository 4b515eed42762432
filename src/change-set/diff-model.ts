import type { FileMode } from '../domain/change-set.ts';

/** One file's part of a unified diff, as written. Paths are byte strings, decoded and checked. */
export interface FileDiff {
  /** Where it begins in the patch, 1-based. */
  readonly line: number;
  readonly op: 'modify' | 'add' | 'delete' | 'rename' | 'copy';
  /** Where the old content comes from; null for an added file. */
  readonly oldPath: string | null;
  /** Where the new content goes; null for a deleted file. */
  readonly newPath: string | null;
  /** The modes that the diff names; null where it names none. */
  readonly oldMode: FileMode | null;
  readonly newMode: FileMode | null;
  /** Object ids as written, possibly shortened; null when there is no `index` line. */
  readonly index: { readonly old: string; readonly new: string } | null;
  readonly body: DiffBody;
}

export type DiffBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly hunks: readonly Hunk[] }
  | { readonly kind: 'binary'; readonly forward: BinaryHunk; readonly reverse: BinaryHunk };

export interface Hunk {
  readonly line: number;
  /** 0-based line of the old file where the hunk begins. */
  readonly oldBegin: number;
  readonly oldCount: number;
  readonly newCount: number;
  /** Lines with a `+`. */
  readonly added: number;
  /** The exact bytes of the old and of the new side. */
  readonly before: Buffer;
  readonly after: Buffer;
  /** Context lines before the first and after the last changed line. */
  readonly leading: number;
  readonly trailing: number;
  /** True when that side's last line has no line feed, so the file must end there. */
  readonly beforeOpen: boolean;
  readonly afterOpen: boolean;
}

/** The inflated data of one half of a binary patch; `size` is what the half says it has inflated to. */
export interface BinaryHunk {
  readonly kind: 'literal' | 'delta';
  readonly data: Buffer;
}
