import type { ManifestFacts } from './manifest-facts.ts';
import { dependencyTable, entriesOf, itemsOf, memberOf, textOf } from './manifest-facts.ts';
import { parseToml } from '../toml.ts';

/** `Cargo.toml`: package name, binaries and dependencies. Throws what the TOML parser throws. */
export function readCargoToml(text: string): ManifestFacts {
  const toml = parseToml(text);
  return {
    ecosystem: 'cargo',
    name: textOf(memberOf(memberOf(toml, 'package'), 'name')),
    entries: [textOf(memberOf(memberOf(toml, 'lib'), 'path')), ...itemsOf(memberOf(toml, 'bin')).map((bin) => textOf(memberOf(bin, 'path')))].filter((path) => path !== null),
    dependencies: [
      ...dependencyTable(memberOf(toml, 'dependencies'), 'runtime'),
      ...dependencyTable(memberOf(toml, 'dev-dependencies'), 'development'),
      ...dependencyTable(memberOf(toml, 'build-dependencies'), 'build'),
      ...entriesOf(memberOf(toml, 'target')).flatMap(([, of]) => [...dependencyTable(memberOf(of, 'dependencies'), 'runtime'), ...dependencyTable(memberOf(of, 'dev-dependencies'), 'development')]),
      ...dependencyTable(memberOf(memberOf(toml, 'workspace'), 'dependencies'), 'runtime'),
    ],
  };
}
