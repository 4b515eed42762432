import type { CountersignConfig } from '../domain/config.ts';
import type { RunRef } from '../domain/event.ts';
import type { RepoName } from '../domain/ids.ts';
import type { LoadGrammar } from '../context/grammars.ts';
import type { Designer, Proposer } from '../model/roles.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { ControlReader, TargetReader } from '../ports/github-reader.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';
import type { Redact } from '../ports/redactor.ts';
import type { RepoReader } from '../ports/repo-reader.ts';
import type { ControlWriter, TargetWriterFactory } from '../ports/writers.ts';

/** What every use case knows about the job it runs in. */
export interface Job {
  readonly clock: Clock;
  readonly random: Random;
  readonly run: RunRef;
  /** Who started this run by hand (workflow_dispatch, first attempt); null when an event or the product itself did. */
  readonly dispatchedBy: { readonly login: string; readonly id: number } | null;
  /** `OWNER/NAME` of the control repo. */
  readonly controlRepo: RepoName;
  /** GitHub's web address, for links. */
  readonly serverUrl: string;
  /** The review site's address, if one is known. */
  readonly siteUrl: string | null;
  readonly config: CountersignConfig;
  /** The policy's own scanner, for everything that is stored. */
  readonly redact: Redact;
  /** One line of progress into the job's log. */
  readonly log: (line: string) => void;
}

/** Everything a use case may be handed. Each takes only the part that its trust zone has. */
export interface Ports {
  readonly job: Job;
  readonly ledger: LedgerStore;
  readonly targets: TargetReader;
  readonly control: ControlReader;
  readonly repos: RepoReader;
  readonly designer: Designer;
  readonly proposer: Proposer;
  readonly writer: ControlWriter;
  readonly targetWriters: TargetWriterFactory;
  readonly loadGrammar: LoadGrammar;
}

/** What a step tells the workflow run: its outputs, and Markdown for the run's summary whose first line says what happened and what is next. */
export interface StepReport {
  readonly ok: boolean;
  readonly workflow: string | null;
  readonly state: string | null;
  /** What follows in the same run, or ''. */
  readonly next: '' | 'patch' | 'write' | 'deploy';
  readonly summary: string;
  /** What the run's page lists above its summary. */
  readonly annotations?: readonly Annotation[];
}

/** One line of a run's annotations. It names its place in its title: the files are in another repository than the run. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly message: string;
}
