import { compact, itemsOf, memberOf, membersOf, parseJson, textOf, type JsonText, type Member } from '../dependencies/json.ts';
import { pypiName } from '../dependencies/python-requirement.ts';
import type { Node } from 'jsonc-parser';
import { hexIntegrity, parseIntegrity } from './integrity.ts';
import type { LockedPackage, Lockfile } from './model.ts';

/** `composer.lock`. */
export function readComposerLock(text: string): Lockfile {
  const json = parseJson(text);
  const packages = ['packages', 'packages-dev'].flatMap((list) => itemsOf(memberOf(json.root, list)).map((node) => composerPackage(node, json)));
  const settings = ['minimum-stability', 'stability-flags', 'plugin-api-version', 'platform', 'aliases'].flatMap((key) => {
    const node = memberOf(json.root, key);
    return node && key !== 'plugin-api-version' ? [{ key, value: compact(node), line: json.lineOf(node) }] : [];
  });
  return { packages, settings };
}

function composerPackage(node: Node, json: JsonText): LockedPackage {
  const [dist, source] = [memberOf(node, 'dist'), memberOf(node, 'source')];
  const urls = [textOf(memberOf(dist, 'url')), textOf(memberOf(source, 'url'))].filter((url) => url !== null);
  const nameNode = memberOf(node, 'name');
  const name = (textOf(nameNode) ?? '').toLowerCase();
  const type = textOf(memberOf(dist, 'type'));
  const reference = textOf(memberOf(source, 'reference')) ?? textOf(memberOf(dist, 'reference'));
  const scripts = ['autoload', 'bin', 'type', 'require', 'extra'].map((key) => compact(memberOf(node, key)));
  return {
    name,
    version: textOf(memberOf(node, 'version')) ?? '',
    place: name,
    url: urls.join(' ') || null,
    // Packagist's packages lie at forges; which commit it is stands beside the address.
    kind: type === 'path' ? 'path' : 'registry',
    integrity: hexIntegrity(textOf(memberOf(dist, 'shasum'))),
    rest: [textOf(memberOf(dist, 'reference')), textOf(memberOf(source, 'reference')), ...scripts].join(),
    line: json.lineOf(nameNode ?? node),
    urlName: null,
    // A branch (`dev-main`) is another commit each time.
    ...(reference === null || /^dev-|-dev$/.test(textOf(memberOf(node, 'version')) ?? '') ? {} : { reference }),
  };
}

/** `Pipfile.lock`. */
export function readPipfileLock(text: string): Lockfile {
  const json = parseJson(text);
  const packages = membersOf(json.root, json).filter(({ key }) => key !== '_meta').flatMap(({ key: category, node }) => membersOf(node, json).map((member) => pipPackage(category, member)));
  const sources = memberOf(memberOf(json.root, '_meta'), 'sources');
  return { packages, settings: sources ? [{ key: 'sources', value: compact(sources), line: json.lineOf(sources) }] : [] };
}

function pipPackage(category: string, { key, node, line }: Member): LockedPackage {
  const git = textOf(memberOf(node, 'git'));
  const file = textOf(memberOf(node, 'file')) ?? textOf(memberOf(node, 'url'));
  const path = textOf(memberOf(node, 'path'));
  return {
    name: pypiName(key),
    version: textOf(memberOf(node, 'version')) ?? textOf(memberOf(node, 'ref')) ?? '',
    place: `${category} ${key}`,
    url: git ?? file,
    kind: git !== null ? 'git' : path !== null ? 'path' : file !== null ? 'url' : 'registry',
    integrity: itemsOf(memberOf(node, 'hashes')).flatMap((hash) => hexIntegrity(textOf(hash))).toSorted(),
    rest: [compact(memberOf(node, 'index')), compact(memberOf(node, 'markers')), compact(memberOf(node, 'extras'))].join(),
    line,
    urlName: null,
  };
}

/** NuGet's `packages.lock.json`. */
export function readNugetLock(text: string): Lockfile {
  const json = parseJson(text);
  const packages = membersOf(memberOf(json.root, 'dependencies'), json).flatMap(({ key: framework, node }) =>
    membersOf(node, json).map(({ key, node: entry, line }): LockedPackage => {
      const hash = textOf(memberOf(entry, 'contentHash'));
      return { name: key.toLowerCase(), version: textOf(memberOf(entry, 'resolved')) ?? '', place: `${framework} ${key}`, url: null, kind: textOf(memberOf(entry, 'type')) === 'Project' ? 'path' : 'registry', integrity: hash === null ? [] : parseIntegrity(`sha512-${hash}`), rest: compact(memberOf(entry, 'dependencies')), line, urlName: null };
    }),
  );
  return { packages, settings: [] };
}

/** `deno.lock`. */
export function readDenoLock(text: string): Lockfile {
  const json = parseJson(text);
  const registries = ['npm', 'jsr'].flatMap((registry) =>
    membersOf(memberOf(json.root, registry), json).map(({ key, node, line }): LockedPackage => {
      const [, name = key, version = ''] = /^(@?[^@]+)@(.*)$/.exec(key) ?? [];
      const hash = textOf(memberOf(node, 'integrity'));
      const parsed = parseIntegrity(hash);
      return { name, version, place: key, url: textOf(memberOf(node, 'tarball')), kind: 'registry', integrity: parsed.length > 0 ? parsed : hexIntegrity(hash), rest: compact(memberOf(node, 'dependencies')), line, urlName: null };
    }),
  );
  const remote = membersOf(memberOf(json.root, 'remote'), json).map(({ key, node, line }): LockedPackage => ({ name: key, version: '', place: key, url: key, kind: 'url', integrity: hexIntegrity(textOf(node)), rest: '', line, urlName: null }));
  return { packages: [...registries, ...remote], settings: [] };
}
