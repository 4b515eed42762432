import type { ComponentLink, ContextComponent, RepoFacts, Topology } from '../domain/context.ts';
import { crossRepoLinks } from './cross-repo.ts';
import { directoryOf } from './languages.ts';
import { LIMITS } from './limits.ts';
import { byCodeUnit, byKey } from './order.ts';
import type { ReadRepo } from './repo-facts.ts';
import { foldersAbove } from './resolve/paths.ts';
import { isFixture } from './resolve/repo.ts';

/** Components, their dependencies, and what crosses repositories: facts alone, in a fixed order. */
export function topologyOf(repos: readonly RepoFacts[], read: readonly ReadRepo[]): Topology {
  const rootOf = new Map(repos.map((facts) => [facts.repo, createRootFinder(facts)]));
  return {
    components: repos.flatMap((facts) => componentsOf(facts, rootOf.get(facts.repo) ?? (() => ''))).slice(0, LIMITS.components),
    links: linksOf(repos, (repo, path) => rootOf.get(repo)?.(path) ?? ''),
    crossRepo: crossRepoLinks(repos, read),
  };
}

/** The nearest folder with a manifest of its own; with none but the repository's, the top-level folder of the sources. */
function createRootFinder(facts: RepoFacts): (path: string) => string {
  const aside = new Set(facts.files.filter(({ kind, marks }) => kind === 'test' || marks.length > 0).map(({ path }) => path));
  const roots = new Set(facts.manifests.filter(({ path }) => !aside.has(path)).map(({ path }) => directoryOf(path)));
  const known = new Map<string, string>();
  const several = roots.size > 1 || (roots.size === 1 && !roots.has(''));
  const find = (path: string): string => {
    const found = foldersAbove(directoryOf(path)).find((folder) => roots.has(folder));
    if (several && found !== undefined && found !== '') return found;
    const [top = ''] = path.split('/');
    return path.includes('/') && !top.startsWith('.') ? top : '';
  };
  return (path) => {
    const folder = directoryOf(path);
    const root = known.get(folder) ?? find(path);
    known.set(folder, root);
    return root;
  };
}

function componentsOf(facts: RepoFacts, rootOf: (path: string) => string): ContextComponent[] {
  const groups = Map.groupBy(facts.files.filter(({ kind }) => kind === 'source' || kind === 'test'), ({ path }) => rootOf(path));
  const entries = Map.groupBy(facts.entryPoints, rootOf);
  const named = new Map(facts.manifests.toReversed().filter(({ name }) => name !== null).map((manifest) => [directoryOf(manifest.path), manifest]));
  return [...groups].sort(([left], [right]) => byCodeUnit(left, right)).map(([root, files]) => {
    const manifest = named.get(root);
    const languages = Map.groupBy(files, ({ language }) => language ?? '');
    return {
      repo: facts.repo, root,
      name: manifest?.name ?? (root === '' ? facts.repo : root),
      ecosystem: manifest?.ecosystem ?? null,
      files: files.filter(({ kind }) => kind === 'source').length,
      tests: files.filter(({ kind }) => kind === 'test').length,
      languages: [...languages].filter(([language]) => language !== '').sort((left, right) => right[1].length - left[1].length || byCodeUnit(left[0], right[0])).slice(0, 5).map(([language]) => language),
      entryPoints: (entries.get(root) ?? []).slice(0, 10),
    };
  });
}

type Place = ComponentLink['from'];
const placeKey = ({ repo, root }: Place): string => `${repo}\0${root}`;

/** Which component uses which: counted from resolved imports, and from dependencies whose name a component has. */
function linksOf(repos: readonly RepoFacts[], rootOf: (repo: string, path: string) => string): ComponentLink[] {
  const links = new Map<string, { from: Place; to: Place; imports: number; declared: string | null }>();
  const linkFor = (from: Place, to: Place): { imports: number; declared: string | null } => {
    const key = `${placeKey(from)}\0${placeKey(to)}`;
    const link = links.get(key) ?? { from, to, imports: 0, declared: null };
    links.set(key, link);
    return link;
  };
  for (const { repo, files } of repos) {
    for (const file of files) {
      if (file.imports.length === 0) continue;
      const from = { repo, root: rootOf(repo, file.path) };
      // One import of a Go package or a folder leads to each of its files, and is one all the same.
      const counted = new Set<string>();
      for (const { target, line, specifier } of file.imports) {
        if (target === null) continue;
        const to = { repo: target.repo, root: rootOf(target.repo, target.path) };
        if (to.root === from.root && to.repo === from.repo) continue;
        const statement = `${line}\0${specifier}\0${placeKey(to)}`;
        if (counted.has(statement)) continue;
        counted.add(statement);
        linkFor(from, to).imports += 1;
      }
    }
  }
  const packages = new Map(repos.toReversed().flatMap(({ repo, manifests }) => manifests.filter((each) => !isFixture(each)).flatMap(({ name, path, ecosystem }) => (name === null ? [] : [[`${ecosystem}\0${name}`, { repo, root: rootOf(repo, path) }] as const]))));
  for (const { repo, manifests } of repos) {
    for (const manifest of manifests) {
      const from = { repo, root: rootOf(repo, manifest.path) };
      for (const { name, requirement } of manifest.dependencies) {
        const to = packages.get(`${manifest.ecosystem}\0${name}`);
        if (to !== undefined && placeKey(from) !== placeKey(to)) linkFor(from, to).declared ??= requirement;
      }
    }
  }
  return [...links.values()].sort(byKey(({ from, to }) => `${placeKey(from)}\0${placeKey(to)}`)).slice(0, LIMITS.links);
}
