import { manifestReaderOf } from './manifests/read-manifest.ts';
import { isConfigPath } from './resolve/configs.ts';

const CI = /^\.github\/workflows\/[^/]+\.ya?ml$|^\.gitlab-ci\.yml$/;
const API = /(?:^|\/)(?:openapi|swagger)[\w.-]*\.(?:ya?ml|json)$|\.(?:openapi|swagger|schema)\.(?:ya?ml|json)$/i;
const OWNERS = new Set(['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS']);

export const isCiPath = (path: string): boolean => CI.test(path);
export const isApiPath = (path: string): boolean => API.test(path);

/** Files whose content is itself a fact: manifests, resolver configuration, owners, CI, API descriptions. */
export const isFactPath = (path: string): boolean => manifestReaderOf(path) !== null || isConfigPath(path) || OWNERS.has(path) || isCiPath(path) || isApiPath(path);
