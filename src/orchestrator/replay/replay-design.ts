import type { CountersignConfig } from '../../domain/config.ts';
import type { ArtifactKind } from '../../domain/documents.ts';
import { refusedError } from '../../domain/errors.ts';
import type { Sha256 } from '../../domain/ids.ts';
import type { Workflow } from '../../domain/workflow.ts';
import { createModelDesigner } from '../../model/model-designer.ts';
import { createRecipeDesigner } from '../../model/recipe/designer.ts';
import type { Design, RoleFailure } from '../../model/roles.ts';
import { defaultConfig } from '../../schema/config.ts';
import { toDesignInput } from '../design.ts';
import { intakeOf } from '../intake.ts';
import { recipeParsers } from '../recipe-parsers.ts';
import { compareContent } from './difference.ts';
import { attempt, compare, notRebuildable, redactedWhy, type ReplayItem } from './items.ts';
import { readCalls, RecordedClient } from './recorded-client.ts';
import { rewriteSourcesOf, type ReplaySession, type Step } from './session.ts';

// Neither changes a word of a prompt.
interface RecordedDocument {
  /** Why it cannot be compared, or null. */
  readonly redacted: string | null;
  readonly kind: ArtifactKind;
  readonly hash: Sha256;
  readonly seq: number;
}

/** Runs the designer of a round again, its recorded answers standing in for the model, and compares prompts and documents. */
export async function replayDesign(session: ReplaySession, round: readonly Step[]): Promise<readonly ReplayItem[]> {
  const calls = await readCalls(session, round);
  const documents = documentsOf(round);
  const ingested = round.find(({ event }) => event.type === 'E_CONTEXT_INGESTED');
  if (!ingested || (calls.length === 0 && documents.length === 0)) return [];
  const client = new RecordedClient(calls);
  const config = await attempt(() => session.configOf(ingested.event.run, ingested.event.policy));
  const designed = await attempt(() => designAgain(session, ingested.after, { client, isModel: calls.length > 0, config: config.kind === 'made' ? config.value : null }));
  if (designed.kind === 'missing') return [...client.giveUp(calls, designed.why), ...documents.map(({ kind, hash, seq }) => notRebuildable({ item: 'document', subject: kind, seq }, hash, designed.why))];
  const prompts = await client.judge(session, calls);
  const isShaken = prompts.some(({ outcome }) => outcome !== 'same');
  const items = [...prompts, ...(await Promise.all(documents.map((document) => judgeDocument(session, document, { designed: designed.value, isShaken }))))];
  return config.kind === 'made' ? items : items.map((item) => withoutConfig(item, config.why));
}

// A designer asks what the policy never lets through. Without the policy, only what comes out the same says anything.
const withoutConfig = (item: ReplayItem, why: string): ReplayItem => (item.outcome === 'different' ? notRebuildable(item, item.expected, why) : item);

function documentsOf(round: readonly Step[]): readonly RecordedDocument[] {
  return round.flatMap(({ event }): RecordedDocument[] => {
    if (event.type === 'E_DECISION_RECORDED') return [{ kind: 'decision', hash: event.body.document, seq: event.seq, redacted: redactedWhy(event.evidence, event.body.document, 'document') }];
    return event.type === 'E_ARTIFACT_RECORDED' ? [{ kind: event.body.artifact, hash: event.body.document, seq: event.seq, redacted: redactedWhy(event.evidence, event.body.document, 'document') }] : [];
  });
}

interface Again {
  readonly client: RecordedClient;
  readonly isModel: boolean;
  readonly config: CountersignConfig | null;
}

async function designAgain(session: ReplaySession, workflow: Workflow, { client, isModel, config }: Again): Promise<Design | RoleFailure> {
  const context = session.contexts.get(workflow.contextHash ?? '');
  if (context?.kind !== 'made') throw refusedError('no-context', context?.why ?? 'no context is on the record');
  const intake = intakeOf(workflow, await session.evidence(workflow.source.revision));
  const designer = isModel ? createModelDesigner(client.models) : createRecipeDesigner(recipeParsers);
  const input = toDesignInput(workflow.id, { intake, context: context.value, config: config ?? defaultConfig(), sources: rewriteSourcesOf(session, workflow) });
  return designer.design(config ? input : { ...input, frozen: () => null });
}

async function judgeDocument(session: ReplaySession, { kind, hash, seq, redacted }: RecordedDocument, { designed, isShaken }: { readonly designed: Design | RoleFailure; readonly isShaken: boolean }): Promise<ReplayItem> {
  const place = { item: 'document', subject: kind, seq } as const;
  if (redacted !== null) return notRebuildable(place, hash, redacted);
  const document = designed.kind === 'designed' ? designed[kind] : null;
  if (document) return compareContent(session, place, { expected: hash, value: document });
  const why = designed.kind === 'failed' ? designed.reason : `the designer stopped before the ${kind} document`;
  return isShaken ? notRebuildable(place, hash, why) : compare(place, { expected: hash, found: 'no document', hint: why });
}
