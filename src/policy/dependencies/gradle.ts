import { lineFinder } from './json.ts';
import type { Dependency, Manifest, Setting } from './model.ts';
import { matches } from './pyproject.ts';
import { asTable, asText, createLineFinder, isTable, parseToml, plain } from './toml.ts';

const COORDINATES = /(?<![\w:/])(["'])([\w.-]+):([\w.-]+)(?::([^"'\n]{0,200}))?\1/g;
const MAP = /\bgroup\s*[:=]\s*["']([^"'\n]+)["']\s*,\s*(?:name|module)\s*[:=]\s*["']([^"'\n]+)["'](?:\s*,\s*version\s*[:=]\s*["']([^"'\n]+)["'])?/g;
const PLUGIN = /\bapply\s*(?:\(\s*)?plugin\s*[:=]\s*["']([^"'\n]+)["']|\bid\s*\(?\s*["']([^"'\n]+)["']\s*\)?(?:\s*version\s*\(?\s*["']([^"'\n]+)["'])?|\bkotlin\s*\(\s*["']([\w.-]+)["']\s*\)\s*version\s*["']([^"'\n]+)["']/g;
// Plugins without an address: Gradle's own, and those of a version catalog.
const PLUGIN_BLOCK = /\bplugins\s*\{([^{}]{0,5000})\}/g;
const OWN_PLUGIN = /^[ \t]*(?:`([\w.-]+)`|([a-z][\w-]*))[ \t]*$|\balias\s*\(\s*([\w.]+)\s*\)/gm;
const INCLUDE = /^[ \t]*include(?:Flat)?\b\s*\(?([^\n]{1,300})/gm;
const FILES = /\b(?:files|fileTree|flatDir|includeBuild)\b\s*[({]?\s*([^\n)}]{1,200})/g;
const REGISTRY = /\b(mavenCentral|mavenLocal|google|jcenter|gradlePluginPortal)\s*\(\s*\)|\b(?:maven|ivy)\s*\(\s*(?:url\s*=\s*)?(?:uri\s*\(\s*)?["']([^"'\n]+)["']|\burl\s*(?:=|\s|\(|\.set\s*\()\s*(?:uri\s*\(\s*)?["']([^"'\n]+)["']|["'](https?:\/\/[^"'\n]+)["']|\b(isAllowInsecureProtocol|allowInsecureProtocol)\b[^\n]{0,40}/g;
const SCRIPT = /\bapply\s*(?:\(\s*)?from\s*[:=]\s*([^\n)]{1,200})|\b(exec|javaexec|commandLine|executable|ProcessBuilder|GroovyShell|evaluate|Runtime|jvmArgs|javaLauncher|forName|toURL|openStream|openConnection|readText)\b\s*[({]?([^\n]{0,200})|(?:\.|\?\.)(execute)\s*\([^\n]{0,200}|\b(URL)\s*\([^\n]{0,200}|\b(ant)\.[^\n]{0,200}/g;
// Libraries and projects by an accessor, and whatever else stands where a library would.
const CONFIGURATION = String.raw`\b(?:[a-z]\w*(?:Implementation|Api|CompileOnly|RuntimeOnly|AnnotationProcessor|Classpath)|implementation|api|compile|runtime|compileOnly|compileOnlyApi|runtimeOnly|testCompile|testRuntime|classpath|annotationProcessor|kapt\w*|ksp\w*|provided|coreLibraryDesugaring)`;
const ACCESSOR = new RegExp(String.raw`${CONFIGURATION}\s*\(?\s*(?:(?:enforcedPlatform|platform|testFixtures|variantOf|kotlin)\s*\(\s*)*((?:libs|projects|project|deps?|Deps?|Libs?|versions)\b[.(][^\n)]{1,200})`, 'g');
const EXPRESSION = new RegExp(String.raw`${CONFIGURATION}\b\s*\(?[ \t]*((?:["'][^"'\n]*["']\s*\+|\w+\s*\+)[^\n]{1,200})`, 'g');
// Where an address is no plain text, nobody can say what it is.
const COMPUTED_URL = /\b(?:setUrl\s*\(|url\s*(?:=|\(|\.set\s*\())\s*(?:uri\s*\(\s*)?(?!["'\s])([^\n]{1,200})|\burl\s+(?!["'=\s(])([A-Za-z_][^\n]{0,200})/g;

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
  for (const found of code.matchAll(PLUGIN)) add(found, found[1] ?? found[2] ?? `org.jetbrains.kotlin.${found[4] ?? ''}`, { section: 'plugins', requirement: known(found[3] ?? found[5] ?? '') });
  for (const found of code.matchAll(ACCESSOR)) add(found, (found[1] ?? '').trim().slice(0, 120), { section: 'by accessor' });
  for (const block of code.matchAll(PLUGIN_BLOCK)) for (const found of (block[1] ?? '').split(/;|(?<=\n)/).join('\n').matchAll(OWN_PLUGIN)) dependencies.push({ ecosystem: 'maven', section: 'plugins', name: found[1] ?? found[2] ?? found[3] ?? '', requirement: '', source: null, line: lineAt(block.index) });
  for (const found of code.matchAll(FILES)) add(found, `files ${(found[1] ?? '').trim()}`, { section: 'files', source: 'path' });
  return { dependencies, settings: [...settingsOf(code, REGISTRY, 'registries', lineAt), ...settingsOf(code, COMPUTED_URL, 'registries', lineAt), ...settingsOf(code, SCRIPT, 'scripts', lineAt), ...computed(code, lineAt), ...included(code, lineAt)] };
}

function settingsOf(code: string, pattern: RegExp, kind: Setting['kind'], lineAt: (offset: number) => number): Setting[] {
  return [...code.matchAll(pattern)].map((found) => ({ kind, key: kind === 'scripts' ? (found[2] ?? found[4] ?? found[5] ?? found[6] ?? 'apply from') : `repository ${found.slice(1).find((part) => part !== undefined)?.slice(0, 80) ?? ''}`, value: found[0].replaceAll(/\s+/g, ' '), line: lineAt(found.index) }));
}

/** Projects that a build is made of. */
const included = (code: string, lineAt: (offset: number) => number): Setting[] => [...code.matchAll(INCLUDE)].map((found) => ({ kind: 'entries', key: `include ${(found[1] ?? '').replaceAll(/["'()\s]+/g, ' ').trim().slice(0, 80)}`, value: found[0].replaceAll(/\s+/g, ''), line: lineAt(found.index) }));

/** A library whose name is put together. */
const computed = (code: string, lineAt: (offset: number) => number): Setting[] => [...code.matchAll(EXPRESSION)].map((found) => ({ kind: 'scripts', key: 'a dependency that is computed', value: found[0].replaceAll(/\s+/g, ' '), line: lineAt(found.index) }));

/** `gradle.properties`: what the build itself is started with, and values (versions, mostly) that builds read. */
export function readGradleProperties(text: string): Manifest {
  const entries = text.split(/\r?\n/).flatMap((raw, index) => {
    const [, key, value = ''] = /^\s*([^#!\s=:][^=:\s]{0,200})\s*[=:]?\s*(.*)$/.exec(raw) ?? [];
    return key === undefined ? [] : [{ key, value, line: index + 1 }];
  });
  const isSetting = ({ key, value }: { key: string; value: string }): boolean => /^(?:org\.gradle|systemProp|kotlin\.(?:compiler|daemon))|repositor|url$|proxy/i.test(key) || /:\/\//.test(value);
  return {
    dependencies: entries.filter((entry) => !isSetting(entry)).map(({ key, value, line }) => ({ ecosystem: 'maven', section: 'gradle properties', name: key, requirement: value, source: null, line })),
    settings: entries.filter(isSetting).map(({ key, value, line }) => ({ kind: /^(?:org\.gradle\.(?:jvmargs|java)|systemProp)/.test(key) ? 'scripts' : 'registries', key, value, line })),
  };
}

const TEXT_OR_COMMENT = /"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
const TEXT_OR_LINE_COMMENT = /"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*/g;

/** Comments become spaces, so that positions stay. Texts keep what looks like one. */
function withoutComments(text: string): string {
  // Behind the last end no block comment closes, and looking for one from each beginning would take quadratic time.
  const last = text.lastIndexOf('*/');
  // To the end of its line, since it may stand in a text of that line.
  const lineEnd = last < 0 ? 0 : text.indexOf('\n', last);
  const end = lineEnd < 0 ? text.length : lineEnd;
  const blank = (part: string): string => (part.startsWith('/') ? part.replaceAll(/[^\n]/g, ' ') : part);
  return text.slice(0, end).replaceAll(TEXT_OR_COMMENT, blank) + text.slice(end).replaceAll(TEXT_OR_LINE_COMMENT, blank);
}

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
