import type { Workflow } from '../../domain/workflow.ts';
import { modelCost, showModelCost } from '../../domain/model-cost.ts';
import { locateLedger } from '../../git/ledger-store-inspect.ts';
import { loadWorkflow } from '../../ledger/load.ts';
import { findLedger } from '../inspect/find-ledger.ts';
import { verifyPlace } from '../commands/ledger.ts';
import type { LocalCheck } from '../../local/contract.ts';
import { paint } from '../output.ts';
import { wrap } from '../patch/wrap.ts';
import { printable } from '../printable.ts';
import { ciLogOf, ciTail } from './ci-log.ts';
import { readRequestFigures, type RequestFigures } from './request-figures.ts';
import type { UpSession } from './session.ts';
import { CONTROL_REPO } from './seed.ts';
import { row } from './lines.ts';
import { howToResume, turnLine } from '../../orchestrator/say.ts';

/** The last line of `countersign up --json`. */
export interface UpResult {
  readonly workflow: string | null;
  readonly state: string | null;
  readonly ledger: { readonly ok: boolean; readonly tip: string; readonly events: number; readonly problems: number };
  readonly site: string;
  readonly repos: readonly { readonly repo: string; readonly base: string; readonly commit: string }[];
  readonly approvals: readonly { readonly patchSet: string; readonly revision: number; readonly digest: string; readonly login: string }[];
  readonly prs: readonly { readonly repo: string; readonly number: number; readonly url: string; readonly head: string; readonly tree: string }[];
  readonly requests: number;
  readonly writesBeforeApproval: number;
}

export async function resultOf(session: UpSession, workflow: Workflow | null): Promise<{ result: UpResult; figures: RequestFigures }> {
  const approvals = (workflow?.patchSets ?? []).flatMap(({ id, revision, digest, approval }) => (approval ? [{ patchSet: id, revision, digest, login: approval.login }] : []));
  const complete = workflow !== null && approvals.length === workflow.repos.length;
  const [report, figures] = await Promise.all([locateLedger(session.dir, null).then((place) => verifyPlace(place)), readRequestFigures(session.dir, session.place.targets, complete)]);
  const result: UpResult = {
    workflow: workflow?.id ?? null,
    state: workflow?.status ?? null,
    ledger: { ok: report.ok, tip: report.tip, events: report.events, problems: report.problems.length },
    site: session.github.services.pagesUrl(CONTROL_REPO),
    repos: (workflow?.repos ?? []).map(({ repo, baseBranch, baseCommit }) => ({ repo, base: baseBranch, commit: baseCommit })),
    approvals,
    prs: (workflow?.patchSets ?? []).flatMap(({ repo, pullRequest, applied }) => (pullRequest ? [{ repo, number: pullRequest.number, url: pullRequest.url, head: pullRequest.head, tree: applied?.tree ?? '' }] : [])),
    requests: figures.requests,
    writesBeforeApproval: figures.writesBeforeApproval,
  };
  return { result, figures };
}

/** What a person reads at the end. */
export function endLines(session: UpSession, workflow: Workflow | null, { result, seconds, tails, blocked, cost }: { result: UpResult; seconds: number; tails: CheckTails; blocked: readonly string[]; cost: string }): readonly string[] {
  const lines = ['', headline(result, workflow)];
  if (blocked.length > 0) lines.push(...blocked, '');
  if (workflow) lines.push(...failedChecks(session, workflow, tails));
  if (workflow?.pause) lines.push('', `  ${plainText(howToResume(workflow)).replaceAll('\n', '\n  ')}`, ...trackingLine(session, workflow));
  for (const { url } of result.prs) lines.push(row('pull', paint.underline(url), ''));
  lines.push(row('time', `${seconds.toFixed(1)} s, ${result.requests} API requests, ${cost}`, ''));
  lines.push(row('writes', `${result.writesBeforeApproval} to target repositories before the last approval`, ''));
  const verdict = result.ledger.ok ? paint.green('ledger verified') : paint.red('ledger does not hold');
  lines.push(row('ledger', `${verdict}: ${result.workflow === null ? 0 : 1} workflow, ${result.ledger.events} events, ${result.ledger.problems} problems`, ''));
  lines.push(row('site', paint.underline(result.site), ''));
  return lines;
}

/** What is Markdown on GitHub, without its marks. */
export const plainText = (markdown: string): string => markdown.replaceAll('<!-- -->', '').replaceAll(/(?<!\\)`/g, '').replaceAll(/\\([\\`*_{}[\]<>|~])/g, '$1').replaceAll('&amp;', '&');

/** The state and, in its own words, why: a pause's or an end's reason, else whose turn it is. */
function headline({ state }: UpResult, workflow: Workflow | null): string {
  const why = workflow === null ? '' : (pauseReason(workflow) ?? (workflow.status === 'DONE' ? undefined : workflow.outcome?.reason) ?? turnLine(workflow));
  const begin = state ?? 'nothing was recorded';
  const [first = '', ...rest] = wrap(printable(why), { width: process.stdout.columns ?? Number.POSITIVE_INFINITY, first: `${begin}  `, rest: '  ' });
  return [`${paint.bold(begin)}${first.slice(begin.length)}`, ...rest].join('\n');
}

/** Questions are listed on their own. */
const pauseReason = ({ pause }: Workflow): string | undefined => (pause?.questions.length === 0 ? pause.reason : undefined);

/** The last lines that each failed CI command printed, by the check's id. */
export type CheckTails = ReadonlyMap<number, readonly string[]>;

const failedChecksOf = (session: UpSession): readonly LocalCheck[] => session.github.services.state.checks.filter(({ conclusion, repo, url }) => conclusion === 'failure' && session.place.targets.includes(repo) && !url.includes('/actions/'));

export async function readTails(session: UpSession): Promise<CheckTails> {
  return new Map(await Promise.all(failedChecksOf(session).map(async ({ id }) => [id, await ciTail(session.dir, id)] as const)));
}

function failedChecks(session: UpSession, { patchSets }: Workflow, tails: CheckTails): readonly string[] {
  const heads = patchSets.map(({ pullRequest }) => pullRequest?.head);
  return failedChecksOf(session)
    .filter(({ sha }) => heads.includes(sha))
    .flatMap(({ id, repo }) => ['', row('ci log', `${repo}  ${ciLogOf(session.dir, id)}`, ''), ...(tails.get(id) ?? []).map((line) => row('', paint.dim(line), ''))]);
}

/** What the models cost, from the records. */
export async function costOf(session: UpSession, workflow: Workflow | null): Promise<string> {
  if (workflow === null) return showModelCost({ knownMicroUsd: 0, unknownCalls: 0 });
  const { store } = await findLedger(session.dir);
  return showModelCost(modelCost((await loadWorkflow(store, workflow.id)).events));
}

function trackingLine(session: UpSession, { trackingIssue }: Workflow): readonly string[] {
  return trackingIssue ? [row('issue', paint.underline(`${session.github.url}/${trackingIssue.repo}/issues/${trackingIssue.number}`), '')] : [];
}
