import type { RepoName } from '../domain/ids.ts';

/** One block of rewrite rules, as an issue carries it. */
export interface RewriteRequest {
  readonly repo: RepoName;
  /** The rules, in YAML. */
  readonly rules: string;
  /** Of the text the block stands in, 1-based: where the rules begin. */
  readonly line: number;
}

/** What rules make of one file, as an exact unified diff against the tree they were expanded on. Figures are lines. */
export interface RewrittenFile {
  readonly path: string;
  readonly added: number;
  readonly removed: number;
  readonly diff: string;
}

/** The files of each request, in the order of the requests; a file that several rules change stands with the first one. */
export type Rewritten =
  | {
      readonly kind: 'rewritten';
      readonly files: readonly (readonly RewrittenFile[])[];
      /** Of each request, files that nobody writes by hand (vendored, generated, minified) and that none of its rules names: their paths. */
      readonly leftAlone: readonly (readonly string[])[];
    }
  /** Sentences that name the line and the rule, and say what to do. */
  | { readonly kind: 'faulty'; readonly faults: readonly string[] };

/** Turns rewrite rules into exact changes of a pinned tree. Deterministic; rejects only when a repository cannot be read. */
export type Rewrite = (requests: readonly RewriteRequest[]) => Promise<Rewritten>;
