import type { Dependency, Manifest, Setting } from './model.ts';
import { directionOf, type Direction } from './versions.ts';

/** One difference of meaning between two states of a manifest. */
export type Difference =
  | { readonly kind: 'new' | 'removed'; readonly dependency: Dependency }
  | { readonly kind: 'source' | 'moved'; readonly before: Dependency; readonly dependency: Dependency }
  | { readonly kind: 'version'; readonly before: Dependency; readonly dependency: Dependency; readonly direction: Direction }
  | { readonly kind: 'setting'; readonly change: 'new' | 'changed' | 'removed'; readonly setting: Setting };

// What these name is not fetched by the manifest; they only say what it works with.
const CONSTRAINTS = /^(?:engines|devEngines|volta|requires-python|rust-version|go|toolchain|godebug|ruby|gradle properties|conflict|provide|exclude|dependenciesMeta)$|\bexclusions\b/;

/** What differs in meaning; formatting, comments and order make no difference. */
export function compareManifests(before: Manifest, after: Manifest): Difference[] {
  return [...compareDependencies(before.dependencies, after.dependencies), ...compareSettings(before.settings, after.settings)];
}

function compareDependencies(before: readonly Dependency[], after: readonly Dependency[]): Difference[] {
  const old = Map.groupBy(before, identityOf);
  const now = Map.groupBy(after, identityOf);
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((name) => compareNamed(old.get(name) ?? [], now.get(name) ?? []));
}

const identityOf = ({ ecosystem, name }: Dependency): string => `${ecosystem}:${name}`;
const isSame = (a: Dependency, b: Dependency): boolean => a.section === b.section && a.requirement === b.requirement && a.source === b.source;

/** All mentions of one name: what is equal goes, then what stands in the same section is compared, then the rest in order. */
function compareNamed(before: readonly Dependency[], after: readonly Dependency[]): Difference[] {
  const old = [...before];
  const left = after.filter((dependency) => !take(old, (other) => isSame(other, dependency)));
  const paired = left.map((dependency) => ({ dependency, before: take(old, ({ section }) => section === dependency.section) }));
  const found = paired.flatMap(({ dependency, before: same }) => {
    const other = same ?? take(old, () => true);
    // The same name may stand in a further section, as it stands already.
    const redirected = before[0];
    if (other === undefined && redirected !== undefined && dependency.source !== null && dependency.source !== redirected.source) return [{ kind: 'source', before: redirected, dependency } as const];
    const known = other ?? before.find((each) => each.requirement === dependency.requirement && each.source === dependency.source);
    return known === undefined ? [isConstraint(dependency) ? constraint(dependency, dependency) : ({ kind: 'new', dependency } as const)] : comparePair(known, dependency);
  });
  return [...found, ...old.map((dependency): Difference => (isConstraint(dependency) ? constraint(dependency, dependency) : { kind: 'removed', dependency: { ...dependency, line: null } }))];
}

const isConstraint = ({ section }: Dependency): boolean => CONSTRAINTS.test(section);
const constraint = (before: Dependency, dependency: Dependency): Difference => ({ kind: 'version', before, dependency, direction: 'other' });

function take(from: Dependency[], isWanted: (dependency: Dependency) => boolean): Dependency | undefined {
  const index = from.findIndex(isWanted);
  return index < 0 ? undefined : from.splice(index, 1)[0];
}

function comparePair(before: Dependency, dependency: Dependency): Difference[] {
  // A hash that comes is a version said more exactly; one that goes lets anything in.
  const isPinned = before.source === null && dependency.source?.startsWith('hash') === true;
  if (before.source !== dependency.source && !isPinned) return [{ kind: 'source', before, dependency }];
  // Something that was only a constraint, and is now fetched.
  if (isConstraint(before) && !isConstraint(dependency)) return [{ kind: 'new', dependency }];
  if (before.requirement !== dependency.requirement || isPinned) return [{ kind: 'version', before, dependency, direction: directionOf(before.requirement, dependency.requirement) }];
  return before.section === dependency.section ? [] : [{ kind: 'moved', before, dependency }];
}

function compareSettings(before: readonly Setting[], after: readonly Setting[]): Difference[] {
  const old = Map.groupBy(before, nameOf);
  const now = Map.groupBy(after, nameOf);
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((name) => compareValues(old.get(name) ?? [], now.get(name) ?? []));
}

const nameOf = ({ kind, key }: Setting): string => `${kind} ${key}`;

/** A key may be there several times, each with a value of its own. */
function compareValues(before: readonly Setting[], after: readonly Setting[]): Difference[] {
  const values = new Set(before.map(({ value }) => value));
  const kept = new Set(after.map(({ value }) => value));
  const gone = before.filter(({ value }) => !kept.has(value));
  const come = after.filter(({ value }) => !values.has(value));
  const changed = come.map((setting, index): Difference => ({ kind: 'setting', change: index < gone.length ? 'changed' : 'new', setting }));
  return [...changed, ...gone.slice(come.length).map((setting): Difference => ({ kind: 'setting', change: 'removed', setting: { ...setting, line: null } }))];
}
