import type { Node } from 'jsonc-parser';
import { compact, memberOf, membersOf, parseJson, textOf, type JsonText, type Member } from '../dependencies/json.ts';
import { parseIntegrity } from './integrity.ts';
import { Unreadable, type LockedPackage, type Lockfile } from './model.ts';

const KNOWN = new Set(['version', 'resolved', 'integrity', 'link', 'name']);

/** `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3. */
export function readNpmLock(text: string): Lockfile {
  const json = parseJson(text);
  if (json.root.type !== 'object') throw new Unreadable('it is no JSON object');
  const packages = membersOf(memberOf(json.root, 'packages'), json).filter(({ key }) => key !== '').map((member) => readPackage(member, json));
  const old = readNested(memberOf(json.root, 'dependencies'), json, '');
  return { packages: [...packages, ...old], settings: [] };
}

function readPackage({ key, node, line }: Member, json: JsonText): LockedPackage {
  const folder = key.slice(key.lastIndexOf('node_modules/') + (key.includes('node_modules/') ? 'node_modules/'.length : 0));
  const isLink = memberOf(node, 'link')?.value === true;
  // Folders of the project itself: workspaces, and what links to them.
  const isOwn = isLink || !key.includes('node_modules/');
  return lockedOf({ name: textOf(memberOf(node, 'name')) ?? folder, place: `packages ${key}`, line, isOwn }, node, json);
}

/** Version 1 nests what is installed below something. */
function readNested(node: Node | undefined, json: JsonText, place: string): LockedPackage[] {
  return membersOf(node, json).flatMap(({ key, node: entry, line }) => {
    const here = `${place}/${key}`;
    return [lockedOf({ name: key, place: `dependencies ${here}`, line, isOwn: false }, entry, json), ...readNested(memberOf(entry, 'dependencies'), json, here)];
  });
}

function lockedOf(about: { name: string; place: string; line: number; isOwn: boolean }, node: Node, json: JsonText): LockedPackage {
  const version = textOf(memberOf(node, 'version')) ?? '';
  const url = textOf(memberOf(node, 'resolved')) ?? (/^[a-z+]+:/.test(version) ? version : null);
  const kind = about.isOwn || url?.startsWith('file:') === true ? 'path' : kindOfUrl(url);
  const alias = /^npm:(@?[^@]+)@/.exec(version)?.[1];
  // What comes inside of another package's archive is checked with that.
  const isBundled = about.place.split('node_modules/').length > 2 && [memberOf(node, 'inBundle'), memberOf(node, 'bundled')].some((flag) => flag?.value === true) && url === null;
  const rest = membersOf(node, json).filter(({ key }) => !KNOWN.has(key) && key !== 'dependencies').map((member) => `${member.key}:${compact(member.node)}`);
  return {
    name: about.name,
    version,
    place: about.place,
    url: about.isOwn ? null : url,
    kind,
    integrity: parseIntegrity(textOf(memberOf(node, 'integrity'))),
    rest: rest.toSorted().join(),
    line: about.line,
    urlName: kind === 'registry' ? (alias ?? about.name) : null,
    ...(isBundled ? { isBundled: true as const } : {}),
  };
}

export function kindOfUrl(url: string | null): LockedPackage['kind'] {
  if (url === null) return 'registry';
  if (/^(?:git|ssh|hg|svn)\b|^git@|\.git(?:#|$)|^https?:\/\/(?:codeload\.github\.com|(?:www\.)?github\.com\/[^/]+\/[^/]+\/archive)/.test(url)) return 'git';
  if (/^(?:file|link|portal|workspace):|^\.{0,2}\//.test(url)) return 'path';
  // The registry's own layout: /NAME/-/FILE.tgz, or a registry that serves packages below a folder.
  return /\/-\/[^/]+$|\/download\/|\/_packaging\//.test(url) ? 'registry' : 'url';
}

/** `bun.lock`: JSON with trailing commas. */
export function readBunLock(text: string): Lockfile {
  const json = parseJson(text, { comments: true });
  const packages = membersOf(memberOf(json.root, 'packages'), json).map(({ key, node, line }): LockedPackage => {
    const parts = node.children ?? [];
    const [, name = key, version = ''] = /^(@?[^@]+)@(.*)$/.exec(textOf(parts[0]) ?? '') ?? [];
    const url = textOf(parts[1]) || null;
    const isPlain = /^[\dv]/.test(version);
    return { name, version, place: key, url: isPlain ? url : version, kind: isPlain ? kindOfUrl(url) : kindOfUrl(version), integrity: parseIntegrity(textOf(parts.findLast(({ type }) => type === 'string'))), rest: parts.slice(2).map(compact).join(), line, urlName: isPlain && url !== null ? name : null };
  });
  return { packages, settings: [] };
}
