import type { Decision } from '../domain/documents.ts';
import type { GateResult } from '../domain/gate.ts';
import { isOid, isSha256 } from '../domain/ids.ts';
import type { Workflow } from '../domain/workflow.ts';
import { checkCitations, checkOwner, checkUnknowns, isBlank, repeated } from './document-checks.ts';
import { concludeGate, failed, faultless, passed, type Check } from './gate-check.ts';

export interface Gate0Evidence {
  /** The fold of the workflow: its pins and people; its limits as countersign.yml says them now, so that raising a cap helps. */
  readonly workflow: Pick<Workflow, 'id' | 'source' | 'repos' | 'approvers' | 'limits' | 'costMicroUsd'>;
  readonly decision: Decision;
}

/** Gate 0, Intake: what is asked and where it starts are pinned, the decision is GO, nothing decisive is unknown, budgets hold. */
export function evaluateGate0({ workflow, decision }: Gate0Evidence): GateResult {
  return concludeGate(0, null, [
    checkSource(workflow),
    ...checkRepos(workflow),
    checkApprovers(workflow),
    ...checkOwner([decision], workflow.id),
    checkVerdict(decision),
    ...checkCitations(decision, decision.reasons.map(({ evidenceIds }, index) => ({ what: `reason ${index + 1}`, evidenceIds }))),
    ...checkUnknowns([decision]),
    checkCost(workflow),
  ]);
}

function checkSource({ source }: Gate0Evidence['workflow']): Check {
  if (!isSha256(source.revision)) return failed('source revision', 'The text that is worked on is not pinned by its hash.');
  return passed('source revision', `${source.repo}#${source.number} is pinned at sha256:${source.revision}.`);
}

function checkRepos({ repos }: Gate0Evidence['workflow']): Check[] {
  const faults = repos.filter(({ baseCommit, baseTree }) => !isOid(baseCommit) || !isOid(baseTree)).map(({ repo }) => `The base of ${repo} is not pinned to a commit and its tree.`);
  const primaries = repos.filter(({ role }) => role === 'primary').length;
  if (primaries !== 1) faults.push(`Expected exactly one primary repository, got ${primaries}.`);
  faults.push(...repeated(repos.map(({ repo }) => repo.toLowerCase())).map((repo) => `${repo} is in the workflow twice.`));
  return faultless('base commits', faults, { reason: `Pinned: ${repos.map(({ repo, baseCommit }) => `${repo} at ${baseCommit.slice(0, 12)}`).join(', ')}.` });
}

function checkApprovers({ approvers }: Gate0Evidence['workflow']): Check {
  if (approvers.length === 0) return failed('approvers', 'Nobody may countersign: name at least one person under approvers in countersign.yml, and start the issue again.');
  return passed('approvers', `May countersign: ${approvers.join(', ')}.`);
}

function checkVerdict({ verdict, reasons }: Decision): Check {
  const why = reasons.map(({ text }) => text).filter((text) => !isBlank(text));
  if (why.length === 0) return failed('decision', `The decision is ${verdict}, but gives no reason.`);
  return verdict === 'GO' ? passed('decision', `GO, for ${why.length} reason(s).`) : failed('decision', `The decision is ${verdict}, not GO: ${why.join(' ')}`);
}

function checkCost({ costMicroUsd, limits }: Gate0Evidence['workflow']): Check {
  const cap = limits.costMicroUsdMax;
  if (cap === null) return passed('budget', 'No limit is set for the cost of model calls.');
  const spent = `${showUsd(costMicroUsd)} of ${showUsd(cap)} US dollars`;
  return costMicroUsd <= cap ? passed('budget', `Model calls have cost ${spent}.`) : failed('budget', `Model calls have cost ${spent}: raise limits.costUsd in countersign.yml, or ask for less.`);
}

const showUsd = (microUsd: number): string => (microUsd / 1_000_000).toFixed(4);
