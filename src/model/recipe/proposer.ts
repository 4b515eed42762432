import type { RepoName } from '../../domain/ids.ts';
import type { Proposal, Proposed, ProposeInput, Proposer, RoleFailure } from '../roles.ts';
import { readAnsweredIssue } from './answers.ts';
import { proposalsFor, readChange, type Change } from './change.ts';
import { RECIPE_AUTHOR } from './envelope.ts';
import { readIssue, repoOf } from './issue.ts';
import type { RecipeParsers } from './parsers.ts';

/** Gives each repository the blocks that the issue has for it; for a revision, the blocks of the reviewer's comment. */
export function createRecipeProposer(parsers: RecipeParsers): Proposer {
  return { name: RECIPE_AUTHOR, propose: async (input) => (input.revision === null ? proposeFirst(input, parsers) : proposeAmendment(input.revision, parsers)) };
}

async function proposeFirst(input: ProposeInput, parsers: RecipeParsers): Promise<Proposed | RoleFailure> {
  const issue = readAnsweredIssue(input.issue, input.answers, reposOf(input).primary);
  const change = await readChange(issue.changes, parsers, { ...reposOf(input), rewrite: input.rewrite });
  const [fault] = change.faults;
  if (fault !== undefined) return failed('malformed-change', `In the issue: ${fault}`, 'Please mend the block and answer with all change blocks.');
  const proposals = input.repos.flatMap((repo) => proposalsOf(change, repo, false));
  const missing = input.repos.find((repo) => !proposals.some((proposal) => proposal.repo === repo));
  if (missing !== undefined) return failed('no-change', `The issue has no change for ${missing}.`, `What should change in ${missing}? Please give search/replace blocks, a unified diff or rewrite rules.`);
  return { kind: 'proposed', proposals, calls: [] };
}

/** A reviewer's comment is read like an issue; blocks in it amend the previous revision of that one repository. */
async function proposeAmendment(revision: NonNullable<ProposeInput['revision']>, parsers: RecipeParsers): Promise<Proposed | RoleFailure> {
  const fences = readIssue('', revision.comment.replace(/^\s*changes:[ \t]*/i, '')).changes;
  const { repo } = revision;
  const change = await readChange(fences.filter((fence) => (repoOf(fence) ?? repo) === repo), parsers, { primary: repo, all: [repo], rewrite: revision.rewrite });
  const [fault] = change.faults;
  if (fault !== undefined) return failed('malformed-change', `In the comment: ${fault}`, 'Please give the blocks again, mended.');
  const proposals = proposalsOf(change, repo, true);
  if (proposals.length > 0) return { kind: 'proposed', proposals, calls: [] };
  const asked = [revision.comment.trim(), ...revision.reasons].filter((text) => text !== '').join(' · ').slice(0, 1_000);
  return failed('no-change-in-comment', `No model is configured, and there is no change block for ${repo} in what was asked: ${asked === '' ? 'nothing was said' : asked}`,
    `What exactly should change in ${repo}? Please give search/replace blocks, a unified diff or rewrite rules on top of the last revision.`);
}

function proposalsOf(change: Change, repo: RepoName, amends: boolean): Proposal[] {
  return proposalsFor(repo, change.blocks).map((part) => ({ repo, ...part, amends }));
}

function reposOf(input: ProposeInput): { primary: RepoName; all: readonly RepoName[] } {
  const all = input.context.repos.map(({ repo }) => repo);
  return { primary: input.context.repos.find(({ role }) => role === 'primary')?.repo ?? all[0] ?? '', all };
}

function failed(code: string, reason: string, question: string): RoleFailure {
  return { kind: 'failed', code, reason, questions: [{ id: 'q4', question }], calls: [] };
}
