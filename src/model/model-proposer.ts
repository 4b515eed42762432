import { askRole, type Accepted, type RoleModels, type RoleSpec } from './ask.ts';
import { contextText, documentText, issueText, untrusted } from './prompts/render-prompt.ts';
import { ROLE_TEMPLATES } from './prompts/templates.ts';
import { proposalsFor, readChange } from './recipe/change.ts';
import { readIssue } from './recipe/issue.ts';
import type { RecipeParsers } from './recipe/parsers.ts';
import type { HashValue, Proposal, Proposed, ProposeInput, Proposer, RoleFailure } from './roles.ts';

const PROPOSER: RoleSpec = { role: 'proposer', template: ROLE_TEMPLATES.proposer, schema: null };

/** A proposer that asks a model for fenced blocks; each must parse, and every repository asked for must have one. */
export function createModelProposer(models: RoleModels, parsers: RecipeParsers): Proposer {
  return {
    name: models('proposer').client.name,
    async propose(input): Promise<Proposed | RoleFailure> {
      const asked = await askRole(models('proposer'), { spec: PROPOSER, values: valuesOf(input), accept: ({ text }) => acceptBlocks(text, input, parsers) }, input.hash);
      return asked.kind === 'failed' ? asked : { kind: 'proposed', proposals: asked.value, calls: asked.calls };
    },
  };
}

function valuesOf({ issue, answers, documents, context, repos, revision, hash }: ProposeInput): Record<string, string> {
  return {
    repos: repos.join(', '),
    plan: documentText(documents.plan),
    scope: documentText(documents.scope),
    revision: revision === null ? '' : revisionText(revision, hash),
    issue: issueText(issue, answers, hash),
    context: contextText(context, hash),
  };
}

function revisionText(revision: NonNullable<ProposeInput['revision']>, hash: HashValue): string {
  const said = [revision.comment, ...revision.reasons].filter((text) => text !== '').join('\n');
  return [
    `Your last proposal for ${revision.repo} was not accepted. Give the whole change to that repository again, against the pinned base.`,
    untrusted('last proposal', revision.previousText, hash),
    untrusted('what was said about it', said, hash),
  ].join('\n\n');
}

function acceptBlocks(text: string, input: ProposeInput, parsers: RecipeParsers): Accepted<readonly Proposal[]> {
  const primary = input.repos[0] ?? '';
  const change = readChange(readIssue('', text).changes, parsers, { primary, all: input.repos });
  const missing = input.repos.filter((repo) => !change.blocks.some((block) => block.repo === repo)).map((repo) => `there is no block for ${repo}`);
  if (change.faults.length + missing.length > 0) return { kind: 'faulty', problems: [...change.faults, ...missing] };
  const proposals = input.repos.flatMap((repo) => proposalsFor(repo, change.blocks).map((part): Proposal => ({ repo, ...part, amends: false })));
  return { kind: 'accepted', value: proposals };
}
