import type { RepoName } from '../domain/ids.ts';

interface EditPlace {
  /** From the root of the repository, as written. */
  readonly path: string;
  /** Null: the block names no repository. */
  readonly repo: RepoName | null;
  /** The plan task it serves; null when the block names none. */
  readonly task: string | null;
  /** Of the text it was read from, 1-based. */
  readonly line: number;
}

/** One change that an edit block asks for. Lines are without their endings. */
export type Edit =
  | (EditPlace & { readonly kind: 'replace'; readonly anchor: string | null; readonly search: readonly string[]; readonly replace: readonly string[]; readonly finalNewline: boolean | null })
  | (EditPlace & { readonly kind: 'new-file'; readonly lines: readonly string[]; readonly finalNewline: boolean })
  | (EditPlace & { readonly kind: 'delete' })
  | (EditPlace & { readonly kind: 'rename'; readonly to: string });
