import type { GateResult } from '../domain/gate.ts';
import { showDigest, type Instant, type PatchSetId, type RepoName, type Sha256 } from '../domain/ids.ts';
import type { PatchSetState, Workflow } from '../domain/workflow.ts';
import { concludeGate, failed, faultless, passed, waiting, type Check } from './gate-check.ts';

export interface Gate4Evidence {
  /** The fold of the workflow, with the approvals that the ledger holds. */
  readonly workflow: Pick<Workflow, 'id' | 'repos' | 'approvers' | 'patchSets'>;
  /** The SHA-256 of each current manifest, recomputed from its bytes now. */
  readonly currentDigests: Readonly<Record<PatchSetId, Sha256>>;
  /** The environment that protects the write job, as it stands now. */
  readonly environment: { readonly name: string; readonly exists: boolean; readonly reviewers: number };
  /** Who may countersign now, by `countersign.yml`. */
  readonly approvers: readonly string[];
  /** The hash of each repository's policy, as it stands now. */
  readonly currentPolicies: Readonly<Record<RepoName, Sha256>>;
  readonly now: Instant;
}

/** Gate 4, Approval: each PatchSet has a person's yes to exactly what would be written, and everything it rests on still holds. */
export function evaluateGate4(evidence: Gate4Evidence): GateResult {
  const { workflow } = evidence;
  return concludeGate(4, null, [checkEnvironment(evidence), ...checkSet(workflow), ...workflow.patchSets.flatMap((patchSet) => checkPatchSet(patchSet, evidence))]);
}

function checkEnvironment({ environment: { name, exists, reviewers } }: Gate4Evidence): Check {
  if (!exists) return failed('environment', `The environment ${name} does not exist: create it with required reviewers.`);
  if (reviewers < 1) return failed('environment', `The environment ${name} has no required reviewers, so anyone's run would pass: add them, then ask again.`);
  return passed('environment', `${name} is protected by ${reviewers} required reviewer(s).`);
}

function checkSet({ repos, patchSets }: Gate4Evidence['workflow']): Check[] {
  const covered = new Set(patchSets.map(({ repo }) => repo));
  const faults = repos.filter(({ repo }) => !covered.has(repo)).map(({ repo }) => `${repo} has no PatchSet.`);
  if (repos.length === 0) faults.push('The workflow has no repository.');
  return faultless('complete set', faults, { reason: `${patchSets.length} PatchSet(s) for ${repos.length} repositories.` });
}

function checkPatchSet(patchSet: PatchSetState, evidence: Gate4Evidence): Check[] {
  return [checkDigest(patchSet, evidence), checkPolicy(patchSet, evidence), ...checkApproval(patchSet, evidence)];
}

function checkDigest({ id, digest }: PatchSetState, { currentDigests }: Gate4Evidence): Check {
  const current = currentDigests[id];
  if (current === digest) return passed(`${id} manifest`, `The manifest still hashes to ${showDigest(digest)}.`);
  return failed(`${id} manifest`, `Expected the manifest to hash to ${showDigest(digest)}, got ${current === undefined ? 'none' : showDigest(current)}.`, 'tree');
}

function checkPolicy({ id, repo, policy }: PatchSetState, { currentPolicies }: Gate4Evidence): Check {
  const name = `${id} policy`;
  if (!policy) return failed(name, `${id} was never judged by the policy.`, 'policy');
  if (policy.block > 0) return failed(name, `${policy.block} violation(s) block ${id}.`, 'policy');
  if (currentPolicies[repo] !== policy.policy) return failed(name, `The policy for ${repo} changed after ${id} was judged: have it judged and approved again.`, 'policy');
  return passed(name, `Judged under the current policy; ${policy.warn} warning(s).`);
}

function checkApproval({ id, revision, digest, approval, changesRequested }: PatchSetState, { approvers, workflow, environment, now }: Gate4Evidence): Check[] {
  const name = `${id} approval`;
  if (changesRequested) return [failed(name, `${changesRequested.login} asked for changes to ${id} r${revision}: a new revision is needed.`)];
  if (!approval) return [waiting(name, `Nobody has approved ${id} r${revision} (${showDigest(digest)}) yet.`)];
  const faults: string[] = [];
  if (approval.digest !== digest) faults.push(`${approval.login} approved ${showDigest(approval.digest)}, but ${id} r${revision} is ${showDigest(digest)}: the approval is superseded.`);
  // Fixed when the workflow began and still listed: being on one of the two lists is not enough.
  if (!isListed(approval.login, approvers) || !isListed(approval.login, workflow.approvers)) faults.push(`${approval.login} is not listed under approvers.`);
  if (approval.login.endsWith('[bot]')) faults.push(`${approval.login} is a bot; only a person can approve.`);
  if (approval.environment !== environment.name) faults.push(`The approval was given in the environment ${approval.environment}, not in ${environment.name}.`);
  if (now >= approval.expires) faults.push(`The approval by ${approval.login} expired at ${approval.expires}: ask again.`);
  return faultless(name, faults, { reason: `${approval.login} approved ${showDigest(digest)} in ${approval.environment}; it holds until ${approval.expires}.` });
}

// GitHub's logins do not differ by case.
const isListed = (login: string, list: readonly string[]): boolean => list.some((listed) => listed.toLowerCase() === login.toLowerCase());
