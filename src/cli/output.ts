import { CommanderError } from 'commander';
import pc from 'picocolors';
import { CountersignError, type ErrorKind } from '../domain/errors.ts';
import { printableLines } from './printable.ts';
import { systemSentence } from './system-reason.ts';
import { usageSentences } from './usage.ts';

/** Colours for people; plain when not a terminal or with NO_COLOR. */
export const paint = pc.createColors(process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined);

// Errors go to stderr, which may be a file while stdout is a terminal.
const paintError = pc.createColors(process.stderr.isTTY === true && process.env['NO_COLOR'] === undefined).red;

export const isTerminal = (): boolean => process.stdin.isTTY === true && process.stdout.isTTY === true;

let hasPrinted = false;

/** The one JSON document of a command with `--json`, and nothing else on stdout. */
export function printJson(value: unknown): void {
  hasPrinted = true;
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** The same as one line. */
export function printJsonLine(value: unknown): void {
  hasPrinted = true;
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** What `--json` prints of an error, on one line, unless the command's own document is already out. */
export function printError(error: unknown): void {
  if (!hasPrinted) printJsonLine({ ok: false, error: { code: codeOf(error), message: sentenceOf(error) } });
}

function codeOf(error: unknown): string {
  if (error instanceof CommanderError) return 'usage';
  if (systemSentence(error) !== null) return 'system';
  return error instanceof CountersignError ? error.code : 'unexpected';
}

function sentenceOf(error: unknown): string {
  if (error instanceof CommanderError) return usageSentences(error.message);
  return systemSentence(error) ?? (error instanceof Error ? error.message : String(error));
}

/** A line for people. */
export function printLine(line = ''): void {
  process.stdout.write(`${line}\n`);
}

const [WIDTH_MIN, WIDTH_MAX, WIDTH_WITHOUT_TERMINAL] = [60, 120, 100];

/** Columns for text that is broken at spaces: those of the terminal, within what is easy to read. */
export const terminalWidth = (): number => Math.max(WIDTH_MIN, Math.min(process.stdout.columns ?? WIDTH_WITHOUT_TERMINAL, WIDTH_MAX));

/** Progress and logs. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** 0 it holds, 1 it does not hold, 2 the input is wrong, 3 an outside system failed. */
export type ExitCode = 0 | 1 | 2 | 3;

const EXIT_CODES: Readonly<Record<ErrorKind, ExitCode>> = { input: 2, refused: 1, outside: 3, broken: 3 };

/** Sets the exit code without cutting off output that is still being written. */
export function exitWith(code: ExitCode): void {
  process.exitCode = code;
}

/** What is wrong, in one sentence. It may quote what a repository or a stranger named, so nothing in it steers the terminal. */
export const reportUsage = (sentence: string): void => note(`${paintError('error')} ${printableLines(sentence)}`);

/** Turns whatever was thrown into one sentence and an exit code. No stack trace unless `--debug`. */
export function reportError(error: unknown, debug: boolean): ExitCode {
  if (debug && error instanceof Error) note(printableLines(error.stack ?? error.message));
  const sentence = systemSentence(error);
  if (sentence !== null) {
    reportUsage(sentence);
    return 2;
  }
  if (error instanceof CountersignError) {
    reportUsage(error.message);
    return EXIT_CODES[error.kind];
  }
  const message = error instanceof Error ? error.message : String(error);
  reportUsage(`Something failed that should not have: ${message}. Run it again with --debug and report it.`);
  return 3;
}
