import type { PackageManifest } from '../../domain/context.ts';
import type { RepoName } from '../../domain/ids.ts';
import type { ResolverConfigs } from './configs.ts';
import type { PathIndex } from './paths.ts';

/** What the resolver knows of one repository: the paths of its pinned tree, its packages, what its files declare. */
export interface ResolvableRepo {
  readonly repo: RepoName;
  readonly paths: PathIndex;
  readonly manifests: readonly PackageManifest[];
  /** The same by `packageKey`, the first of a name. */
  readonly packages: ReadonlyMap<string, PackageManifest>;
  readonly configs: ResolverConfigs;
  /** Files by the namespace or package they declare (C#, PHP, Java, Kotlin). */
  readonly namespaces: ReadonlyMap<string, readonly string[]>;
}

export const packageKey = (ecosystem: PackageManifest['ecosystem'], name: string): string => `${ecosystem}\0${name}`;

/** A test's own little package, which may call itself `typescript`: nobody else takes it. */
export const isFixture = ({ path }: PackageManifest): boolean => /(?:^|\/)(?:__)?(?:fixtures?|testdata)(?:__)?\//.test(path);

/** Manifests that name a package, by ecosystem and name. */
export const indexPackages = (manifests: readonly PackageManifest[]): Map<string, PackageManifest> => new Map(manifests.toReversed().flatMap((each) => (each.name === null || isFixture(each) ? [] : [[packageKey(each.ecosystem, each.name), each] as const])));

/** One import, from one file. */
export interface Use {
  readonly path: string;
  readonly specifier: string;
  readonly names: readonly string[];
}

/** Paths inside `repo` that an import leads to; empty when it leads elsewhere. `own`: the import stands in that repository. */
export type ResolveIn = (repo: ResolvableRepo, use: Use, own: boolean) => readonly string[];
