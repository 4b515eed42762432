// Git's object encodings, over bytes: names and messages are never re-encoded.
import { createHash } from 'node:crypto';
import { brokenError } from '../../../domain/errors.ts';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';
export interface GitObject {
  readonly oid: string;
  readonly type: ObjectType;
  readonly bytes: Buffer;
}
/** `name` is the raw name decoded as latin1 when `raw`, else UTF-8; modes as git writes them (`40000` without the leading zero). */
export interface TreeItem {
  readonly mode: string;
  readonly name: string;
  readonly oid: string;
}
export interface Person {
  readonly name: string;
  readonly email: string;
  /** Seconds since 1970 and the zone as `+0200`. */
  readonly seconds: number;
  readonly zone: string;
}
export interface CommitText {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly signature: string | null;
  readonly message: string;
  /** The commit without its signature: what was signed. */
  readonly payload: string;
}

export const oidOf = (type: ObjectType, bytes: Uint8Array): string =>
  createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');

export function parseTree(bytes: Buffer): TreeItem[] {
  const items: TreeItem[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const nul = bytes.indexOf(0, space);
    if (space < 0 || nul < 0 || nul + 21 > bytes.length) throw brokenError('tree-malformed', 'A tree object in the local repository is malformed.');
    items.push({ mode: bytes.toString('latin1', at, space), name: bytes.toString('latin1', space + 1, nul), oid: bytes.toString('hex', nul + 1, nul + 21) });
    at = nul + 21;
  }
  return items;
}

/** Git sorts entries by bytes, with a directory's name taken as if it ended in `/`. Names are latin1. */
export function serializeTree(items: readonly TreeItem[]): Buffer {
  const key = (item: TreeItem): Buffer => Buffer.from(item.mode === '40000' ? `${item.name}/` : item.name, 'latin1');
  const sorted = items.toSorted((a, b) => Buffer.compare(key(a), key(b)));
  return Buffer.concat(sorted.flatMap((item) => [Buffer.from(`${item.mode} `, 'latin1'), Buffer.from(item.name, 'latin1'), Buffer.of(0), Buffer.from(item.oid, 'hex')]));
}

export const formatPerson = (person: Person): string => `${person.name} <${person.email}> ${person.seconds} ${person.zone}`;

export function parsePerson(text: string): Person {
  const match = /^(.*?) ?<([^>]*)> (-?\d+) ([+-]\d{4})$/.exec(text);
  return { name: match?.[1] ?? text, email: match?.[2] ?? '', seconds: Number(match?.[3] ?? 0), zone: match?.[4] ?? '+0000' };
}

export function serializeCommit(commit: Omit<CommitText, 'payload' | 'signature'>): string {
  const header = [`tree ${commit.tree}`, ...commit.parents.map((parent) => `parent ${parent}`), `author ${formatPerson(commit.author)}`, `committer ${formatPerson(commit.committer)}`];
  return `${header.join('\n')}\n\n${commit.message}`;
}

/** Puts a signature behind the committer line, as git does: continuation lines begin with a space. */
export function withSignature(payload: string, signature: string): string {
  const end = payload.indexOf('\n\n');
  return `${payload.slice(0, end)}\ngpgsig ${signature.trimEnd().replaceAll('\n', '\n ')}${payload.slice(end)}`;
}

export function parseCommit(bytes: Buffer): CommitText {
  const text = bytes.toString('utf8');
  const end = text.indexOf('\n\n');
  const header = text.slice(0, end < 0 ? text.length : end);
  const fields = header.split(/\n(?! )/);
  const first = (name: string): string => fields.find((field) => field.startsWith(`${name} `))?.slice(name.length + 1) ?? '';
  const signature = first('gpgsig');
  return {
    tree: first('tree'),
    parents: fields.filter((field) => field.startsWith('parent ')).map((field) => field.slice(7)),
    author: parsePerson(first('author')),
    committer: parsePerson(first('committer')),
    signature: signature === '' ? null : `${signature.replaceAll('\n ', '\n')}\n`,
    message: end < 0 ? '' : text.slice(end + 2),
    payload: fields.filter((field) => !field.startsWith('gpgsig ')).join('\n') + text.slice(end < 0 ? text.length : end),
  };
}
