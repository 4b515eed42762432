import type { WorkflowEvent } from '../domain/event.ts';
import { inputError } from '../domain/errors.ts';
import type { RepoName } from '../domain/ids.ts';
import type { Workflow } from '../domain/workflow.ts';
import { proposalsFor, readChange } from '../model/recipe/change.ts';
import { readIssue, repoOf } from '../model/recipe/issue.ts';
import type { Proposal } from '../model/roles.ts';
import type { Rewrite } from '../ports/rewriter.ts';
import type { Job } from './ports.ts';
import { recipeParsers } from './recipe-parsers.ts';

/** The id under which a change that somebody gave (`/propose`) stands among a workflow's answers. */
export const GIVEN_ID = 'proposal';

export type GivenChange = { readonly kind: 'given'; readonly proposals: readonly Proposal[] } | { readonly kind: 'malformed'; readonly reason: string };

/** The change that a listed person gave and that no PatchSet was made from yet, as Markdown; null when there is none. */
export function pendingGiven(events: readonly WorkflowEvent[]): string | null {
  const since = events.slice(events.findLastIndex(({ type }) => type === 'E_PATCH_SET_PROPOSED') + 1);
  for (const event of since.toReversed()) {
    if (event.type !== 'E_CONTEXT_PROVIDED') continue;
    const given = event.body.answers.findLast(({ id }) => id === GIVEN_ID);
    if (given) return given.answer;
  }
  return null;
}

/** Reads change blocks (docs/edit-blocks.md) as proposals made at the pinned bases. It applies nothing. */
export async function readGiven(markdown: string, workflow: Pick<Workflow, 'repos'>, rewrite: Rewrite): Promise<GivenChange> {
  const all = workflow.repos.map(({ repo }) => repo);
  const change = await readChange(readIssue('', markdown).changes, recipeParsers, { primary: all[0] ?? '', all, rewrite });
  const [fault] = change.faults;
  if (fault !== undefined) return { kind: 'malformed', reason: `In the proposal: ${fault}` };
  const proposals = all.flatMap((repo) => proposalsFor(repo, change.blocks).map((part) => ({ repo, ...part, amends: false })));
  return proposals.length > 0 ? { kind: 'given', proposals } : { kind: 'malformed', reason: 'The proposal holds no change: no search/replace block, no unified diff and no rewrite rule.' };
}

/**
 * The text of a proposal file as change blocks: a bare diff gets a fence, and every block without `repo=` gets `repo`.
 * Throws an `input` error for what is no change at all.
 */
export function toChangeBlocks(text: string, repo: RepoName | null): string {
  const named = repo === null ? '' : ` repo=${repo}`;
  if (/^\uFEFF(?:From |diff |--- )/.test(text)) throw inputError('rewritten-bytes', 'A byte order mark stands before the diff: something wrote it anew (Windows PowerShell does), so its content cannot be trusted either. Make it again with git diff --output=FILE, which writes the bytes as they are.');
  if (/^diff --git [^\n]*\r\n/.test(text)) throw inputError('rewritten-line-ends', "The diff's own lines end in CRLF: something rewrote them, so its content cannot be trusted either. Make it again with git diff --output=FILE, which writes the bytes as they are.");
  if (/^(?:From [0-9a-f]{40,64} |diff --git |--- )/.test(text)) {
    if (/^[^ +\-\\@\n].*(?:\[-.+-\]|\{\+.+\+\})/m.test(text.slice(0, 1_000_000))) throw inputError('word-diff', 'The diff marks words, not lines. Make it without --word-diff and --color-words: git diff --word-diff=none.');
    const fence = fenceFor(text);
    return `${fence}diff${named}\n${text.endsWith('\n') ? text : `${text}\n`}${fence}\n`;
  }
  const all = readIssue('', text).changes;
  const fences = all.filter(({ lost }) => lost === undefined);
  const lost = all.flatMap((fence) => fence.lost ?? [])[0];
  if (lost !== undefined && fences.length > 0) throw inputError('malformed-change', `In the proposal: ${lost}`);
  if (fences.length === 0) throw inputError('no-change', nearMiss(text, lost ?? null));
  return fences.map((fence) => (repoOf(fence) === null ? fence.raw.replace(/^([^\n]*)/, `$1${named}`) : fence.raw)).join('\n\n').concat('\n');
}

/** What agents and tools hand over that is nearly a change: each with the way to one. */
function nearMiss(text: string, lost: string | null): string {
  const forms = 'Give a unified diff as `git diff` prints it, search/replace blocks (docs/edit-blocks.md) or rewrite rules.';
  if (text.includes('\u001B[')) return 'The file holds the colours of a terminal, not a plain diff. Make it with git diff --no-color.';
  if (/^\*\*\* Begin Patch$/m.test(text)) return 'The file is in the form of apply_patch, which says where a change goes only roughly. Let the agent make its change in a checkout of the base commit, and give what git diff prints there.';
  if (/^(?:diff -|Only in )|^\*\*\* [^\n]+\n--- |^\d+(?:,\d+)?[acd]\d+(?:,\d+)?$/m.test(text.slice(0, 100_000)) && !/^diff --git /m.test(text)) return 'The file is what diff prints, not git diff. Apply it in a checkout of the base (patch -p1 < FILE), and give what git diff prints there.';
  if (lost !== null && /^[ \t]*(?:`{3,}|~{3,})/m.test(text)) return lost;
  const above = text.slice(0, 1_000_000).split('\n').findIndex((line) => line.startsWith('diff --git '));
  if (above > 0) return `Text stands above the diff, which begins at line ${above + 1}. Give the diff alone: what git diff BASE or git format-patch -1 --stdout prints (git show and git log put more around it).`;
  if (/^<{7} SEARCH$/m.test(text)) return 'The SEARCH and REPLACE lines stand in no fence. Put three backticks and the words search/replace path=FILE above each block, and three backticks below it (docs/edit-blocks.md).';
  return lost ?? `The file holds no change. ${forms}`;
}

const fenceFor = (text: string): string => '`'.repeat(Math.max(3, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length + 1)));

/** A proposal belongs where a proposal is asked for: before a PatchSet exists, or where Gate 3 refused one. */
export const takesProposal = ({ pause }: Workflow): boolean => pause?.resumes === 'INGESTED' || pause?.resumes === 'PATCHES_PROPOSED';

/** Why no proposal is taken, and what to do instead. */
export const noProposalNow = ({ id, status }: Workflow): string =>
  status === 'WAITING_USER_APPROVAL'
    ? `${id} waits for approval: to replace a PatchSet, reject its review run with a comment that begins with \`changes:\` and carries the change.`
    : `${id} is ${status}: no proposal is asked for now.`;

/** A change that is handed to the patch step takes up a paused revision as it will stand when its run's starter resumes it. */
export const resumedForProposal = (workflow: Workflow): Workflow => (workflow.pause?.resumes === 'PATCHES_PROPOSED' ? { ...workflow, status: 'PATCHES_PROPOSED', pause: null } : workflow);

/** The listed person who started this run by hand and so resumes a workflow that paused where a proposal resumes it. */
export function resumedBy(workflow: Workflow, { dispatchedBy }: Pick<Job, 'dispatchedBy'>, resumes: 'INGESTED' | 'PATCHES_PROPOSED' = 'PATCHES_PROPOSED'): Job['dispatchedBy'] {
  const isListed = workflow.approvers.some((approver) => approver.toLowerCase() === dispatchedBy?.login.toLowerCase());
  return workflow.pause?.resumes === resumes && isListed ? dispatchedBy : null;
}
