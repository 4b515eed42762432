import type { Dependency } from '../../domain/context.ts';
import type { ManifestFacts } from './manifest-facts.ts';

/**
 * Manifests that are programs or free-form XML: read by their usual lines, never run. What is computed in them (versions from
 * variables, included files) is not seen.
 */
const MATCHES_MAX = 2_000;

function matches(text: string, pattern: RegExp): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  for (const match of text.matchAll(pattern)) {
    if (found.push(match) >= MATCHES_MAX) break;
  }
  return found;
}

const dependency = (name: string, requirement: string | undefined, group: Dependency['group']): Dependency => ({ name: name.slice(0, 300), requirement: (requirement ?? '').trim().slice(0, 500), group });
const tag = (xml: string, name: string): string | null => new RegExp(`<${name}>([^<]{1,400})</${name}>`).exec(xml)?.[1]?.trim().slice(0, 300) || null;

/** A text without what stands between two marks, in one pass however many begin. */
function without(xml: string, open: string, close: string): string {
  const parts: string[] = [];
  let at = 0;
  for (let start = xml.indexOf(open); start >= 0; start = xml.indexOf(open, at)) {
    parts.push(xml.slice(at, start));
    const end = xml.indexOf(close, start + open.length);
    at = end < 0 ? xml.length : end + close.length;
  }
  return parts.join('') + xml.slice(at);
}

/** Maven's `pom.xml`. */
export function readPom(text: string): ManifestFacts {
  const xml = without(text, '<!--', '-->');
  const own = ['parent', 'dependencyManagement', 'dependencies', 'build', 'profiles', 'plugins', 'modules'].reduce((rest, name) => without(rest, `<${name}>`, `</${name}>`), xml);
  const parent = xml.slice(xml.indexOf('<parent>') + 8, xml.indexOf('</parent>'));
  const [group, artifact] = [tag(own, 'groupId') ?? tag(parent, 'groupId'), tag(own, 'artifactId')];
  const dependencies = matches(xml, /<dependency>([^<]{0,4000}(?:<(?!\/?dependency>)[^<]{0,4000}){0,100})<\/dependency>/g).flatMap(([, body = '']) => {
    const name = tag(body, 'artifactId');
    return name === null ? [] : [dependency(`${tag(body, 'groupId') ?? ''}:${name}`, tag(body, 'version') ?? '', tag(body, 'scope') === 'test' ? 'development' : 'runtime')];
  });
  return { ecosystem: 'maven', name: artifact === null ? null : `${group ?? ''}:${artifact}`, entries: [], dependencies };
}

/** `build.gradle` and `build.gradle.kts`. */
export function readGradle(text: string): ManifestFacts {
  const quoted = matches(text, /\b(implementation|api|compileOnly|runtimeOnly|testImplementation|testRuntimeOnly|kapt|annotationProcessor|classpath|compile|testCompile)\b[\s(]+(?:platform\()?["']([\w.-]+:[\w.-]+)(?::([^"'\s]+))?["']/g);
  const projects = matches(text, /\b(implementation|api|testImplementation|compileOnly|runtimeOnly)\b[\s(]+project\(\s*(?:path\s*[:=]\s*)?["']:?([\w.:-]+)["']/g);
  // Of a version catalog, and of other projects by their accessors: which library that is, the whole build says.
  const accessors = matches(text, /\b(implementation|api|compileOnly|runtimeOnly|testImplementation|testRuntimeOnly|kapt|ksp|annotationProcessor|classpath)\b[ \t(]+(?:platform\()?((?:\w*[lL]ibs|projects)\.[\w.]{1,200})/g);
  const groupOf = (keyword = ''): Dependency['group'] => (keyword.startsWith('test') ? 'development' : /^(?:kapt|annotationProcessor|classpath)$/.test(keyword) ? 'build' : 'runtime');
  return {
    ecosystem: 'gradle', name: /^[ \t]*(?:archivesBaseName|rootProject\.name)\s*=\s*["']([^"'\n]{1,200})["']/m.exec(text)?.[1] ?? null, entries: [],
    dependencies: [...quoted.map(([, keyword, name = '', version]) => dependency(name, version, groupOf(keyword))), ...projects.map(([, keyword, name = '']) => dependency(`:${name}`, 'project', groupOf(keyword))), ...accessors.map(([, keyword, name = '']) => (name.startsWith('projects.') ? dependency(projectPath(name.slice(9)), 'project', groupOf(keyword)) : dependency(name, '', groupOf(keyword))))],
  };
}

/** `okioTestingSupport.core` is `:okio-testing-support:core`. */
const projectPath = (accessor: string): string => `:${accessor.replaceAll('.', ':').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** `Gemfile` and `*.gemspec`. */
export function readGems(text: string): ManifestFacts {
  const name = /\.name\s*=\s*["']([\w.-]{1,200})["']/.exec(text)?.[1] ?? null;
  const gems = matches(text, /^[ \t]*(?:gem|\w+\.add_(?:runtime_|development_)?dependency)[\s(]+["']([\w.-]+)["'](?:\s*,\s*["']([^"'\n]+)["'])?/gm);
  return {
    ecosystem: 'rubygems', name,
    entries: name === null ? [] : [`lib/${name}.rb`, `lib/${name.replaceAll('-', '/')}.rb`],
    dependencies: gems.map((match) => dependency(match[1] ?? '', match[2], match[0].includes('development') ? 'development' : 'runtime')),
  };
}

/** `*.csproj` and its kin. */
export function readDotnetProject(text: string): ManifestFacts {
  const packages = matches(text, /<PackageReference\s+[^>]{0,500}?(?:Include|Update)="([^"]{1,200})"(?:[^>]{0,500}?Version="([^"]{1,100})")?/g);
  const projects = matches(text, /<ProjectReference\s+[^>]{0,500}?Include="([^"]{1,300})"/g);
  return {
    ecosystem: 'nuget', name: tag(text, 'PackageId') ?? tag(text, 'AssemblyName'), entries: ['Program.cs'],
    dependencies: [...packages.map(([, name = '', version]) => dependency(name, version, 'runtime')), ...projects.map(([, path = '']) => dependency(path.replaceAll('\\', '/').replace(/^.*\//, '').replace(/\.\w+proj$/, ''), 'project', 'runtime'))],
  };
}

/** `Package.swift`. */
export function readPackageSwift(text: string): ManifestFacts {
  const urls = matches(text, /\.package\(\s*(?:name:\s*"([^"]+)"\s*,\s*)?url:\s*"([^"]{1,300})"\s*,\s*([^)\n]{1,100})/g);
  return {
    ecosystem: 'swift', name: /Package\(\s*name:\s*"([^"]{1,200})"/.exec(text)?.[1] ?? null, entries: ['Sources/main.swift'],
    dependencies: urls.map(([, name, url = '', version]) => dependency(name ?? url.replace(/^.*\//, '').replace(/\.git$/, ''), version, 'runtime')),
  };
}

/** Elixir's `mix.exs`: the application's name and its `deps`. */
export function readMix(text: string): ManifestFacts {
  const found = matches(text, /\{\s*:(\w{1,200})\s*,\s*(?:"([^"\n]{0,100})"|(?=\w+:))([^}\n]{0,300})/g);
  return {
    ecosystem: 'hex', name: /\bapp:\s*:(\w{1,200})/.exec(text)?.[1] ?? null, entries: [],
    dependencies: found.map(([, name = '', version, options = '']) => dependency(name, version, /\bonly:/.test(options) && !/:prod\b/.test(options) ? 'development' : 'runtime')),
  };
}

/** `setup.py` and `setup.cfg`: name and `install_requires`, where they are written out. */
export function readSetup(text: string): ManifestFacts {
  const list = /install_requires\s*=\s*(?:\[([^\]]{0,5000})\]|((?:\n[ \t]+[^\n]+)+))/.exec(text);
  const required = matches(list?.[1] ?? '', /["']([A-Za-z0-9][\w.-]*)([^"']*)["']/g);
  const lines = matches(list?.[2] ?? '', /^[ \t]+([A-Za-z0-9][\w.-]*)([^\n]*)$/gm);
  return { ecosystem: 'python', name: /^[ \t]*name[ \t]*=[ \t]*["']?([\w.-]{1,200})/m.exec(text)?.[1] ?? null, entries: [], dependencies: [...required, ...lines].map(([, name = '', requirement]) => dependency(name, requirement, 'runtime')) };
}
