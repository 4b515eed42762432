import { spawn, spawnSync } from 'node:child_process';
import { readdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { CountersignError, outsideError } from '../../domain/errors.ts';
import { findLedger } from '../inspect/find-ledger.ts';
import { systemSentence } from '../system-reason.ts';
import { ciTail } from '../up/ci-log.ts';
import type { Settings } from '../up/local-config.ts';
import type { EvalCase } from './eval-case.ts';
import { resultWithout, type EvalResult } from './eval-result.ts';
import { measure } from './measure.ts';
import { plantCase, type Planted } from './plant-case.ts';
import { ciCommandOf, proveCase } from './prove-case.ts';

/** `up` ends a CI command that much before it gives its check up. */
const GRACE_SECONDS = 60;

const MAIN = join(import.meta.dirname, '..', 'main.ts');

export interface EvalSetup {
  /** Null: the recipe runner. */
  readonly model: string | null;
  readonly settings: Settings;
  readonly stop: AbortSignal;
}

/**
 * Takes one case through the product and measures what came out. A case that cannot be taken to an end is a result, too: the
 * others go on. Null when it was interrupted.
 */
export async function runCase(each: EvalCase, setup: EvalSetup): Promise<EvalResult | null> {
  const missing = each.needs.find((program) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status !== 0);
  if (missing !== undefined) return resultWithout(each, { skipped: `${missing} is not on this machine` });
  const dir = await mkdtemp(join(tmpdir(), 'countersign-eval-'));
  try {
    const result = await takeThrough(each, { ...setup, dir });
    return setup.stop.aborted ? null : result;
  } catch (error) {
    if (setup.stop.aborted) return null;
    // What a model was asked before it failed is not on record.
    if (error instanceof CountersignError) return error.kind === 'input' ? resultWithout(each, { bad: error.message }) : resultWithout(each, { failed: error.message, costMicroUsd: setup.model === null ? 0 : null });
    const reason = systemSentence(error);
    if (reason === null) throw error;
    return resultWithout(each, { failed: reason, costMicroUsd: null });
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 3 });
  }
}

type Place = EvalSetup & { readonly dir: string };

/** On a local GitHub of its own, with its reviewer played. */
async function takeThrough(each: EvalCase, place: Place): Promise<EvalResult> {
  const planted = await plantCase(each, place.dir);
  await proveCase(each, planted, place);
  if (place.stop.aborted) return resultWithout(each);
  const started = performance.now();
  const said = await runUp(each, planted, place);
  const seconds = (performance.now() - started) / 1_000;
  const ledger = await findLedger(join(place.dir, 'up'));
  const id = ledger.workflows.at(-1);
  if (id === undefined) throw outsideError('eval-failed', `It was not recorded: ${said}`);
  return measure(each, { ledger, id, planted, seconds, checksOutput: await checksOutput(join(place.dir, 'up')) });
}

async function checksOutput(dir: string): Promise<readonly string[]> {
  const logs = (await readdir(join(dir, 'logs', 'ci')).catch(() => [])).map((name) => Number.parseInt(name, 10));
  // The command is ours in part, and stands in the set.
  return logs.length === 0 ? [] : (await ciTail(dir, Math.max(...logs))).filter((line) => !line.startsWith('$ cp -R '));
}

/** `countersign up` as a process of its own, as a person would start it. Gives what it said last. */
async function runUp(each: EvalCase, planted: Planted, { dir, model, settings, stop }: Place): Promise<string> {
  const [issue, config] = [join(dir, 'issue.md'), join(dir, 'countersign.yml')];
  // Without a model the known change is in the issue: that measures the gates, not the judgement.
  await writeFile(issue, model === null ? `${each.issue}\n\n## The change\n\n${fenced(planted.knownDiff)}\n` : each.issue);
  await writeFile(config, stringify({ ...settings, ci: { ...settings.ci, timeoutSeconds: each.minutes * 60 + GRACE_SECONDS } }));
  const args = ['up', '--repo', planted.gitDir, '--issue', issue, '--config', config, '--ci', ciCommandOf(each), '--approve', 'octocat', '--json', '--dir', join(dir, 'up'), ...(model === null ? [] : ['--model', model])];
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const interrupt = (): void => void child.kill('SIGINT');
  stop.addEventListener('abort', interrupt);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  stop.removeEventListener('abort', interrupt);
  const last = said.trim().split('\n').at(-1) ?? '';
  if (code !== 0 && code !== 1) throw outsideError('eval-failed', last.replace(/^error:?\s*/i, '').replace(`${issue}: `, '') || `countersign up ended with ${String(code)} and said nothing.`);
  return last;
}

/** In a fence that no line of the text can end. */
function fenced(text: string): string {
  const longest = Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}diff\n${text}${fence}`;
}
