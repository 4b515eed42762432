import { inputError } from '../../domain/errors.ts';
import { STATUSES, type Status } from '../../domain/status.ts';

/** `countersign up` as the person typed it. */
export interface UpFlags {
  readonly repo?: readonly string[];
  readonly issue?: string;
  readonly approve?: string;
  readonly reject?: string;
  readonly comment?: string;
  readonly until?: string;
  readonly ci?: string;
  readonly model?: string;
  readonly config?: string;
  readonly record?: string;
  readonly replay?: string;
  readonly port?: string;
  readonly dir?: string;
  readonly keep?: boolean;
  readonly json?: boolean;
}

/** Who answers the reviews: a played reviewer, the person at the terminal, or nobody (then it stops and says how to go on). */
export type Reviewer =
  | { readonly kind: 'approve'; readonly login: string; readonly comment: string }
  | { readonly kind: 'reject'; readonly login: string; readonly comment: string }
  | { readonly kind: 'ask'; readonly login: string }
  | { readonly kind: 'none'; readonly login: string };

export interface UpOptions {
  readonly repos: readonly string[];
  readonly issue: string | null;
  readonly reviewer: Reviewer;
  readonly until: Status | null;
  readonly ciCommand: string | null;
  readonly model: string | null;
  /** A `countersign.yml` whose limits, policy and settings of models and CI hold. */
  readonly config: string | null;
  /** Where to keep what the model is asked and answers. */
  readonly record: string | null;
  /** A transcript that answers instead of the model. */
  readonly replay: string | null;
  readonly port: number;
  readonly dir: string | null;
  readonly keep: boolean;
  readonly json: boolean;
}

const OWNER = 'octocat';
const LOGIN = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/;

/** Checks the flags together. Rejects with a sentence that names the flag. */
export function parseUpFlags(flags: UpFlags, interactive: boolean): UpOptions {
  if (flags.issue !== undefined && !flags.repo?.length && flags.dir === undefined) throw inputError('issue-without-repo', '--issue needs --repo PATH: the repository that the issue is about.');
  for (const [flag, value] of Object.entries({ '--repo': flags.repo?.find((path) => path.trim() === ''), '--issue': flags.issue, '--ci': flags.ci, '--model': flags.model, '--config': flags.config, '--record': flags.record, '--replay': flags.replay, '--dir': flags.dir })) {
    if (value?.trim() === '') throw inputError('empty-value', `${flag} needs a value, got an empty text.`);
  }
  if (flags.repo?.length && flags.issue === undefined) throw inputError('repo-without-issue', '--repo needs --issue FILE: the issue in Markdown, with its change. See docs/writing-an-issue.md.');
  if (flags.approve !== undefined && flags.reject !== undefined) throw inputError('two-reviews', '--approve and --reject exclude each other. Give one of them.');
  if (flags.record !== undefined && flags.replay !== undefined) throw inputError('two-transcripts', '--record and --replay exclude each other. Give one of them.');
  if (flags.record !== undefined && flags.model === undefined) throw inputError('record-without-model', '--record keeps what a model answers: name it with --model PROVIDER/NAME.');
  if (flags.comment !== undefined && flags.reject === undefined) throw inputError('comment-without-reject', '--comment goes with --reject LOGIN.');
  return {
    repos: flags.repo ?? [],
    issue: flags.issue ?? null,
    reviewer: parseReviewer(flags, interactive && flags.json !== true),
    until: parseStatus(flags.until),
    ciCommand: flags.ci ?? null,
    model: flags.model ?? null,
    config: flags.config ?? null,
    record: flags.record ?? null,
    replay: flags.replay ?? null,
    port: parsePort(flags.port),
    dir: flags.dir ?? null,
    keep: flags.keep === true,
    json: flags.json === true,
  };
}

function parseReviewer({ approve, reject, comment = '' }: UpFlags, interactive: boolean): Reviewer {
  for (const [flag, login] of [['--approve', approve], ['--reject', reject]] as const) {
    if (login !== undefined && !LOGIN.test(login)) throw inputError('bad-login', `${flag} needs a GitHub login, got "${login}".`);
  }
  if (approve !== undefined) return { kind: 'approve', login: approve, comment: '' };
  if (reject !== undefined) return { kind: 'reject', login: reject, comment };
  return { kind: interactive ? 'ask' : 'none', login: OWNER };
}

function parseStatus(until: string | undefined): Status | null {
  if (until === undefined) return null;
  const status = STATUSES.find((each) => each === until);
  if (!status) throw inputError('bad-state', `--until needs a state, got "${until}". States: ${STATUSES.join(', ')}.`);
  return status;
}

function parsePort(port: string | undefined): number {
  if (port === undefined) return 0;
  const number = /^\d{1,5}$/.test(port) ? Number(port) : -1;
  if (number < 0 || number > 65_535) throw inputError('bad-port', `--port needs a number from 0 to 65535, got "${port}".`);
  return number;
}
