import type { RepoName } from '../../domain/ids.ts';
import { readIssue, repoOf, storable, type Fence, type RecipeIssue } from './issue.ts';
import { gapId, type Gap } from './questions.ts';

interface Answer {
  readonly id: string;
  readonly answer: string;
}

/** The last answer to each question. A person may write `1` or `q1`. */
export function answersByGap(answers: readonly Answer[]): ReadonlyMap<Gap, string> {
  const found = new Map<Gap, string>();
  for (const gap of ['problem', 'acceptance', 'change', 'mend'] as const) {
    const last = answers.findLast(({ id, answer }) => gapOf(id) === gapId(gap) && answer.trim() !== '');
    if (last !== undefined) found.set(gap, storable(last.answer));
  }
  return found;
}

/** The issue with the answers where they belong. Each is read by itself, so that an unclosed fence in the issue cannot swallow it. */
export function readAnsweredIssue({ title, body }: { readonly title: string; readonly body: string }, answers: readonly Answer[], primary: RepoName): RecipeIssue {
  const issue = readIssue(title, body);
  const gaps = answersByGap(answers);
  const [problem, acceptance] = [gaps.get('problem'), gaps.get('acceptance')];
  const changes = answeredChanges(issue.changes, answers, primary);
  const repositories = [...new Set([...issue.repositories, ...changes.flatMap((fence) => repoOf(fence) ?? [])])];
  return {
    ...issue,
    problem: problem === undefined ? issue.problem : [issue.problem, problem.trim()].filter((part) => part !== '').join('\n'),
    acceptance: acceptance === undefined ? issue.acceptance : [...issue.acceptance, ...readIssue('', `## Acceptance criteria\n\n${acceptance}`).acceptance],
    changes,
    repositories,
  };
}

/** An answer that gives the change replaces every block: the question says so. A proposal is for its own repositories, and leaves the others' blocks. */
function answeredChanges(fences: RecipeIssue['changes'], answers: readonly Answer[], primary: RepoName): RecipeIssue['changes'] {
  const repoNameOf = (fence: Fence): string => repoOf(fence) ?? primary;
  return answers.reduce((before, { id, answer }) => {
    if (answer.trim() === '' || ![gapId('change'), gapId('mend')].includes(gapOf(id))) return before;
    const own = readIssue('', storable(answer)).changes;
    const covered = new Set(own.map(repoNameOf));
    return id === PROPOSAL ? [...before.filter((fence) => fence.lost === undefined && !covered.has(repoNameOf(fence))), ...own] : own;
  }, fences);
}

const PROPOSAL = 'proposal';

/** A change that somebody proposed from outside is one that mends. */
const gapOf = (id: string): string => (id === PROPOSAL ? gapId('mend') : id.trim().toLowerCase().replace(/^(?=\d)/, 'q'));
