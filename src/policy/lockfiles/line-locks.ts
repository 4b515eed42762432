import { logicalLines } from '../dependencies/requirements-txt.ts';
import { pypiName } from '../dependencies/python-requirement.ts';
import { hexIntegrity } from './integrity.ts';
import { Unreadable, type LockedPackage, type Lockfile } from './model.ts';

/** `go.sum`: `module version h1:hash`. */
export function readGoSum(text: string): Lockfile {
  const packages = text.split(/\r?\n/).flatMap((content, index): LockedPackage[] => {
    if (content.trim() === '') return [];
    const [name = '', version = '', hash = '', ...more] = content.trim().split(/\s+/);
    if (!/^h\d+:[A-Za-z0-9+/=]+$/.test(hash) || more.length > 0) throw new Unreadable('a line is none of a go.sum', index + 1);
    return [{ name, version, place: `${name} ${version}`, url: null, kind: 'registry', integrity: [hash], rest: '', line: index + 1, urlName: null }];
  });
  return { packages, settings: [] };
}

/** A requirements file whose versions carry hashes is a lockfile, too; without one single hash it is none. */
export function readHashedRequirements(text: string): Lockfile {
  const packages = logicalLines(text).flatMap(({ text: content, line }): LockedPackage[] => {
    const [, name, version = ''] = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:===?\s*([^\s;]+))?/.exec(content) ?? [];
    if (name === undefined || /^[a-z]+:\/\//.test(content)) return [];
    const hashes = [...content.matchAll(/--hash[= ]([\w]+:[0-9a-f]+)/gi)].flatMap((found) => hexIntegrity(found[1] ?? null));
    return [{ name: pypiName(name), version, place: pypiName(name), url: null, kind: 'registry', integrity: hashes.toSorted(), rest: '', line, urlName: null }];
  });
  return { packages, settings: [] };
}

/** `Gemfile.lock`: https://bundler.io; sections by source, with the versions that came from it. */
export function readGemfileLock(text: string): Lockfile {
  const packages: LockedPackage[] = [];
  const checksums = new Map<string, string[]>();
  let section = '';
  let remote = '';
  let revision = '';
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (raw.trim() === '') continue;
    if (/^(?:<<<<<<<|=======|>>>>>>>)/.test(raw)) throw new Unreadable('it holds an unsolved conflict', index + 1);
    if (/^\S/.test(raw)) [section, remote, revision] = [raw.trim(), '', ''];
    else if (section === 'CHECKSUMS') {
      const [, name = '', version = '', hash = ''] = /^ {2}(\S+) \(([^)]+)\)(?: (.*))?$/.exec(raw) ?? [];
      checksums.set(`${name} ${version}`, hash.split(',').flatMap((each) => hexIntegrity(each.trim().replace('=', ':'))).toSorted());
    } else if (/^ {2}remote: /.test(raw)) remote = `${remote} ${raw.slice('  remote: '.length)}`.trim();
    else if (/^ {2}revision: /.test(raw)) revision = raw.trim();
    else if (/^(?:GEM|GIT|PATH|PLUGIN SOURCE)$/.test(section)) packages.push(...readSpec(raw, { section, remote, revision, line: index + 1 }));
  }
  return { packages: packages.map((locked) => ({ ...locked, integrity: checksums.get(`${locked.name} ${locked.version}`) ?? [] })), settings: [] };
}

const GEM_KINDS: Readonly<Record<string, LockedPackage['kind']>> = { GIT: 'git', PATH: 'path', GEM: 'registry' };

function readSpec(raw: string, { section, remote, revision, line }: { section: string; remote: string; revision: string; line: number }): LockedPackage[] {
  const [, name, version = ''] = /^ {4}(\S+) \(([^)]*)\)!?$/.exec(raw) ?? [];
  if (name === undefined) return [];
  const kind = GEM_KINDS[section] ?? 'url';
  return [{ name, version, place: name, url: kind === 'path' || remote === '' ? null : remote, kind, integrity: [], rest: revision, line, urlName: null }];
}
