import type { Dependency } from '../../domain/context.ts';
import type { ManifestFacts } from './manifest-facts.ts';
import { dependencyTable, entriesOf, itemsOf, memberOf, textOf } from './manifest-facts.ts';
import { parseToml } from '../toml.ts';

/** `pyproject.toml`: PEP 621, dependency groups and Poetry's tables. Throws what the TOML parser throws. */
export function readPyproject(text: string): ManifestFacts {
  const toml = parseToml(text);
  const project = memberOf(toml, 'project');
  const poetry = memberOf(memberOf(toml, 'tool'), 'poetry');
  return {
    ecosystem: 'python',
    name: textOf(memberOf(project, 'name')) ?? textOf(memberOf(poetry, 'name')),
    entries: [...entriesOf(memberOf(project, 'scripts')), ...entriesOf(memberOf(poetry, 'scripts'))].flatMap(([, target]) => textOf(target) ?? []),
    dependencies: [
      ...requirementList(memberOf(project, 'dependencies'), 'runtime'),
      ...entriesOf(memberOf(project, 'optional-dependencies')).flatMap(([, list]) => requirementList(list, 'optional')),
      ...entriesOf(memberOf(toml, 'dependency-groups')).flatMap(([, list]) => requirementList(list, 'development')),
      ...requirementList(memberOf(memberOf(toml, 'build-system'), 'requires'), 'build'),
      ...dependencyTable(memberOf(poetry, 'dependencies'), 'runtime').filter((dependency) => dependency.name !== 'python'),
      ...dependencyTable(memberOf(poetry, 'dev-dependencies'), 'development'),
      ...entriesOf(memberOf(poetry, 'group')).flatMap(([, group]) => dependencyTable(memberOf(group, 'dependencies'), 'development')),
    ],
  };
}

/** `Pipfile`. Throws what the TOML parser throws. */
export function readPipfile(text: string): ManifestFacts {
  const toml = parseToml(text);
  return { ecosystem: 'python', name: null, entries: [], dependencies: [...dependencyTable(memberOf(toml, 'packages'), 'runtime'), ...dependencyTable(memberOf(toml, 'dev-packages'), 'development')] };
}

/** `requirements.txt`: one requirement a line; options and includes (`-r`, `--index-url`) are not followed. */
export function readRequirements(text: string): ManifestFacts {
  const lines = text.split('\n').map((line) => line.replace(/(?:^|\s)#.*$/, '').trim());
  return { ecosystem: 'python', name: null, entries: [], dependencies: lines.flatMap((line) => requirement(line, 'runtime') ?? []) };
}

const requirementList = (value: unknown, group: Dependency['group']): Dependency[] => itemsOf(value).flatMap((item) => requirement(item, group) ?? []);

/** One PEP 508 requirement: the name, and everything after it as it stands. */
function requirement(value: unknown, group: Dependency['group']): Dependency | null {
  const match = typeof value === 'string' ? /^([A-Za-z0-9][A-Za-z0-9._-]{0,200})(.*)$/s.exec(value.trim()) : null;
  return match?.[1] === undefined ? null : { name: match[1], requirement: (match[2] ?? '').trim().slice(0, 500), group };
}
