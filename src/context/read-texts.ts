import type { ContextProblem, PackageManifest } from '../domain/context.ts';
import type { ObjectReader } from '../ports/objects.ts';
import { decodeText } from './analyse/analyse-blob.ts';
import { LIMITS } from './limits.ts';
import { manifestReaderOf, readManifest } from './manifests/read-manifest.ts';
import { mapBounded } from './order.ts';
import type { ReadFile } from './read-files.ts';
import { isConfigPath } from './resolve/configs.ts';

const TEXTS_MAX = 5_000;
const OWNERS = new Set(['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS']);
const CI = /^\.github\/workflows\/[^/]+\.ya?ml$|^\.gitlab-ci\.yml$/;
const API = /(?:^|\/)(?:openapi|swagger)[\w.-]*\.(?:ya?ml|json)$|\.(?:openapi|swagger|schema)\.(?:ya?ml|json)$/i;

/** Files whose content is itself a fact: manifests, resolver configuration, owners, CI, API descriptions. */
export const isFactPath = (path: string): boolean => manifestReaderOf(path) !== null || isConfigPath(path) || OWNERS.has(path) || CI.test(path) || API.test(path);
export const isCiPath = (path: string): boolean => CI.test(path);
export const isApiPath = (path: string): boolean => API.test(path);

/** Their texts, by path in the order of the listing. Vendored packages say nothing about this repository. */
export async function readFactTexts(objects: ObjectReader, files: readonly ReadFile[]): Promise<ReadonlyMap<string, string>> {
  const wanted = files.filter(({ file, missing }) => missing === null && isFactPath(file.path) && !file.marks.includes('vendored') && !(file.kind === 'test' && isConfigPath(file.path) && file.path.includes('/fixtures/'))).slice(0, TEXTS_MAX);
  const texts = await mapBounded(wanted, 64, async ({ file }) => decodeText(await objects.readBlob(file.blob)));
  return new Map(wanted.flatMap(({ file }, index) => {
    const text = texts[index] ?? null;
    return text === null ? [] : [[file.path, text] as const];
  }));
}

export function readManifests(texts: ReadonlyMap<string, string>): { manifests: PackageManifest[]; problems: ContextProblem[] } {
  const manifests: PackageManifest[] = [];
  const problems: ContextProblem[] = [];
  for (const [path, text] of texts) {
    if (manifestReaderOf(path) === null || manifests.length >= LIMITS.manifests) continue;
    const result = readManifest(path, text);
    if (result.kind === 'read') manifests.push(result.manifest);
    else problems.push({ path, code: 'manifest-invalid', reason: result.reason });
  }
  return { manifests, problems };
}
