import { isGradleFact } from './manifests/gradle-build.ts';
import { manifestReaderOf } from './manifests/read-manifest.ts';
import { isConfigPath } from './resolve/configs.ts';

const API = /(?:^|\/)(?:openapi|swagger)[\w.-]*\.(?:ya?ml|json)$|\.(?:openapi|swagger|schema)\.(?:ya?ml|json)$/i;
const OWNERS = new Set(['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS']);

export const isApiPath = (path: string): boolean => API.test(path);

/** Files whose content is itself a fact: manifests, resolver configuration, owners, API descriptions. */
export const isFactPath = (path: string): boolean => manifestReaderOf(path) !== null || isConfigPath(path) || isGradleFact(path) || OWNERS.has(path) || isApiPath(path);
