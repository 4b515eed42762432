import type { ContextProblem } from '../domain/context.ts';
import type { Oid } from '../domain/ids.ts';
import type { DeepEntry, ObjectReader, TreeEntry } from '../ports/objects.ts';
import { LIMITS } from './limits.ts';
import { byCodeUnit, byKey, mapBounded } from './order.ts';

export interface TreeFile {
  readonly path: string;
  readonly blob: Oid;
  readonly mode: '100644' | '100755' | '120000';
  /** Its blob's size where the listing says it. */
  readonly bytes?: number;
}

export interface TreeListing {
  /** Sorted by path. */
  readonly files: readonly TreeFile[];
  readonly submodules: readonly { readonly path: string; readonly commit: Oid }[];
  readonly problems: readonly ContextProblem[];
}

interface Folder {
  readonly oid: Oid;
  readonly prefix: string;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A byte that is no UTF-8, as `\\xE9`. */
const escaped = (byte: string): string => `\\x${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** A raw name as UTF-8, or null. What is not UTF-8 has no path that a document could cite. */
function decodeName(name: string): string | null {
  if (/^[ -~]*$/.test(name)) return name;
  try {
    return UTF8.decode(Buffer.from(name, 'latin1'));
  } catch {
    return null;
  }
}

/**
 * Lists a pinned tree without following anything: a symlink is a blob, a submodule is an entry. Past a limit the
 * rest of the tree is a problem in the list, not an error; what is listed then depends on the tree alone.
 */
export async function readTreeListing(objects: ObjectReader, tree: Oid): Promise<TreeListing> {
  const entries = (await objects.listTree?.(tree)) ?? null;
  return finish((entries === null ? null : takeAll(entries)) ?? (await readByLevels(objects, tree)));
}

/** What a listing of everything says; null as soon as a limit or a name calls for a closer look. */
function takeAll(entries: readonly DeepEntry[]): Found | null {
  const found: Found = { files: [], submodules: [], problems: [] };
  let folders = 1;
  for (const { mode, path: raw, oid, bytes } of entries) {
    const path = decodeName(raw);
    if (path === null || path.length > LIMITS.pathBytes || path.split('/', LIMITS.treeDepth).length >= LIMITS.treeDepth) return null;
    if (mode === '160000') found.submodules.push({ path, commit: oid });
    else if (mode !== '040000') found.files.push({ path, blob: oid, mode, ...(bytes === null ? {} : { bytes }) });
    else if (++folders > LIMITS.folders) return null;
    if (found.files.length > LIMITS.files) return null;
  }
  return found;
}

async function readByLevels(objects: ObjectReader, tree: Oid): Promise<Found> {
  const found: Found = { files: [], submodules: [], problems: [] };
  let level: Folder[] = [{ oid: tree, prefix: '' }];
  let folders = 0;
  for (let depth = 0; level.length > 0; depth++) {
    const room = LIMITS.folders - folders;
    if (depth >= LIMITS.treeDepth) {
      for (const { prefix } of level) found.problems.push({ path: prefix, code: 'too-deep', reason: `folders deeper than ${LIMITS.treeDepth} levels are not read` });
      break;
    }
    if (level.length > room || found.files.length > LIMITS.files) found.problems.push({ path: '', code: 'over-limit', reason: `${Math.max(0, level.length - room)} folders and what is below them are left out: ${LIMITS.folders} folders and ${LIMITS.files} files are listed` });
    level = found.files.length > LIMITS.files ? [] : level.slice(0, room);
    folders += level.length;
    const listings = await mapBounded(level, 64, async ({ oid }) => objects.readTree(oid));
    level = level.flatMap((folder, index) => takeFolder(folder, listings[index] ?? [], found));
  }
  return found;
}

interface Found {
  readonly files: TreeFile[];
  readonly submodules: { path: string; commit: Oid }[];
  readonly problems: ContextProblem[];
}

function takeFolder({ prefix }: Folder, entries: readonly TreeEntry[], found: Found): Folder[] {
  const inner: Folder[] = [];
  for (const entry of entries) {
    const name = decodeName(entry.name);
    const path = prefix + (name ?? entry.name.replaceAll(/[^ -~]/g, escaped));
    if (name === null || path.length > LIMITS.pathBytes) found.problems.push({ path: path.slice(0, LIMITS.pathBytes), code: 'not-utf8-path', reason: 'its name is not UTF-8, or too long: nothing could cite it, so it is left out; rename it' });
    else if (entry.mode === '160000') found.submodules.push({ path, commit: entry.oid });
    else if (entry.mode === '040000') inner.push({ oid: entry.oid, prefix: `${path}/` });
    else found.files.push({ path, blob: entry.oid, mode: entry.mode });
  }
  return inner;
}

function finish({ files, submodules, problems }: Found): TreeListing {
  files.sort((left, right) => byCodeUnit(left.path, right.path));
  submodules.sort(byKey((entry) => entry.path));
  if (files.length > LIMITS.files) {
    const beyond = files.splice(LIMITS.files);
    problems.push({ path: '', code: 'over-limit', reason: `${beyond.length} files from ${beyond[0]?.path ?? ''} on are left out: ${LIMITS.files} files are listed` });
  }
  return { files, submodules, problems: problems.sort(byKey(({ path, code }) => `${code === 'over-limit' ? '' : path}\0${code}`)).slice(0, LIMITS.problems) };
}
