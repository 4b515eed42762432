/** Caps on what rewrite rules may ask for: an issue is written by anyone. */
export const REWRITE_LIMITS = {
  /** Of all rules of one change. */
  rules: 50,
  /** Characters of one block of rules. */
  rulesChars: 64 * 1024,
  /** How deep matchers stand in one another. */
  depth: 20,
  /** Files that all rules together look into, after `files`, `ignores` and the words of their patterns have chosen. */
  files: 5_000,
  bytes: 64 * 1024 * 1024,
  /** A larger file is not parsed. */
  fileBytes: 1024 * 1024,
  matches: 5_000,
  /** Text that all rules together put in, in characters. */
  insertedChars: 4 * 1024 * 1024,
  /** Characters of all diffs: a proposal holds no more. */
  diffChars: 4 * 1024 * 1024,
  /** Looks at a syntax tree, over all rules and files: steps, not seconds, so that the same rules end the same way everywhere. */
  steps: 4_000_000,
} as const;
