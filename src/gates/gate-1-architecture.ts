import type { Architecture, Evidence, Scope } from '../domain/documents.ts';
import type { GateResult } from '../domain/gate.ts';
import type { RepoName, WorkflowId } from '../domain/ids.ts';
import { checkCitations, checkOwner, checkUnknowns, isBlank, repeated } from './document-checks.ts';
import { concludeGate, faultless, type Check } from './gate-check.ts';

export interface Gate1Evidence {
  readonly workflow: WorkflowId;
  /** The workflow's repositories. */
  readonly repos: readonly RepoName[];
  readonly architecture: Architecture;
  readonly scope: Scope;
  /** True when the blob is at that path of the pinned tree, and has those lines. */
  readonly hasEvidence: (evidence: Evidence) => boolean;
}

/** Gate 1, Architecture: the design and the scope are complete and rest on what is really there. */
export function evaluateGate1(evidence: Gate1Evidence): GateResult {
  const { workflow, architecture, scope } = evidence;
  return concludeGate(1, null, [
    ...checkOwner([architecture, scope], workflow),
    ...checkComponents(evidence),
    ...checkInterfaces(architecture),
    ...[architecture, scope].flatMap((document) => checkCitations(document, [])),
    ...checkEvidence(evidence),
    ...checkGoals(scope),
    ...checkCriteria(scope),
    ...checkPaths(evidence),
    ...checkUnknowns([architecture, scope]),
  ]);
}

function checkComponents({ architecture, repos }: Gate1Evidence): Check[] {
  const { components, crossRepoOrder } = architecture;
  const faults = components.length === 0 ? ['The architecture names no component.'] : [];
  faults.push(...components.filter(({ repo }) => !repos.includes(repo)).map(({ id, repo }) => `Component ${id} is in ${repo}, which is not part of this workflow.`));
  faults.push(...crossRepoOrder.filter((repo) => !repos.includes(repo)).map((repo) => `The order of repositories names ${repo}, which is not part of this workflow.`));
  faults.push(...repeated(components.map(({ id }) => id)).map((id) => `Two components are called ${id}.`));
  return faultless('components', faults, { reason: `${components.length} component(s), all in this workflow's repositories.` });
}

function checkInterfaces({ components, interfaces }: Architecture): Check[] {
  const known = new Set(components.map(({ id }) => id));
  const faults = interfaces.flatMap(({ id, providers, consumers }) => [...providers, ...consumers].filter((end) => !known.has(end)).map((end) => `Interface ${id} names ${end}, which is no component.`));
  return faultless('interfaces', faults, { reason: `${interfaces.length} interface(s), all between known components.` });
}

function checkEvidence({ architecture, scope, hasEvidence }: Gate1Evidence): Check[] {
  const cited = [...architecture.evidence, ...scope.evidence];
  const missing = cited.filter((evidence) => !hasEvidence(evidence));
  const faults = missing.map(({ id, repo, path, blob }) => `Evidence ${id} cites ${path} of ${repo} with content ${blob.slice(0, 12)}, which is not in the pinned tree.`);
  return faultless('cited evidence', faults, { reason: `All ${cited.length} citation(s) are in the pinned trees.` });
}

function checkGoals({ goals, nonGoals }: Scope): Check[] {
  const faults: string[] = [];
  if (goals.every(isBlank)) faults.push('The scope names no goal.');
  if (nonGoals.every(isBlank)) faults.push('The scope names no non-goal: what is left alone must be said before work starts.');
  return faultless('goals and non-goals', faults, { reason: `${goals.length} goal(s), ${nonGoals.length} non-goal(s).` });
}

function checkCriteria({ acceptanceCriteria }: Scope): Check[] {
  const faults = acceptanceCriteria.length === 0 ? ['The scope has no acceptance criterion.'] : [];
  faults.push(...acceptanceCriteria.filter(({ verification }) => isBlank(verification)).map(({ id }) => `Criterion ${id} does not say how it is verified.`));
  faults.push(...acceptanceCriteria.filter(({ sentence }) => isBlank(sentence)).map(({ id }) => `Criterion ${id} says nothing.`));
  faults.push(...repeated(acceptanceCriteria.map(({ id }) => id)).map((id) => `Two criteria are called ${id}.`));
  return faultless('acceptance criteria', faults, { reason: `${acceptanceCriteria.length} criteria, each with a verification.` });
}

function checkPaths({ scope, repos }: Gate1Evidence): Check[] {
  const { allowedPaths, forbiddenPaths } = scope;
  const faults = allowedPaths.every(({ paths }) => paths.length === 0) ? ['The scope allows no path, so nothing could be changed.'] : [];
  const foreign = [...allowedPaths, ...forbiddenPaths].filter(({ repo }) => !repos.includes(repo));
  faults.push(...foreign.map(({ repo }) => `The scope speaks of paths in ${repo}, which is not part of this workflow.`));
  return faultless('allowed paths', faults, { reason: `Allowed: ${allowedPaths.map(({ repo, paths }) => `${paths.length} in ${repo}`).join(', ')}.` });
}
