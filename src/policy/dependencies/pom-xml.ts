import type { Dependency, Manifest, Setting } from './model.ts';
import { child, childText, compactXml, elementsIn, parseXml, type Element } from './xml.ts';

const ARTIFACTS = new Set(['dependency', 'plugin', 'extension', 'parent', 'path', 'exclusion']);
const REGISTRIES = new Set(['repository', 'pluginRepository', 'snapshotRepository', 'distributionManagement']);

// Properties that plugins read by themselves, and that decide what runs.
const USER_PROPERTIES = /arg(?:Line|s|uments?)$|jvm|executable|^exec\.|^maven\.(?:test|repo|wagon|ext|javadoc|compiler\.(?:executable|fork|arg|proc))|^skip|^(?:surefire|failsafe|jacoco)\.|^alt\w*Repository/i;

/** `pom.xml`: dependencies and plugins wherever they stand, with the properties that their versions name. */
export function readPom(text: string): Manifest {
  const all = elementsIn(parseXml(text));
  const properties = new Map(all.filter(({ path }) => path.at(-1) === 'properties').map(({ element }) => [element.name, element.text]));
  const resolve = (value: string): string => resolveProperties(value, properties);
  const dependencies: Dependency[] = [];
  const settings: Setting[] = [];
  for (const { element, path } of all) {
    if (ARTIFACTS.has(element.name) && childText(element, 'artifactId') !== '') {
      const dependency = readArtifact(element, path, resolve);
      dependencies.push(dependency);
      settings.push(...pluginSettings(element, dependency, resolve));
    } else if (REGISTRIES.has(element.name)) settings.push({ kind: 'registries', key: `${element.name} ${childText(element, 'id') || childText(element, 'url')}`.slice(0, 120), value: resolve(compactXml(element)), line: element.line });
    else if (element.name === 'modules') settings.push({ kind: 'entries', key: 'modules', value: compactXml(element), line: element.line });
  }
  for (const { element, path } of all) if (path.at(-1) === 'properties' && USER_PROPERTIES.test(element.name)) settings.push({ kind: 'scripts', key: `property ${element.name}`, value: resolve(element.text), line: element.line });
  return { dependencies, settings };
}

/** A version may name a property, and that another: the chain is short, or it is left as it stands. */
function resolveProperties(value: string, properties: ReadonlyMap<string, string>): string {
  let resolved = value;
  for (let round = 0; round < 5 && resolved.includes('${') && resolved.length < 10_000; round += 1) resolved = resolved.replaceAll(/\$\{([\w.-]+)\}/g, (whole, name: string) => properties.get(name) ?? whole);
  return resolved;
}

function readArtifact(element: Element, path: readonly string[], resolve: (value: string) => string): Dependency {
  const artifact = resolve(childText(element, 'artifactId'));
  const group = resolve(childText(element, 'groupId')) || (element.name === 'plugin' ? 'org.apache.maven.plugins' : '');
  const qualifiers = ['type', 'classifier', 'scope', 'optional'].map((name) => childText(element, name)).filter((text) => text !== '');
  const file = childText(element, 'systemPath');
  return {
    ecosystem: 'maven',
    section: [...path.filter((name) => name !== 'project'), element.name].join('.'),
    name: `${group}:${artifact}`,
    requirement: [resolve(childText(element, 'version')), ...qualifiers].join(' ').trim(),
    source: file === '' ? null : `path ${file}`,
    line: (child(element, 'version') ?? child(element, 'artifactId') ?? element).line,
  };
}

/** What a plugin is told to do runs with the build. */
function pluginSettings(element: Element, { name, section, line }: Dependency, resolve: (value: string) => string): Setting[] {
  if (element.name !== 'plugin') return [];
  const told = element.children.filter((inner) => /^(?:executions|configuration|goals|extensions)$/.test(inner.name));
  return told.length === 0 ? [] : [{ kind: 'scripts', key: `${section} ${name}`, value: resolve(told.map(compactXml).join()), line }];
}
