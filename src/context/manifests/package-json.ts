import type { ManifestFacts } from './manifest-facts.ts';
import { dependencyTable, entriesOf, memberOf, textOf } from './manifest-facts.ts';

/** `package.json`: name, entry points (`main`, `module`, `bin`, `exports`) and dependencies. Throws what `JSON.parse` throws. */
export function readPackageJson(text: string): ManifestFacts {
  const json: unknown = JSON.parse(text);
  const entries = ['main', 'module', 'types', 'bin', 'exports'].flatMap((key) => pathsIn(memberOf(json, key), 0));
  return {
    ecosystem: 'npm',
    name: textOf(memberOf(json, 'name')),
    // Declarations say what a package is, not where it begins, unless it is nothing else.
    entries: [...new Set(entries.some(isCode) ? entries.filter(isCode) : entries)].slice(0, 200),
    dependencies: [
      ...dependencyTable(memberOf(json, 'dependencies'), 'runtime'),
      ...dependencyTable(memberOf(json, 'devDependencies'), 'development'),
      ...dependencyTable(memberOf(json, 'peerDependencies'), 'peer'),
      ...dependencyTable(memberOf(json, 'optionalDependencies'), 'optional'),
    ],
  };
}

const isCode = (path: string): boolean => !/\.d\.[cm]?ts$/.test(path);

// `exports` nests conditions; anything that is text is a path.
function pathsIn(value: unknown, depth: number): string[] {
  const path = textOf(value);
  // A manifest is no place to begin reading.
  if (path !== null) return path.endsWith('package.json') ? [] : [path.replace(/^\.\//, '')];
  return depth > 6 ? [] : entriesOf(value).flatMap(([, child]) => pathsIn(child, depth + 1));
}
