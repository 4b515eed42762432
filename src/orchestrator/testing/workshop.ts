import type { CountersignConfig } from '../../domain/config.ts';
import type { RepoName, WorkflowId } from '../../domain/ids.ts';
import type { Workflow } from '../../domain/workflow.ts';
import { sha256 } from '../../ledger/canonical-json.ts';
import { loadWorkflow } from '../../ledger/load.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { CheckView, IssueText, RepoHead, ReviewView } from '../../ports/github-reader.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import type { RepoReader } from '../../ports/repo-reader.ts';
import { answer } from '../answer.ts';
import { authorize, ENVIRONMENT } from '../authorize.ts';
import { design } from '../design.ts';
import { observe } from '../observe.ts';
import { present } from '../present.ts';
import { patch } from '../patch.ts';
import type { Job, Ports } from '../ports.ts';
import { recordDesign } from '../record-design.ts';
import { recordPatch } from '../record-patch.ts';
import { settle } from '../settle.ts';
import { workflowIdFor } from '../workflow-id.ts';
import { write } from '../write.ts';

const CONTROL: RepoName = 'local/control';
const SERVER = 'https://github.example';
const PERSON = { login: 'octocat', userId: 1, userType: 'User' };

/** What a workshop is given: real git, a real ledger, and who designs and proposes. */
export interface WorkshopOptions {
  readonly ledger: LedgerStore;
  readonly repos: RepoReader;
  readonly heads: readonly RepoHead[];
  readonly issue: { readonly title: string; readonly body: string };
  readonly config: CountersignConfig;
  readonly roles: Pick<Ports, 'designer' | 'proposer'>;
  readonly loadGrammar: Ports['loadGrammar'];
  readonly redact: Job['redact'];
  readonly clock: Clock;
  readonly random: Random;
  /** The commit of the control repo that the runs use. */
  readonly workflowSha?: string;
  /** Is told everything that leaves the product: what people would read, and every write. */
  readonly heard?: (intent: { readonly kind: string }) => unknown;
  /** Is told every job's summary, as the run's page shows it. */
  readonly summarised?: (markdown: string) => void;
  /** What a think job that was taken over hands over instead of its artifact; null: nothing. */
  readonly tampered?: (stage: 'design' | 'patch', artifact: Uint8Array) => Uint8Array | null;
  /** What its CI reports, in place of one required check that passed. */
  readonly checks?: readonly CheckView[];
  /** The first run's number; every job counts on from it. */
  readonly firstRun?: number;
}

/**
 * For tests and vectors: the product's own use cases, one after the other as the workflow files run them, over a GitHub
 * that is a few variables. Nothing but the clock and the run numbers decides what comes out, so it is the same each time.
 */
export class Workshop {
  readonly id: WorkflowId;
  readonly #options: WorkshopOptions;
  readonly #reviews = new Map<number, ReviewView[]>();
  #run: number;
  #pulls = 0;
  #trees = new Map<string, { head: string; tree: string }>();

  constructor(options: WorkshopOptions) {
    this.#options = options;
    this.#run = options.firstRun ?? 1_000;
    this.id = workflowIdFor(options.clock.now(), CONTROL, this.#run);
  }

  async workflow(): Promise<Workflow> {
    const { workflow } = await loadWorkflow(this.#options.ledger, this.id);
    if (!workflow) throw new Error(`${this.id} was not recorded`);
    return workflow;
  }

  /** Design, its record, and when the gates pass the patches and their record. */
  async start(): Promise<Workflow> {
    const [repository] = this.#options.heads;
    const input = { workflow: null, issue: `${SERVER}/${repository?.repo ?? ''}/issues/1`, repositories: '' };
    const { artifact } = await design(this.#ports('design'), input);
    const report = await recordDesign(this.#ports('record-design'), { ...input, artifact: this.#handedOver('design', artifact) });
    this.#say(report);
    return report.next === 'patch' ? this.#propose() : this.workflow();
  }

  /** A design anew after an answer. */
  async designAgain(): Promise<Workflow> {
    this.#run += 1;
    const input = { workflow: this.id, issue: '', repositories: '' };
    const { artifact } = await design(this.#ports('design'), input);
    const report = await recordDesign(this.#ports('record-design'), { ...input, artifact: this.#handedOver('design', artifact) });
    this.#say(report);
    return report.next === 'patch' ? this.#propose() : this.workflow();
  }

  /** A comment on the tracking issue, by the approver unless it says who else. */
  async comment(body: string, login = PERSON.login): Promise<Workflow> {
    this.#run += 1;
    await answer(this.#ports('answer'), { issueNumber: 1, issueBody: `<!-- countersign:begin ${this.id} -->`, ...PERSON, login, body });
    return this.workflow();
  }

  async approve(patchSet: string): Promise<Workflow> {
    const { run, review } = await this.#review(patchSet, 'approved', '');
    this.#say(await present(this.#ports('present', run), review));
    const report = await authorize(this.#ports('write', run), review);
    this.#say(report);
    if (report.next === 'write') this.#say(await write(this.#ports('write', run), { workflow: this.id }));
    return this.workflow();
  }

  /** A rejection whose comment asks for changes, and the new revision that follows. */
  async requestChanges(patchSet: string, comment: string): Promise<Workflow> {
    const { run } = await this.#review(patchSet, 'rejected', `changes: ${comment}`);
    this.#run += 1;
    this.#say(await settle(this.#ports('settle'), { id: run, title: `Review ${patchSet} · ${this.id}` }));
    return this.#propose();
  }

  /** A run that a person starts by hand with another agent's change, as docs/examples/bring-your-own-agent.yml does. */
  async handOver(text: string, login = PERSON.login): Promise<Workflow> {
    this.#run += 1;
    const dispatchedBy = { login, id: PERSON.userId };
    const { artifact } = await patch(this.#ports('patch'), { workflow: this.id, given: { text, repo: null } });
    const ports = this.#ports('record-patch');
    this.#say(await recordPatch({ ...ports, job: { ...ports.job, dispatchedBy } }, { workflow: this.id, artifact: this.#handedOver('patch', artifact) }));
    return this.workflow();
  }

  /** Another proposal where one is asked for: what the dispatched run would do. */
  async proposeAgain(): Promise<Workflow> {
    return this.#propose();
  }

  async observe(): Promise<Workflow> {
    this.#run += 1;
    await observe(this.#ports('observe'), { workflow: this.id, patienceSeconds: 0 });
    return this.workflow();
  }

  async #propose(): Promise<Workflow> {
    this.#run += 1;
    const { artifact } = await patch(this.#ports('patch'), { workflow: this.id, given: null });
    const report = await recordPatch(this.#ports('record-patch'), { workflow: this.id, artifact: this.#handedOver('patch', artifact) });
    this.#say(report);
    return this.workflow();
  }

  /** The step has run whether anybody listens or not. */
  #say({ summary }: { readonly summary: string }): void {
    this.#options.summarised?.(summary);
  }

  #handedOver(stage: 'design' | 'patch', artifact: unknown): Uint8Array | null {
    const bytes = new TextEncoder().encode(JSON.stringify(artifact));
    return this.#options.tampered ? this.#options.tampered(stage, bytes) : bytes;
  }

  async #review(id: string, state: ReviewView['state'], comment: string) {
    const patchSet = (await this.workflow()).patchSets.find((each) => each.id === id);
    if (!patchSet?.request) throw new Error(`${id} is not under review`);
    const run = patchSet.request.runId;
    this.#reviews.set(run, [{ state, comment, ...PERSON, environments: [ENVIRONMENT] }]);
    return { run, review: { workflow: this.id, patchSet: id, revision: patchSet.revision, digest: patchSet.digest } };
  }

  #ports(job: string, run = this.#run): Ports {
    const { ledger, repos, roles, loadGrammar } = this.#options;
    return { job: this.#job(job, run), ledger, repos, loadGrammar, ...roles, targets: this.#targets(), control: this.#control(), writer: this.#writer(), targetWriters: this.#targetWriters() };
  }

  #job(job: string, id: number): Job {
    const { clock, random, config, redact, workflowSha = 'c'.repeat(40) } = this.#options;
    const run = { repository: CONTROL, id, attempt: 1, job, workflowRef: `${CONTROL}/.github/workflows/start.yml@refs/heads/main`, workflowSha };
    return { clock, random, run, dispatchedBy: null, controlRepo: CONTROL, serverUrl: SERVER, siteUrl: null, config, redact, log: () => undefined };
  }

  #issue(): IssueText {
    const { heads, issue } = this.#options;
    const repo = heads[0]?.repo ?? '';
    return { repo, number: 1, url: `${SERVER}/${repo}/issues/1`, ...issue, author: PERSON.login, state: 'open' };
  }

  #targets(): Ports['targets'] {
    return {
      readIssue: async () => this.#issue(),
      readIntake: async (_, wanted) => ({ issue: this.#issue(), heads: wanted.flatMap(({ repo }) => this.#options.heads.filter((head) => head.repo === repo)) }),
      readPullRequests: async (list) => list.map(({ repo, number }) => ({ number, state: 'open', ...(this.#trees.get(repo) ?? { head: '', tree: '' }), rules: null, checks: this.#options.checks ?? [{ context: 'test', integrationId: null, state: 'passed', url: null }] })),
      readRequiredChecks: async () => (this.#options.checks ?? [{ context: 'test', integrationId: null }]).map(({ context, integrationId }) => ({ context, integrationId })),
    };
  }

  #control(): Ports['control'] {
    return {
      readConfig: async () => null,
      readEnvironment: async () => ({ exists: true, reviewers: 1 }),
      readReviews: async (run) => this.#reviews.get(run) ?? [],
      readIssue: async () => this.#issue(),
      readOpenIssues: async () => [],
    };
  }

  #writer(): Ports['writer'] {
    return {
      createTrackingIssue: async (intent) => (await this.#options.heard?.(intent), { number: 1, url: `${SERVER}/${CONTROL}/issues/1` }),
      updateTrackingIssue: async (intent) => void (await this.#options.heard?.(intent)),
      dispatchContinue: async (intent) => void (await this.#options.heard?.(intent)),
      dispatchReview: async (intent) => {
        await this.#options.heard?.(intent);
        this.#run += 1;
        return { runId: this.#run, url: `${SERVER}/${CONTROL}/actions/runs/${this.#run}` };
      },
    };
  }

  #targetWriters(): Ports['targetWriters'] {
    return {
      open: async () => ({
        apply: async (intent) => {
          await this.#options.heard?.(intent);
          const commit = sha256(new TextEncoder().encode(`${intent.message}${intent.resultTree}`)).slice(0, 40);
          this.#trees.set(intent.repo, { head: commit, tree: intent.resultTree });
          return { branch: intent.branch, commit, tree: intent.resultTree, verified: true };
        },
        openPullRequest: async (intent) => {
          const { repo, commit } = intent;
          await this.#options.heard?.(intent);
          this.#pulls += 1;
          return { number: this.#pulls, url: `${SERVER}/${repo}/pull/${this.#pulls}`, head: commit };
        },
        revoke: async () => undefined,
      }),
    };
  }
}
