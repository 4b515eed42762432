import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CountersignError, inputError, outsideError } from '../../domain/errors.ts';
import type { WorkflowEvent } from '../../domain/event.ts';
import type { Workflow } from '../../domain/workflow.ts';
import { gitReason, runGit } from '../../git/git-process.ts';
import { gitDirOf } from '../../local/server/seed.ts';
import { findLedger, requireInLedger } from '../inspect/find-ledger.ts';
import type { EvalCase } from './eval-case.ts';
import type { EvalResult } from './eval-result.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const REPO = 'local/case';
const DIFFERENCE_CHARACTERS_MAX = 100_000;

/** Takes one case through the product and measures what came out. A case that cannot be taken to an end is a result, too: the others go on. */
export async function runCase(each: EvalCase, model: string | null): Promise<EvalResult> {
  try {
    return await takeThrough(each, model);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return { ...skipped(each, null), failed: error.message };
  }
}

/** On a local GitHub of its own, with its reviewer played. */
async function takeThrough(each: EvalCase, model: string | null): Promise<EvalResult> {
  if (spawnSync('sh', ['-c', `command -v ${each.needs}`]).status !== 0) return skipped(each, `${each.needs} is not on this machine`);
  const dir = await mkdtemp(join(tmpdir(), 'countersign-eval-'));
  try {
    const known = await plantCase(each, dir);
    const started = performance.now();
    const said = await runUp(each, { dir, model });
    const seconds = (performance.now() - started) / 1_000;
    const ledger = await findLedger(join(dir, 'up'));
    const id = ledger.workflows.at(-1);
    if (id === undefined) throw outsideError('eval-failed', `${each.name} was not recorded: ${said}`);
    return await measure(each, await requireInLedger(ledger, id), { dir, known, seconds });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

interface Known {
  readonly base: string;
  readonly commit: string;
  readonly tree: string;
}

/** The base as a git repository, with the known good change beside it on a branch that is never copied in. */
async function plantCase(each: EvalCase, dir: string): Promise<Known> {
  const repo = join(dir, 'case');
  await cp(join(each.folder, 'base'), repo, { recursive: true });
  await git(repo, ['init', '-q', '-b', 'main']);
  const base = await commitAll(repo, 'The repository as the issue finds it');
  await git(repo, ['checkout', '-q', '-b', 'known']);
  const applied = await gitIn(repo, ['apply', '--index', join(each.folder, 'known.diff')]);
  if (applied.code !== 0) throw inputError('bad-case', `${join(each.folder, 'known.diff')} does not apply to base/: ${gitReason(applied.stderr)}. Make it with git diff in a copy of base/.`);
  const commit = await commitAll(repo, 'The known good change');
  await git(repo, ['checkout', '-q', 'main']);
  return { base, commit, tree: await git(repo, ['rev-parse', `${commit}^{tree}`]) };
}

async function commitAll(repo: string, message: string): Promise<string> {
  await git(repo, ['add', '-A']);
  await git(repo, ['commit', '-q', '-m', message, '--date', '2026-01-01T00:00:00Z']);
  return git(repo, ['rev-parse', 'HEAD']);
}

const gitIn = async (cwd: string, args: readonly string[]): ReturnType<typeof runGit> => runGit({ cwd, args, config: { 'user.name': 'eval', 'user.email': 'eval@example.com' }, protocols: ['file'] });

async function git(cwd: string, args: readonly string[]): Promise<string> {
  const result = await gitIn(cwd, args);
  if (result.code !== 0) throw outsideError('eval-failed', `git ${args[0] ?? ''} failed: ${gitReason(result.stderr)}`);
  return result.stdout.toString('utf8').trim();
}

/** `countersign up` as a process of its own, as a person would start it. Gives what it said last. */
async function runUp(each: EvalCase, { dir, model }: { dir: string; model: string | null }): Promise<string> {
  const issue = join(dir, 'issue.md');
  // Without a model the known change is in the issue: that measures the gates, not the judgement.
  await writeFile(issue, model === null ? `${each.issue}\n## The change\n\n\`\`\`\`diff\n${each.knownDiff}\`\`\`\`\n` : each.issue);
  const ci = `cp -R ${quoted(join(each.folder, 'checks'))}/. . && ${each.ci}`;
  const args = ['up', '--repo', join(dir, 'case'), '--issue', issue, '--ci', ci, '--approve', 'octocat', '--json', '--dir', join(dir, 'up'), ...(model === null ? [] : ['--model', model])];
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const last = said.trim().split('\n').at(-1) ?? '';
  if (code !== 0 && code !== 1) throw outsideError('eval-failed', last.replace(/^error:?\s*/i, '').replace(`${issue}: `, '') || `countersign up ended with ${String(code)} and said nothing.`);
  return last;
}

const quoted = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`;

async function measure(each: EvalCase, { workflow, events }: { workflow: Workflow; events: readonly WorkflowEvent[] }, { dir, known, seconds }: { dir: string; known: Known; seconds: number }): Promise<EvalResult> {
  const calls = events.flatMap((event) => (event.type === 'E_RUN_RECORDED' ? [event.body] : []));
  const patchSet = workflow.patchSets[0] ?? null;
  const touched = [...new Set(patchSet?.patches.flatMap(({ paths }) => paths) ?? [])];
  const knownPaths = (await git(join(dir, 'case'), ['diff', '--name-only', '--no-renames', known.base, known.commit])).split('\n').filter(Boolean);
  return {
    ...skipped(each, null),
    verdict: events.findLast((event) => event.type === 'E_DECISION_RECORDED')?.body.verdict ?? null,
    state: workflow.status,
    reason: workflow.outcome?.reason ?? workflow.pause?.reason ?? '',
    gatesPassed: passedGates(events),
    ciPassed: patchSet?.ci ? patchSet.ci.conclusion === 'passed' : null,
    files: { known: knownPaths, touched, hit: knownPaths.filter((path) => touched.includes(path)).length },
    appliedFirstTime: patchSet === null ? null : !calls.some(({ role, outcome }) => role === 'repairer' || ((role === 'proposer' || role === 'patch') && outcome !== 'succeeded')),
    revisions: patchSet?.revision ?? 0,
    sameAsKnown: patchSet?.resultTree === known.tree,
    difference: patchSet && patchSet.resultTree !== known.tree ? await differenceOf(dir, known, patchSet.resultTree) : '',
    costMicroUsd: calls.some(({ model, costMicroUsd }) => model !== null && costMicroUsd === null) ? null : workflow.costMicroUsd,
    tokens: calls.reduce((sum, { tokensIn, tokensOut }) => sum + (tokensIn ?? 0) + (tokensOut ?? 0), 0),
    seconds: Math.round(seconds * 10) / 10,
  };
}

function passedGates(events: readonly WorkflowEvent[]): readonly number[] {
  const last = new Map<number, string>();
  for (const event of events) if (event.type === 'E_GATE_EVALUATED') last.set(event.body.gate, event.body.outcome);
  return [...last].filter(([, outcome]) => outcome === 'PASS').map(([gate]) => gate).toSorted((a, b) => a - b);
}

/** What was written is in the target repository; what was only proposed cannot be compared line by line. */
async function differenceOf(dir: string, known: Known, resultTree: string): Promise<string> {
  const repo = join(dir, 'case');
  await git(repo, ['fetch', '-q', gitDirOf(join(dir, 'up'), REPO), '+refs/heads/*:refs/eval/*']).catch(() => '');
  return git(repo, ['diff', '--no-ext-diff', '--no-textconv', known.tree, resultTree]).then((text) => text.slice(0, DIFFERENCE_CHARACTERS_MAX)).catch(() => '');
}

function skipped({ name, language, kind }: EvalCase, why: string | null): EvalResult {
  return {
    name, language, kind, skipped: why, failed: null, verdict: null, state: null, reason: '', gatesPassed: [], ciPassed: null, files: { known: [], touched: [], hit: 0 }, appliedFirstTime: null,
    revisions: 0, sameAsKnown: false, difference: '', costMicroUsd: 0, tokens: 0, seconds: 0,
  };
}
