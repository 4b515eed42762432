import type { RuleConfig } from '../../domain/config.ts';
import { matchDenied } from '../dependencies/package-names.ts';
import { readSide } from '../dependencies/read-side.ts';
import { Unreadable } from '../dependencies/model.ts';
import type { JudgedChange, PolicyInput } from '../input.ts';
import { isAccompanied, isLeftBehind } from '../lockfiles/accompanied.ts';
import { compareLocks, type LockComparison, type LockFault } from '../lockfiles/compare-locks.ts';
import { hashedRequirements, isRequirements, lockfileKindOf } from '../lockfiles/lockfile-kinds.ts';
import type { LockedPackage, Lockfile, LockfileKind } from '../lockfiles/model.ts';
import { matchAllowed } from '../match-path.ts';
import { createRule, listOf, severityOf } from '../path-rule.ts';
import type { Finding } from '../rule.ts';
import { showPath, showText } from '../show.ts';
import { denied, unreadable } from './dependencies.ts';

const NONE: Lockfile = { packages: [], settings: [] };
const NAMES_MAX = 5;

/** What lockfiles fix: whether it follows from a manifest, where it is fetched from, and what it is checked against. */
export const lockfiles = createRule('lockfiles', (input, settings) => input.changes.flatMap((judged) => judgeLockfile(judged, input, settings)));

function judgeLockfile(judged: JudgedChange, input: PolicyInput, settings: RuleConfig): Finding[] {
  const { path, op } = judged.change;
  // Only the name is known, as in triage: the change itself is judged when it is there.
  if (judged.oldBytes === null && judged.newBytes === null) return [];
  const kind = lockfileKindOf(path);
  if (kind === null) return isRequirements(path) ? judgeHashes(judged, settings) : [];
  const isAlone = !isAccompanied(path, kind, input.changes);
  if (op === 'delete') return isAlone || !isLeftBehind(path, kind, input) ? weigh(settings, 'unaccompanied', [deletion(path)]) : [];
  if (kind.read === null) return isAlone ? weigh(settings, 'unaccompanied', [alone(path, null)]) : [];
  const comparison = compare(judged, kind, settings);
  if (comparison instanceof Unreadable) return [unreadable(path, comparison)];
  if (comparison.differences === 0) return [];
  return [
    ...(isAlone && !comparison.isOwnVersionsOnly ? weigh(settings, 'unaccompanied', [alone(path, comparison)]) : []),
    ...faultFindings(path, kind, comparison.faults, settings),
    ...weigh(settings, 'additions', additions(path, comparison)),
    ...deniedFindings(path, kind, comparison, input),
  ];
}

function compare({ oldBytes, newBytes }: JudgedChange, kind: LockfileKind, settings: RuleConfig): LockComparison | Unreadable {
  const read = kind.read ?? (() => NONE);
  const [before, after] = [readSide(oldBytes, read, NONE), readSide(newBytes, read, NONE)];
  if (after instanceof Unreadable) return after;
  return compareLocks(before instanceof Unreadable ? NONE : before, after, { kind, isHost: matchAllowed(listOf(settings, 'hosts')) });
}

/** Requirements with hashes: the rule `dependencies` looks at the names, this one at the hashes. */
function judgeHashes(judged: JudgedChange, settings: RuleConfig): Finding[] {
  const comparison = compare(judged, hashedRequirements, settings);
  return comparison instanceof Unreadable ? [] : faultFindings(judged.change.path, hashedRequirements, comparison.faults.filter(({ kind }) => kind === 'integrity'), settings);
}

function weigh(settings: RuleConfig, parameter: string, findings: readonly Finding[]): Finding[] {
  const severity = severityOf(settings, parameter);
  return severity === 'off' ? [] : findings.map((finding) => ({ ...finding, severity }));
}

const WHY: Readonly<Record<LockFault['kind'], string>> = {
  sources: 'Whoever owns that address decides what is installed, whatever name and version stand here.',
  integrity: 'The hash is what makes sure that everyone installs the very same files.',
  scripts: 'It runs on the machine of everyone who installs the project, before anyone has looked at it.',
};

function faultFindings(path: string, { ecosystem }: LockfileKind, faults: readonly LockFault[], settings: RuleConfig): Finding[] {
  return faults.flatMap(({ kind, locked, what }) => weigh(settings, kind, [{ ...placeOf(path, locked), package: `${ecosystem}:${locked.name}`, message: `${showPackage(locked)} in ${showPath(path)} ${showText(what, 200)}.`, why: WHY[kind] }]));
}

const placeOf = (path: string, { line }: LockedPackage): Pick<Finding, 'path' | 'line'> => ({ path, ...(line === null ? {} : { line }) });
const showPackage = ({ name, version }: LockedPackage): string => `${showText(name, 120)}${/^[\w.+-]{1,40}$/.test(version) ? ` ${version}` : ''}`;

function deletion(path: string): Finding {
  return { path, message: `Deletes the lockfile ${showPath(path)}.`, why: 'Without it every installation takes whatever versions there are on that day, unchecked.' };
}

function alone(path: string, comparison: LockComparison | null): Finding {
  const names = comparison === null ? '' : listNames(comparison.changed);
  return {
    path,
    message: `Changes ${showPath(path)}, and no manifest that it follows from asks for that${names === '' ? '' : ` (${names})`}.`,
    why: 'A lockfile that moves on its own installs something that nobody has asked for; it is a quiet place for it.',
  };
}

function additions(path: string, { added }: LockComparison): Finding[] {
  const [first] = added;
  if (first === undefined) return [];
  return [{ ...placeOf(path, first), message: `Adds ${new Set(added.map(({ name }) => name)).size} package(s) to ${showPath(path)}: ${listNames(added)}.`, why: 'What a dependency needs is installed with it, and is code by others just the same.' }];
}

function listNames(packages: readonly LockedPackage[]): string {
  const names = [...Map.groupBy(packages, ({ name }) => name).values()].flatMap(([first]) => (first ? [showPackage(first)] : []));
  return names.length <= NAMES_MAX ? names.join(', ') : `${names.slice(0, NAMES_MAX).join(', ')} and ${names.length - NAMES_MAX} more`;
}

/** The deny list stands with the rule `dependencies`, and what they need in turn is on it as well. */
function deniedFindings(path: string, { ecosystem }: LockfileKind, { changed }: LockComparison, { config }: PolicyInput): Finding[] {
  const rule = config.kind === 'rules' ? config.rules['dependencies'] : undefined;
  const isDenied = matchDenied(rule === undefined || rule.severity === 'off' ? [] : listOf(rule, 'deny'));
  return changed.filter(({ name }) => isDenied(`${ecosystem}:${name}`)).map((locked) => denied(`${ecosystem}:${locked.name}`, { ...placeOf(path, locked), package: `${ecosystem}:${locked.name}` }));
}
