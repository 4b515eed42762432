import type { Plan } from '../domain/documents.ts';
import { askRole, type Accepted, type Asked, type RoleModels, type RoleSpec } from './ask.ts';
import { contextText, documentText, issueText, untrusted } from './prompts/render-prompt.ts';
import { ROLE_TEMPLATES } from './prompts/templates.ts';
import { proposalsFor, readChange, type ChangeBlock } from './recipe/change.ts';
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
  const missing = input.repos.filter((repo) => !change.blocks.some((block) => block.repo === repo)).map((repo) => `There is no block for ${repo}: write search/replace, new-file, delete or rename blocks with repo=${repo}, none of them inside another fence.`);
  const faults = [...change.faults, ...(change.faults.length > 0 ? [] : missing), ...misplaced(change.blocks, input.documents.plan)];
  if (faults.length > 0) return { kind: 'faulty', problems: faults };
  const proposals = input.repos.flatMap((repo) => proposalsFor(repo, change.blocks).map((part): Proposal => ({ repo, ...part, amends: false })));
  return { kind: 'accepted', value: proposals };
}

/** A block serves a task that has its files. A file of no task is for Gate 3 to refuse. */
function misplaced(blocks: readonly ChangeBlock[], { tasks }: Plan): string[] {
  return blocks.flatMap(({ repo, task, line, files }) => {
    if (task === null) return [];
    const own = tasks.filter((each) => each.repo === repo);
    const named = own.find(({ id }) => id === task);
    if (named === undefined) return [`The block at line ${line} names the task ${task}, which is none of the plan's for ${repo} (${own.map(({ id }) => id).join(', ')}).`];
    return files.flatMap(({ path }) => {
      const holders = own.filter((each) => each.files.some((file) => file.path === path)).map(({ id }) => id);
      return holders.length === 0 || holders.includes(task) ? [] : [`The block at line ${line} changes ${path} for ${task}, and the plan has that file in ${holders.join(', ')}.`];
    });
  });
}
