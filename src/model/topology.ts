import type { RepositoryContext } from '../domain/context.ts';
import type { ArchitectureTopology } from '../domain/documents.ts';
import type { RepoName } from '../domain/ids.ts';
import { storable } from './recipe/issue.ts';

/** Rows of each table. What a person reads in one sitting; the context has the rest, and the tables say how much that is. */
const ROWS = { components: 30, links: 60, crossRepo: 60, dependencies: 120 } as const;
const NAME_MAX = 300;
const PATH_MAX = 1_024;

interface Place {
  readonly repo: RepoName;
  readonly root: string;
}
const keyOf = ({ repo, root }: Place): string => `${repo}\0${root}`;
const named = (text: string, max = NAME_MAX): string => storable(text).slice(0, max).toWellFormed();

/** The architecture's tables of facts: the components that the best files for the issue lie in come first, and only what concerns shown components is listed. Pure. */
export function topologyFor({ repos, topology, ranking }: RepositoryContext): ArchitectureTopology {
  const ranked = byRank(topology.components, ranking);
  const components = ranked.slice(0, ROWS.components);
  // A package that is a whole repository is used and declared as such, whatever its folders are.
  const isShown = new Set([...components, ...repos.map(({ repo }) => ({ repo, root: '' }))].map(keyOf));
  const links = topology.links.filter(({ from, to }) => isShown.has(keyOf(from)) && isShown.has(keyOf(to)));
  const dependencies = repos.flatMap(({ repo, manifests }) => manifests.flatMap((manifest) => manifest.dependencies.map((dependency) => ({ repo, manifest: manifest.path, ...dependency }))));
  const near = dependencies.filter(({ repo, manifest }) => isShown.has(keyOf({ repo, root: folderOf(manifest) })));
  return {
    components: components.map(({ repo, root, name, ecosystem, files, tests }) => ({ repo, root: named(root, PATH_MAX), name: named(name), ecosystem, files, tests })),
    links: links.slice(0, ROWS.links).map(({ from, to, imports, declared }) => ({ from: placed(from), to: placed(to), imports, declared: declared === null ? null : named(declared) })),
    crossRepo: topology.crossRepo.slice(0, ROWS.crossRepo).map(({ kind, name, provider, user }) => ({ kind, name: named(name), provider: { ...provider, path: named(provider.path, PATH_MAX) }, user: { ...user, path: named(user.path, PATH_MAX) } })),
    dependencies: near.slice(0, ROWS.dependencies).map(({ repo, manifest, name, requirement, group }) => ({ repo, manifest: named(manifest, PATH_MAX), name: named(name), requirement: named(requirement), group })),
    omitted: {
      components: ranked.length - components.length,
      links: topology.links.length - Math.min(ROWS.links, links.length),
      crossRepo: Math.max(0, topology.crossRepo.length - ROWS.crossRepo),
      dependencies: dependencies.length - Math.min(ROWS.dependencies, near.length),
    },
  };
}

const placed = ({ repo, root }: Place): Place => ({ repo, root: named(root, PATH_MAX) });
const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

/** Components with a ranked file, the best first; then the others as the context lists them. */
function byRank<Component extends Place>(components: readonly Component[], ranking: RepositoryContext['ranking']): readonly Component[] {
  const best = new Map<string, number>();
  for (const [place, { repo, path }] of ranking.entries()) {
    // The nearest component above a file holds it.
    for (let root = folderOf(path); ; root = folderOf(root)) {
      const key = keyOf({ repo, root });
      if (!best.has(key)) best.set(key, place);
      if (root === '') break;
    }
  }
  const rankOf = (component: Place): number => best.get(keyOf(component)) ?? Number.POSITIVE_INFINITY;
  return components.map((component, index) => ({ component, index, rank: rankOf(component) })).toSorted((left, right) => (left.rank === right.rank ? left.index - right.index : left.rank < right.rank ? -1 : 1)).map(({ component }) => component);
}
