import { CONFIG_TEXTS } from './config-texts.ts';
import { MEMBERS } from './json-schema-members.ts';

interface FileText {
  readonly title: string;
  readonly description: string;
}

const event = (title: string, description: string): FileText => ({ title, description: `${description} The members that every event has stand in envelope.json.` });
const document = (title: string, description: string): FileText => ({ title, description: `${description} Stored as canonical JSON; its SHA-256 is what events and manifests call it by.` });

/** What each schema file is called, and what it is. */
export const FILES: Readonly<Record<string, FileText>> = {
  'common.json': { title: 'Shared definitions', description: 'What several schemas of this folder refer to.' },
  'envelope.json': { title: 'What every event has', description: 'One ledger record. Its file holds the canonical JSON of it, and the next event names the SHA-256 of those bytes.' },
  'event.json': { title: 'Any event', description: 'Exactly one of the events; `type` says which.' },
  'events/workflow-created.json': event('E_WORKFLOW_CREATED', 'A workflow begins: the issue and every base commit are pinned, approvers and limits are fixed for its life.'),
  'events/context-ingested.json': event('E_CONTEXT_INGESTED', 'The pinned repositories were read.'),
  'events/decision-recorded.json': event('E_DECISION_RECORDED', 'The recommendation whether to work on the issue, with the blocking questions that nobody has answered.'),
  'events/artifact-recorded.json': event('E_ARTIFACT_RECORDED', 'A document of the design was recorded.'),
  'events/patch-set-proposed.json': event('E_PATCH_SET_PROPOSED', 'A revision of a PatchSet was proposed, applied exactly to its pinned base, and given its approval digest.'),
  'events/policy-evaluated.json': event('E_POLICY_EVALUATED', 'The policy judged a PatchSet.'),
  'events/gate-evaluated.json': event('E_GATE_EVALUATED', 'A gate was asked.'),
  'events/approval-requested.json': event('E_APPROVAL_REQUESTED', 'A review run asks for the countersignature of one revision.'),
  'events/approval-recorded.json': event('E_APPROVAL_RECORDED', "One person's explicit yes to one approval digest."),
  'events/changes-requested.json': event('E_CHANGES_REQUESTED', 'A reviewer wants it otherwise: a new revision follows.'),
  'events/patch-set-rejected.json': event('E_PATCH_SET_REJECTED', 'A reviewer rejected the PatchSet: the workflow fails.'),
  'events/write-intended.json': event('E_WRITE_INTENDED', 'Before the first request to a target repository: what is about to be written. Needs a complete set of approvals before it.'),
  'events/patch-set-applied.json': event('E_PATCH_SET_APPLIED', 'The approved tree stands on its branch in the target repository.'),
  'events/pr-opened.json': event('E_PR_OPENED', 'The pull request is open.'),
  'events/ci-observed.json': event('E_CI_OBSERVED', 'What was seen on a pull request at one moment. It decides nothing; Gate 5 judges it.'),
  'events/run-recorded.json': event('E_RUN_RECORDED', 'One job or model call: what it was given, what it gave, what it cost.'),
  'events/context-provided.json': event('E_CONTEXT_PROVIDED', "A listed person's answers, or none for a retry: the workflow goes on where it paused."),
  'events/needs-human.json': event('E_NEEDS_HUMAN', 'The workflow pauses until a person acts.'),
  'events/cancelled.json': event('E_CANCELLED', 'A person ended the workflow. What was written stays written and recorded.'),
  'events/workflow-finished.json': event('E_WORKFLOW_FINISHED', 'The closing record of a workflow that has ended.'),
  'documents/decision.json': document('The decision document', 'Whether to work on the issue, and why.'),
  'documents/architecture.json': document('The architecture document', 'What changes, how the parts hang together, which choices were made.'),
  'documents/scope.json': document('The scope document', 'What is to be reached, what is not, and which paths may change.'),
  'documents/plan.json': document('The plan document', 'The tasks, traced to acceptance criteria, with a budget.'),
  'documents/gates.json': document('The gates document', 'What each gate will require of this workflow, fixed before patches exist.'),
  'ledger.json': { title: 'The first file of a ledger', description: 'ledger.json: its format, its id and when it began.' },
  'manifest.json': { title: 'The PatchSet manifest', description: 'What a person countersigns. The SHA-256 of its canonical JSON is the approval digest.' },
  'proposal.json': { title: 'A proposal', description: 'The change as it was proposed. Its parts are applied one after the other, the first to the base; only the tree that they lead to counts.' },
  'context-manifest.json': { title: 'The context manifest', description: 'What roles were shown, by commit, path, blob and byte range. The SHA-256 of its canonical JSON is the context hash.' },
  'gate-result.json': { title: "A gate's result", description: 'Each check of a gate, with what it saw.' },
  'policy-result.json': { title: "The policy's result", description: 'What each rule looked at and found in one change set.' },
  'evidence-pack.json': { title: 'A line of an evidence pack', description: 'One line of the file that `countersign ledger export` writes: the first, an object, a further piece of one, or the end. docs/verify-a-ledger.md says in which order they stand.' },
  'config.json': { title: 'countersign.yml', description: 'The settings of a control repo. docs/configuration.md explains every key.' },
};

type Json = Record<string, unknown>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Adds to every member the description that it has by its name; the file's own words come first where a name means several things. */
export function describe(path: string, schema: Json): Json {
  return Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, name === 'properties' && isJson(value) ? describeMembers(path, value) : describeInside(path, value)]));
}

function describeInside(path: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => describeInside(path, item));
  return isJson(value) ? describe(path, value) : value;
}

function describeMembers(path: string, properties: Json): Json {
  return Object.fromEntries(
    Object.entries(properties).map(([name, member]) => {
      const described = isJson(member) ? describe(path, member) : {};
      // What a schema says of itself (a setting's own words) stays.
      return [name, described['description'] === undefined ? { description: textOf(path, name), ...described } : described];
    }),
  );
}

function textOf(path: string, name: string): string {
  const text = (path === 'config.json' ? CONFIG_TEXTS[name] : undefined) ?? MEMBERS[`${path} ${name}`] ?? MEMBERS[name];
  if (text !== undefined) return text;
  throw new TypeError(`${path}: the member ${name} has no description; add one to json-schema-members.ts`);
}
