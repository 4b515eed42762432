import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debug, info } from '@actions/core';
import type { CountersignConfig } from '../src/domain/config.ts';
import { CountersignError, inputError } from '../src/domain/errors.ts';
import type { WorkflowId } from '../src/domain/ids.ts';
import { createBundledGrammarLoader } from '../src/context/grammars.ts';
import { createRepoReader } from '../src/git/repo-reader.ts';
import { createGitHubClient } from '../src/github/client.ts';
import { createControlReader } from '../src/github/control-reader.ts';
import { expecting } from '../src/github/expected-query.ts';
import { expectedIntake } from '../src/github/intake.ts';
import { createGitHubLedgerReader, type LedgerReader } from '../src/github/ledger-reader.ts';
import { createTargetLookup } from '../src/github/target-lookup.ts';
import { createTargetReader } from '../src/github/target-reader.ts';
import { firstQuestion, type StartInput } from '../src/orchestrator/intake.ts';
import type { Job, Ports } from '../src/orchestrator/ports.ts';
import { rememberingStore, type RememberingStore } from '../src/orchestrator/remembering-store.ts';
import type { LedgerStore } from '../src/ports/ledger-store.ts';
import { parseConfig } from '../src/schema/config.ts';
import { systemClock, systemRandom } from '../src/system/clock.ts';
import { createControlWriter } from '../src/write-gate/control-writer.ts';
import { createGitHubLedgerStore } from '../src/write-gate/ledger-store.ts';
import { createTargetWriterFactory } from '../src/write-gate/target-writer.ts';
import type { ActionEnvironment } from './environment.ts';
import { takeHandover } from './handover.ts';
import type { Inputs } from './inputs.ts';

const USER_AGENT = 'countersign/0.1.0';

/** Everything that a step builds its ports from. */
export interface Wiring {
  readonly environment: ActionEnvironment;
  readonly inputs: Inputs;
  /** Where the bundle's entry lies, with the grammars beside it. Only the entry knows: other code may stand in a chunk below. */
  readonly directory: string;
}

const time = { clock: systemClock, random: systemRandom };

function access({ environment }: Wiring, token: string) {
  const { apiUrl, graphqlUrl } = environment;
  return { apiUrl, graphqlUrl, token, userAgent: USER_AGENT, ...time };
}

const controlClient = (wiring: Wiring) => createGitHubClient(access(wiring, wiring.inputs.githubToken));

export function targetReader(wiring: Wiring): Ports['targets'] {
  return createTargetReader(createGitHubClient(access(wiring, wiring.inputs.readToken)));
}

export const controlReader = (wiring: Wiring): Ports['control'] => createControlReader(controlClient(wiring), wiring.environment.run.repository);

export function repoReader({ environment, inputs }: Wiring): Ports['repos'] {
  return createRepoReader({ serverUrl: environment.serverUrl, token: inputs.readToken, directory: join(environment.temp, 'countersign-targets') });
}

export const grammarLoader = ({ directory }: Wiring): Ports['loadGrammar'] => createBundledGrammarLoader(join(directory, 'grammars'));

export function controlWriter(wiring: Wiring): Ports['writer'] {
  const { run, defaultBranch } = wiring.environment;
  return createControlWriter({ ...access(wiring, wiring.inputs.githubToken), repo: run.repository, defaultBranch });
}

/** Mints nothing by itself: the write gate asks `mayWrite` before each token. */
export function targetWriters(wiring: Wiring): Ports['targetWriters'] {
  const { token: _none, ...rest } = access(wiring, '');
  return createTargetWriterFactory({ ...rest, credential: wiring.inputs.writer(), installations: wiring.inputs.installations, lookup: (token) => createTargetLookup(createGitHubClient(access(wiring, token))) });
}

/**
 * Whatever is recorded goes through it. It takes a moment to load, so each step asks for it before it reads the ledger: between that
 * and the commit, each moment is a race to be lost.
 */
const secretScanner = () => import('../src/policy/secrets/redact.ts');

/** The ledger and the settings as they stand now, in one request when a workflow is named. */
export async function openLedger(wiring: Wiring, workflow: WorkflowId | null): Promise<{ ledger: LedgerStore; job: Job }> {
  const { store, reader } = ledgerStore(wiring, null);
  await secretScanner();
  if (!workflow) return { ledger: store, job: await createJob(wiring, configOf(await checkedOutConfig(wiring))) };
  const { snapshot, config } = await reader.readControl(workflow);
  store.remember(workflow, snapshot);
  return { ledger: store, job: await createJob(wiring, configOf(config)) };
}

function ledgerStore(wiring: Wiring, environment: string | null): { store: RememberingStore; reader: LedgerReader } {
  const { run } = wiring.environment;
  const reader = createGitHubLedgerReader({ client: controlClient(wiring), repo: run.repository, evidence: true, environment });
  return { reader, store: rememberingStore(createGitHubLedgerStore(reader, access(wiring, wiring.inputs.githubToken), run.repository)) };
}

/** As `openLedger`, with the run's reviews, and the environment's protection in the same request where GitHub tells it there. */
export async function openReview(wiring: Wiring, workflow: WorkflowId, environment: string): Promise<{ ledger: LedgerStore; job: Job; control: Ports['control']; config: string }> {
  const { store, reader } = ledgerStore(wiring, environment);
  const control = controlReader(wiring);
  const { id } = wiring.environment.run;
  // Before the ledger, for the same reason.
  const [reviews] = await Promise.all([control.readReviews(id), secretScanner()]);
  const { snapshot, config, environment: seen } = await reader.readControl(workflow);
  store.remember(workflow, snapshot);
  const readReviews = async (run: number) => (run === id ? reviews : control.readReviews(run));
  const readEnvironment = async (name: string) => (seen !== null && name === environment ? seen : control.readEnvironment(name));
  return { ledger: store, job: await createJob(wiring, configOf(config)), control: { ...control, readReviews, readEnvironment }, config: config ?? '' };
}

/** How a joined question is refused for a part of it: then each part is asked for by itself, and says for itself what is wrong. */
const REFUSED: ReadonlySet<string> = new Set(['github-permission', 'github-not-found', 'github-graphql']);

/**
 * As `openLedger` for a workflow that is to begin, with the question for its issue in the same request: the reader's token sees the
 * control repo, too. Where it does not, both are asked for one after the other.
 */
export async function openStart(wiring: Wiring, workflow: WorkflowId, input: StartInput): Promise<{ ledger: LedgerStore; job: Job; targets: Ports['targets'] }> {
  const reading = createGitHubClient(access(wiring, wiring.inputs.readToken));
  const question = firstQuestion({ config: configOf(await checkedOutConfig(wiring)), serverUrl: wiring.environment.serverUrl }, input);
  if (question === null) return { ...(await openLedger(wiring, workflow)), targets: createTargetReader(reading) };
  await secretScanner();
  const client = expecting(reading, expectedIntake(question.issue, question.heads));
  const targets = createTargetReader(client);
  try {
    const { snapshot, config } = await createGitHubLedgerReader({ client, repo: wiring.environment.run.repository, evidence: true }).readControl(workflow);
    const { store } = ledgerStore(wiring, null);
    store.remember(workflow, snapshot);
    return { ledger: store, job: await createJob(wiring, configOf(config)), targets };
  } catch (error) {
    if (!(error instanceof CountersignError) || !REFUSED.has(error.code)) throw error;
    return { ...(await openLedger(wiring, workflow)), targets };
  }
}

/** The ledger as the step before has left it, or as it stands now when there was none. */
export async function reopenLedger(wiring: Wiring, workflow: WorkflowId): Promise<{ ledger: LedgerStore; job: Job }> {
  const handover = await takeHandover({ ...wiring.environment, workflow });
  if (!handover) return openLedger(wiring, workflow);
  const { store } = ledgerStore(wiring, null);
  store.remember(workflow, handover.snapshot, handover.evidence);
  return { ledger: store, job: await createJob(wiring, configOf(handover.config)) };
}

/** A job that decides nothing takes the settings that were checked out with it; the record job reads them anew. */
async function checkedOutConfig({ environment }: Wiring): Promise<string | null> {
  return readFile(join(environment.workspace, 'countersign.yml'), 'utf8').catch(() => null);
}

function configOf(text: string | null): CountersignConfig {
  if (text === null) throw inputError('no-config', 'The control repo has no countersign.yml on its default branch. `countersign init` writes one.');
  return parseConfig(text);
}

async function createJob({ environment }: Wiring, config: CountersignConfig): Promise<Job> {
  const { redactSecrets } = await secretScanner();
  debug(`policy targets: ${config.targets.map(({ repo }) => repo).join(', ')}`);
  return {
    ...time,
    run: environment.run,
    dispatchedBy: environment.dispatchedBy,
    controlRepo: environment.run.repository,
    serverUrl: environment.serverUrl,
    siteUrl: siteUrlOf(environment),
    config,
    redact: redactSecrets,
    log: info,
  };
}

/** GitHub Pages' address of the control repo; elsewhere the variable that the workflow's environment sets. */
function siteUrlOf({ serverUrl, run }: ActionEnvironment): string | null {
  const configured = process.env['COUNTERSIGN_SITE_URL'];
  if (configured) return configured;
  const [owner = '', name = ''] = run.repository.split('/');
  return serverUrl === 'https://github.com' ? `https://${owner.toLowerCase()}.github.io/${name}/` : null;
}
