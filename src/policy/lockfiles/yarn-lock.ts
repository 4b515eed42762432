import { hexIntegrity, parseIntegrity } from './integrity.ts';
import { hostOf, Unreadable, type LockedPackage, type Lockfile } from './model.ts';
import { kindOfUrl } from './npm-lock.ts';
import { mapOf, parseYamlMap, textAt } from './yaml.ts';

/** `yarn.lock` of Yarn 1 (its own format) and of later ones (YAML). */
export const readYarnLock = (text: string): Lockfile => (/^__metadata:/m.test(text) ? readBerry(text) : readClassic(text));

interface Block {
  readonly keys: string;
  readonly line: number;
  readonly values: Map<string, string>;
  readonly nested: string[];
}

function readClassic(text: string): Lockfile {
  const blocks: Block[] = [];
  for (const [index, raw] of text.replace(/^\uFEFF/, '').split(/\r?\n/).entries()) {
    if (/^\s*(?:#.*)?$/.test(raw)) continue;
    const depth = /^ */.exec(raw)?.[0].length ?? 0;
    const block = blocks.at(-1);
    if (depth === 0 && raw.endsWith(':')) blocks.push({ keys: raw.slice(0, -1), line: index + 1, values: new Map(), nested: [] });
    else if (depth === 2 && block) {
      const [, key = '', value = ''] = /^ {2}("[^"]*"|\S+?):?(?:\s+(.*))?$/.exec(raw) ?? [];
      // The last would win silently.
      if (block.values.has(key)) throw new Unreadable(`"${key.slice(0, 40)}" is given twice`, index + 1);
      block.values.set(key, unquote(value));
    } else if (depth >= 4 && block) block.nested.push(raw.trim());
    else throw new Unreadable('a line is none of a yarn.lock', index + 1);
  }
  return { packages: blocks.map(lockedOf), settings: [] };
}

const unquote = (text: string): string => text.replace(/^"(.*)"$/, '$1');

function lockedOf({ keys, line, values, nested }: Block): LockedPackage {
  const descriptor = unquote(keys.split(', ')[0] ?? '');
  const [, name = descriptor, range = ''] = /^(@?[^@]+)@(.*)$/.exec(descriptor) ?? [];
  const resolved = values.get('resolved') ?? null;
  const url = resolved?.replace(/#.*$/s, '') ?? null;
  const sha1 = resolved?.split('#')[1];
  const kind = kindOfUrl(url);
  const alias = /^npm:(@?[^@]+)@/.exec(range)?.[1];
  const written = parseIntegrity(values.get('integrity') ?? null);
  return {
    name,
    version: values.get('version') ?? '',
    place: keys,
    url,
    kind,
    // Without the field, the fragment of the address is what is checked.
    integrity: written.length > 0 ? written : kind !== 'git' && sha1 !== undefined && /^[0-9a-f]{40}$/.test(sha1) ? [`sha1:${sha1}`] : [],
    rest: nested.join(),
    line,
    urlName: kind === 'registry' ? (alias ?? name) : null,
  };
}

function readBerry(text: string): Lockfile {
  const { entries, lineOf } = parseYamlMap(text);
  const packages = entries.filter(({ key }) => key !== '__metadata').map(({ key, value, line }): LockedPackage => {
    const resolution = textAt(value, 'resolution');
    const [, name = key, reference = ''] = /^(@?[^@]+)@(.*)$/.exec(resolution) ?? [];
    const archive = /__archiveUrl=([^&]+)/.exec(reference)?.[1];
    const url = archive === undefined ? (/^(?:npm|workspace|patch|virtual):/.test(reference) ? null : reference) : decode(archive);
    const isOwn = /^(?:workspace|link|portal|file|patch):/.test(reference);
    const checksum = textAt(value, 'checksum').replace(/^[^/]*\//, '');
    return {
      name,
      version: textAt(value, 'version'),
      place: key,
      url,
      kind: isOwn ? 'path' : reference.startsWith('npm:') ? 'registry' : kindOfUrl(url),
      integrity: /^[0-9a-f]{128}$/i.test(checksum) ? [`sha512:${checksum}`] : hexIntegrity(checksum),
      rest: JSON.stringify([mapOf(value, 'dependencies'), mapOf(value, 'bin'), mapOf(value, 'peerDependencies'), isOwn ? '' : reference.replace(/^npm:.*?(?=::|$)/, '')]),
      line: lineOf(key) ?? line,
      urlName: archive === undefined ? null : name,
    };
  });
  return { packages, settings: [] };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return hostOf(text) === null ? 'unreadable' : text;
  }
}
