import type { Node } from 'jsonc-parser';
import { compact, itemsOf, memberOf, membersOf, parseJson, textOf } from '../dependencies/json.ts';
import { child, elementsIn, parseXml } from '../dependencies/xml.ts';
import { hexIntegrity, parseIntegrity } from './integrity.ts';
import { Unreadable, type LockedPackage, type Lockfile } from './model.ts';
import { mapOf, parseYamlMap, textAt, valueAt } from './yaml.ts';

const locked = (name: string, more: Partial<LockedPackage>): LockedPackage => ({ name, version: '', place: name, url: null, kind: 'registry', integrity: [], rest: '', line: null, urlName: null, ...more });

/** Dart's `pubspec.lock`. */
export function readPubspecLock(text: string): Lockfile {
  const { entries, lineOf } = parseYamlMap(text);
  const packages = mapOf(Object.fromEntries(entries.map(({ key, value }) => [key, value])), 'packages').map(([name, value]) => {
    const description = valueAt(value, 'description');
    const source = textAt(value, 'source');
    const kind = ({ git: 'git', path: 'path', sdk: 'path' } as const)[source] ?? 'registry';
    return locked(name, { version: textAt(value, 'version'), url: source === 'sdk' ? null : textAt(description, 'url') || textAt(description, 'path') || null, kind, integrity: hexIntegrity(textAt(description, 'sha256')), rest: [textAt(description, 'resolved-ref'), textAt(value, 'dependency')].join(), line: lineOf(name) });
  });
  return { packages, settings: entries.filter(({ key }) => key === 'sdks').map(({ key, value, line }) => ({ key, value: JSON.stringify(value), line })) };
}

/** Swift's `Package.resolved`, versions 1 to 3: every package is a commit of a repository, and that is its hash. */
export function readPackageResolved(text: string): Lockfile {
  const json = parseJson(text);
  const pins = [...itemsOf(memberOf(json.root, 'pins')), ...itemsOf(memberOf(memberOf(json.root, 'object'), 'pins'))];
  const packages = pins.map((pin) => {
    const state = memberOf(pin, 'state');
    const name = textOf(memberOf(pin, 'identity')) ?? textOf(memberOf(pin, 'package')) ?? '';
    const isLocal = textOf(memberOf(pin, 'kind'))?.startsWith('local') === true;
    return locked(name.toLowerCase(), { version: textOf(memberOf(state, 'version')) ?? textOf(memberOf(state, 'branch')) ?? '', url: textOf(memberOf(pin, 'location')) ?? textOf(memberOf(pin, 'repositoryURL')), kind: isLocal ? 'path' : 'registry', integrity: hexIntegrity(textOf(memberOf(state, 'revision'))), line: json.lineOf(pin) });
  });
  return { packages, settings: [] };
}

/** Nix's `flake.lock`. */
export function readFlakeLock(text: string): Lockfile {
  const json = parseJson(text);
  const packages = membersOf(memberOf(json.root, 'nodes'), json).flatMap(({ key, node, line }): LockedPackage[] => {
    const fixed = memberOf(node, 'locked');
    return fixed === undefined ? [] : [locked(key, { version: textOf(memberOf(fixed, 'rev')) ?? '', url: flakeAddress(fixed), kind: textOf(memberOf(fixed, 'type')) === 'path' ? 'path' : 'registry', integrity: parseIntegrity(textOf(memberOf(fixed, 'narHash'))), rest: compact(memberOf(node, 'inputs')), line })];
  });
  return { packages, settings: [] };
}

const FLAKE_HOSTS: Readonly<Record<string, string>> = { github: 'github.com', gitlab: 'gitlab.com', sourcehut: 'git.sr.ht' };

function flakeAddress(fixed: Node): string | null {
  const host = textOf(memberOf(fixed, 'host')) ?? FLAKE_HOSTS[textOf(memberOf(fixed, 'type')) ?? ''];
  if (host === undefined) return textOf(memberOf(fixed, 'url')) ?? textOf(memberOf(fixed, 'path'));
  return `https://${host}/${textOf(memberOf(fixed, 'owner')) ?? ''}/${textOf(memberOf(fixed, 'repo')) ?? ''}`;
}

const HEX = /^\s*"([\w.-]+)":\s*\{:hex,\s*:"?[\w.-]+"?,\s*"([^"]*)",\s*"([0-9a-f]*)",\s*(\[.*\]),\s*"([^"]*)"(?:,\s*"([0-9a-f]*)")?\},?\s*$/;
const GIT = /^\s*"([\w.-]+)":\s*\{:git,\s*"([^"]*)",\s*"([0-9a-f]*)",\s*(\[.*\])\},?\s*$/;

/** Elixir's `mix.lock`: one term a line. It is code to Elixir, so a line of any other form is refused. */
export function readMixLock(text: string): Lockfile {
  const packages = text.split(/\r?\n/).flatMap((content, index): LockedPackage[] => {
    const line = index + 1;
    if (/^\s*(?:%\{|\}|#.*)?\s*$/.test(content)) return [];
    const [, name, version = '', inner = '', rest = '', repository = '', outer = ''] = HEX.exec(content.slice(0, 20_000)) ?? [];
    if (name !== undefined) return [locked(name, { version, url: repository === 'hexpm' ? null : `hex://${repository.replaceAll(/[^\w.:-]/g, '-')}`, integrity: [...hexIntegrity(outer), ...hexIntegrity(inner)].slice(0, 1), rest: `${inner} ${rest}`, line })];
    const [, gitName, url = '', revision = '', options = ''] = GIT.exec(content.slice(0, 20_000)) ?? [];
    if (gitName === undefined) throw new Unreadable('a line is none of a mix.lock', line);
    return [locked(gitName, { version: revision, url, kind: 'git', rest: options, line })];
  });
  return { packages, settings: [] };
}

/** CocoaPods' `Podfile.lock`. Its checksums are of the specifications, by SHA-1. */
export function readPodfileLock(text: string): Lockfile {
  const { entries, lineOf } = parseYamlMap(text);
  const root = Object.fromEntries(entries.map(({ key, value }) => [key, value]));
  const checksums = new Map(mapOf(root, 'SPEC CHECKSUMS').map(([name, sum]) => [name, String(sum)]));
  const external = new Map(mapOf(root, 'EXTERNAL SOURCES'));
  const checkouts = new Map(mapOf(root, 'CHECKOUT OPTIONS'));
  const list = valueAt(root, 'PODS');
  const pods = (Array.isArray(list) ? list : []).flatMap((pod: unknown) => (typeof pod === 'string' ? [pod] : typeof pod === 'object' && pod !== null ? Object.keys(pod) : []));
  const packages = pods.map((pod) => {
    const [, name = pod, version = ''] = /^(\S+)(?: \(([^)]*)\))?/.exec(pod) ?? [];
    const base = name.replace(/\/.*$/, '');
    const source = external.get(base);
    const url = textAt(source, ':git') || textAt(source, ':podspec') || textAt(source, ':path') || null;
    const kind = textAt(source, ':git') === '' ? (textAt(source, ':path') === '' ? (url === null ? 'registry' : 'url') : 'path') : 'git';
    return locked(name, { version, url, kind, integrity: hexIntegrity(checksums.get(base) ?? null), rest: JSON.stringify(checkouts.get(base) ?? null), line: lineOf(base) });
  });
  return { packages, settings: ['SPEC REPOS', 'PODFILE CHECKSUM'].flatMap((key) => (root[key] === undefined ? [] : [{ key, value: JSON.stringify(root[key]), line: lineOf(key) }])) };
}

/** Gradle's `gradle.lockfile`: `group:name:version=configurations`. It has neither addresses nor hashes. */
export function readGradleLock(text: string): Lockfile {
  const packages = text.split(/\r?\n/).flatMap((content, index): LockedPackage[] => {
    if (/^\s*(?:#.*)?$/.test(content) || content.startsWith('empty=')) return [];
    const [, group = '', name, version = '', rest = ''] = /^([^:=\s]+):([^:=\s]+):([^:=\s]+)=(\S*)$/.exec(content.trim()) ?? [];
    if (name === undefined) throw new Unreadable('a line is none of a gradle.lockfile', index + 1);
    return [locked(`${group}:${name}`, { version, place: `${group}:${name} ${version}`, rest, line: index + 1 })];
  });
  return { packages, settings: [] };
}

/** Gradle's `verification-metadata.xml`: a component may have several artifacts, each with its hashes; what is trusted without any is a setting. */
export function readVerificationMetadata(text: string): Lockfile {
  const all = elementsIn(parseXml(text));
  const packages = all.filter(({ element }) => element.name === 'component').flatMap(({ element: { attributes, children } }) =>
    children.filter(({ name }) => name === 'artifact').map((artifact) => {
      const hashes = ['sha512', 'sha256', 'sha1', 'md5'].flatMap((name) => {
        const value = child(artifact, name)?.attributes['value'];
        return value === undefined ? [] : hexIntegrity(`${name}:${value}`);
      });
      const name = `${attributes['group'] ?? ''}:${attributes['name'] ?? ''}`;
      const file = artifact.attributes['name'] ?? '';
      return locked(`${name} ${file.replaceAll(attributes['version'] ?? '\0', '*')}`, { version: attributes['version'] ?? '', place: `${name} ${file}`, integrity: hashes, line: artifact.line });
    }),
  );
  const settings = all.filter(({ element }) => /^(?:trust|trusted-key|ignored-key|pgp|verify-metadata|verify-signatures|key-server)$/.test(element.name)).map(({ element }) => ({ key: element.name, value: JSON.stringify([element.attributes, element.text]), line: element.line }));
  return { packages, settings };
}
