import type { Scope } from '../../domain/documents.ts';
import type { RepoName } from '../../domain/ids.ts';
import type { DesignInput } from '../roles.ts';
import type { ChangeFacts } from './facts.ts';
import type { RecipeIssue } from './issue.ts';
import { listed } from './triage.ts';

type Content = Pick<Scope, 'goals' | 'nonGoals' | 'allowedPaths' | 'forbiddenPaths' | 'acceptanceCriteria'>;

const FORBIDDEN_MAX = 200;

/** The scope: exactly the files the issue changes, the criteria it lists, and what is left alone. */
export function describeScope(design: DesignInput, issue: RecipeIssue, facts: ChangeFacts): Content {
  const repos = [...new Set(facts.touched.map(({ repo }) => repo))];
  return {
    goals: [issue.title, firstSentence(issue.problem)].filter((goal, index, all) => goal !== '' && all.indexOf(goal) === index),
    nonGoals: [...issue.nonGoals.slice(0, 80), ...derivedNonGoals(design, facts)],
    allowedPaths: repos.map((repo) => ({ repo, paths: facts.touched.filter((file) => file.repo === repo).map((file) => literalGlob(file.path)) })),
    forbiddenPaths: repos.map((repo) => ({ repo, paths: guardedPaths(design, facts, repo) })).filter(({ paths }) => paths.length > 0),
    acceptanceCriteria: issue.acceptance.map((text, index) => ({ id: `AC${index + 1}`, ...toEars(text), verification: verificationOf(facts) })),
  };
}

/** A path as a glob that matches this path alone: frameworks have files called `[id].tsx`. */
const literalGlob = (path: string): string => path.replace(/[\\*?[\]{}()!|+@]/g, '\\$&');

const firstSentence = (text: string): string => (/^.{1,500}?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text.slice(0, 500)).replaceAll('\n', ' ').trim();

function derivedNonGoals(design: DesignInput, facts: ChangeFacts): string[] {
  const touched = new Set(facts.touched.map((file) => `${file.repo}:${file.path}`));
  const kinds = new Set(facts.touched.map((file) => file.known?.kind));
  const importers = facts.importers.map(({ from }) => from);
  const roots = new Set(facts.components.filter(({ files }) => files.length > 0).map(({ repo, root }) => `${repo}:${root}`));
  const packages = design.context.repos.flatMap(({ repo, manifests }) =>
    manifests.map((manifest) => ({ repo, path: manifest.path.includes('/') ? manifest.path.slice(0, manifest.path.lastIndexOf('/')) : '', name: manifest.name })).filter(({ path }) => !roots.has(`${repo}:${path}`)));
  return [
    ...(kinds.has('manifest') || kinds.has('lockfile') ? [] : ['Dependencies and their versions stay as they are.']),
    ...(kinds.has('ci') ? [] : ['CI and automation files stay as they are.']),
    ...(importers.length > 0 ? [`Files that use what changes stay as they are: ${listed(importers)}.`] : []),
    ...(packages.length > 0 ? [`Other packages stay as they are: ${[...new Set(packages.map(({ repo, path, name }) => name ?? `${repo}:${path}`))].slice(0, 6).join(', ')}${packages.length > 6 ? ` and ${packages.length - 6} more` : ''}.`] : []),
    `No refactoring beyond the ${touched.size === 1 ? 'file' : 'files'} named in the allowed paths.`,
  ];
}

/** CI files, manifests and lockfiles of the pinned tree that the change leaves alone. */
function guardedPaths(design: DesignInput, facts: ChangeFacts, repo: RepoName): string[] {
  const allowed = new Set(facts.touched.filter((file) => file.repo === repo).map((file) => file.path));
  const files = design.context.repos.find((each) => each.repo === repo)?.files ?? [];
  // The set is read as globs, so a path with glob characters is left to the allowed paths alone.
  const guarded = files.filter(({ kind, path }) => ['ci', 'manifest', 'lockfile'].includes(kind) && !allowed.has(path) && !/[*?[\]{}()!\\]/.test(path));
  return guarded.map(({ path }) => path).slice(0, FORBIDDEN_MAX);
}

/** One criterion as an EARS sentence. A sentence that already says "shall" stays; any other keeps its own words after the form. */
export function toEars(text: string): { sentence: string; given: string; when: string; then: string } {
  const plain = text.trim().replace(/[.;]$/, '');
  const clause = /^((?:When|While|Where|If|Once|After)\b[^,]{1,500}),\s*(?:then\s+)?(.{1,1000})$/is.exec(plain);
  const condition = clause?.[1]?.trim() ?? null;
  const outcome = clause?.[2]?.trim() ?? plain;
  const sentence = /\bshall\b/i.test(plain) ? `${plain}.` : condition === null ? `The system shall meet this: ${plain}.` : `${condition}, the system shall meet this: ${outcome}.`;
  return { sentence, given: 'the pinned base with exactly this change applied', when: condition?.replace(/^\w+\s+/, '') ?? 'it is used as the issue describes', then: outcome };
}

function verificationOf(facts: ChangeFacts): string {
  return facts.tests.length > 0
    ? `Required checks pass at the pull request's head; they include ${listed(facts.tests)}.`
    : "Required checks pass at the pull request's head, and the reviewer reads the change: no test imports the changed files.";
}
