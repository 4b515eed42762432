import { readIssue, repoOf, storable, type RecipeIssue } from './issue.ts';
import { gapId, type Gap } from './questions.ts';

/** The last answer to each question. A person may write `1` or `q1`. */
export function answersByGap(answers: readonly { readonly id: string; readonly answer: string }[]): ReadonlyMap<Gap, string> {
  const found = new Map<Gap, string>();
  for (const gap of ['problem', 'acceptance', 'change', 'mend'] as const) {
    const last = answers.findLast(({ id, answer }) => gapOf(id) === gapId(gap) && answer.trim() !== '');
    if (last !== undefined) found.set(gap, storable(last.answer));
  }
  return found;
}

/**
 * The issue with the answers where they belong. An answer that mends the change replaces every block of the issue: the
 * question says so. Each answer is read by itself, so that an unclosed fence in the issue cannot swallow it.
 */
export function readAnsweredIssue(title: string, body: string, answers: ReadonlyMap<Gap, string>): RecipeIssue {
  const issue = readIssue(title, body);
  const problem = answers.get('problem');
  const acceptance = answers.get('acceptance');
  const change = answers.get('mend') ?? answers.get('change');
  const changes = change === undefined ? issue.changes : readIssue('', change).changes;
  const repositories = [...new Set([...issue.repositories, ...changes.flatMap((fence) => repoOf(fence) ?? [])])];
  return {
    ...issue,
    problem: problem === undefined ? issue.problem : [issue.problem, problem.trim()].filter((part) => part !== '').join('\n'),
    acceptance: acceptance === undefined ? issue.acceptance : [...issue.acceptance, ...readIssue('', `## Acceptance criteria\n\n${acceptance}`).acceptance],
    changes,
    repositories,
  };
}

/** A change that somebody proposed from outside says the whole change, as a mended one does. */
const gapOf = (id: string): string => (id === 'proposal' ? gapId('mend') : id.trim().toLowerCase().replace(/^(?=\d)/, 'q'));
