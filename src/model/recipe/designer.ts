import type { Architecture, Decision, GatesDocument, Plan, Scope } from '../../domain/documents.ts';
import type { Design, DesignInput, Designer, RoleFailure } from '../roles.ts';
import { answersByGap, readAnsweredIssue } from './answers.ts';
import { describeArchitecture, repoLinks } from './architecture.ts';
import { withBoundedSentences } from './bounded.ts';
import { readChange } from './change.ts';
import { envelope, RECIPE_AUTHOR } from './envelope.ts';
import { changeFacts } from './facts.ts';
import { describeGates } from './gates.ts';
import { ISSUE_CHARACTERS_MAX } from './issue.ts';
import { topologyFor } from '../topology.ts';
import type { RecipeParsers } from './parsers.ts';
import { describePlan } from './plan.ts';
import { describeScope } from './scope.ts';
import { judge } from './triage.ts';

/** The designer that works without a model: the change is in the issue, everything else follows from facts and rules. */
export function createRecipeDesigner(parsers: RecipeParsers): Designer {
  return { name: RECIPE_AUTHOR, design: async (input) => designRecipe(input, parsers) };
}

async function designRecipe(design: DesignInput, parsers: RecipeParsers): Promise<Design | RoleFailure> {
  const primary = design.repos.find(({ role }) => role === 'primary') ?? design.repos[0];
  if (primary === undefined) return failed('no-repository', 'The workflow has no repository. Name one under a "Repositories" heading.');
  if (design.issue.body.length > ISSUE_CHARACTERS_MAX) return failed('issue-too-large', `The issue is longer than ${ISSUE_CHARACTERS_MAX} characters. Split it.`);
  const answers = answersByGap(design.answers);
  const issue = readAnsweredIssue(design.issue, design.answers, primary.repo);
  const change = await readChange(issue.changes, parsers, { primary: primary.repo, all: design.repos.map(({ repo }) => repo), rewrite: design.rewrite });
  const facts = changeFacts(change.blocks, design.context);
  const judgement = judge({ design, issue, change, facts, answers });
  const inputs = [design.issueRevision, ...(design.answers.length > 0 ? [design.hash(design.answers.map(({ id, answer }) => ({ id, answer })))] : [])];
  const decision: Decision = { ...envelope('decision', { design, facts, inputs }), ...withBoundedSentences(judgement) };
  if (judgement.verdict !== 'GO') return { kind: 'designed', decision, architecture: null, scope: null, plan: null, gates: null, calls: [] };

  // Each document names the ones it was made from, so that the chain can be checked by hash.
  const made = [...inputs, design.hash(decision)];
  const architecture: Architecture = { ...envelope('architecture', { design, facts, inputs: [...made] }), ...withBoundedSentences(describeArchitecture(design, issue, facts)), topology: topologyFor(design.context) };
  made.push(design.hash(architecture));
  const scope: Scope = { ...envelope('scope', { design, facts, inputs: [...made] }), ...withBoundedSentences(describeScope(design, issue, facts)) };
  made.push(design.hash(scope));
  const plan: Plan = { ...envelope('plan', { design, facts, inputs: [...made] }), ...withBoundedSentences(describePlan(scope.acceptanceCriteria, facts, { order: architecture.crossRepoOrder, needs: repoLinks(design, facts) })) };
  made.push(design.hash(plan));
  const gates: GatesDocument = { ...envelope('gates', { design, facts, inputs: [...made] }), ...describeGates(design, scope, plan) };
  return { kind: 'designed', decision, architecture, scope, plan, gates, calls: [] };
}

const failed = (code: string, reason: string): RoleFailure => ({ kind: 'failed', code, reason, questions: [], calls: [] });
