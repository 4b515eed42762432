import { lensOf, type Lens } from '../lens.ts';
import { LIMITS } from '../limits.ts';
import { resolveEcmaScript } from './ecmascript.ts';
import { resolveByPath, resolveCsharp, resolveDart, resolveGo, resolveInclude, resolveJvm, resolvePhp, resolveProto, resolveRuby, resolveSolidity, resolveSwift } from './packages.ts';
import type { Target } from './paths.ts';
import { resolvePython } from './python.ts';
import type { ResolvableRepo, ResolveIn } from './repo.ts';
import { resolveRust } from './rust.ts';

export type Resolver = (from: Target, specifier: string, names: readonly string[]) => readonly Target[];

const BY_LENS: Readonly<Partial<Record<Lens, ResolveIn>>> = {
  typescript: resolveEcmaScript, tsx: resolveEcmaScript, javascript: resolveEcmaScript, vue: resolveEcmaScript,
  python: resolvePython, go: resolveGo, rust: resolveRust, java: resolveJvm, kotlin: resolveJvm, scala: resolveJvm, c_sharp: resolveCsharp, php: resolvePhp, ruby: resolveRuby,
  c: resolveInclude, cpp: resolveInclude, header: resolveInclude, dart: resolveDart, swift: resolveSwift, css: resolveByPath, solidity: resolveSolidity, proto: resolveProto, graphql: resolveByPath,
};

/** Folders whose imports are remembered, and imports of each. */
const [FOLDERS_MAX, IMPORTS_MAX] = [100, 10_000];

/**
 * Resolves imports inside the workflow's repositories by what their trees and manifests say. No resolver of any ecosystem is run and no link
 * is followed. The importing file's repository comes first, then the others in their order.
 */
export function createResolver(repos: readonly ResolvableRepo[]): Resolver {
  const byName = new Map(repos.map((repo) => [repo.repo, repo]));
  const targetOf = createTargets();
  const remembered = new Map<string, Map<string, readonly Target[]>>();
  const importerOf = (from: Target): Importer => {
    const key = `${from.repo}\0${folderKey(from.path)}`;
    const memory = remembered.get(key) ?? new Map<string, readonly Target[]>();
    // Files come folder by folder: what is far behind is not asked for again.
    if (remembered.size >= FOLDERS_MAX) remembered.clear();
    remembered.set(key, memory);
    return { from, repo: byName.get(from.repo), resolveIn: BY_LENS[lensOf(from.path)], memory };
  };
  // A file's imports come one after the other.
  let last: Importer | null = null;
  return (from, specifier, names) => {
    if (last?.from.path !== from.path || last.from.repo !== from.repo) last = importerOf(from);
    const { repo, resolveIn, memory } = last;
    if (repo === undefined || resolveIn === undefined || specifier.length > 1_000) return [];
    const key = resolveIn === resolvePython ? `${specifier}\0${names.join(',')}` : specifier;
    const known = memory.get(key);
    if (known !== undefined) return known;
    const found = resolveAnywhere(resolveIn, { repos, repo, from, targetOf }, { specifier, names });
    if (memory.size < IMPORTS_MAX) memory.set(key, found);
    return found;
  };
}

interface Importer {
  readonly from: Target;
  readonly repo: ResolvableRepo | undefined;
  readonly resolveIn: ResolveIn | undefined;
  /** What was found from this folder before, by what is imported. */
  readonly memory: Map<string, readonly Target[]>;
}

/** One object for each file that is imported, however often. */
function createTargets(): (repo: string, path: string) => Target {
  const known = new Map<string, Map<string, Target>>();
  return (repo, path) => {
    const own = known.get(repo) ?? new Map<string, Target>();
    known.set(repo, own);
    const target = own.get(path) ?? { repo, path };
    own.set(path, target);
    return target;
  };
}

// Rust resolves by the file itself, everything else by its folder.
const folderKey = (path: string): string => (path.endsWith('.rs') ? path : `${path.slice(0, path.lastIndexOf('/') + 1)}\0${lensOf(path)}`);

function resolveAnywhere(resolveIn: ResolveIn, at: { repos: readonly ResolvableRepo[]; repo: ResolvableRepo; from: Target; targetOf: (repo: string, path: string) => Target }, use: { specifier: string; names: readonly string[] }): readonly Target[] {
  for (const each of [at.repo, ...at.repos.filter((other) => other !== at.repo)]) {
    const paths = resolveIn(each, { path: at.from.path, ...use }, each === at.repo);
    if (paths.length > 0) return paths.slice(0, LIMITS.targetsPerImport).map((path) => at.targetOf(each.repo, path));
  }
  return [];
}
