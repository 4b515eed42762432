import { join } from 'node:path';
import { inputError, refusedError, type CountersignError } from '../../domain/errors.ts';
import { isWorkflowId, type WorkflowId } from '../../domain/ids.ts';
import { isFinal } from '../../domain/status.ts';
import type { PatchSetState, Workflow } from '../../domain/workflow.ts';
import type { LocalCheck, LocalRun } from '../../local/contract.ts';
import type { LocalGitHub } from '../../local/local-github.ts';
import { gitDirOf } from '../../local/server/seed.ts';
import { listWorkflows } from '../ledger-place.ts';
import { paint } from '../output.ts';
import { printable } from '../printable.ts';
import { bringUp, type BroughtUp } from './bring-up.ts';
import { ciLogOf } from './ci-log.ts';
import { LedgerFollower } from './ledger-follow.ts';
import { lineOf, row, stateRow } from './lines.ts';
import type { UpOptions } from './options.ts';
import { Person } from './person.ts';
import { writePlace, type UpPlace } from './place.ts';
import { askChoice, openInBrowser, showPatchSet } from './review-screen.ts';
import { CONTROL_REPO } from './seed.ts';

/** Why following ended. */
export type Ending = 'final' | 'paused' | 'until' | 'waiting' | 'quit';

/** One `countersign up`: a local GitHub, one workflow on it, and somebody who reviews. */
export class UpSession {
  readonly dir: string;
  readonly place: UpPlace;
  readonly github: LocalGitHub;
  readonly #options: UpOptions;
  readonly #say: (line: string) => void;
  readonly #person: Person;
  readonly #reviewed = new Set<number>();
  readonly #stop = new AbortController();
  #follower: LedgerFollower | null = null;
  #status = '';
  #wake: () => void = () => undefined;

  readonly #release: () => Promise<void>;

  private constructor({ dir, place, github, release }: BroughtUp, options: UpOptions, say: (line: string) => void) {
    this.dir = dir;
    this.place = place;
    this.github = github;
    this.#release = release;
    this.#options = options;
    this.#say = say;
    this.#person = new Person(github, place.login);
    github.runner.onChange((change) => {
      if (change.kind === 'check') this.#sayCheck(change.check);
      this.#wake();
    });
  }

  /** Fills a new directory or goes on with a used one, and brings up the local GitHub. */
  static async open(options: UpOptions, say: (line: string) => void): Promise<UpSession> {
    return new UpSession(await bringUp(options, say), options, say);
  }

  get issueUrl(): string {
    return `${this.github.url}/${this.place.issue.repo}/issues/${this.place.issue.number}`;
  }

  get workflowId(): WorkflowId | null {
    return this.#follower?.id ?? null;
  }

  /** Hands the issue over, once, and follows the workflow until it ends or waits for somebody who is not here. */
  async run(): Promise<Ending> {
    if (this.#stop.signal.aborted) return 'quit';
    await this.github.runner.resume();
    if (!this.place.started) {
      await this.#person.startWorkflow(this.issueUrl);
      await writePlace(this.dir, { ...this.place, started: true });
    } else if (this.#options.ciCommand !== null) await this.#retry();
    return this.follow();
  }

  /** Comments `/propose` with the change on the tracking issue, as a person does, and follows what comes of it. */
  async propose(blocks: string): Promise<Ending> {
    await this.github.runner.resume();
    const workflow = await this.#look();
    if (!workflow?.trackingIssue) throw refusedError('no-tracking-issue', `${this.dir} has no workflow that takes a proposal. Start one first: countersign up --dir ${this.dir}`);
    await this.#person.comment(workflow.trackingIssue, `/propose\n\n${blocks}`);
    return this.follow();
  }

  /** CI runs again by another command: a workflow that stopped for want of it looks again. */
  async #retry(): Promise<void> {
    const workflow = await this.#look();
    if (workflow?.status === 'NEEDS_HUMAN' && workflow.trackingIssue) await this.#person.comment(workflow.trackingIssue, '/retry');
  }

  /** Prints what happens as it happens. */
  async follow(): Promise<Ending> {
    for (;;) {
      const changed = this.#nextChange();
      const workflow = await this.#look();
      const ending = workflow ? await this.#act(workflow) : null;
      if (ending) return ending;
      const idle = await Promise.race([changed.then(() => false), this.github.runner.idle().then(() => true)]);
      if (this.#stop.signal.aborted) return 'quit';
      const stopped = idle ? await this.#onIdle() : null;
      if (stopped) return stopped;
    }
  }

  async current(): Promise<Workflow | null> {
    return this.#look();
  }

  /** Goes on printing what people do in the browser, until Ctrl-C. */
  async untilInterrupted(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const changed = this.#nextChange();
      await this.#look();
      await changed;
    }
  }

  /** Ends the follow loop from outside (Ctrl-C). */
  interrupt(): void {
    this.#stop.abort();
    this.#wake();
  }

  async close(): Promise<void> {
    await this.github.close();
    await this.#release();
  }

  /** A target's CI may take long: say that it runs, and where to look. */
  #sayCheck({ id, repo, status, url }: LocalCheck): void {
    const command = this.github.services.state.repos.find(({ name }) => name === repo)?.ciCommand ?? null;
    if (command !== null && status !== 'completed' && !url.includes('/actions/')) this.#say(row('ci', `${repo}  running: ${printable(command)}`, ciLogOf(this.dir, id)));
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #look(): Promise<Workflow | null> {
    const gitDir = gitDirOf(this.dir, CONTROL_REPO);
    if (!this.#follower) {
      const id = (await listWorkflows(gitDir)).at(-1);
      if (!id || !isWorkflowId(id)) return null;
      this.#follower = new LedgerFollower(gitDir, id);
    }
    const { workflow, events } = await this.#follower.look();
    for (const event of events) {
      const line = workflow && lineOf(event, workflow);
      if (line) this.#say(line);
      if (event.state.to !== this.#status) {
        this.#status = event.state.to;
        this.#say(stateRow(this.#status));
      }
    }
    return workflow;
  }

  async #act(workflow: Workflow): Promise<Ending | null> {
    if (workflow.status === this.#options.until) return 'until';
    if (isFinal(workflow.status) && workflow.outcome) return 'final';
    const waiting = this.#waitingReviews(workflow);
    if (waiting.length === 0) return null;
    return this.#review(workflow, waiting);
  }

  /** PatchSets whose review run waits at the environment right now. */
  #waitingReviews(workflow: Workflow): readonly { patchSet: PatchSetState; runId: number }[] {
    return workflow.patchSets.flatMap((patchSet) => {
      const runId = patchSet.request?.runId;
      const run = this.github.services.state.runs.find(({ id }) => id === runId);
      return runId !== undefined && run?.status === 'waiting' && !this.#reviewed.has(runId) ? [{ patchSet, runId }] : [];
    });
  }

  async #review(workflow: Workflow, waiting: readonly { patchSet: PatchSetState; runId: number }[]): Promise<Ending | null> {
    const { reviewer } = this.#options;
    // Nobody is asked before every PatchSet that needs an answer waits for one, so that they come in their order.
    const needed = workflow.patchSets.filter(({ approval, request }) => !approval && !this.#reviewed.has(request?.runId ?? 0));
    if (reviewer.kind === 'none') return waiting.length === needed.length ? 'waiting' : null;
    if (reviewer.kind === 'ask' && waiting.length < needed.length) return null;
    // As a person does who reads each change: the next one is approved when the one before is on the record.
    if (reviewer.kind === 'approve' && workflow.patchSets.some((patchSet) => this.#isBeingRecorded(patchSet))) return null;
    const [first] = waiting;
    return first ? this.#answer(workflow, first) : null;
  }

  #isBeingRecorded({ approval, request }: PatchSetState): boolean {
    const run = this.github.services.state.runs.find(({ id }) => id === request?.runId);
    return !approval && run !== undefined && this.#reviewed.has(run.id) && run.status !== 'completed';
  }

  async #answer(workflow: Workflow, first: { patchSet: PatchSetState; runId: number }): Promise<Ending | null> {
    const { reviewer } = this.#options;
    if (reviewer.kind === 'ask') return this.#ask(workflow, first);
    if (reviewer.kind === 'none') return 'waiting';
    this.#reviewed.add(first.runId);
    await this.#person.review(first.runId, reviewer.kind === 'approve' ? 'approved' : 'rejected', reviewer.comment);
    return null;
  }

  async #ask(workflow: Workflow, { patchSet, runId }: { patchSet: PatchSetState; runId: number }): Promise<Ending | null> {
    if (!this.#follower) return null;
    await showPatchSet(this.#follower, workflow, patchSet);
    for (;;) {
      const choice = await this.#askOrReviewedElsewhere(runId);
      if (choice === null) return null;
      if (choice.kind === 'quit') return 'quit';
      if (choice.kind === 'open') openInBrowser(`${this.github.url}/${CONTROL_REPO}/actions/runs/${runId}`);
      else {
        this.#reviewed.add(runId);
        await this.#person.review(runId, choice.kind === 'approve' ? 'approved' : 'rejected', choice.kind === 'approve' ? '' : choice.comment);
        return null;
      }
    }
  }

  /** The same choice can be clicked on the run's page: whoever is first counts. */
  async #askOrReviewedElsewhere(runId: number): Promise<Awaited<ReturnType<typeof askChoice>> | null> {
    const asked = new AbortController();
    const abort = (): void => asked.abort();
    this.#stop.signal.addEventListener('abort', abort);
    const unhook = this.github.runner.onChange((change) => {
      if (change.kind !== 'check' && change.run.id === runId && change.run.status !== 'waiting') abort();
    });
    try {
      return await askChoice(asked.signal);
    } catch (error) {
      if (asked.signal.aborted) return null;
      throw error;
    } finally {
      unhook();
      this.#stop.signal.removeEventListener('abort', abort);
    }
  }

  /** Nothing runs: a person is asked, the schedule's next tick is due, or something failed before it could be recorded. */
  async #onIdle(): Promise<Ending | null> {
    const workflow = await this.#look();
    if (workflow?.status === 'NEEDS_HUMAN') return 'paused';
    if (workflow && (workflow.status === 'PR_OPEN' || workflow.status === 'VERIFYING_CI')) {
      await this.github.runner.tick('observe.yml', CONTROL_REPO);
      return null;
    }
    const failed = this.github.services.state.runs.findLast((run) => run.repo === CONTROL_REPO && run.conclusion === 'failure');
    if (workflow && isFinal(workflow.status)) return null;
    const [first] = workflow ? this.#waitingReviews(workflow) : [];
    // Another PatchSet's run did not come to wait: what does wait is asked all the same.
    if (workflow && first) return this.#answer(workflow, first);
    throw this.#stuck(failed);
  }

  #stuck(run: LocalRun | undefined): CountersignError {
    const job = run?.jobs.find(({ conclusion }) => conclusion === 'failure');
    const said = job?.annotations?.find(({ level }) => level === 'error')?.message ?? run?.problem ?? 'nothing runs and nothing waits';
    const log = job ? ` Its log: ${join(this.dir, 'logs', job.log)}` : '';
    // Before anything is recorded, what fails is what was given: the issue or the control repo's configuration.
    const make = this.#follower ? refusedError : inputError;
    return make('run-failed', `${run ? `The run "${run.displayTitle}" failed: ` : ''}${said.replace(/\.$/, '')}.${log}`);
  }

  /** A line that is not about the workflow. */
  announce(): void {
    this.#say(`${paint.bold('Countersign')} · local GitHub on ${paint.underline(this.github.url)} · everything stays on this machine`);
    this.#say('');
    this.#say(row('directory', this.dir, ''));
  }
}
