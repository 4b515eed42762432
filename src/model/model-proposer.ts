import { askRole, type Accepted, type Asked, type RoleModels, type RoleSpec } from './ask.ts';
import { contextText, documentText, issueText, untrusted } from './prompts/render-prompt.ts';
import { ROLE_TEMPLATES } from './prompts/templates.ts';
import { proposalsFor, readChange } from './recipe/change.ts';
import { readIssue } from './recipe/issue.ts';
import type { RecipeParsers } from './recipe/parsers.ts';
import type { Proposal, Proposed, ProposeInput, Proposer, RoleFailure } from './roles.ts';

const PROPOSER: RoleSpec = { role: 'proposer', template: ROLE_TEMPLATES.proposer, schema: null };
const REPAIRER: RoleSpec = { role: 'repairer', template: ROLE_TEMPLATES.repairer, schema: null };

/**
 * Asks a model for fenced blocks, tries them out on the pinned bases, and has what does not hold repaired once. A revision
 * is a repair from the start: of the last proposal, with what was said about it.
 */
export function createModelProposer(models: RoleModels, parsers: RecipeParsers): Proposer {
  return { name: models('proposer').client.name, propose: async (input) => proposeWith(models, parsers, input) };
}

async function proposeWith(models: RoleModels, parsers: RecipeParsers, input: ProposeInput): Promise<Proposed | RoleFailure> {
  const { revision } = input;
  const said = revision === null ? [] : [revision.comment, ...revision.reasons].filter((text) => text !== '');
  const first = revision === null ? await propose(models, parsers, input) : await repair(models, parsers, { input, previous: revision.previousText, reasons: said });
  if (first.kind === 'failed') return first;
  const against = await input.tryOut(first.value);
  if (against.length === 0) return { kind: 'proposed', proposals: first.value, calls: first.calls };
  const mended = await repair(models, parsers, { input, previous: textOf(first.value), reasons: [...said, ...against] });
  const calls = [...first.calls, ...mended.calls];
  // Whether the mended change holds is the record job's to say, with its reasons.
  return mended.kind === 'failed' ? { ...mended, calls } : { kind: 'proposed', proposals: mended.value, calls };
}

const propose = (models: RoleModels, parsers: RecipeParsers, input: ProposeInput): Promise<Asked<readonly Proposal[]>> =>
  askRole(models('proposer'), { spec: PROPOSER, values: valuesOf(input), accept: ({ text }) => acceptBlocks(text, input, parsers) }, input.hash);

interface Repair {
  readonly input: ProposeInput;
  readonly previous: string;
  readonly reasons: readonly string[];
}

function repair(models: RoleModels, parsers: RecipeParsers, { input, previous, reasons }: Repair): Promise<Asked<readonly Proposal[]>> {
  const values = {
    ...valuesOf(input),
    proposal: untrusted('last proposal', previous, input.hash),
    reasons: untrusted('what was said about it', reasons.join('\n'), input.hash),
  };
  return askRole(models('repairer'), { spec: REPAIRER, values, accept: ({ text }) => acceptBlocks(text, input, parsers) }, input.hash);
}

const textOf = (proposals: readonly Proposal[]): string => proposals.map(({ text }) => text).join('\n\n');

const valuesOf = ({ issue, answers, documents, context, repos, hash }: ProposeInput): Record<string, string> => ({
  repos: repos.join(', '),
  architecture: documentText(documents.architecture),
  plan: documentText(documents.plan),
  scope: documentText(documents.scope),
  issue: issueText(issue, answers, hash),
  context: contextText(context, hash),
});

async function acceptBlocks(text: string, input: ProposeInput, parsers: RecipeParsers): Promise<Accepted<readonly Proposal[]>> {
  const primary = input.repos[0] ?? '';
  const change = await readChange(readIssue('', text).changes, parsers, { primary, all: input.repos, rewrite: input.rewrite });
  const missing = input.repos.filter((repo) => !change.blocks.some((block) => block.repo === repo)).map((repo) => `there is no block for ${repo}`);
  if (change.faults.length + missing.length > 0) return { kind: 'faulty', problems: [...change.faults, ...missing] };
  const proposals = input.repos.flatMap((repo) => proposalsFor(repo, change.blocks).map((part): Proposal => ({ repo, ...part, amends: false })));
  return { kind: 'accepted', value: proposals };
}
