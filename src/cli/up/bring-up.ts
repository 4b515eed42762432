import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CountersignError, inputError } from '../../domain/errors.ts';
import type { LocalState } from '../../local/contract.ts';
import { startLocalGitHub, type LocalGitHub } from '../../local/local-github.ts';
import type { RunnerOptions } from '../../local/runner/options.ts';
import { loadState } from '../../local/server/state.ts';
import { systemClock } from '../../system/clock.ts';
import { runCiAgain } from './ci-again.ts';
import { requireGit } from './git-seed.ts';
import { jobNetwork } from './job-network.ts';
import { readSettings, type Settings } from './local-config.ts';
import { goOnAsking, keysAgain, planModel } from './model-plan.ts';
import { modelLine } from './lines.ts';
import type { UpOptions } from './options.ts';
import { chooseDirectory, clearDirectory, readPlace, USUAL_PORT, writePlace, type UpPlace } from './place.ts';
import { CONTROL_REPO, MODEL_KEY, ROOT, seed } from './seed.ts';

/** A local GitHub that is up, and what its directory remembers. */
export interface BroughtUp {
  readonly dir: string;
  readonly place: UpPlace;
  readonly github: LocalGitHub;
  /** Gives the directory free for another `up`. */
  readonly release: () => Promise<void>;
}

/** Fills a new directory or goes on with a used one, and brings up its local GitHub. A new directory is filled whole or left as it was found. */
export async function bringUp(options: UpOptions, say: (line: string) => void): Promise<BroughtUp> {
  await requireGit();
  const chosen = await chooseDirectory(options.dir, systemClock.now());
  await refuseHeld(chosen.dir);
  const known = await readPlace(chosen.dir);
  if (known) return goOn(chosen.dir, known, { options, say });
  try {
    return await beginNew(chosen.dir, options, say);
  } catch (error) {
    await clearDirectory(chosen);
    throw error;
  }
}

async function beginNew(dir: string, options: UpOptions, say: (line: string) => void): Promise<BroughtUp> {
  if (options.issue !== null && options.repos.length === 0) throw inputError('issue-without-repo', '--issue needs --repo PATH: the repository that the issue is about.');
  const release = await hold(dir);
  const settings = options.config === null ? {} : await readSettings(options.config);
  const { model, server, transcript } = await planModel({ ...options, settings }, say);
  try {
    const seeded = await seed(dir, options, { model, settings });
    const place: UpPlace = { version: 1, port: USUAL_PORT, issue: seeded.issue, targets: [...seeded.targets], login: options.reviewer.login, started: false, transcript, providers: [...(model?.providers ?? [])] };
    return await start(dir, { state: seeded.state, place, say, release: async () => { await server?.close(); await release(); }, port: options.port, ciMinutes: ciMinutesOf(settings) });
  } catch (error) {
    await server?.close();
    throw error;
  }
}

async function goOn(dir: string, place: UpPlace, { options, say }: { options: UpOptions; say: (line: string) => void }): Promise<BroughtUp> {
  const fresh = freshFlag(options);
  if (fresh !== null) throw inputError('used-dir', `${dir} holds a local GitHub already, and ${fresh} is for a new one. Go on with it (up --dir ${dir}), or name a new directory.`);
  const { reviewer } = options;
  if ((reviewer.kind === 'approve' || reviewer.kind === 'reject') && reviewer.login !== place.login) throw inputError('other-reviewer', `The reviewer in ${dir} is ${place.login}, not ${reviewer.login}. Use --${reviewer.kind} ${place.login}.`);
  const state = loadState(dir);
  if (!state) throw inputError('damaged-dir', `${dir} holds no state of a local GitHub. Start again with a new directory.`);
  const key = keysAgain(place.providers, place.transcript?.kind === 'replay', say);
  const control = state.repos.find(({ name }) => name === CONTROL_REPO);
  if (control && key !== null) control.secrets[MODEL_KEY] = key;
  const held = await hold(dir);
  const server = place.transcript && (await goOnAsking(place.transcript, say));
  const release = async (): Promise<void> => {
    await server?.close();
    await held();
  };
  try {
    return await start(dir, { state, place, say, release, port: options.port, ciCommand: options.ciCommand });
  } catch (error) {
    await release();
    throw error;
  }
}

/** The first flag that only makes sense for a new directory, or null. */
function freshFlag({ repos, issue, model, config, record, replay }: UpOptions): string | null {
  const given = { '--repo': repos.length > 0, '--issue': issue !== null, '--model': model !== null, '--config': config !== null, '--record': record !== null, '--replay': replay !== null };
  return Object.entries(given).find(([, isGiven]) => isGiven)?.[0] ?? null;
}

interface Start {
  readonly state: LocalState;
  readonly place: UpPlace;
  readonly release: () => Promise<void>;
  readonly say: (line: string) => void;
  /** 0: the usual one, or any free port. */
  readonly port: number;
  /** Given when a used directory is to run another command as CI. */
  readonly ciCommand?: string | null;
  /** How long a CI command may take; null: the local GitHub's own limit. */
  readonly ciMinutes?: number | null;
}

/** A command of CI is ended a little before nobody waits for it any more: then it has failed, and says so. */
function ciMinutesOf({ ci }: Settings): number | null {
  const seconds = ci?.['timeoutSeconds'];
  return typeof seconds === 'number' ? (seconds - Math.min(60, seconds / 2)) / 60 : null;
}

async function start(dir: string, { state, place, release, say, port, ciCommand = null, ciMinutes = null }: Start): Promise<BroughtUp> {
  const github = await startOnPort(dir, state, { asked: port, usual: place.port, say, ciMinutes });
  if (ciCommand !== null) runCiAgain(github.services, place.targets, ciCommand);
  const control = state.repos.find(({ name }) => name === CONTROL_REPO);
  if (control) control.variables['COUNTERSIGN_SITE_URL'] = github.services.pagesUrl(CONTROL_REPO);
  const moved = { ...place, port: Number(new URL(github.url).port) };
  await writePlace(dir, moved);
  return { dir, place: moved, github, release };
}

async function startOnPort(dir: string, state: LocalState, { asked, usual, say, ciMinutes }: Pick<Start, 'say'> & { asked: number; usual: number; ciMinutes: number | null }): Promise<LocalGitHub> {
  const runner: RunnerOptions = {
    ...jobNetwork(process.env),
    cacheSeeds: [{ pathSuffix: 'node_modules', directory: join(ROOT, 'node_modules') }],
    requirePinned: (repo) => repo === CONTROL_REPO,
    ...(ciMinutes === null ? {} : { ciTimeoutMinutes: ciMinutes }),
    isBackground: ({ workflowFile }) => workflowFile === 'site.yml',
    onLine: ({ runId, line }) => {
      const progress = state.runs.find(({ id }) => id === runId)?.repo === CONTROL_REPO ? modelLine(line) : null;
      if (progress !== null) say(progress);
    },
  };
  const listen = (port: number): Promise<LocalGitHub> => startLocalGitHub({ dir, port, state, runner, unsavedSecrets: [MODEL_KEY] });
  if (asked !== 0) return listen(asked);
  try {
    return await listen(usual);
  } catch (error) {
    if (error instanceof CountersignError && error.code === 'port-taken') return listen(0);
    throw error;
  }
}

const HOLDER = 'up.pid';

/** Keeps a second `up` out of the directory while this one is in it. */
async function hold(dir: string): Promise<() => Promise<void>> {
  await refuseHeld(dir);
  const file = join(dir, HOLDER);
  await writeFile(file, `${process.pid}\n`);
  return () => rm(file, { force: true });
}

async function refuseHeld(dir: string): Promise<void> {
  const holder = Number(await readFile(join(dir, HOLDER), 'utf8').catch(() => ''));
  if (holder > 0 && holder !== process.pid && isAlive(holder)) throw inputError('dir-in-use', `${dir} is in use by another \`countersign up\` (process ${holder}). End that one first, or name another directory with --dir.`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
