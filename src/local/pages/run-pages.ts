// Runs, their jobs, and the review page.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { LocalEnvironment, LocalJob, LocalRun } from '../contract.ts';
import { notFound } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import { pendingEnvironments, reviewRun, waitingJobs } from '../server/rest/actions.ts';
import type { ArtifactStore } from '../server/results/artifact-store.ts';
import { stateMark } from './badges.ts';
import { html, link } from './html.ts';
import type { Html } from './html.ts';
import { duration, page, redirect, time } from './layout.ts';
import { markdown } from './markdown.ts';
import { countsOf, people, personOfForm } from './page-call.ts';
import type { PageCall } from './page-call.ts';

const LOG_BYTES_MAX = 1024 * 1024;
const REFRESH_SECONDS = 3;

const runLink = (run: LocalRun): string => link(run.repo, 'actions', 'runs', run.id);

export function findRun(call: PageCall, id: number): LocalRun {
  const found = call.world.state.runs.find((run) => run.id === id && run.repo === call.repo.name);
  if (found === undefined) throw notFound();
  return found;
}

export function runListPage(call: PageCall): Reply {
  const runs = call.world.state.runs.filter((run) => run.repo === call.repo.name).toReversed();
  const rows = runs.map((run) => html`<li>${stateMark(run.status, run.conclusion)} <a href="${runLink(run)}">${run.displayTitle}</a><br><span class="quiet">${run.workflowName} #${run.id}, ${run.event} by ${run.actor}, ${time(run.createdAt)}</span></li>`);
  const body = html`<h1>Workflow runs</h1>${rows.length === 0 ? html`<p class="empty">None yet.</p>` : html`<ul class="list">${rows}</ul>`}`;
  const busy = runs.some((run) => run.status !== 'completed');
  return page({ title: 'Actions', repo: call.repo.name, tab: 'actions', body, session: call.session, counts: countsOf(call), ...(busy ? { refreshSeconds: REFRESH_SECONDS } : {}) });
}

/** The box that decides: one form, one comment, two buttons. The environment waits for exactly this. */
function reviewBox(call: PageCall, run: LocalRun, environment: LocalEnvironment): Html {
  const reviewers = people(call.world, environment.reviewers).filter((login) => environment.reviewers.includes(login));
  const names = waitingJobs(run, environment.name).map((job) => job.name).join(', ');
  const who = reviewers.length === 1 ? html`<input type="hidden" name="login" value="${reviewers[0]}">` : html`<label class="inline">as <select name="login">${reviewers.map((login) => html`<option>${login}</option>`)}</select></label>`;
  const self = environment.preventSelfReview && reviewers.every((login) => login === run.actor);
  return html`<section class="review" aria-labelledby="review-${environment.id}"><h2 id="review-${environment.id}">Review pending deployments</h2>
<p><strong>${names}</strong> waits for a review of the environment <code>${environment.name}</code>.${reviewers.length === 1 ? html` You review as <strong>${reviewers[0]}</strong>.` : ''}</p>
${self ? html`<p class="warn">Whoever started this run may not review it, and nobody else is a reviewer.</p>` : ''}
<form method="post" action="${runLink(run)}/review"><input type="hidden" name="csrf" value="${call.session.csrf}"><input type="hidden" name="environment" value="${environment.id}">
<label for="review-comment-${environment.id}">Comment</label><textarea id="review-comment-${environment.id}" name="comment" rows="3" maxlength="65536"></textarea>
<div class="actions">${who}<button name="state" value="rejected" class="danger">Reject</button><button name="state" value="approved" class="primary">Approve and deploy</button></div></form></section>`;
}

function history(run: LocalRun): Html | '' {
  if (run.reviews.length === 0) return '';
  const rows = run.reviews.map((review) => html`<li>${stateMark(review.state === 'approved' ? 'success' : 'failure', null)} <strong>${review.user}</strong> ${review.state} <code>${review.environment}</code>, ${time(review.at)}${review.comment === '' ? '' : html`<blockquote>${review.comment}</blockquote>`}</li>`);
  return html`<h2>Reviews</h2><ul class="list">${rows}</ul>`;
}

function jobCard(run: LocalRun, job: LocalJob): Html {
  const steps = job.steps.map((step) => html`<li>${stateMark(step.status, step.conclusion)} ${step.name}</li>`);
  const took = duration(job.startedAt, job.completedAt);
  return html`<section class="job"><h3>${stateMark(job.status, job.conclusion)} <a href="${runLink(run)}/job/${job.id}">${job.name}</a> <span class="quiet">${stateWords(job)}${took === '' ? '' : `, ${took}`}</span></h3>${steps.length === 0 ? '' : html`<ol class="steps">${steps}</ol>`}${annotations(job)}</section>`;
}

const stateWords = (job: LocalJob): string => (job.status === 'completed' ? (job.conclusion ?? 'completed') : job.status === 'waiting' ? 'waiting for review' : job.status.replace('_', ' ')).replace('_', ' ');

function annotations(job: LocalJob): Html | '' {
  const found = job.annotations ?? [];
  return found.length === 0 ? '' : html`<ul class="notes">${found.map((note) => html`<li class="${note.level}"><strong>${note.level}</strong> ${note.file === null ? '' : html`<code>${note.file}${note.line === null ? '' : `:${note.line}`}</code> `}${note.message}</li>`)}</ul>`;
}

export function runPage(call: PageCall, id: number, artifacts: ArtifactStore): Reply {
  const run = findRun(call, id);
  const pending = pendingEnvironments(call.repo, run);
  const files = artifacts.list(run.id).filter((artifact) => artifact.finalized);
  const summaries = run.jobs.filter((job) => job.summary.trim() !== '').map((job) => html`<section class="summary"><h2>${job.name} <span class="quiet">summary</span></h2>${markdown(job.summary)}</section>`);
  const body = html`<p class="quiet above"><a href="${link(run.repo, 'actions')}">Actions</a> · ${run.workflowName} #${run.id}</p>
<h1>${run.displayTitle}</h1>
<p class="quiet">${stateMark(run.status, run.conclusion, true)} · ${run.event} by ${run.actor}, ${time(run.createdAt)} · <code>${run.headBranch}</code> <a href="${link(run.repo, 'commit', run.headSha)}"><code>${run.headSha.slice(0, 7)}</code></a> · attempt ${run.attempt}</p>
${run.problem === null || run.problem === undefined ? '' : html`<p class="warn">${run.problem}</p>`}
${pending.map((environment) => reviewBox(call, run, environment))}
<div class="columns run"><div>${summaries.length === 0 ? html`<p class="empty">No job has written a summary.</p>` : summaries}</div>
<aside><h2>Jobs</h2>${run.jobs.map((job) => jobCard(run, job))}${history(run)}${files.length === 0 ? '' : html`<h2>Artifacts</h2><ul class="list">${files.map((file) => html`<li>${file.name} <span class="quiet">${file.size} bytes</span></li>`)}</ul>`}</aside></div>`;
  // A page with a comment box never reloads by itself: it would take away what someone is typing.
  const refresh = run.status !== 'completed' && pending.length === 0 ? { refreshSeconds: REFRESH_SECONDS } : {};
  return page({ title: run.displayTitle, repo: run.repo, tab: 'actions', body, session: call.session, counts: countsOf(call), ...refresh });
}

export async function postReview(call: PageCall, id: number): Promise<Reply> {
  const run = findRun(call, id);
  const state = call.form.get('state');
  const environment = call.repo.environments.find((candidate) => String(candidate.id) === call.form.get('environment'));
  if (environment === undefined || (state !== 'approved' && state !== 'rejected')) throw notFound();
  await reviewRun(call.world, { run, environments: [environment], state, comment: call.form.get('comment') ?? '', login: personOfForm(call.world, call.form) });
  return redirect(runLink(run));
}

/** A job's log, as far as it goes, with every secret masked. */
export function jobPage(call: PageCall, id: number, jobId: number): Reply {
  const run = findRun(call, id);
  const job = run.jobs.find((candidate) => candidate.id === jobId);
  if (job === undefined) throw notFound();
  const text = call.world.services.mask(readLog(call.world.services.dir, job.log));
  const body = html`<p class="quiet above"><a href="${runLink(run)}">${run.displayTitle}</a></p><h1>${stateMark(job.status, job.conclusion)} ${job.name}</h1>${jobCard(run, job)}
<h2>Log</h2>${text === '' ? html`<p class="empty">Nothing logged yet.</p>` : html`<pre class="log" tabindex="0"><code>${text}</code></pre>`}`;
  return page({ title: job.name, repo: run.repo, tab: 'actions', body, session: call.session, counts: countsOf(call), ...(job.status === 'in_progress' ? { refreshSeconds: REFRESH_SECONDS } : {}) });
}

function readLog(dir: string, log: string): string {
  const root = path.join(dir, 'logs');
  const file = path.resolve(root, log);
  if (log === '' || !file.startsWith(root + path.sep) || !existsSync(file) || !realpathSync(file).startsWith(realpathSync(root) + path.sep)) return '';
  const bytes = readFileSync(file);
  return bytes.length <= LOG_BYTES_MAX ? bytes.toString('utf8') : `… the first ${bytes.length - LOG_BYTES_MAX} bytes are left out …\n${bytes.subarray(-LOG_BYTES_MAX).toString('utf8')}`;
}
