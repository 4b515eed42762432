import type { ContextFile, FileKind } from '../domain/context.ts';
import type { QueryTerms } from './query.ts';

/** How far a kind of file counts when the issue says nothing about kinds: an issue is mostly mended in the source. */
const BY_KIND: Readonly<Record<FileKind, number>> = { source: 1, test: 0.55, docs: 0.4, config: 0.45, manifest: 0.45, ci: 0.35, data: 0.4, lockfile: 0, binary: 0, link: 0 };
/** Nobody mends what a tool writes or another project owns. */
const MARKED = 0.2;

/** Words that make a kind likelier, as the ranking's terms have them. */
const SPEAKS_OF: readonly { readonly kind: FileKind; readonly words: readonly string[] }[] = [
  { kind: 'docs', words: ['readm', 'changelog', 'documentation', 'docs', 'doc'] },
  { kind: 'ci', words: ['ci', 'workflow', 'travi', 'github action'] },
  { kind: 'manifest', words: ['dependency', 'dependenc', 'packag'] },
];

/** The factor of a file, for one issue. */
export function priorOf(query: QueryTerms): (file: ContextFile) => number {
  const spoken = new Set(SPEAKS_OF.filter(({ words }) => words.some((word) => query.terms.includes(word))).map(({ kind }) => kind));
  return ({ kind, marks, path }) => {
    const base = spoken.has(kind) ? Math.max(BY_KIND[kind], 0.7) : BY_KIND[kind];
    const aside = kind === 'source' && /(?:^|\/)(?:examples?|samples?|demos?|benchmarks?|bench|docs?|website|scripts?|tools?|fixtures?)\//i.test(path) ? 0.7 : 1;
    return base * aside * (marks.length > 0 ? MARKED : 1);
  };
}
