import type { Ecosystem } from '../dependencies/model.ts';

export { Unreadable } from '../dependencies/model.ts';

/** One package as a lockfile fixes it. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Where in the file it stands, when the same package can stand there several times. */
  readonly place: string;
  /** The address that it is fetched from; null when the file does not say (the usual registry). */
  readonly url: string | null;
  /** `git`, `path` and `url` are taken from outside any registry. */
  readonly kind: 'registry' | 'git' | 'path' | 'url';
  /** `sha512-…`, `sha256:…`, `h1:…`: each as `ALGORITHM:DIGEST`, sorted. */
  readonly integrity: readonly string[];
  /** Whatever else is fixed for it, for comparing: dependencies, scripts, flags. */
  readonly rest: string;
  readonly line: number | null;
  /** A name that the address must contain, where the format promises that; null elsewhere. */
  readonly urlName: string | null;
  /** True for what lies inside of another package's archive: it has no address and no hash of its own. */
  readonly isBundled?: true;
  /** Which commit of a forge it is, where that is the only thing that fixes it. */
  readonly reference?: string;
}

export interface Lockfile {
  readonly packages: readonly LockedPackage[];
  /** What stands beside the packages: registries and settings, for comparing. */
  readonly settings: readonly { readonly key: string; readonly value: string; readonly line: number | null }[];
}

export interface LockfileKind {
  readonly ecosystem: Ecosystem;
  /** Null: only whether it changed is judged. */
  readonly read: ((text: string) => Lockfile) | null;
  /** Names of the manifests that it follows from, folded. */
  readonly manifests: RegExp;
  /** Hosts that its ecosystem uses by itself. */
  readonly hosts: readonly string[];
  /** How many folders above it the project is that it belongs to; none: it stands beside its manifest. */
  readonly levelsUp?: number;
}

export const hostOf = (address: string): string | null => {
  const plain = address.replace(/^(?:git|hg|svn|registry|sparse|scm|vcs)\+/, '');
  const scp = /^(?:[\w.-]+@)([\w.-]+):(?!\/\/)/.exec(plain)?.[1];
  if (scp !== undefined) return scp.toLowerCase();
  // Another port is another server.
  const [, host, port] = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/\\@\s]*@)?(\[[^\]]*\]|[^/\\:?#\s]+)(?::(\d+))?/i.exec(plain) ?? [];
  if (host === undefined) return null;
  return `${host.toLowerCase().replace(/\.$/, '')}${port === undefined || port === '443' ? '' : `:${port}`}`;
};
