import type { Manifest } from '../../domain/change-set.ts';
import type { CountersignConfig } from '../../domain/config.ts';
import { CountersignError } from '../../domain/errors.ts';
import type { WorkflowEvent } from '../../domain/event.ts';
import type { Instant, RepoName, Sha256, WorkflowId } from '../../domain/ids.ts';
import type { PolicyResult } from '../../domain/policy.ts';
import { buildChangeSet } from '../../change-set/build.ts';
import { parseCanonical } from '../../ledger/canonical-json.ts';
import { loadWorkflow } from '../../ledger/load.ts';
import { evaluatePolicy } from '../../policy/evaluate.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import type { RepoReader } from '../../ports/repo-reader.ts';
import { effectivePolicy } from '../../schema/config.ts';
import { parseDocument } from '../../schema/documents.ts';
import { parsePolicyResult } from '../../schema/gate-records.ts';
import { parseManifest } from '../../schema/manifest.ts';
import { parseProposal } from '../change.ts';
import { requireBytes, validRecord } from '../documents.ts';
import { judgeChangeSet } from '../judge.ts';
import { policyHash } from '../policy-hash.ts';
import { scopeOf } from '../plan-of.ts';
import { compareResults, type Comparison } from './compare.ts';
import { changesFromDiff } from './diff-changes.ts';

export interface SimulatePorts {
  readonly ledger: LedgerStore;
  /** Target repositories at hand; rejects with an `input` error for one that is not. */
  readonly repos: RepoReader;
}

/** One PatchSet revision of the past, judged again. */
export interface SimulatedPatchSet {
  readonly workflow: WorkflowId;
  readonly patchSet: string;
  readonly revision: number;
  readonly repo: RepoName;
  readonly digest: Sha256;
  readonly proposedAt: Instant;
  /** `files`: rebuilt from the pinned base. `diff`: judged by what the ledger's diff shows, because the base is not at hand. */
  readonly judgedBy: 'files' | 'diff';
  readonly comparison: Comparison;
}

/** A PatchSet that could not be judged again, and why. */
export interface Unjudged {
  readonly workflow: WorkflowId;
  readonly patchSet: string;
  readonly revision: number;
  readonly why: string;
}

export interface Simulation {
  readonly policy: Sha256;
  readonly workflows: number;
  readonly patchSets: readonly SimulatedPatchSet[];
  readonly unjudged: readonly Unjudged[];
}

type Proposed = Extract<WorkflowEvent, { type: 'E_PATCH_SET_PROPOSED' }>;
type Evaluated = Extract<WorkflowEvent, { type: 'E_POLICY_EVALUATED' }>;

/**
 * Judges every PatchSet of a ledger again under another config, each on the day it was proposed, and compares with what was
 * recorded. Reads only; a PatchSet that cannot be judged is named with the reason and never counts as unchanged.
 */
export async function simulatePolicy(ports: SimulatePorts, workflows: readonly WorkflowId[], config: CountersignConfig): Promise<Simulation> {
  const patchSets: SimulatedPatchSet[] = [];
  const unjudged: Unjudged[] = [];
  for (const id of workflows) {
    const { events } = await loadWorkflow(ports.ledger, id);
    for (const event of events) {
      if (event.type !== 'E_PATCH_SET_PROPOSED') continue;
      const { patchSet, revision } = event.body;
      const evaluated = events.find((other): other is Evaluated => other.type === 'E_POLICY_EVALUATED' && other.body.digest === event.body.digest);
      const result = evaluated ? await attempt(() => simulateOne(ports, { id, event, evaluated, config })) : 'The policy was never asked about it.';
      if (typeof result === 'string') unjudged.push({ workflow: id, patchSet, revision, why: result });
      else patchSets.push(result);
    }
  }
  return { policy: policyHash(config), workflows: workflows.length, patchSets, unjudged };
}

async function attempt<T>(action: () => Promise<T>): Promise<T | string> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof CountersignError) return error.message;
    throw error;
  }
}

interface One {
  readonly id: WorkflowId;
  readonly event: Proposed;
  readonly evaluated: Evaluated;
  readonly config: CountersignConfig;
}

async function simulateOne({ ledger, repos }: SimulatePorts, { id, event, evaluated, config }: One): Promise<SimulatedPatchSet> {
  const { patchSet, revision, repo, digest, diff, proposal } = event.body;
  const read = async (hash: Sha256): Promise<Uint8Array> => requireBytes(await ledger.readEvidence(id, [hash]), hash, id);
  const was = validRecord(parsePolicyResult(parseCanonical(await read(evaluated.body.result))), 'policy result');
  const manifest = manifestOf(parseCanonical(await read(digest)));
  const given = { repo, config, scope: await scopeAt(manifest, read), today: event.at.slice(0, 10) };
  const rebuilt = await attempt(() => judgeFiles(repos, { manifest, proposal: async () => read(proposal), given }));
  const isRebuilt = typeof rebuilt !== 'string';
  const would = isRebuilt ? rebuilt : judgeDiff(manifest, await read(diff), given);
  return { workflow: id, patchSet, revision, repo, digest, proposedAt: event.at, judgedBy: isRebuilt ? 'files' : 'diff', comparison: compareResults(was, would) };
}

interface Given {
  readonly repo: RepoName;
  readonly config: CountersignConfig;
  readonly scope: readonly string[] | null;
  readonly today: string;
}

/** The PatchSet rebuilt from its pinned base and its recorded proposal; the tree must be the recorded one. */
async function judgeFiles(repos: RepoReader, { manifest, proposal, given }: { manifest: Manifest; proposal: () => Promise<Uint8Array>; given: Given }): Promise<PolicyResult | string> {
  const store = await repos.open(manifest.repo, manifest.base.commit);
  try {
    const { parts } = parseProposal(await proposal(), manifest.diff);
    const built = await buildChangeSet({ repo: manifest.repo, base: { commit: manifest.base.commit, tree: manifest.base.tree }, parts, store });
    if (built.kind === 'failed') return built.message;
    if (built.changeSet.result.tree !== manifest.result.tree) return 'The recorded proposal leads to another tree.';
    return await judgeChangeSet(built.changeSet, store, given);
  } finally {
    await store.close();
  }
}

function judgeDiff(manifest: Manifest, diff: Uint8Array, { repo, config, scope, today }: Given): PolicyResult {
  return evaluatePolicy({
    repo,
    changes: changesFromDiff(manifest.changes, diff),
    basePaths: manifest.changes.filter(({ op }) => op !== 'add').map(({ path }) => path),
    baseFiles: new Map(),
    scope,
    config: effectivePolicy(config, repo),
    policy: policyHash(config),
    today,
  });
}

async function scopeAt(manifest: Manifest, read: (hash: Sha256) => Promise<Uint8Array>): Promise<readonly string[] | null> {
  const parsed = parseDocument('scope', parseCanonical(await read(manifest.scope)));
  return parsed.kind === 'valid' && 'allowedPaths' in parsed.document ? scopeOf(parsed.document, manifest.repo) : null;
}

function manifestOf(value: unknown): Manifest {
  const parsed = parseManifest(value);
  return validRecord(parsed.kind === 'valid' ? { kind: 'valid', record: parsed.manifest } : parsed, 'manifest');
}
