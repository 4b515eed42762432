import { parseYaml } from '../yaml.ts';
import type { ManifestFacts } from './manifest-facts.ts';
import { dependencyTable, itemsOf, memberOf, textOf } from './manifest-facts.ts';

/** `composer.json`: name, `bin`, and dependencies without the platform's own. Throws what `JSON.parse` throws. */
export function readComposerJson(text: string): ManifestFacts {
  const json: unknown = JSON.parse(text);
  const isPackage = ({ name }: { name: string }): boolean => name.includes('/');
  return {
    ecosystem: 'composer',
    name: textOf(memberOf(json, 'name')),
    entries: itemsOf(memberOf(json, 'bin')).flatMap((each) => textOf(each) ?? []),
    dependencies: [...dependencyTable(memberOf(json, 'require'), 'runtime'), ...dependencyTable(memberOf(json, 'require-dev'), 'development')].filter(isPackage),
  };
}

/** `pubspec.yaml`. Throws what the YAML parser throws. */
export function readPubspec(text: string): ManifestFacts {
  const yaml: unknown = parseYaml(text);
  const name = textOf(memberOf(yaml, 'name'));
  return {
    ecosystem: 'pub', name,
    entries: name === null ? [] : [`lib/${name}.dart`, 'lib/main.dart'],
    dependencies: [...dependencyTable(memberOf(yaml, 'dependencies'), 'runtime'), ...dependencyTable(memberOf(yaml, 'dev_dependencies'), 'development')],
  };
}
