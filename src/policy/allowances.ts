import type { PolicyAllowance } from '../domain/config.ts';
import type { RepoName } from '../domain/ids.ts';
import type { RuleId } from '../domain/policy-rules.ts';
import { matchAllowed } from './match-path.ts';
import { showText } from './show.ts';

/** Finds the allowance that holds today for a path of this repository, if any. */
export function createAllowanceFinder(allow: readonly PolicyAllowance[], repo: RepoName, today: string): (path: string) => PolicyAllowance | undefined {
  const holding = allow
    // Days compare as text; the last day itself still counts.
    .filter((allowance) => (allowance.repo === null || sameRepo(allowance.repo, repo)) && today <= allowance.expires)
    .map((allowance) => ({ allowance, isMatch: matchAllowed([allowance.path]) }));
  return (path) => holding.find(({ isMatch }) => isMatch(path))?.allowance;
}

// GitHub itself compares owners and names without case.
const sameRepo = (a: RepoName, b: RepoName): boolean => a.toLowerCase() === b.toLowerCase();

/** The way out of a violation: the exact key, and what must stand there. */
export function helpToAllow(rule: RuleId, path: string, repo: RepoName): string {
  const entry = `{path: ${yamlString(path)}, repo: ${repo}, reason: "…", expires: YYYY-MM-DD}`;
  return `Drop this change, or allow it in countersign.yml under policy.${rule}.allow: ${entry} (reason and expiry are required).`;
}

// A path can hold anything; JSON strings are YAML, and glob characters must match themselves.
const yamlString = (path: string): string => {
  const literal = path.replaceAll(/[\\*?[\]{}()!]/g, String.raw`\$&`);
  return /^[A-Za-z0-9._/][\w./-]*$/.test(literal) ? literal : showText(JSON.stringify(literal), 600);
};
