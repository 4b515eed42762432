import type { ContextFile, FileKind } from '../domain/context.ts';
import type { QueryTerms } from './query.ts';
import type { RankWeights } from './rank-weights.ts';

/** Words that make a kind likelier, as the ranking's terms have them. */
const SPEAKS_OF: readonly { readonly kind: FileKind; readonly words: readonly string[] }[] = [
  { kind: 'docs', words: ['readm', 'changelog', 'documentation', 'docs', 'doc'] },
  { kind: 'ci', words: ['ci', 'workflow', 'travi', 'github action'] },
  { kind: 'manifest', words: ['dependency', 'dependenc', 'packag'] },
];

/** Configuration of tests and of the build that is written as source. */
const TEST_SET_UP = /(?:vitest|jest|playwright|e2e|karma|mocha|cypress|testing?|spec|mock)[^/]*$/i;
const BUILD_SET_UP = /(?:^|\/)(?:[\w.-]*\.config\.[\w.]+|(?:rollup|rolldown|webpack|vite|vitest|jest|esbuild|gulpfile|gruntfile|build)[\w.-]*\.(?:[cm]?[jt]s|go|rs|py))$/i;

/** The factor of a file, for one issue: an issue is mostly mended in the source, and nobody mends what a tool writes or another project owns. */
export function priorOf(query: QueryTerms, weights: RankWeights): (file: ContextFile) => number {
  const spoken = new Set(SPEAKS_OF.filter(({ words }) => words.some((word) => query.terms.includes(word))).map(({ kind }) => kind));
  const byKind: Readonly<Partial<Record<FileKind, number>>> = { source: 1, test: weights.test, docs: weights.docs };
  const ofTests = /^tests?$/.test(query.kind);
  const ofBuild = ofTests || /^(?:build|ci|chore)$/.test(query.kind);
  const sourceFactor = (path: string): number => (isAsidePath(path) ? weights.aside : 1) * (ofTests && TEST_SET_UP.test(path) ? weights.setUp : 1) * (ofBuild && BUILD_SET_UP.test(path) ? weights.setUp : 1);
  return ({ kind, marks, path, language }) => {
    const base = byKind[kind] ?? weights.other;
    return (spoken.has(kind) ? Math.max(base, 0.7) : base) * (kind === 'source' ? sourceFactor(path) : 1) * (kind === 'source' && language === null ? weights.unknown : 1) * (marks.length > 0 ? weights.marked : 1) * scopeFactor(path, query.scopes, weights);
  };
}

/** `fix(plugin-legacy): …` means what lies below `plugin-legacy/`, or a file of that name; `fix(man): …` likely what lies below `clap_mangen/`. */
function scopeFactor(path: string, scopes: ReadonlySet<string>, weights: RankWeights): number {
  if (scopes.size === 0) return 1;
  const segments = path.toLowerCase().replace(/\.[^./]*$/, '').split('/');
  if (segments.some((segment) => scopes.has(segment))) return weights.scopeFolder;
  const parts = segments.flatMap((segment) => segment.split(/[-_.]+/));
  return [...scopes].some((scope) => scope.length >= SCOPE_MIN && parts.some((part) => part.startsWith(scope) || (part.length >= SCOPE_MIN && scope.startsWith(part)))) ? weights.scopePart : 1;
}

const SCOPE_MIN = 3;

/** Folders of programs that show or check something: their files are source, and seldom what an issue is about. */
export const isAsidePath = (path: string): boolean => /(?:^|\/)(?:examples?|samples?|demos?|playgrounds?|sandbox|benchmarks?|bench|benches|website|scripts?|tools?|hack|contrib)\//i.test(path);
