import { skeletonOf } from './confusables.ts';
import { foldPath } from './fold-path.ts';
import type { PolicyInput } from './input.ts';
import { PATH_CHARACTERS_MAX } from './match-path.ts';

export interface Collision {
  readonly path: string;
  /** The other path or folder of the result. */
  readonly other: string;
  readonly kind: 'same-file' | 'looks-alike';
}

/**
 * Added paths that some file system takes for another path or folder of the result, or that look the same to a reader.
 * Only what the change brings in counts: collisions that the base already has are not its fault.
 */
export function findCollisions({ changes, basePaths }: Pick<PolicyInput, 'changes' | 'basePaths'>): Collision[] {
  // A path beyond the limit is refused for its length; its thousands of folders are not compared.
  const added = changes.filter(({ change }) => change.op === 'add' && change.path.length <= PATH_CHARACTERS_MAX).map(({ change }) => change.path);
  if (added.length === 0) return [];
  const deleted = new Set(changes.filter(({ change }) => change.op === 'delete').map(({ change }) => change.path));
  const base = collectPrefixes(basePaths.filter((path) => !deleted.has(path) && path.length <= PATH_CHARACTERS_MAX));
  const result = collectPrefixes(added, base);
  const spellings = Map.groupBy(result, skeletonOf);
  return added.flatMap((path) => {
    const newPrefix = prefixesOf(path).filter((prefix) => !base.has(prefix));
    for (const prefix of newPrefix) {
      const other = spellings.get(skeletonOf(prefix))?.find((spelling) => spelling !== prefix);
      if (other !== undefined) return [{ path, other, kind: foldPath(other) === foldPath(prefix) ? 'same-file' : 'looks-alike' } as const];
    }
    return [];
  });
}

/** Every path with every folder above it, each once. */
function collectPrefixes(paths: readonly string[], known: ReadonlySet<string> = new Set()): Set<string> {
  const prefixes = new Set(known);
  for (const path of paths) {
    let end = path.length;
    // Folders above a known folder are known too.
    while (end > 0 && !prefixes.has(path.slice(0, end))) {
      prefixes.add(path.slice(0, end));
      end = path.lastIndexOf('/', end - 1);
    }
  }
  return prefixes;
}

const prefixesOf = (path: string): string[] => path.split('/').map((_, index, names) => names.slice(0, index + 1).join('/'));
