// The files through which a step speaks to its runner: GITHUB_ENV, GITHUB_PATH, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, GITHUB_STATE.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const VARIABLES = ['GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_STATE'] as const;

/** What a step left in its files. `problems` are sentences; a problem with env, path or output fails the step. */
export interface CommandFileResults {
  env: Record<string, string>;
  path: string[];
  outputs: Record<string, string>;
  summary: string;
  problems: string[];
  /** A summary that is too large is dropped and only noted, as on GitHub. */
  summaryProblem: string | null;
}

const FILE_BYTES_MAX = 1024 * 1024;

/** Fresh, empty files for one step, as the environment variables that name them. */
export function createCommandFiles(directory: string, step: string): Record<string, string> {
  mkdirSync(directory, { recursive: true });
  const entries = VARIABLES.map((variable): [string, string] => [variable, join(directory, `${variable.toLowerCase()}_${step}`)]);
  for (const [, path] of entries) writeFileSync(path, '');
  return Object.fromEntries(entries);
}

export function readCommandFiles(files: Record<string, string>): CommandFileResults {
  const problems: string[] = [];
  const read = (variable: (typeof VARIABLES)[number]): string => {
    const { text, problem } = readCapped(files[variable] ?? '', variable);
    if (problem !== null) problems.push(problem);
    return text;
  };
  const pairs = (variable: 'GITHUB_ENV' | 'GITHUB_OUTPUT'): Record<string, string> => {
    const { values, problem } = parsePairs(read(variable));
    if (problem !== null) problems.push(`${variable}: ${problem}`);
    return values;
  };
  const env = allowedEnv(pairs('GITHUB_ENV'), problems);
  const outputs = pairs('GITHUB_OUTPUT');
  const path = read('GITHUB_PATH').split(/\r?\n/).filter((line) => line.trim() !== '');
  const summary = readCapped(files['GITHUB_STEP_SUMMARY'] ?? '', 'GITHUB_STEP_SUMMARY');
  return { env, path, outputs, summary: summary.text, problems, summaryProblem: summary.problem };
}

function readCapped(path: string, variable: string): { text: string; problem: string | null } {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > FILE_BYTES_MAX) return { text: '', problem: `$${variable} supports content up to a size of 1024k, got ${Math.ceil(size / 1024)}k` };
  return { text: size === 0 ? '' : readFileSync(path, 'utf8'), problem: null };
}

/** `NAME=VALUE` lines and `NAME<<DELIMITER` blocks. */
export function parsePairs(text: string): { values: Record<string, string>; problem: string | null } {
  const values: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals > 0 && (heredoc < 0 || equals < heredoc)) {
      values[line.slice(0, equals)] = line.slice(equals + 1);
    } else if (heredoc > 0) {
      const end = lines.indexOf(line.slice(heredoc + 2), at + 1);
      if (end < 0) return { values, problem: `Matching delimiter not found '${line.slice(heredoc + 2)}'` };
      values[line.slice(0, heredoc)] = lines.slice(at + 1, end).join('\n');
      at = end;
    } else {
      return { values, problem: `Invalid format '${line.slice(0, 200)}'` };
    }
  }
  return { values, problem: null };
}

/** NODE_OPTIONS would change the runner's own Node steps; GITHUB_* and RUNNER_* are not for steps to set. */
function allowedEnv(env: Record<string, string>, problems: string[]): Record<string, string> {
  if (Object.hasOwn(env, 'NODE_OPTIONS')) problems.push('NODE_OPTIONS cannot be set through GITHUB_ENV');
  return Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'NODE_OPTIONS' && !/^(GITHUB|RUNNER)_/i.test(name)));
}
