import type { PolicyAllowance } from '../domain/config.ts';
import type { RepoName } from '../domain/ids.ts';
import type { RuleId } from '../domain/policy-rules.ts';
import { UNNAMED_REPO } from './input.ts';
import { matchAllowed } from './match-path.ts';
import type { Finding } from './rule.ts';
import { showText } from './show.ts';

type Subject = Pick<Finding, 'path' | 'package'>;

export interface AllowanceFinder {
  /** The allowance that holds today, if any. */
  readonly findAllowance: (finding: Subject) => PolicyAllowance | undefined;
  /** The one that held longest and holds no more: the reader should know that this was allowed once. */
  readonly findExpired: (finding: Subject) => PolicyAllowance | undefined;
}

/** Looks allowances of one rule up for a repository and a day. Days compare as text; the last day itself still counts. */
export function createAllowanceFinder(allow: readonly PolicyAllowance[], repo: RepoName, today: string): AllowanceFinder {
  const ours = allow
    .filter((allowance) => allowance.repo === null || sameRepo(allowance.repo, repo))
    .map((allowance) => ({ allowance, covers: coverageOf(allowance) }));
  const holding = ours.filter(({ allowance }) => today <= allowance.expires);
  const expired = ours.filter(({ allowance }) => today > allowance.expires).toSorted((a, b) => (a.allowance.expires < b.allowance.expires ? 1 : -1));
  return {
    findAllowance: (finding) => holding.find(({ covers }) => covers(finding))?.allowance,
    findExpired: (finding) => expired.find(({ covers }) => covers(finding))?.allowance,
  };
}

function coverageOf({ path, package: name }: PolicyAllowance): (finding: Subject) => boolean {
  const isPath = matchAllowed([path]);
  if (name === undefined) return (finding) => isPath(finding.path);
  const isPackage = matchAllowed([name]);
  return (finding) => finding.package !== undefined && isPackage(finding.package) && isPath(finding.path);
}

// GitHub itself compares owners and names without case.
const sameRepo = (a: RepoName, b: RepoName): boolean => a.toLowerCase() === b.toLowerCase();

/** The way out of a violation: the exact key, and what must stand there. */
export function helpToAllow(rule: RuleId, { path, package: name }: Subject, repo: RepoName): string {
  const what = name === undefined ? `path: ${yamlString(path)}` : `package: ${yamlString(name)}`;
  const where = repo === UNNAMED_REPO ? '' : `, repo: ${repo}`;
  const entry = `{${what}${where}, reason: "…", expires: YYYY-MM-DD}`;
  return `Drop this change, or allow it in countersign.yml under policy.${rule}.allow: ${entry} (reason and expiry are required).`;
}

// A path can hold anything; JSON strings are YAML, and glob characters must match themselves.
const yamlString = (path: string): string => {
  const literal = path.replaceAll(/[\\*?[\]{}()!]/g, String.raw`\$&`);
  return /^[A-Za-z0-9._/][\w./-]*$/.test(literal) ? literal : showText(JSON.stringify(literal), 600);
};
