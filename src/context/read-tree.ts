import type { ContextProblem } from '../domain/context.ts';
import type { Oid } from '../domain/ids.ts';
import type { ObjectReader } from '../ports/objects.ts';
import { LIMITS } from './limits.ts';
import { byKey } from './order.ts';

export interface TreeFile {
  readonly path: string;
  readonly blob: Oid;
  readonly mode: '100644' | '100755' | '120000';
}

export interface TreeListing {
  /** Sorted by path. */
  readonly files: readonly TreeFile[];
  readonly submodules: readonly { readonly path: string; readonly commit: Oid }[];
  readonly problems: readonly ContextProblem[];
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A raw name as UTF-8, or null. What is not UTF-8 has no path that a document could cite. */
function decodeName(name: string): string | null {
  try {
    return UTF8.decode(Buffer.from(name, 'latin1'));
  } catch {
    return null;
  }
}

/**
 * Lists a pinned tree without following anything: a symlink is a blob, a submodule is an entry. Past a limit the rest
 * of the tree is a problem in the list, not an error.
 */
export async function readTreeListing(objects: ObjectReader, tree: Oid): Promise<TreeListing> {
  const files: TreeFile[] = [];
  const submodules: { path: string; commit: Oid }[] = [];
  const problems: ContextProblem[] = [];
  const pending: { oid: Oid; prefix: string; depth: number }[] = [{ oid: tree, prefix: '', depth: 0 }];
  let folders = 0;
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    const { prefix, depth } = current;
    if (++folders > LIMITS.files || files.length >= LIMITS.files) {
      problems.push({ path: prefix, code: 'over-limit', reason: `only the first ${LIMITS.files} files of the tree are read` });
      break;
    }
    for (const entry of await objects.readTree(current.oid)) {
      const name = decodeName(entry.name);
      const path = prefix + (name ?? JSON.stringify(entry.name));
      if (name === null || path.length > LIMITS.pathBytes) problems.push({ path, code: 'not-utf8-path', reason: 'the path is not UTF-8, or too long; the file is left out' });
      else if (entry.mode === '160000') submodules.push({ path, commit: entry.oid });
      else if (entry.mode !== '040000') files.push({ path, blob: entry.oid, mode: entry.mode });
      else if (depth + 1 < LIMITS.treeDepth) pending.push({ oid: entry.oid, prefix: `${path}/`, depth: depth + 1 });
      else problems.push({ path, code: 'too-deep', reason: `folders deeper than ${LIMITS.treeDepth} levels are not read` });
    }
  }
  files.sort(byKey((file) => file.path));
  submodules.sort(byKey((entry) => entry.path));
  if (files.length > LIMITS.files) {
    const beyond = files.splice(LIMITS.files);
    problems.push({ path: beyond[0]?.path ?? '', code: 'over-limit', reason: `${beyond.length} more files are left out` });
  }
  return { files, submodules, problems: problems.sort(byKey((problem) => problem.path)).slice(0, LIMITS.problems) };
}
