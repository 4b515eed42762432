import type { ContextProblem, PackageManifest } from '../domain/context.ts';
import type { ObjectReader } from '../ports/objects.ts';
import { decodeText } from './analyse/analyse-blob.ts';
import { isApiPath, isFactPath } from './fact-paths.ts';
import { LIMITS } from './limits.ts';
import { completeGradle } from './manifests/gradle-build.ts';
import { manifestReaderOf, readManifest } from './manifests/read-manifest.ts';
import { mapBounded } from './order.ts';
import type { ReadFile } from './read-files.ts';
import { isConfigPath } from './resolve/configs.ts';

const TEXTS_MAX = 5_000;

/** Texts of files that are facts themselves, by path in the order of the listing. Vendored packages say nothing about this repository. */
export async function readFactTexts(objects: ObjectReader, files: readonly ReadFile[]): Promise<ReadonlyMap<string, string>> {
  const wanted = files.filter(({ file, missing }) => missing === null && isFactPath(file.path) && !file.marks.includes('vendored') && !(file.kind === 'test' && isConfigPath(file.path) && file.path.includes('/fixtures/'))).slice(0, TEXTS_MAX);
  const texts = await mapBounded(wanted, 64, async ({ file }) => decodeText(await objects.readBlob(file.blob)));
  return new Map(wanted.flatMap(({ file }, index) => {
    const text = texts[index] ?? null;
    // A byte order mark is no part of what a manifest says.
    return text === null ? [] : [[file.path, text.replace(/^\uFEFF/, '')] as const];
  }));
}

/** Whether any of them takes the YAML parser. */
export const needsYaml = (texts: ReadonlyMap<string, string>): boolean => [...texts.keys()].some((path) => /(?:^|\/)pubspec\.yaml$/i.test(path) || (isApiPath(path) && !path.endsWith('.json')));

/** Whether any of them takes the TOML parser. */
export const needsToml = (texts: ReadonlyMap<string, string>): boolean => [...texts.keys()].some((path) => /\.toml$|(?:^|\/)pipfile$/i.test(path));

export function readManifests(texts: ReadonlyMap<string, string>): { manifests: PackageManifest[]; problems: ContextProblem[] } {
  const manifests: PackageManifest[] = [];
  const problems: ContextProblem[] = [];
  for (const [path, text] of texts) {
    if (manifestReaderOf(path) === null || manifests.length >= LIMITS.manifests) continue;
    const result = readManifest(path, text);
    if (result.kind === 'read') manifests.push(result.manifest);
    else problems.push({ path, code: 'manifest-invalid', reason: result.reason });
  }
  return { manifests: completeGradle(manifests, texts), problems };
}
