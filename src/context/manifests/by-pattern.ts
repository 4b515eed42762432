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
const tag = (xml: string, name: string): string | null => new RegExp(`<${name}>\\s*([^<]{1,300}?)\\s*</${name}>`).exec(xml)?.[1] ?? null;

/** Maven's `pom.xml`. */
export function readPom(text: string): ManifestFacts {
  const xml = text.replace(/<!--[\s\S]*?-->/g, '');
  const own = xml.replace(/<(parent|dependencies|dependencyManagement|build|profiles|plugins|modules)>[\s\S]*?<\/\1>/g, '');
  const parent = /<parent>([\s\S]*?)<\/parent>/.exec(xml)?.[1] ?? '';
  const [group, artifact] = [tag(own, 'groupId') ?? tag(parent, 'groupId'), tag(own, 'artifactId')];
  const dependencies = matches(xml, /<dependency>([\s\S]*?)<\/dependency>/g).flatMap(([, body = '']) => {
    const name = tag(body, 'artifactId');
    return name === null ? [] : [dependency(`${tag(body, 'groupId') ?? ''}:${name}`, tag(body, 'version') ?? '', tag(body, 'scope') === 'test' ? 'development' : 'runtime')];
  });
  return { ecosystem: 'maven', name: artifact === null ? null : `${group ?? ''}:${artifact}`, entries: [], dependencies };
}

/** `build.gradle` and `build.gradle.kts`. */
export function readGradle(text: string): ManifestFacts {
  const quoted = matches(text, /\b(implementation|api|compileOnly|runtimeOnly|testImplementation|testRuntimeOnly|kapt|annotationProcessor|classpath|compile|testCompile)\b[\s(]+(?:platform\()?["']([\w.-]+:[\w.-]+)(?::([^"'\s]+))?["']/g);
  const projects = matches(text, /\b(implementation|api|testImplementation|compileOnly|runtimeOnly)\b[\s(]+project\(\s*(?:path\s*[:=]\s*)?["']:?([\w.:-]+)["']/g);
  const groupOf = (keyword = ''): Dependency['group'] => (keyword.startsWith('test') ? 'development' : /^(?:kapt|annotationProcessor|classpath)$/.test(keyword) ? 'build' : 'runtime');
  return {
    ecosystem: 'gradle', name: /^\s*(?:archivesBaseName|rootProject\.name)\s*=\s*["']([^"'\n]{1,200})["']/m.exec(text)?.[1] ?? null, entries: [],
    dependencies: [...quoted.map(([, keyword, name = '', version]) => dependency(name, version, groupOf(keyword))), ...projects.map(([, keyword, name = '']) => dependency(`:${name}`, 'project', groupOf(keyword)))],
  };
}

/** `Gemfile` and `*.gemspec`. */
export function readGems(text: string): ManifestFacts {
  const name = /\.name\s*=\s*["']([\w.-]{1,200})["']/.exec(text)?.[1] ?? null;
  const gems = matches(text, /^\s*(?:gem|\w+\.add_(?:runtime_|development_)?dependency)[\s(]+["']([\w.-]+)["'](?:\s*,\s*["']([^"'\n]+)["'])?/gm);
  return {
    ecosystem: 'rubygems', name,
    entries: name === null ? [] : [`lib/${name}.rb`, `lib/${name.replaceAll('-', '/')}.rb`],
    dependencies: gems.map((match) => dependency(match[1] ?? '', match[2], match[0].includes('development') ? 'development' : 'runtime')),
  };
}

/** `*.csproj` and its kin. */
export function readDotnetProject(text: string): ManifestFacts {
  const packages = matches(text, /<PackageReference\s+[^>]*?(?:Include|Update)="([^"]{1,200})"(?:[^>]*?Version="([^"]{1,100})")?/g);
  const projects = matches(text, /<ProjectReference\s+[^>]*?Include="([^"]{1,300})"/g);
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

/** `setup.py` and `setup.cfg`: name and `install_requires`, where they are written out. */
export function readSetup(text: string): ManifestFacts {
  const list = /install_requires\s*=\s*(?:\[([^\]]*)\]|((?:\n[ \t]+[^\n]+)+))/.exec(text);
  const required = matches(list?.[1] ?? '', /["']([A-Za-z0-9][\w.-]*)([^"']*)["']/g);
  const lines = matches(list?.[2] ?? '', /^[ \t]+([A-Za-z0-9][\w.-]*)([^\n]*)$/gm);
  return { ecosystem: 'python', name: /^\s*name\s*=\s*["']?([\w.-]{1,200})/m.exec(text)?.[1] ?? null, entries: [], dependencies: [...required, ...lines].map(([, name = '', requirement]) => dependency(name, requirement, 'runtime')) };
}
