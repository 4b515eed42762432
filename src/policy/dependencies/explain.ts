import type { Severity } from '../../domain/policy.ts';
import { showPath, showText } from '../show.ts';
import type { Difference } from './compare.ts';
import type { Dependency, Setting } from './model.ts';

/** The kinds of difference that a config can weigh, by their parameter. */
export type DifferenceKind = 'new' | 'sources' | 'versions' | 'removed' | 'scripts' | 'registries' | 'entries';
export type Weights = Readonly<Record<DifferenceKind, Severity | 'off'>>;

export interface Explained {
  readonly kind: DifferenceKind;
  readonly message: string;
  readonly why: string;
  readonly line: number | null;
  readonly name: string | null;
}

const WHY: Readonly<Record<DifferenceKind, string>> = {
  new: 'A new dependency is code by others that runs with the rights of this project, on every machine that builds it.',
  sources: 'From another source the same name means other code, without the checks of the usual registry.',
  versions: 'Another version is other code; look at what it changes before you take it.',
  removed: 'What still needs it breaks, or takes another copy from somewhere else.',
  scripts: 'These commands run on the machines of developers and of CI, often on installing alone.',
  registries: 'Whoever runs a registry decides what every name from it contains.',
  entries: 'It decides which files and packages others load under the names that they know.',
};

/** What a reader should know of one difference, in a sentence. Values of settings are not shown: they can hold secrets. */
export function explain(difference: Difference, path: string): Explained {
  const [kind, message] = sentenceOf(difference, showPath(path));
  const line = difference.kind === 'setting' ? difference.setting.line : difference.dependency.line;
  return { kind, message, why: WHY[kind], line, name: difference.kind === 'setting' ? null : `${difference.dependency.ecosystem}:${difference.dependency.name}` };
}

function sentenceOf(difference: Difference, file: string): [DifferenceKind, string] {
  switch (difference.kind) {
    case 'new':
      return ['new', `Adds the dependency ${describe(difference.dependency)} to ${file} (${showText(difference.dependency.section, 80)}).`];
    case 'removed':
      return ['removed', `Removes the dependency ${describe(difference.dependency)} from ${file} (${showText(difference.dependency.section, 80)}).`];
    case 'source':
      return ['sources', `Takes ${nameOf(difference.dependency)} in ${file} from ${showSource(difference.dependency.source)}; it came from ${showSource(difference.before.source)}.`];
    case 'moved':
      return ['versions', `Moves ${nameOf(difference.dependency)} in ${file} from ${showText(difference.before.section, 80)} to ${showText(difference.dependency.section, 80)}.`];
    case 'version':
      return ['versions', versionSentence(difference, file)];
    case 'setting':
      return [difference.setting.kind, settingSentence(difference.change, difference.setting, file)];
    default:
      return difference satisfies never;
  }
}

function versionSentence({ before, dependency, direction }: Extract<Difference, { kind: 'version' }>, file: string): string {
  const verb = { up: 'Raises', down: 'Lowers', other: 'Changes' }[direction];
  const [from, to] = [showVersion(before.requirement), showVersion(dependency.requirement)];
  return from === to ? `Changes what is asked of ${nameOf(dependency)} in ${file} (${showText(dependency.section, 80)}).` : `${verb} ${nameOf(dependency)} in ${file} from ${from} to ${to}.`;
}

const SETTING_NAMES: Readonly<Record<Setting['kind'], string>> = { scripts: 'the command', registries: 'where packages come from:', entries: 'an entry point:' };

function settingSentence(change: 'new' | 'changed' | 'removed', { kind, key }: Setting, file: string): string {
  const verb = { new: 'Adds', changed: 'Changes', removed: 'Removes' }[change];
  return `${verb} ${SETTING_NAMES[kind]} ${showText(key, 120)} in ${file}.`;
}

const nameOf = ({ name }: Dependency): string => showText(withoutLogin(name), 120);

function describe(dependency: Dependency): string {
  // What stands behind an address can be the rest of a login.
  const version = dependency.requirement === '' || dependency.name.includes('://') ? '' : ` ${showVersion(dependency.requirement)}`;
  const source = dependency.source === null || dependency.source.startsWith('hash') ? '' : ` from ${showSource(dependency.source)}`;
  return `${nameOf(dependency)}${version}${source}`;
}

/** Only what looks like a version is shown; anything longer could carry a secret. */
function showVersion(requirement: string): string {
  const version = requirement.replaceAll(/([<>=~!^])\s+/g, '$1').split(/[\s[{;]/)[0] ?? '';
  if (version === '') return 'any version';
  if (/:\/\/|@(?!sha\d)/.test(version)) return 'an address';
  return /^[\w.^~<>=!*+,|@:/-]{1,60}$/.test(version) && !/[A-Za-z0-9]{24,}/.test(version) ? version : `${showText(version.slice(0, 12))}…`;
}

function showSource(source: string | null): string {
  if (source === null) return 'the usual registry';
  if (source.startsWith('hash')) return 'a place with a fixed hash';
  return showText(withoutLogin(source), 120);
}

/** Addresses carry logins (`https://user:token@host`) and tokens in their queries. */
const withoutLogin = (text: string): string => text.replaceAll(/\/\/[^/@\s]*@/g, '//').replaceAll(/(:\/\/[^/@\s:]*):(?!\d{1,5}(?:[/\s]|$))[^/\s]*/g, '$1:…').replaceAll(/\?\S*/g, '?…').replaceAll(/[A-Za-z0-9_-]{36,}/g, (long) => `${long.slice(0, 6)}…`);
