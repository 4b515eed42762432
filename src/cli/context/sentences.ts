import type { ContextProblem, RepositoryContext } from '../../domain/context.ts';

/** Why a repository gives nothing to work with: one sentence with the way out. Null when it does. */
export function faultOf(context: RepositoryContext): { code: string; message: string } | null {
  const [facts] = context.repos;
  if (facts === undefined || facts.files.length === 0) {
    const left = facts?.problems.length ?? 0;
    return { code: 'no-files', message: left > 0 ? `The commit has no file that can be read (${reasons(facts?.problems ?? [])}). Give another --ref, or a repository with source text.` : 'The commit has no files: there is nothing to read. Commit some there, or give another --ref.' };
  }
  if (facts.files.some(({ lines }) => lines !== null)) return null;
  return { code: 'no-text', message: `${facts.files.length === 1 ? 'Its one file cannot' : `None of its ${facts.files.length} files can`} be read as text (${reasons(facts.problems) || 'binary'}). Give a repository, or a --ref, with source text.` };
}

const WORDS: Readonly<Record<ContextProblem['code'], string>> = {
  'too-large': 'too large', 'not-utf8-path': 'name not UTF-8', 'parse-failed': 'not parsed', 'manifest-invalid': 'manifest does not parse', 'too-deep': 'too deep',
  'grammar-missing': 'grammar missing', unreadable: 'blob not there', 'over-limit': 'over a limit', 'lfs-pointer': 'git LFS pointer', submodule: 'submodule',
};
const NEXT: Readonly<Partial<Record<ContextProblem['code'], string>>> = {
  'too-large': 'listed, not read; keep them out of the repository, or go on without them',
  'not-utf8-path': 'left out; rename them to read them',
  unreadable: 'listed, not read; fetch them there (git fetch --refetch --no-filter), nothing is fetched from here',
  'lfs-pointer': 'listed as pointers; what they stand for is not fetched',
  submodule: 'not followed; name their repositories in the workflow to read them',
  'manifest-invalid': 'ranked as text; their packages are not known',
  'parse-failed': 'ranked by their words alone',
  'too-deep': 'left out',
};

function reasons(problems: readonly ContextProblem[]): string {
  return [...Map.groupBy(problems, ({ code }) => code)].map(([code, all]) => `${all.length} ${WORDS[code]}`).join(', ');
}

/** One sentence a kind of problem, for people. */
export function sentencesOf(context: RepositoryContext): string[] {
  const problems = context.repos.flatMap((facts) => facts.problems);
  return [...Map.groupBy(problems, ({ code }) => code)].map(([code, all]) => {
    const [first] = all;
    if (code === 'over-limit') return `note  ${all.map(({ reason }) => reason).join('; ')}.`;
    const where = all.length === 1 ? (first?.path ?? '') : `${first?.path ?? ''} and ${all.length - 1} more`;
    return `note  ${WORDS[code]}: ${where}: ${NEXT[code] ?? first?.reason ?? ''}.`;
  });
}
