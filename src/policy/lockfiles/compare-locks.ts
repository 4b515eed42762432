import { algorithmOf, strengthOf } from './integrity.ts';
import { hostOf, type LockedPackage, type Lockfile, type LockfileKind } from './model.ts';

export type LockFaultKind = 'sources' | 'integrity' | 'scripts';

/** Something about one package of the new lockfile that must not pass unnoticed. */
export interface LockFault {
  readonly kind: LockFaultKind;
  readonly locked: LockedPackage;
  /** Goes on after the package's name: `is fetched from evil.example`. */
  readonly what: string;
}

export interface LockComparison {
  /** Packages that are not fixed like this in the base. */
  readonly changed: readonly LockedPackage[];
  /** Names that the base does not know. */
  readonly added: readonly LockedPackage[];
  /** How many packages went or differ, and settings that differ: zero when the two mean the same. */
  readonly differences: number;
  readonly faults: readonly LockFault[];
  /** True when nothing differs but versions of the workspace's own packages: a release raises those, and no manifest asks for more. */
  readonly isOwnVersionsOnly: boolean;
}

interface Known {
  readonly byName: ReadonlyMap<string, readonly LockedPackage[]>;
  readonly byPlace: ReadonlyMap<string, LockedPackage>;
  readonly hosts: ReadonlySet<string>;
  /** What the strongest hashes of most packages of the base (or of a new file) reach. */
  readonly usualStrength: number;
  readonly kind: LockfileKind;
  readonly isHost: (host: string) => boolean;
}

/** Compares two states of a lockfile by meaning, and looks at each package that is fixed in another way than before. */
export function compareLocks(before: Lockfile, after: Lockfile, { kind, isHost }: { kind: LockfileKind; isHost: (host: string) => boolean }): LockComparison {
  const old = new Set(before.packages.map(meaningOf));
  const now = new Set(after.packages.map(meaningOf));
  const changed = after.packages.filter((locked) => !old.has(meaningOf(locked)));
  const known: Known = {
    byName: Map.groupBy(before.packages, ({ name }) => name),
    byPlace: new Map(before.packages.map((locked) => [locked.place, locked])),
    hosts: new Set(before.packages.filter((locked) => locked.kind === 'registry').flatMap(hostsOf).filter((host) => !FORGES.test(host))),
    usualStrength: usualStrength([...before.packages, ...after.packages]),
    kind,
    isHost,
  };
  const settings = JSON.stringify(before.settings.map(({ key, value }) => [key, value])) === JSON.stringify(after.settings.map(({ key, value }) => [key, value])) ? 0 : 1;
  const gone = [...old].filter((meaning) => !now.has(meaning)).length;
  return {
    changed,
    added: changed.filter(({ name, kind: where }) => !known.byName.has(name) && where !== 'path'),
    differences: changed.length + gone + settings,
    isOwnVersionsOnly: settings === 0 && changed.length > 0 && gone === changed.length && changed.every((locked) => isOwnVersion(locked, known)),
    faults: changed.flatMap((locked) => [...sourceFaults(locked, known), ...integrityFaults(locked, known), ...scriptFaults(locked, known)].map((fault) => ({ ...fault, locked }))),
  };
}

const isOwnVersion = (locked: LockedPackage, { byName }: Known): boolean =>
  locked.kind === 'path' && (byName.get(locked.name) ?? []).some((before) => meaningOf({ ...before, version: '', place: '' }) === meaningOf({ ...locked, version: '', place: '' }));
const meaningOf = ({ name, version, place, url, kind, integrity, rest }: LockedPackage): string => JSON.stringify([name, version, place, url, kind, integrity, rest]);
// Whoever may push a repository there would be as good as the registry.
const FORGES = /(?:^|\.)(?:github\.com|githubusercontent\.com|gitlab\.com|bitbucket\.org|codeberg\.org|sourceforge\.net|gitee\.com)$/;
const urlsOf = ({ url }: LockedPackage): string[] => (url === null ? [] : url.split(' '));
const hostsOf = (locked: LockedPackage): string[] => urlsOf(locked).flatMap((url) => hostOf(url) ?? []);

function usualStrength(packages: readonly LockedPackage[]): number {
  const strengths = packages.filter(({ kind }) => kind === 'registry').map(({ integrity }) => strengthOf(integrity)).toSorted((a, b) => a - b);
  // Rather the weaker half: a file that always had packages without a hash is not judged by the others.
  return strengths[Math.floor(strengths.length / 3)] ?? -1;
}

type Fault = Omit<LockFault, 'locked'>;
const source = (what: string): Fault => ({ kind: 'sources', what });

function sourceFaults(locked: LockedPackage, known: Known): Fault[] {
  const before = known.byName.get(locked.name) ?? [];
  const isAsBefore = before.some(({ kind, url }) => kind === locked.kind && withoutFragment(url) === withoutFragment(locked.url));
  if (isAsBefore && locked.kind !== 'registry') return [];
  if (locked.kind === 'path') {
    if (before.length > 0 && before.every(({ kind }) => kind === 'registry')) return [source('is taken from a folder now, no longer from a registry')];
    // Folders of the workspace itself have no address.
    return locked.url === null ? [] : [source('is taken from a folder or a file, past the registry')];
  }
  if (locked.kind !== 'registry') return [source(`is fetched from ${locked.kind === 'git' ? 'a git repository' : 'an address of its own'}${hostSuffix(locked)}, past the registry`)];
  // An alias puts another package where code still asks for the first.
  const stood = known.byPlace.get(locked.place);
  const swapped = stood !== undefined && stood.name !== locked.name ? [source(`stands where ${stood.name} stood, and answers to its name`)] : [];
  return [...swapped, ...hostFaults(locked, before, known), ...addressFaults(locked, known)];
}

const withoutFragment = (url: string | null): string | null => url?.replace(/#.*$/, '') ?? null;
const hostSuffix = (locked: LockedPackage): string => {
  const host = hostsOf(locked)[0];
  return host === undefined ? '' : ` at ${host}`;
};

function hostFaults(locked: LockedPackage, before: readonly LockedPackage[], { hosts, kind, isHost }: Known): Fault[] {
  const old = new Set(before.flatMap(urlsOf));
  const fresh = urlsOf(locked).filter((url) => !old.has(url));
  const isUsual = (host: string): boolean => kind.hosts.includes(host) || isHost(host);
  const foreign = fresh.map(hostOf).find((host) => host !== null && !isUsual(host) && !hosts.has(host));
  if (foreign !== undefined) return [source(`is fetched from ${foreign ?? ''}, which is no known registry`)];
  if (fresh.some((url) => hostOf(url) === null && /^[a-z][a-z0-9+.-]*:/i.test(url))) return [source('is fetched from an address that names no host')];
  if (fresh.some((url) => /^(?:registry\+|sparse\+)?http:\/\//i.test(url))) return [source('is fetched without encryption')];
  // From one registry to another: the same name can be another package there.
  const oldHosts = before.filter((each) => each.kind === 'registry').flatMap(hostsOf);
  const moved = fresh.map(hostOf).find((host) => host !== null && oldHosts.length > 0 && !oldHosts.includes(host) && !(isUsual(host) && oldHosts.some(isUsual)));
  const owner = ownerMoved(fresh, before);
  if (owner !== null) return [source(`is fetched from ${owner.now} now, and came from ${owner.before}`)];
  return moved === undefined ? [] : [source(`is fetched from ${moved ?? ''} now, and came from ${oldHosts[0] ?? ''}`)];
}

const FORGE_REPOSITORY = /^(?:git\+)?https?:\/\/(?:[^/@]*@)?(?:api\.github\.com\/repos|codeload\.github\.com|(?:www\.)?github\.com|gitlab\.com|bitbucket\.org)\/([\w.-]+\/[\w.-]+?)(?:\.git)?(?:[/#?]|$)/i;
const repositoriesOf = (urls: readonly string[]): string[] => urls.flatMap((url) => FORGE_REPOSITORY.exec(url)?.[1]?.toLowerCase() ?? []);

/** Where packages lie at a forge, the repository is what the registry is elsewhere. */
function ownerMoved(fresh: readonly string[], before: readonly LockedPackage[]): { readonly now: string; readonly before: string } | null {
  const old = repositoriesOf(before.filter(({ kind }) => kind === 'registry').flatMap(urlsOf));
  const now = repositoriesOf(fresh).find((repository) => !old.includes(repository));
  return now === undefined || old[0] === undefined ? null : { now, before: old[0] };
}

/** npm's addresses say which package they are: `…/lodash/-/lodash-4.17.21.tgz`. */
function addressFaults({ urlName, url, version }: LockedPackage, { kind }: Known): Fault[] {
  if (urlName === null || url === null || !kind.hosts.includes(hostOf(url) ?? '')) return [];
  const path = url.replace(/[?#].*$/s, '').replaceAll(/%2f/gi, '/').replaceAll(/%40/g, '@').replace(/^[a-z]+:\/\/[^/]+\//i, '');
  const base = urlName.slice(urlName.lastIndexOf('/') + 1);
  if (path.startsWith(`${urlName}/-/`)) {
    const file = version.replace(/\+.*$/s, '');
    const isVersion = !/^\d[\w.+-]*$/.test(version) || [base, urlName].some((name) => path === `${urlName}/-/${name}-${file}.tgz`);
    return isVersion ? [] : [source(`${version} is fetched from the address of another version`)];
  }
  return [source('is fetched from the address of another package')];
}

const integrity = (what: string): Fault => ({ kind: 'integrity', what });

function integrityFaults(locked: LockedPackage, { byName, byPlace, usualStrength: usual }: Known): Fault[] {
  if (locked.kind === 'path' || locked.kind === 'git') return [];
  // Said of a package that had a hash where it stands, it would only take that away.
  if (locked.isBundled && strengthOf(byPlace.get(locked.place)?.integrity ?? []) < 0) return [];
  const named = (byName.get(locked.name) ?? []).filter(({ kind }) => kind !== 'path' && kind !== 'git');
  const same = named.filter(({ version }) => version === locked.version);
  const compared = same.length > 0 ? same : named;
  const strength = strengthOf(locked.integrity);
  const expected = compared.length > 0 ? compared.reduce((least, each) => Math.min(least, strengthOf(each.integrity)), Infinity) : usual;
  if (strength < 0 && expected >= 0) return [integrity(compared.length > 0 ? 'loses its integrity: what is fetched is no longer checked' : 'has no integrity: what is fetched is not checked')];
  if (strength < expected) return [integrity(`is checked by ${algorithmOf(locked.integrity)} only, which is weaker than before`)];
  const hashes = new Set(same.flatMap((each) => each.integrity));
  const isOther = same.length > 0 && same.every((each) => each.integrity.length > 0) && locked.integrity.some((hash) => !hashes.has(hash) && [...hashes].some((each) => each.split(':')[0] === hash.split(':')[0]));
  if (isOther) return [integrity('has another hash, and is the same version')];
  const isMoved = locked.reference !== undefined && same.length > 0 && same.every(({ reference }) => reference !== undefined && reference !== locked.reference);
  return isMoved ? [integrity('is another commit, and is the same version')] : [];
}

const RUNS = /hasInstallScript:true|"requiresBuild","?true/;

function scriptFaults(locked: LockedPackage, { byName }: Known): Fault[] {
  const before = byName.get(locked.name) ?? [];
  return RUNS.test(locked.rest) && !before.some(({ rest }) => RUNS.test(rest)) ? [{ kind: 'scripts', what: 'runs a script of its own on installing' }] : [];
}
