import type { Architecture, ArtifactKind, Decision, DocumentEnvelope, Documents, GatesDocument, Plan, Scope } from '../domain/documents.ts';
import type { Sha256 } from '../domain/ids.ts';
import { isSameQuestion } from '../domain/workflow.ts';
import type { ModelClient } from '../ports/model-client.ts';
import { askRole, type Accepted, type RoleModels, type RoleSpec } from './ask.ts';
import { completeDocument, contentJsonSchema } from './model-document.ts';
import { contextText, documentText, issueText } from './prompts/render-prompt.ts';
import { ROLE_TEMPLATES } from './prompts/templates.ts';
import { describeGates } from './recipe/gates.ts';
import type { Design, DesignInput, Designer, ModelCallRecord, RoleFailure } from './roles.ts';

const TRIAGE: RoleSpec = { role: 'triage', template: ROLE_TEMPLATES.triage, schema: { name: 'decision', jsonSchema: contentJsonSchema('decision') } };
const ARCHITECT: RoleSpec = {
  role: 'architect',
  template: ROLE_TEMPLATES.architect,
  schema: { name: 'design', jsonSchema: { type: 'object', properties: { architecture: contentJsonSchema('architecture'), scope: contentJsonSchema('scope') }, required: ['architecture', 'scope'], additionalProperties: false } },
};
const PLANNER: RoleSpec = { role: 'planner', template: ROLE_TEMPLATES.planner, schema: { name: 'plan', jsonSchema: contentJsonSchema('plan') } };

/** A designer that asks a model, role by role. The gates document is never asked for: what a gate requires is no model's choice. */
export function createModelDesigner(models: RoleModels): Designer {
  return { name: models('triage').client.name, design: async (input) => designWith(models, input) };
}

async function designWith(models: RoleModels, input: DesignInput): Promise<Design | RoleFailure> {
  const calls: ModelCallRecord[] = [];
  const outside = { issue: issueText(input.issue, input.answers, input.hash), context: contextText(input.context, input.hash) };
  const inputs: Sha256[] = [input.issueRevision];

  const triage = await askRole(models('triage'), { spec: TRIAGE, values: outside, accept: ({ json }) => acceptDecision(json, { input, inputs, client: models('triage').client }) }, input.hash);
  calls.push(...triage.calls);
  if (triage.kind === 'failed') return { ...triage, calls };
  const decision = triage.value;
  const isOpen = decision.unknowns.some((unknown) => unknown.blocking && unknown.answer === null);
  if (decision.verdict !== 'GO' || isOpen) return { kind: 'designed', decision, architecture: null, scope: null, plan: null, gates: null, calls };
  inputs.push(input.hash(decision));

  const architect = await askRole(models('architect'), { spec: ARCHITECT, values: { ...outside, decision: documentText(decision) }, accept: ({ json }) => acceptDesign(json, { input, inputs, client: models('architect').client }) }, input.hash);
  calls.push(...architect.calls);
  if (architect.kind === 'failed') return { ...architect, calls };
  const { architecture, scope } = architect.value;
  inputs.push(input.hash(architecture), input.hash(scope));

  const values = { ...outside, architecture: documentText(architecture), scope: documentText(scope) };
  const planner = await askRole(models('planner'), { spec: PLANNER, values, accept: ({ json }) => acceptPlan(json, scope, { input, inputs, client: models('planner').client }) }, input.hash);
  calls.push(...planner.calls);
  if (planner.kind === 'failed') return { ...planner, calls };
  const { plan, gates } = planner.value;
  return { kind: 'designed', decision, architecture, scope, plan, gates, calls };
}

interface Making {
  readonly input: DesignInput;
  readonly inputs: readonly Sha256[];
  readonly client: ModelClient;
}

function envelopeOf<Stage extends ArtifactKind>(stage: Stage, { input, inputs, client }: Making): Omit<DocumentEnvelope<Stage>, 'evidence' | 'unknowns' | 'assumptions'> {
  return { schemaVersion: 1, workflow: input.workflow, stage, author: client.name, inputHashes: [...inputs], contextHash: input.contextHash };
}

function complete<Kind extends ArtifactKind>(kind: Kind, json: unknown, making: Making): Accepted<Documents[Kind]> {
  const completed = completeDocument(kind, json, { envelope: envelopeOf(kind, making), context: making.input.context });
  return completed.kind === 'accepted' ? { kind: 'accepted', value: withAnswers(completed.value, making.input) } : completed;
}

/** What a person answered is a fact: a model can neither invent an answer nor lose one. */
function withAnswers<Document extends DocumentEnvelope<ArtifactKind>>(document: Document, { answers }: DesignInput): Document {
  // By its words, not by its id: every document counts its questions from q1.
  const givenTo = (question: string): DesignInput['answers'][number] | undefined => answers.findLast((given) => given.question !== null && isSameQuestion(given.question, question));
  return { ...document, unknowns: document.unknowns.map((unknown) => ({ ...unknown, answer: givenTo(unknown.question)?.answer.slice(0, 8_000) ?? null, answeredBy: givenTo(unknown.question)?.login ?? null })) };
}

/** What was asked and not answered is asked again: a model cannot let a question drop. */
function withOpenQuestions(decision: Decision, { unanswered }: DesignInput): Decision {
  const left = unanswered.filter(({ question }) => !decision.unknowns.some((unknown) => isSameQuestion(unknown.question, question)));
  const taken = new Set(decision.unknowns.map(({ id }) => id));
  const idFor = (id: string): string => (taken.has(id) ? idFor(`${id.slice(0, 60)}-2`) : id);
  const carried = left.map(({ id, question, options }) => ({ id: idFor(id), question, whyItMatters: 'It was asked before and has no answer yet.', blocking: true, options: [...(options ?? [])], answer: null, answeredBy: null }));
  const asked = unanswered.map(({ question }) => question);
  return { ...decision, unknowns: [...decision.unknowns.map((unknown) => ({ ...unknown, blocking: unknown.blocking || asked.some((question) => isSameQuestion(question, unknown.question)) })), ...carried] };
}

/** Accepted when nothing speaks against it. */
const reviewed = <Value>(value: Value, problems: readonly string[]): Accepted<Value> => (problems.length > 0 ? { kind: 'faulty', problems } : { kind: 'accepted', value });

function acceptDecision(json: unknown, making: Making): Accepted<Decision> {
  const decision = complete('decision', json, making);
  if (decision.kind === 'faulty') return decision;
  const value = withOpenQuestions(decision.value, making.input);
  return reviewed(value, making.input.review.decision(value));
}

function acceptDesign(json: unknown, making: Making): Accepted<{ architecture: Architecture; scope: Scope }> {
  const parts = new Map(typeof json === 'object' && json !== null ? Object.entries(json) : []);
  const architecture = complete('architecture', parts.get('architecture'), making);
  const scope = complete('scope', parts.get('scope'), making);
  if (architecture.kind === 'faulty' || scope.kind === 'faulty') return { kind: 'faulty', problems: [architecture, scope].flatMap((each) => (each.kind === 'faulty' ? each.problems : [])) };
  const value = { architecture: architecture.value, scope: scope.value };
  return reviewed(value, making.input.review.design(value));
}

/** The gates document is never asked for: what a gate requires is no model's choice. */
function acceptPlan(json: unknown, scope: Scope, making: Making): Accepted<{ plan: Plan; gates: GatesDocument }> {
  const plan = complete('plan', json, making);
  if (plan.kind === 'faulty') return plan;
  const { input, inputs } = making;
  const gates: GatesDocument = { ...envelopeOf('gates', { ...making, inputs: [...inputs, input.hash(plan.value)] }), evidence: [], unknowns: [], assumptions: [], ...describeGates(input, scope, plan.value) };
  return reviewed({ plan: plan.value, gates }, input.review.plan({ scope, plan: plan.value, gates }));
}
