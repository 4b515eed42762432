import type { Dependency } from '../../domain/context.ts';
import type { ManifestFacts } from './manifest-facts.ts';
import { dependencyTable, entriesOf, itemsOf, memberOf, textOf } from './manifest-facts.ts';
import { parseToml } from '../toml.ts';

/** A dependency may go by another name here than the package's own. */
const crates = (table: unknown, group: Dependency['group']): Dependency[] => dependencyTable(table, group).map((each) => ({ ...each, name: textOf(memberOf(memberOf(table, each.name), 'package')) ?? each.name }));

/** `Cargo.toml`: package name, binaries and dependencies. Throws what the TOML parser throws. */
export function readCargoToml(text: string): ManifestFacts {
  const toml = parseToml(text);
  return {
    ecosystem: 'cargo',
    name: textOf(memberOf(memberOf(toml, 'package'), 'name')),
    entries: [textOf(memberOf(memberOf(toml, 'lib'), 'path')), ...itemsOf(memberOf(toml, 'bin')).map((bin) => textOf(memberOf(bin, 'path')))].filter((path) => path !== null),
    dependencies: [
      ...crates(memberOf(toml, 'dependencies'), 'runtime'),
      ...crates(memberOf(toml, 'dev-dependencies'), 'development'),
      ...crates(memberOf(toml, 'build-dependencies'), 'build'),
      ...entriesOf(memberOf(toml, 'target')).flatMap(([, of]) => [...crates(memberOf(of, 'dependencies'), 'runtime'), ...crates(memberOf(of, 'dev-dependencies'), 'development')]),
      ...crates(memberOf(memberOf(toml, 'workspace'), 'dependencies'), 'runtime'),
    ],
  };
}
