/** Whose names and versions these are. Allow and deny lists name packages as `ECOSYSTEM:NAME`. */
export type Ecosystem = 'npm' | 'pypi' | 'go' | 'cargo' | 'maven' | 'gem' | 'composer' | 'nuget' | 'docker' | 'actions' | 'conda' | 'pub' | 'hex' | 'swift' | 'cocoapods' | 'nix' | 'other';

/** One dependency as a manifest declares it. */
export interface Dependency {
  readonly ecosystem: Ecosystem;
  /** The table or key that it stands in. */
  readonly section: string;
  readonly name: string;
  /** The version, range or reference, and whatever else qualifies it; empty when any version will do. */
  readonly requirement: string;
  /** Where it comes from when that is not the ecosystem's usual registry: `git …`, `path …`, `url …`, `registry …`, `alias …`. */
  readonly source: string | null;
  readonly line: number | null;
}

/**
 * Something else that a manifest says and that matters. `scripts`: commands that run. `registries`: where packages come
 * from, and with which checks. `entries`: which files are entered from outside, and which folders are packages.
 */
export interface Setting {
  readonly kind: 'scripts' | 'registries' | 'entries';
  readonly key: string;
  /** For comparing only; it is never shown, since it may hold anything. */
  readonly value: string;
  readonly line: number | null;
}

export interface Manifest {
  readonly dependencies: readonly Dependency[];
  readonly settings: readonly Setting[];
}

/** A file that its own tools would refuse, or read in two ways. */
export class Unreadable extends Error {
  readonly line: number | null;

  constructor(reason: string, line: number | null = null) {
    super(reason);
    this.line = line;
  }
}

export const EMPTY: Manifest = { dependencies: [], settings: [] };
export type ManifestReader = (text: string) => Manifest;

// A YAML parser is slow to give up on what is full of faults.
const YAML_CHARACTERS_MAX = 4 * 1024 * 1024;

/** @throws Unreadable */
export function assertYamlSize(text: string): void {
  if (text.length > YAML_CHARACTERS_MAX) throw new Unreadable(`it is longer than ${YAML_CHARACTERS_MAX} characters`);
}
