import type { Workflow } from '../../domain/workflow.ts';
import { addressVariable, PROVIDERS } from '../../model/client/providers.ts';
import { exitWith, isTerminal, note, paint, printJsonLine, printLine } from '../output.ts';
import type { UpOptions } from './options.ts';
import { blockedLines } from './blocked-lines.ts';
import { costOf, endLines, readTails, resultOf } from './report.ts';
import { UpSession, type Ending } from './session.ts';
import { takesProposal } from '../../orchestrator/given-change.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What a command does once its local GitHub is up. Gives how following ended. */
export type Begin = (session: UpSession) => Promise<Ending>;

/** Brings up the local GitHub, begins, follows, reports, and ends cleanly on a signal. Sets the exit code. */
export async function runSession(options: UpOptions, begin: Begin): Promise<void> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  // Heard from the very start: a directory that is being filled is filled to its end, so that it can be gone on with.
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    await bringUp(options, { stop: stop.signal, begin });
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

async function bringUp(options: UpOptions, { stop, begin }: { stop: AbortSignal; begin: Begin }): Promise<void> {
  const say = options.json ? note : printLine;
  const start = performance.now();
  const session = await open(options, say, stop);
  if (!session) return;
  stop.addEventListener('abort', () => session.interrupt());
  if (stop.aborted) session.interrupt();
  try {
    session.announce();
    const ending = await begin(session);
    if (ending !== 'quit') await report(session, { options, say, start, ending });
    if (!stop.aborted && ending !== 'quit' && staysUp(options)) await serve(session, say);
    if (ending === 'quit') sayHowToGoOn(session, await session.current(), say);
    if (stop.aborted && ending === 'quit') exitWith(2);
  } finally {
    await session.close();
  }
}

/** A Ctrl-C reaches git too, so what was being filled may fail to its end: then nothing is left of it. */
async function open(options: UpOptions, say: (line: string) => void, stop: AbortSignal): Promise<UpSession | null> {
  try {
    return await UpSession.open(options, say);
  } catch (error) {
    if (!stop.aborted) throw error;
    note('Interrupted before anything began. Run the same command again.');
    exitWith(2);
    return null;
  }
}

const staysUp = ({ keep, json, reviewer }: UpOptions): boolean => keep || (!json && reviewer.kind === 'ask') || (!json && isTerminal());

async function report(session: UpSession, { options, say, start, ending }: { options: UpOptions; say: (line: string) => void; start: number; ending: Ending }): Promise<void> {
  const seconds = (performance.now() - start) / 1_000;
  if (ending === 'final' || ending === 'paused') await session.github.runner.idle();
  const workflow = await session.current();
  const { result } = await resultOf(session, workflow);
  for (const line of endLines(session, workflow, { result, seconds, tails: await readTails(session), blocked: await blockedLines(session.dir, workflow), cost: await costOf(session, workflow) })) say(line);
  if (ending === 'paused') sayHowToMend(session, workflow, say);
  if (ending === 'waiting' || (ending === 'until' && result.state !== 'DONE')) sayHowToGoOn(session, workflow, say);
  if (ending === 'final' && result.state === 'DONE') say(`\n  try it on your own repository: ${paint.bold("npm start -- --repo PATH --issue FILE --approve octocat --ci 'COMMAND'")}`);
  if (ending === 'final' && !staysUp(options)) say(`  to browse the site, the review pages and the pull requests: npm start -- --dir ${session.dir} --keep`);
  if (options.json) printJsonLine(result);
  const holds = result.ledger.ok && result.writesBeforeApproval === 0 && (result.state === 'DONE' || ending === 'waiting' || ending === 'until');
  exitWith(holds ? 0 : 1);
}

function sayHowToGoOn(session: UpSession, workflow: Workflow | null, say: (line: string) => void): void {
  say('');
  say(`  Nothing is lost. Go on with:  npm start -- --dir ${session.dir}  (with --approve LOGIN to play the reviewer)`);
  sayHowToPropose(session, workflow, say);
}

/** Where a change is asked for, one that another agent or a person made can be handed over. */
function sayHowToPropose(session: UpSession, workflow: Workflow | null, say: (line: string) => void): void {
  if (workflow !== null && takesProposal(workflow)) say(`  To hand a change over:  npm run -s countersign -- propose --from FILE --dir ${session.dir}   (what git diff prints, from any agent)`);
}

/** The pages of a pause are gone once this ends: say how to have them again, and how to run CI when that is what is missing. */
function sayHowToMend(session: UpSession, workflow: Workflow | null, say: (line: string) => void): void {
  say('');
  say(`  To answer there later:  npm start -- --dir ${session.dir} --keep`);
  sayHowToPropose(session, workflow, say);
  if (workflow?.pause?.code.startsWith('model-') && session.place.transcript?.kind !== 'replay') for (const line of modelLines(session.place.providers)) say(line);
  if (workflow?.pause?.resumes === 'VERIFYING_CI') say(`  To run CI (again):      npm start -- --dir ${session.dir} --ci 'COMMAND'   (its environment is clean: PATH, LANG, CI, an empty HOME)`);
}

/** Where `up` takes from what a reason calls by its name in a control repo. */
function modelLines(providers: readonly string[]): readonly string[] {
  const [keys, addresses] = [providers.flatMap((name) => PROVIDERS[name]?.keyVariable ?? []), new Set(providers.map((name) => addressVariable(name)))];
  return [
    ...(keys.length === 0 ? [] : [`  The key is in:          ${keys.join(', ')}   (taken anew by --dir; nothing keeps it)`]),
    `  Name and address are:   --model and ${[...addresses].join(', ')}; other settings of models: --config FILE   (of a new directory)`,
  ];
}

/** Keeps the pages up and goes on following: a person may answer in the browser. */
async function serve(session: UpSession, say: (line: string) => void): Promise<void> {
  say(`\n  The pages stay up until Ctrl-C. Later: npm start -- --dir ${session.dir} --keep`);
  await session.untilInterrupted();
}
