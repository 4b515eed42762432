/** One file that a fenced block changes. Added and removed are lines, as the block itself says. */
export interface BlockFile {
  readonly path: string;
  readonly operation: 'add' | 'modify' | 'delete';
  readonly added: number;
  readonly removed: number;
}

export type BlockReading =
  | { readonly kind: 'read'; readonly files: readonly BlockFile[]; readonly task: string | null }
  | { readonly kind: 'malformed'; readonly reason: string };

/**
 * The grammar of changes, passed in: one fenced block (its fences included) in, the files it changes out. The very
 * same parsers apply the proposal later, so a block that is read here is a block that is understood there.
 */
export interface RecipeParsers {
  /** A `search/replace`, `new-file`, `delete` or `rename` block. */
  readonly readEdits: (block: string) => BlockReading;
  /** A `diff` block. */
  readonly readDiff: (block: string) => BlockReading;
}
