import type { Oid, RepoName, Sha256 } from './ids.ts';

/** What a file is for, judged by its path alone. */
export type FileKind = 'source' | 'test' | 'manifest' | 'lockfile' | 'ci' | 'docs' | 'config' | 'data' | 'binary' | 'link';

/** Something a file defines. `line` is 1-based. */
export interface FileSymbol {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'method' | 'type' | 'value' | 'module';
  readonly line: number;
  readonly exported: boolean;
}

/** One import as it is written, and where it leads inside the workflow's repositories (null: outside, or unknown). */
export interface FileImport {
  readonly specifier: string;
  /** The names taken from it; `*` for everything. */
  readonly names: readonly string[];
  readonly line: number;
  readonly target: { readonly repo: RepoName; readonly path: string } | null;
}

/** One blob of the pinned tree. */
export interface ContextFile {
  readonly path: string;
  readonly blob: Oid;
  readonly bytes: number;
  /** Null for a binary file or one that was too large to read. */
  readonly lines: number | null;
  readonly language: string | null;
  readonly kind: FileKind;
  readonly symbols: readonly FileSymbol[];
  readonly imports: readonly FileImport[];
}

export interface Dependency {
  readonly name: string;
  readonly requirement: string;
  readonly group: 'runtime' | 'development' | 'peer' | 'optional' | 'build';
}

/** A package manifest, parsed; `name` is null when it declares none. */
export interface PackageManifest {
  readonly path: string;
  readonly ecosystem: 'npm' | 'python' | 'go' | 'cargo';
  readonly name: string | null;
  readonly entries: readonly string[];
  readonly dependencies: readonly Dependency[];
}

/** Something that could not be read or understood. Listed, never fatal. */
export interface ContextProblem {
  readonly path: string;
  readonly code: 'too-large' | 'not-utf8-path' | 'parse-failed' | 'manifest-invalid' | 'too-deep' | 'grammar-missing' | 'unreadable' | 'over-limit';
  readonly reason: string;
}

/** The facts about one repository at its pinned commit. Files are sorted by path (code units). */
export interface RepoFacts {
  readonly repo: RepoName;
  readonly role: 'primary' | 'secondary';
  readonly commit: Oid;
  readonly tree: Oid;
  readonly files: readonly ContextFile[];
  readonly languages: readonly { readonly language: string; readonly files: number; readonly bytes: number }[];
  readonly manifests: readonly PackageManifest[];
  readonly submodules: readonly { readonly path: string; readonly commit: Oid }[];
  /** Test files, each with the files it imports directly. */
  readonly tests: readonly { readonly path: string; readonly covers: readonly { readonly repo: RepoName; readonly path: string }[] }[];
  readonly ci: readonly string[];
  readonly entryPoints: readonly string[];
  readonly owners: readonly { readonly pattern: string; readonly owners: readonly string[] }[];
  /** Groups of files that import each other in a circle. */
  readonly cycles: readonly (readonly string[])[];
  readonly problems: readonly ContextProblem[];
  readonly counts: { readonly files: number; readonly bytes: number; readonly symbols: number; readonly imports: number; readonly parsed: number };
}

export interface RankedFile {
  readonly repo: RepoName;
  readonly path: string;
  /** BM25 plus the share of neighbours, rounded to four decimals; only the order means something. */
  readonly score: number;
  readonly why: string;
}

/** Bytes of a file that a role is shown: `start` inclusive, `end` exclusive. */
export interface ShownRange {
  readonly repo: RepoName;
  readonly path: string;
  readonly blob: Oid;
  readonly start: number;
  readonly end: number;
}

/** A file (or, past a limit, a whole directory ending in `/`) that is not shown in full. */
export interface CutOff {
  readonly repo: RepoName;
  readonly path: string;
  readonly files: number;
  readonly reason: 'budget' | 'too-large' | 'binary' | 'unreadable' | 'link';
}

/** What the context hash is the hash of: the same hash means the same bytes were shown. */
export interface ContextManifest {
  readonly format: 'countersign/context@1';
  readonly repos: readonly { readonly repo: RepoName; readonly commit: Oid; readonly tree: Oid }[];
  readonly shown: readonly ShownRange[];
  readonly cutOff: readonly CutOff[];
  /** Bytes of file text that could be shown: what was cut off follows from it. */
  readonly budgetBytes: number;
  readonly tools: readonly { readonly name: string; readonly version: string }[];
  readonly promptTemplates: readonly { readonly role: string; readonly hash: Sha256 }[];
}

/** Everything that is known about the workflow's repositories, best files for the issue first. */
export interface RepositoryContext {
  readonly contextHash: Sha256;
  readonly manifest: ContextManifest;
  readonly repos: readonly RepoFacts[];
  readonly ranking: readonly RankedFile[];
  /** The text of every shown range, in the order of `manifest.shown`. */
  readonly shown: readonly (ShownRange & { readonly text: string })[];
}
