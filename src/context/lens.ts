import { isLockfilePath } from '../domain/path-kinds.ts';
import { baseName, extensionOf } from './languages.ts';

/** Grammars of `@repomix/tree-sitter-wasms`, all seventeen. */
export const LANGUAGE_GRAMMARS = [
  'c', 'c_sharp', 'cpp', 'css', 'dart', 'go', 'java', 'javascript', 'php', 'python', 'ruby', 'rust', 'solidity', 'swift', 'tsx', 'typescript', 'vue',
] as const;
export type LanguageGrammar = (typeof LANGUAGE_GRAMMARS)[number];

/**
 * How a blob is looked at. Chosen by the path alone, so that a blob and its lens say everything about an outline: they
 * are its key in the cache. `header` is C or C++, as its text has it; `kotlin`, `proto` and `graphql` have no grammar here and are
 * read by their declarations; a `workflow` (GitHub's) and a `pipeline` (GitLab's) by their jobs; `text` has words only, and a `lockfile` not even these: no ranking lists one.
 */
export type Lens = LanguageGrammar | 'header' | 'kotlin' | 'scala' | 'proto' | 'graphql' | 'workflow' | 'pipeline' | 'lockfile' | 'text';

const BY_EXTENSION: Readonly<Record<string, Lens>> = {
  ts: 'typescript', mts: 'typescript', cts: 'typescript', tsx: 'tsx', js: 'javascript', mjs: 'javascript', cjs: 'javascript', jsx: 'javascript',
  py: 'python', pyi: 'python', go: 'go', rs: 'rust', java: 'java', kt: 'kotlin', kts: 'kotlin', scala: 'scala',
  c: 'c', h: 'header', cc: 'cpp', cpp: 'cpp', cxx: 'cpp', hpp: 'cpp', hh: 'cpp', hxx: 'cpp', ipp: 'cpp', inl: 'cpp', cs: 'c_sharp', swift: 'swift',
  rb: 'ruby', rake: 'ruby', gemspec: 'ruby', ru: 'ruby', php: 'php', phtml: 'php', dart: 'dart', sol: 'solidity', css: 'css', vue: 'vue',
  proto: 'proto', graphql: 'graphql', gql: 'graphql',
};
const BY_NAME: Readonly<Record<string, Lens>> = { gemfile: 'ruby', rakefile: 'ruby' };

const ownValue = (table: Readonly<Record<string, Lens>>, key: string): Lens | null => (Object.hasOwn(table, key) ? (table[key] ?? null) : null);

const WORKFLOW = /^\.github\/workflows\/[^/]+\.ya?ml$/;

export function lensOf(path: string): Lens {
  if (path.startsWith('.g') && (path === '.gitlab-ci.yml' || WORKFLOW.test(path))) return path === '.gitlab-ci.yml' ? 'pipeline' : 'workflow';
  return ownValue(BY_EXTENSION, extensionOf(path)) ?? ownValue(BY_NAME, baseName(path).toLowerCase()) ?? (isLockfilePath(path) ? 'lockfile' : 'text');
}
