import type { CountersignConfig } from '../domain/config.ts';
import { inputError } from '../domain/errors.ts';
import { isRepoName, type RepoName, type Sha256, type WorkflowId } from '../domain/ids.ts';
import type { Answer, Question, Source, Workflow, WorkflowRepo } from '../domain/workflow.ts';
import { sha256 } from '../ledger/canonical-json.ts';
import { readIssue } from '../model/recipe/issue.ts';
import type { IssueText, RepoHead } from '../ports/github-reader.ts';
import { requireBytes } from './documents.ts';
import type { Ports } from './ports.ts';
import { requireWorkflow } from './record.ts';
import { redactAll } from './redaction.ts';
import { storable } from './text.ts';
import { withoutSection } from './tracking-section.ts';

const ISSUE_CHARACTERS_MAX = 262_144;
const REPOSITORIES_MAX = 20;
const LIKELY_TARGETS_MAX = 4;

/** What a run was started with. `workflow` continues an existing one; otherwise `issue` is an issue's URL. */
export interface StartInput {
  readonly workflow: WorkflowId | null;
  readonly issue: string;
  readonly repositories: string;
  /** Repositories that are probably meant: their heads are read together with the issue. */
  readonly hint?: readonly RepoName[];
}

/** The pinned beginning of a workflow: the issue's exact text and every base. */
export interface Intake {
  readonly source: Source;
  readonly title: string;
  readonly body: string;
  readonly text: Uint8Array;
  readonly revision: Sha256;
  readonly repos: readonly WorkflowRepo[];
  readonly answers: readonly Answer[];
  /** Asked before and not answered. */
  readonly unanswered: readonly Question[];
  /** What was taken out of the text before it was pinned, by name. */
  readonly redacted: readonly string[];
}

/** Pins the issue as it stands now and the head of every repository. */
export async function pinIntake(ports: Pick<Ports, 'job' | 'targets'>, input: StartInput): Promise<Intake> {
  const { job, targets } = ports;
  const place = parseIssueUrl(input.issue, job.serverUrl);
  const { issue, heads } = await readTogether(ports, { issue: place, heads: likelyHeads(job.config, input.hint) });
  if (issue.state === 'closed') throw inputError('issue-closed', `${issue.repo}#${issue.number} is closed. Reopen it, or open a new issue and give its URL.`);
  const { value: { title, body }, redacted } = redactAll({ title: storable(issue.title), body: storable(withoutSection(issue.body)) }, job.redact);
  if (body.length > ISSUE_CHARACTERS_MAX) throw inputError('issue-too-long', `The issue has ${body.length} characters; at most ${ISSUE_CHARACTERS_MAX} are read. Shorten it, or split it.`);
  const names = chooseRepositories({ given: input.repositories, body, issueRepo: place.repo, controlRepo: job.controlRepo, config: job.config });
  const missing = names.filter((name) => !heads.some(({ repo }) => repo === name));
  const more = missing.length === 0 ? [] : (await targets.readIntake(place, missing.map((repo) => ({ repo, branch: baseOf(job.config, repo) })))).heads;
  const all = [...heads, ...more];
  const repos = names.map((name, index) => toPinned(all.find(({ repo }) => repo.toLowerCase() === name.toLowerCase()), index));
  return { ...pinned(title, body), source: toSource(issue, title, pinned(title, body).revision), title, body, repos, answers: [], unanswered: [], redacted };
}

function pinned(title: string, body: string): { text: Uint8Array; revision: Sha256 } {
  const text = new TextEncoder().encode(`# ${title}\n\n${body}\n`);
  return { text, revision: sha256(text) };
}

const toSource = (issue: IssueText, title: string, revision: Sha256): Source => ({
  kind: 'issue',
  repo: issue.repo,
  number: issue.number,
  url: issue.url,
  title: title.slice(0, 300),
  author: issue.author,
  revision,
});

/** What is asked first: the issue, and the heads of the repositories that it is probably about. */
export interface IntakeQuestion {
  readonly issue: { readonly repo: RepoName; readonly number: number };
  readonly heads: readonly { readonly repo: RepoName; readonly branch: string | null }[];
}

/** The first question of `pinIntake`, so that it can be sent along with another one. Null: it will ask for the issue alone. */
export function firstQuestion({ config, serverUrl }: Pick<Ports['job'], 'config' | 'serverUrl'>, { issue, hint }: Pick<StartInput, 'issue' | 'hint'>): IntakeQuestion | null {
  const heads = likelyHeads(config, hint);
  return heads.length === 0 ? null : { issue: parseIssueUrl(issue, serverUrl), heads };
}

/** A hint only saves a request: which repositories it is about is still chosen from the issue and the config. */
function likelyHeads(config: CountersignConfig, hint: readonly RepoName[] | undefined): IntakeQuestion['heads'] {
  const known = (hint ?? likelyTargets(config)).filter((name) => config.targets.some(({ repo }) => repo === name));
  return known.map((repo) => ({ repo, branch: baseOf(config, repo) }));
}

async function readTogether({ targets }: Pick<Ports, 'targets'>, { issue: place, heads }: IntakeQuestion): Promise<{ issue: IssueText; heads: readonly RepoHead[] }> {
  const alone = async (): Promise<{ issue: IssueText; heads: readonly RepoHead[] }> => ({ issue: await targets.readIssue(place.repo, place.number), heads: [] });
  if (heads.length === 0) return alone();
  // A target that cannot be read is only a fault if the issue is about it: then it is read again, alone.
  return targets.readIntake(place, heads).catch(alone);
}

/** With few targets, all of them are as good a guess as any. */
const likelyTargets = ({ targets }: CountersignConfig): readonly RepoName[] => (targets.length <= LIKELY_TARGETS_MAX ? targets.map(({ repo }) => repo) : []);

const baseOf = (config: CountersignConfig, repo: RepoName): string | null => config.targets.find((target) => target.repo.toLowerCase() === repo.toLowerCase())?.base ?? null;

function toPinned(head: RepoHead | undefined, index: number): WorkflowRepo {
  if (!head) throw inputError('renamed-repository', 'A target repository answers under another name than countersign.yml says. Use its present name there.');
  return { repo: head.repo, role: index === 0 ? 'primary' : 'secondary', baseBranch: head.branch, baseCommit: head.commit, baseTree: head.tree };
}

/** The intake of a workflow that exists: from the ledger, not from an issue that may have been edited since. */
export async function recallIntake(ports: Pick<Ports, 'ledger'>, id: WorkflowId): Promise<Intake> {
  const { workflow } = await requireWorkflow(ports, id);
  const { revision } = workflow.source;
  return intakeOf(workflow, requireBytes(await ports.ledger.readEvidence(id, [revision]), revision, id));
}

/** The intake as a workflow's records hold it: its issue's pinned text, its bases, and the answers so far. */
export function intakeOf(workflow: Workflow, text: Uint8Array): Intake {
  const { revision } = workflow.source;
  const [heading = '', ...rest] = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text).split('\n\n');
  return {
    source: workflow.source,
    title: heading.replace(/^# /, ''),
    body: rest.join('\n\n').replace(/\n$/, ''),
    text,
    revision,
    repos: workflow.repos,
    answers: workflow.answers,
    unanswered: workflow.unanswered,
    redacted: [],
  };
}

/** GitHub counts issues in 32 bits, and refuses to look for a larger number. */
const ISSUE_NUMBER_MAX = 2_147_483_647;

function parseIssueUrl(url: string, serverUrl: string): { repo: RepoName; number: number } {
  const match = /^(https?:\/\/[^/]+)\/([^/]+\/[^/]+)\/(issues|pulls?|discussions)\/([1-9]\d{0,19})(?:\/(?:files|commits|checks)?)?$/.exec(url.trim().replace(/[?#].*$/, ''));
  const [, server = '', repo = '', kind = '', number = ''] = match ?? [];
  if (!match || !isRepoName(repo)) throw inputError('bad-issue-url', `"${url.slice(0, 200)}" is not the URL of an issue on ${serverUrl}. It looks like ${serverUrl}/OWNER/NAME/issues/1.`);
  if (server.toLowerCase() !== serverUrl.replace(/\/$/, '').toLowerCase()) throw inputError('other-server', `${repo}#${number} is on ${server}, but this control repo is on ${serverUrl} and reads no other. It looks like ${serverUrl}/OWNER/NAME/issues/1.`);
  if (kind === 'discussions') throw inputError('is-a-discussion', `${repo}#${number} is a discussion. Work starts from an issue: make one of it ("Create issue from discussion" beside it on GitHub), and give its URL.`);
  if (kind !== 'issues') throw inputError('is-a-pull-request', `${repo}#${number} is a pull request. Work starts from an issue: open one that says what is to change (it may link the pull request), and give its URL.`);
  if (Number(number) > ISSUE_NUMBER_MAX) throw inputError('no-issue', `${repo} has no issue #${number}: no number is that large. Check the number.`);
  return { repo, number: Number(number) };
}

interface RepositoryChoice {
  readonly given: string;
  readonly body: string;
  readonly issueRepo: RepoName;
  readonly controlRepo: RepoName;
  readonly config: CountersignConfig;
}

/** Who may be written to is the owner's choice (`targets`); an issue only chooses among them. */
function chooseRepositories({ given, body, issueRepo, controlRepo, config }: RepositoryChoice): readonly RepoName[] {
  const configured = (name: RepoName): RepoName | undefined => config.targets.find(({ repo }) => repo.toLowerCase() === name.toLowerCase())?.repo;
  const wanted = given.trim() === '' ? repositoriesNamedIn(body) : given.split(/[\s,]+/).filter(Boolean);
  const fallback = issueRepo.toLowerCase() === controlRepo.toLowerCase() ? config.targets.slice(0, 1).map(({ repo }) => repo) : [issueRepo];
  const names = [...new Set((wanted.length > 0 ? wanted : fallback).map((name) => configured(name) ?? name))];
  const foreign = names.filter((name) => configured(name) === undefined);
  if (foreign.length > 0) throw inputError('not-a-target', `${foreign.join(', ')} is not listed under \`targets\` in countersign.yml. Add it there, or name another repository.`);
  if (names.length === 0 || names.length > REPOSITORIES_MAX) throw inputError('no-repository', `A workflow has 1 to ${REPOSITORIES_MAX} repositories. Name them under a "Repositories" heading of the issue.`);
  return names;
}

/** The list under a "Repositories" heading, then what `repo=` of the change blocks adds: the first is the primary one. */
export const repositoriesNamedIn = (body: string): readonly RepoName[] => readIssue('', body).repositories.filter(isRepoName);
