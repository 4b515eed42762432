interface EditPlace {
  readonly path: string;
  readonly task: string | null;
  readonly line: number;
}

/** What the recipe runner reads of an edit. */
export type RecipeEdit =
  | (EditPlace & { readonly kind: 'replace'; readonly search: readonly string[]; readonly replace: readonly string[] })
  | (EditPlace & { readonly kind: 'new-file'; readonly lines: readonly string[] })
  | (EditPlace & { readonly kind: 'delete' })
  | (EditPlace & { readonly kind: 'rename'; readonly to: string });

/** What the recipe runner reads of one file of a unified diff. Paths are byte strings (latin1). */
export interface RecipeDiffFile {
  readonly op: 'modify' | 'add' | 'delete' | 'rename' | 'copy';
  readonly oldPath: string | null;
  readonly newPath: string | null;
  readonly body:
    | { readonly kind: 'none' }
    | { readonly kind: 'binary' }
    | { readonly kind: 'text'; readonly hunks: readonly RecipeHunk[] };
}

/** `oldBegin` is the 0-based line of the old file where it begins; `before` and `after` are the bytes of its two sides. */
export interface RecipeHunk {
  readonly oldBegin: number;
  readonly oldCount: number;
  readonly newCount: number;
  /** Lines with a `+`. */
  readonly added: number;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly leading: number;
  readonly trailing: number;
}

interface Malformed {
  readonly kind: 'malformed';
  readonly message: string;
  readonly line: number;
}

/**
 * The grammar of changes, passed in. The very same functions apply the proposal later, so a block that is read here
 * is a block that is understood there.
 */
export interface RecipeParsers {
  readonly parseEditBlocks: (markdown: string) => { readonly kind: 'parsed'; readonly edits: readonly RecipeEdit[] } | Malformed;
  readonly extractUnifiedDiffs: (markdown: string) => { readonly kind: 'extracted'; readonly diffs: readonly { readonly task: string | null; readonly bytes: Uint8Array }[] } | Malformed;
  /** Throws an error whose message is a sentence for people. */
  readonly parseDiff: (patch: Uint8Array) => readonly RecipeDiffFile[];
}
