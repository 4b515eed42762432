import { compact, memberOf, membersOf, parseJson, textOf } from './json.ts';
import { Unreadable, type Manifest, type Setting } from './model.ts';

const SECTIONS = ['require', 'require-dev', 'replace', 'provide', 'conflict'];
const SETTINGS: readonly (readonly [Setting['kind'], readonly string[]])[] = [
  ['registries', ['repositories', 'config', 'minimum-stability', 'prefer-stable']],
  ['entries', ['type', 'bin', 'autoload', 'autoload-dev', 'include-path', 'target-dir', 'php-ext', 'extra']],
];

/** `composer.json`. */
export function readComposerJson(text: string): Manifest {
  const json = parseJson(text);
  if (json.root.type !== 'object') throw new Unreadable('it is no JSON object');
  const dependencies = SECTIONS.flatMap((section) =>
    membersOf(memberOf(json.root, section), json).map(({ key, node, line }) => ({ ecosystem: 'composer' as const, section, name: key.toLowerCase(), requirement: textOf(node) ?? compact(node), source: null, line })),
  );
  const scripts = membersOf(memberOf(json.root, 'scripts'), json).map(({ key, node, line }): Setting => ({ kind: 'scripts', key: `scripts.${key}`, value: compact(node), line }));
  const others = SETTINGS.flatMap(([kind, keys]) =>
    keys.flatMap((key): Setting[] => {
      const node = memberOf(json.root, key);
      return node ? [{ kind, key, value: compact(node), line: json.lineOf(node) }] : [];
    }),
  );
  return { dependencies, settings: [...scripts, ...others] };
}
