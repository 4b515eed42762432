import type { Scope } from '../../domain/documents.ts';
import type { RepoName } from '../../domain/ids.ts';
import type { DesignInput } from '../roles.ts';
import type { ChangeFacts } from './facts.ts';
import type { RecipeIssue } from './issue.ts';
import { codeWords, listed, most, quoted } from './phrases.ts';
import { folderOf } from './touched.ts';

type Content = Pick<Scope, 'goals' | 'nonGoals' | 'allowedPaths' | 'forbiddenPaths' | 'acceptanceCriteria'>;

const FORBIDDEN_MAX = 200;

/** The scope: exactly the files the issue changes, the criteria it lists, and what is left alone. */
export function describeScope(design: DesignInput, issue: RecipeIssue, facts: ChangeFacts): Content {
  const repos = [...new Set(facts.touched.map(({ repo }) => repo))];
  return {
    goals: goalsOf(issue),
    nonGoals: [...issue.nonGoals.slice(0, 80), ...derivedNonGoals(design, facts)],
    allowedPaths: repos.map((repo) => ({ repo, paths: facts.touched.filter((file) => file.repo === repo).map((file) => literalGlob(file.path)) })),
    forbiddenPaths: repos.map((repo) => ({ repo, paths: guardedPaths(design, facts, repo) })).filter(({ paths }) => paths.length > 0),
    acceptanceCriteria: issue.acceptance.map((text, index) => ({ id: `AC${index + 1}`, ...toEars(text), verification: verificationOf(text, facts) })),
  };
}

/** A path as a glob that matches this path alone: frameworks have files called `[id].tsx`. */
const literalGlob = (path: string): string => path.replace(/[\\*?[\]{}()!|+@]/g, '\\$&');

/** The issue says what is wrong; the goal is that it is no longer so, and the criteria say how one sees that. */
function goalsOf({ title, problem, acceptance }: RecipeIssue): string[] {
  const what = title === '' ? firstSentence(problem) : title;
  return [`Resolve the issue: ${what}`, acceptance.length === 1 ? 'The criterion below holds.' : `The ${acceptance.length} criteria below hold.`];
}

const firstSentence = (text: string): string => (/^.{1,500}?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text.slice(0, 500)).replaceAll('\n', ' ').trim();

function derivedNonGoals(design: DesignInput, facts: ChangeFacts): string[] {
  const kinds = new Set(facts.touched.map(({ kind }) => kind));
  const users = facts.importers.map(({ from }) => from);
  const packages = otherPackages(design, facts);
  return [
    ...(kinds.has('manifest') || kinds.has('lockfile') ? [] : ['Dependencies and their versions stay as they are.']),
    ...(kinds.has('ci') ? [] : ['CI and automation files stay as they are.']),
    ...(users.length > 0 ? [`Files that use what changes stay as they are: ${listed(users, facts.name)}.`] : []),
    ...(packages.length > 0 ? [`Other packages stay as they are: ${most(packages, 6)}.`] : []),
    `No refactoring beyond the ${facts.touched.length === 1 ? 'file' : 'files'} named in the allowed paths.`,
  ];
}

/** Packages that no touched file belongs to, each once: a folder may have several manifests. */
function otherPackages({ context }: DesignInput, facts: ChangeFacts): string[] {
  const touched = new Set(facts.touched.map((file) => `${file.repo}:${facts.packageOf(file)}`));
  const named = new Map<string, string>();
  for (const { repo, manifests } of context.repos) {
    for (const { path, name } of manifests) {
      const key = `${repo}:${folderOf(path)}`;
      if (!touched.has(key) && (name !== null || !named.has(key))) named.set(key, quoted(name ?? (folderOf(path) || repo)));
    }
  }
  return [...new Set(named.values())];
}

/** CI files, manifests and lockfiles of the pinned tree that the change leaves alone. */
function guardedPaths(design: DesignInput, facts: ChangeFacts, repo: RepoName): string[] {
  const allowed = new Set(facts.touched.filter((file) => file.repo === repo).map((file) => file.path));
  const files = design.context.repos.find((each) => each.repo === repo)?.files ?? [];
  // The set is read as globs, so a path with glob characters is left to the allowed paths alone.
  const guarded = files.filter(({ kind, path }) => ['ci', 'manifest', 'lockfile'].includes(kind) && !allowed.has(path) && !/[*?[\]{}()!\\]/.test(path));
  return guarded.map(({ path }) => path).slice(0, FORBIDDEN_MAX);
}

const SHALL = /\bshall\b/i;
/** A criterion may be written as a task: "Add a test for …". */
const TASK_VERB = /^(?:add|allow|avoid|change|check|cover|create|delete|deprecate|disable|document|drop|enable|ensure|expose|extend|fix|give|handle|ignore|implement|improve|keep|let|log|make|mention|move|prevent|print|provide|raise|refuse|reject|remove|rename|replace|report|return|say|set|show|stop|support|take|test|throw|update|use|validate|warn|write)\s/i;
const SMALL_START = /^(?:The|A|An|It|They|There|This|That|These|Those|No|Every|Each|All|Any|Only|Both|Either|Neither|Its|Their|Nothing|Users?|Two|Three)\b/;

/** One criterion as an EARS sentence. One that already says "shall" stays; any other keeps its own words after the form. */
export function toEars(text: string): { sentence: string; given: string; when: string; then: string } {
  const plain = text.trim().replace(/[.;]$/, '');
  const [, given, event, result] = /^given\s+(.{1,800}?),?\s+when\s+(.{1,800}?),?\s+then\s+(.{1,1000})$/is.exec(plain.replaceAll(/\s+/g, ' ')) ?? [];
  if (given !== undefined && event !== undefined && result !== undefined) return { sentence: `When ${event}, ${responseOf(result)}`, given: `the pinned base with exactly this change applied, and ${given}`, when: event, then: result };
  const clause = /^((?:When|While|Where|If|Once|After)\b.{1,800}?),\s+then\s+(.{1,1000})$/is.exec(plain) ?? /^((?:When|While|Where|If|Once|After)\b[^,]{1,500}),\s*(.{1,1000})$/is.exec(plain);
  const condition = clause?.[1]?.trim() ?? null;
  const outcome = clause?.[2]?.trim() ?? plain;
  const sentence = SHALL.test(plain) ? `${plain}.` : condition === null ? upper(responseOf(outcome)) : `${upper(condition)}, ${responseOf(outcome)}`;
  return { sentence, given: 'the pinned base with exactly this change applied', when: condition?.replace(/^\w+\s+/, '') ?? 'it is used as the issue describes', then: inSentence(outcome) };
}

function responseOf(outcome: string): string {
  if (TASK_VERB.test(outcome)) return `the change shall ${outcome.slice(0, 1).toLowerCase()}${outcome.slice(1)}.`;
  const words = inSentence(outcome);
  // A name, or a language with a grammar of its own, stays as its author wrote it.
  return `the system shall ensure${/^\p{Lu}/u.test(words) ? ':' : ' that'} ${words}.`;
}

const inSentence = (outcome: string): string => (SMALL_START.test(outcome) ? outcome.slice(0, 1).toLowerCase() + outcome.slice(1) : outcome);

const upper = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** The tests of the repositories whose lines speak of what the criterion names; of all, when it names nothing there. */
function verificationOf(criterion: string, { tests, touched, name }: ChangeFacts): string {
  const words = codeWords(criterion);
  const repos = new Set(touched.filter((file) => words.some((word) => file.words.has(word) || file.definitions.some(({ names }) => names[0] === word))).map(({ repo }) => repo));
  const own = tests.filter(({ repo }) => repos.size === 0 || repos.has(repo));
  return own.length > 0
    ? `The required checks pass at the pull request's head; ${listed(own, name, 3)} ${own.length === 1 ? 'is' : 'are'} among what they run.`
    : "The required checks pass at the pull request's head, and the reviewer reads the change for this: no test covers what changes.";
}
