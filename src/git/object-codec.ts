import { createHash, hash } from 'node:crypto';
import { brokenError, inputError, outsideError } from '../domain/errors.ts';
import { isGitDirectoryName } from '../domain/git-names.ts';
import { isOid, type Oid } from '../domain/ids.ts';
import type { TreeEntry } from '../ports/objects.ts';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

/** An object as git hashes and stores it: header, NUL, content. */
export const frameObject = (type: ObjectType, content: Uint8Array): Buffer => Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);

/** Up to so many bytes a copy costs less than a hash in several steps. */
const COPIED_MAX = 16 * 1024;
const HEAD_MAX = 32;
const framed = Buffer.alloc(HEAD_MAX + COPIED_MAX);

/** The id of `content`. */
export function hashObject(type: ObjectType, content: Uint8Array): Oid {
  const head = `${type} ${content.length}\0`;
  if (content.length > COPIED_MAX) return createHash('sha1').update(head).update(content).digest('hex');
  const start = framed.write(head, 0, 'latin1');
  framed.set(content, start);
  return hash('sha1', framed.subarray(0, start + content.length), 'hex');
}

/** Parses a tree object. Rejects one that git itself would not read. */
export function parseTree(content: Buffer, oid: Oid): TreeEntry[] {
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < content.length) {
    const space = content.indexOf(0x20, at);
    const nul = space < 0 ? -1 : content.indexOf(0, space + 1);
    if (space < 0 || nul < 0 || nul + 21 > content.length) throw corrupt(oid, 'a tree entry is cut off');
    entries.push({
      mode: canonicalMode(content.toString('latin1', at, space), oid),
      name: content.toString('latin1', space + 1, nul),
      oid: content.toString('hex', nul + 1, nul + 21),
    });
    at = nul + 21;
  }
  return entries;
}

/** Old trees hold modes such as 100664; git reads them as the nearest of its own, and so do we. */
export function canonicalMode(octal: string, oid: Oid): TreeEntry['mode'] {
  const mode = /^[0-7]{1,7}$/u.test(octal) ? Number.parseInt(octal, 8) : 0;
  switch (mode & 0o170000) {
    case 0o040000:
      return '040000';
    case 0o120000:
      return '120000';
    case 0o160000:
      return '160000';
    case 0o100000:
      return (mode & 0o100) === 0 ? '100644' : '100755';
    default:
      throw corrupt(oid, `the mode ${JSON.stringify(octal)} is unknown`);
  }
}

/** Serialises a tree as git does: sorted, directories as if their name ended in `/`. Refuses names git must not store. */
export function serialiseTree(entries: readonly TreeEntry[]): Buffer {
  const keyed = entries.map((entry) => ({ entry, key: entry.mode === '040000' ? `${entry.name}/` : entry.name }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const names = new Set<string>();
  const parts: Buffer[] = [];
  for (const { entry } of keyed) {
    assertTreeName(entry.name);
    if (names.has(entry.name)) throw brokenError('duplicate-tree-entry', `A tree would hold ${JSON.stringify(entry.name)} twice.`);
    if (!isOid(entry.oid)) throw brokenError('bad-object-id', `${JSON.stringify(entry.oid)} is not an object id.`);
    names.add(entry.name);
    parts.push(Buffer.from(`${entry.mode === '040000' ? '40000' : entry.mode} ${entry.name}\0`, 'latin1'), Buffer.from(entry.oid, 'hex'));
  }
  return Buffer.concat(parts);
}

function assertTreeName(name: string): void {
  const decoded = Buffer.from(name, 'latin1').toString('utf8');
  if (name === '' || name === '.' || name === '..' || /[/\0]/u.test(name) || isGitDirectoryName(decoded)) {
    throw inputError('bad-tree-name', `${JSON.stringify(decoded)} is not a name that a tree may hold.`);
  }
}

/** The fields of a commit that anyone here needs. The message is everything after the headers. */
export function parseCommit(content: Buffer, oid: Oid): { tree: Oid; parents: Oid[]; message: string } {
  const text = content.toString('utf8');
  const end = text.indexOf('\n\n');
  const headers = (end < 0 ? text : text.slice(0, end)).split('\n');
  const tree = headers[0]?.startsWith('tree ') ? headers[0].slice(5) : '';
  if (!isOid(tree)) throw corrupt(oid, 'the commit names no tree');
  const parents = headers.filter((line) => line.startsWith('parent ')).map((line) => line.slice(7));
  return { tree, parents, message: end < 0 ? '' : text.slice(end + 2) };
}

export const corrupt = (oid: Oid, why: string) => outsideError('corrupt-object', `The git object ${oid} is damaged: ${why}. Run git fsck in that repository.`);
