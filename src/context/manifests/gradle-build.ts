import type { Dependency, PackageManifest } from '../../domain/context.ts';
import { directoryOf, baseName } from '../languages.ts';
import { foldersAbove, under } from '../resolve/paths.ts';
import { parseToml } from '../toml.ts';
import { entriesOf, memberOf, textOf } from './manifest-facts.ts';

/** What a Gradle build says beside its `build.gradle` files: version catalogs, settings and properties. */
export const isGradleFact = (path: string): boolean => /(?:^|\/)(?:gradle\.properties|settings\.gradle(?:\.kts)?|gradle\/[\w.-]+\.versions\.toml)$/.test(path);

/**
 * Gives Gradle's manifests what only the whole build says: the libraries that `libs.…` of a catalog stands for, and their own coordinates (`group:artifact`)
 * where group and artifact are written out somewhere above them.
 */
export function completeGradle(manifests: readonly PackageManifest[], texts: ReadonlyMap<string, string>): PackageManifest[] {
  if (!manifests.some(({ ecosystem }) => ecosystem === 'gradle')) return [...manifests];
  const libraries = new Map([...texts].filter(([path]) => path.endsWith('.versions.toml')).flatMap(([path, text]) => catalogOf(baseName(path).replace('.versions.toml', ''), text)));
  return manifests.map((manifest) => (manifest.ecosystem !== 'gradle' ? manifest : {
    ...manifest,
    name: coordinatesOf(manifest, texts),
    dependencies: manifest.dependencies.map((each): Dependency => ({ ...each, ...libraries.get(each.name.replaceAll('-', '.')) })),
  }));
}

type Library = Pick<Dependency, 'name' | 'requirement'>;

/** `[libraries]` of a catalog by the accessor that builds use: `okhttp-client` is `libs.okhttp.client`. */
function catalogOf(catalog: string, text: string): [string, Library][] {
  let toml: unknown;
  try {
    toml = parseToml(text);
  } catch {
    return []; // It names nothing then; it is no manifest of its own.
  }
  const versions = memberOf(toml, 'versions');
  return entriesOf(memberOf(toml, 'libraries')).slice(0, 2_000).flatMap(([alias, value]): [string, Library][] => {
    const [group, artifact, short] = textOf(value)?.split(':') ?? (textOf(memberOf(value, 'module')) ?? `${textOf(memberOf(value, 'group')) ?? ''}:${textOf(memberOf(value, 'name')) ?? ''}`).split(':');
    const stated = memberOf(value, 'version');
    const version = short ?? textOf(stated) ?? textOf(memberOf(versions, textOf(memberOf(stated, 'ref')) ?? '')) ?? '';
    return group === undefined || group === '' || artifact === undefined || artifact === '' ? [] : [[`${catalog}.${alias.replaceAll(/[-_]/g, '.')}`, { name: `${group}:${artifact}`, requirement: version }]];
  });
}

function coordinatesOf({ path, name }: PackageManifest, texts: ReadonlyMap<string, string>): string | null {
  const folder = directoryOf(path);
  const above = foldersAbove(folder);
  const read = (of: string, files: readonly string[], pattern: RegExp): string | null => files.map((file) => pattern.exec(texts.get(under(of, file)) ?? '')?.[1]).find((found) => found !== undefined) ?? null;
  const builds = ['build.gradle', 'build.gradle.kts'];
  const group = above.map((of) => read(of, builds, /^[ \t]*group[ \t]*=?[ \t]*\(?["']([\w.-]{1,200})["']/m) ?? read(of, ['gradle.properties'], /^[ \t]*(?:GROUP|group)\s*=\s*([\w.-]{1,200})\s*$/m)).find((found) => found !== null) ?? null;
  const artifact = read(folder, ['gradle.properties'], /^[ \t]*POM_ARTIFACT_ID\s*=\s*([\w.-]{1,200})\s*$/m) ?? name ?? read(folder, ['settings.gradle', 'settings.gradle.kts'], /\brootProject\.name\s*=\s*["']([^"'\n]{1,200})["']/) ?? (folder === '' ? null : baseName(folder));
  return artifact === null ? null : group === null ? name : `${group}:${artifact}`;
}
