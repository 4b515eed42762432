/** Why a proposal was refused, for machines. Grammar first, then exactness at the base, then edit blocks. */
const PATCH_ERROR_CODES = [
  // Size
  'too-large', 'too-many-files', 'too-many-hunks', 'line-too-long', 'file-too-large',
  // Unified diff: grammar
  'empty-patch', 'truncated', 'bad-mail', 'several-commits', 'stray-text', 'traditional-header', 'bad-header', 'header-order', 'name-mismatch', 'bad-prefix', 'bad-quoting',
  'bad-mode', 'type-change', 'duplicate-path',
  'bad-hunk-header', 'hunk-counts', 'hunk-line', 'hunk-order', 'hunk-position', 'hunk-without-change', 'no-context', 'misplaced-end-marker',
  'binary-without-content', 'binary-malformed',
  // Paths, whatever the form of the proposal
  'path-empty', 'path-absolute', 'path-traversal', 'path-git-directory', 'path-nul', 'path-not-utf8', 'path-too-long', 'path-too-deep', 'symlink-gitmodules',
  // Exactness at the base
  'missing-in-base', 'already-exists', 'not-a-file', 'path-conflict', 'through-symlink', 'mode-mismatch', 'index-mismatch', 'context-mismatch',
  'deletion-incomplete', 'binary-mismatch', 'bad-submodule', 'no-change',
  // Edit blocks
  'no-edits', 'unclosed-block', 'bad-block', 'bad-attribute', 'no-path', 'ambiguous-path', 'bad-repo', 'several-repos', 'not-text',
  'search-not-found', 'search-ambiguous', 'search-empty', 'search-overlap', 'anchor-not-found', 'anchor-ambiguous',
] as const;
export type PatchErrorCode = (typeof PATCH_ERROR_CODES)[number];

export interface PatchFailure {
  readonly kind: 'failed';
  readonly code: PatchErrorCode;
  /** One sentence or more: what was found where, and how to mend it. Free of control characters. */
  readonly message: string;
}

/** Carries a refusal up to the function that returns it; never leaves this folder. */
export class PatchFault extends Error {
  readonly code: PatchErrorCode;

  constructor(code: PatchErrorCode, message: string) {
    super(message);
    this.name = 'PatchFault';
    this.code = code;
  }
}

/** The refusal that `error` carries; anything else is thrown on. */
export function failureOf(error: unknown): PatchFailure {
  if (error instanceof PatchFault) return { kind: 'failed', code: error.code, message: error.message };
  throw error;
}
