import { lineFinder } from './json.ts';
import type { Dependency, Manifest, Setting } from './model.ts';
import { matches } from './pyproject.ts';
import { asTable, asText, createLineFinder, isTable, parseToml, plain } from './toml.ts';

const COORDINATES = /(?<![\w:/])(["'])([\w.-]+):([\w.-]+)(?::([^"'\n]{0,200}))?\1/g;
const MAP = /\bgroup\s*[:=]\s*["']([^"'\n]+)["']\s*,\s*(?:name|module)\s*[:=]\s*["']([^"'\n]+)["'](?:\s*,\s*version\s*[:=]\s*["']([^"'\n]+)["'])?/g;
const PLUGIN = /\bid\s*\(?\s*["']([^"'\n]+)["']\s*\)?(?:\s*version\s*\(?\s*["']([^"'\n]+)["'])?|\bkotlin\s*\(\s*["']([\w.-]+)["']\s*\)\s*version\s*["']([^"'\n]+)["']/g;
const FILES = /\b(?:files|fileTree|flatDir|includeBuild)\b\s*[({]?\s*([^\n)}]{1,200})/g;
const REGISTRY = /\b(mavenCentral|mavenLocal|google|jcenter|gradlePluginPortal)\s*\(\s*\)|\b(?:maven|ivy)\s*\(\s*(?:url\s*=\s*)?(?:uri\s*\(\s*)?["']([^"'\n]+)["']|\burl\s*(?:=|\s|\(|\.set\s*\()\s*(?:uri\s*\(\s*)?["']([^"'\n]+)["']|["'](https?:\/\/[^"'\n]+)["']|\b(isAllowInsecureProtocol|allowInsecureProtocol)\b[^\n]{0,40}/g;
const SCRIPT = /\bapply\s*(?:\(\s*)?from\s*[:=]\s*([^\n)]{1,200})|\b(exec|javaexec|commandLine|executable)\b\s*[({]?([^\n]{0,200})/g;

/** `build.gradle` and `build.gradle.kts` are programs; this reads the notations that declare something, wherever they stand. */
export function readGradle(text: string): Manifest {
  const code = withoutComments(text);
  const lineAt = lineFinder(code);
  const values = new Map([...code.matchAll(/\b(\w+)\s*=\s*["']([^"'\n]{1,100})["']/g)].map(([, name = '', value = '']) => [name, value]));
  const known = (version: string): string => version.replaceAll(/\$\{?(?:[\w]+\.)*(\w+)\}?/g, (whole, name: string) => values.get(name) ?? whole);
  const dependencies: Dependency[] = [];
  const add = (found: RegExpExecArray, name: string, more: Partial<Dependency>): number => dependencies.push({ ecosystem: 'maven', section: 'dependencies', name, requirement: '', source: null, line: lineAt(found.index), ...more });
  for (const found of code.matchAll(COORDINATES)) if (found[2] !== 'http' && found[2] !== 'https') add(found, `${found[2] ?? ''}:${found[3] ?? ''}`, { requirement: known(found[4] ?? '') });
  for (const found of code.matchAll(MAP)) add(found, `${found[1] ?? ''}:${found[2] ?? ''}`, { requirement: known(found[3] ?? '') });
  for (const found of code.matchAll(PLUGIN)) add(found, found[1] ?? `org.jetbrains.kotlin.${found[3] ?? ''}`, { section: 'plugins', requirement: known(found[2] ?? found[4] ?? '') });
  for (const found of code.matchAll(FILES)) add(found, `files ${(found[1] ?? '').trim()}`, { section: 'files', source: 'path' });
  return { dependencies, settings: [...settingsOf(code, REGISTRY, 'registries', lineAt), ...settingsOf(code, SCRIPT, 'scripts', lineAt)] };
}

function settingsOf(code: string, pattern: RegExp, kind: Setting['kind'], lineAt: (offset: number) => number): Setting[] {
  return [...code.matchAll(pattern)].map((found) => ({ kind, key: kind === 'scripts' ? (found[2] ?? 'apply from') : `repository ${found.slice(1).find((part) => part !== undefined)?.slice(0, 80) ?? ''}`, value: found[0].replaceAll(/\s+/g, ' '), line: lineAt(found.index) }));
}

/** Comments become spaces, so that positions stay. Texts keep what looks like one. */
const withoutComments = (text: string): string => text.replaceAll(/"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (part) => (part.startsWith('/') ? part.replaceAll(/[^\n]/g, ' ') : part));

/** `libs.versions.toml`, Gradle's version catalog. */
export function readVersionCatalog(text: string): Manifest {
  const root = parseToml(text);
  const line = createLineFinder(text);
  const versions = asTable(root['versions']);
  const versionOf = (value: unknown): string => (isTable(value) ? (asText(value['ref']) === null ? plain(value) : versionOf(versions[asText(value['ref']) ?? ''])) : (asText(value) ?? ''));
  const entries = ['libraries', 'plugins'].flatMap((section) => matches(root, `${section}.*`).map(([path, value]): Dependency => {
    const key = path.slice(section.length + 1);
    const [group, artifact, version] = (asText(value) ?? '').split(':');
    const table = asTable(value);
    const module = asText(table['module']) ?? asText(table['id']) ?? (asText(table['group']) === null ? null : `${asText(table['group']) ?? ''}:${asText(table['name']) ?? ''}`);
    const name = module ?? (section === 'plugins' ? (group ?? '') : `${group ?? ''}:${artifact ?? ''}`);
    return { ecosystem: 'maven', section, name, requirement: isTable(value) ? versionOf(value['version']) : ((section === 'plugins' ? artifact : version) ?? ''), source: null, line: line(key) };
  }));
  return { dependencies: entries, settings: [] };
}
