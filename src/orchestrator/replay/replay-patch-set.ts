import { createManifest } from '../../change-set/manifest.ts';
import { refusedError } from '../../domain/errors.ts';
import type { WorkflowEvent } from '../../domain/event.ts';
import type { Sha256 } from '../../domain/ids.ts';
import type { PolicyResult } from '../../domain/policy.ts';
import type { Workflow, WorkflowRepo } from '../../domain/workflow.ts';
import { hashCanonical, parseCanonical, sha256 } from '../../ledger/canonical-json.ts';
import type { ScratchStore } from '../../ports/objects.ts';
import { parsePolicyResult } from '../../schema/gate-records.ts';
import { parseProposal, rebuildChangeSet, type Rebuilt } from '../change.ts';
import { readDocuments, validRecord } from '../documents.ts';
import { judgeGate3, judgeProposal, manifestContext } from '../judge-patch.ts';
import { patchesOf } from '../plan-of.ts';
import { compareContent } from './difference.ts';
import { attempt, compare, notRebuildable, redactedWhy, type Attempt, type ReplayItem, type ReplayKind } from './items.ts';
import type { ReplaySession, Step } from './session.ts';

type Proposed = Extract<WorkflowEvent, { type: 'E_PATCH_SET_PROPOSED' }>;
type Evaluated = Extract<WorkflowEvent, { type: 'E_POLICY_EVALUATED' }>;

/** Rebuilds a proposed PatchSet from its pinned base and recorded proposal: tree, diff, policy, Gate 3, manifest. */
export async function replayPatchSet(session: ReplaySession, steps: readonly Step[], { event, before }: Step): Promise<readonly ReplayItem[]> {
  if (event.type !== 'E_PATCH_SET_PROPOSED' || !before) return [];
  const recorded = recordedOf(steps, event);
  const rebuilt = await attempt(() => rebuild(session, before, event));
  if (rebuilt.kind === 'missing') return expectedOf(event, recorded).map(([item, expected]) => notRebuildable(placeOf(item, event), expected, rebuilt.why));
  const { resultTree, diff } = event.body;
  // A recorded proposal that does not lead to a tree at all is a difference, not a missing input.
  if (rebuilt.value.kind === 'failed') {
    const { why } = rebuilt.value;
    const [, ...rest] = expectedOf(event, recorded);
    return [compare(placeOf('result-tree', event), { expected: resultTree, found: 'no tree', hint: why }), ...rest.map(([item, expected]) => notRebuildable(placeOf(item, event), expected, why))];
  }
  return [
    compare(placeOf('result-tree', event), { expected: resultTree, found: rebuilt.value.again.built.changeSet.result.tree }),
    compare(placeOf('diff', event), { expected: diff, found: sha256(rebuilt.value.again.built.diff), hint: 'the same trees, shown otherwise: another version of git wrote the diff' }),
    ...(recorded ? [await replayPolicy(session, rebuilt.value.again, recorded), await replayGate3(session, rebuilt.value.again, recorded)] : []),
    await replayManifest(rebuilt.value.again, recorded),
  ];
}

const placeOf = (item: ReplayKind, { seq, body }: Proposed) => ({ item, subject: `${body.patchSet} r${body.revision}`, seq });

/** What the records say of the same revision afterwards; null when the job got no further. */
interface Recorded {
  readonly evaluated: Evaluated;
  readonly gate3: Sha256;
}

function recordedOf(steps: readonly Step[], { body }: Proposed): Recorded | null {
  const events = steps.map(({ event }) => event);
  const evaluated = events.find((event) => event.type === 'E_POLICY_EVALUATED' && event.body.digest === body.digest);
  if (evaluated?.type !== 'E_POLICY_EVALUATED') return null;
  const gate = events.find((event) => event.type === 'E_GATE_EVALUATED' && event.body.gate === 3 && event.body.subject?.digest === body.digest);
  // A blocked PatchSet is asked no Gate 3; what its manifest binds is kept beside the policy's result.
  const gate3 = gate?.type === 'E_GATE_EVALUATED' ? gate.body.result : evaluated.evidence.find(({ name }) => name.endsWith('-gate-3.json'))?.sha256;
  return gate3 === undefined ? null : { evaluated, gate3 };
}

function expectedOf(event: Proposed, recorded: Recorded | null): readonly (readonly [ReplayKind, string])[] {
  const judged: readonly (readonly [ReplayKind, string])[] = recorded ? [['policy-result', recorded.evaluated.body.result], ['gate-3', recorded.gate3]] : [];
  return [['result-tree', event.body.resultTree], ['diff', event.body.diff], ...judged, ['manifest', event.body.digest]];
}

interface Again {
  readonly event: Proposed;
  readonly workflow: Workflow;
  readonly pinned: WorkflowRepo;
  readonly store: ScratchStore;
  readonly built: Extract<Rebuilt, { kind: 'built' }>;
  readonly proposal: ReturnType<typeof parseProposal>;
  readonly documents: Awaited<ReturnType<typeof readDocuments>>;
}

async function rebuild(session: ReplaySession, workflow: Workflow, event: Proposed): Promise<{ readonly kind: 'rebuilt'; readonly again: Again } | { readonly kind: 'failed'; readonly why: string }> {
  const { repo, proposal: hash } = event.body;
  const pinned = workflow.repos.find((each) => each.repo === repo);
  if (!pinned) throw refusedError('unknown-repository', `${repo} is not pinned`);
  const redacted = redactedWhy(event.evidence, hash, 'proposal');
  if (redacted !== null) throw refusedError('redacted', redacted);
  const documents = await readDocuments(session.ports, workflow);
  const proposal = parseProposal(await session.evidence(hash), hash);
  const store = await session.open(repo, pinned.baseCommit);
  if (store.kind === 'missing') throw refusedError('no-repository', store.why);
  const built = await rebuildChangeSet(proposal, pinned, store.value);
  if (built.kind === 'failed') return { kind: 'failed', why: `the recorded proposal does not apply to the pinned base: ${built.message}` };
  return { kind: 'rebuilt', again: { event, workflow, pinned, store: store.value, built, proposal, documents } };
}

/** The policy's result under the config that was in force, on the day that it was judged. */
async function replayPolicy(session: ReplaySession, again: Again, { evaluated }: Recorded): Promise<ReplayItem> {
  const place = { ...placeOf('policy-result', again.event), seq: evaluated.seq };
  const { result: expected, policy } = evaluated.body;
  const found = await attempt(async () => {
    const config = await session.configOf(evaluated.run, policy);
    const results: PolicyResult[] = [];
    for (const today of daysBefore(evaluated.at)) results.push((await judgeProposal({ config, today }, { ...again, patchSet: again.event.body.patchSet, rebuilt: again.built })).policy);
    return results.find((result) => hashCanonical(result) === expected) ?? results[0];
  });
  return found.kind === 'missing' ? notRebuildable(place, expected, found.why) : compareContent(session, place, { expected, value: found.value });
}

/** The day of an instant and, since judging comes a moment before recording, the day before. */
function daysBefore(at: string): readonly string[] {
  return [0, 86_400_000].map((ms) => new Date(Date.parse(at) - ms).toISOString().slice(0, 10));
}

async function replayGate3(session: ReplaySession, again: Again, { evaluated, gate3 }: Recorded): Promise<ReplayItem> {
  const place = { ...placeOf('gate-3', again.event), seq: evaluated.seq };
  const policy: Attempt<PolicyResult> = await attempt(async () => validRecord(parsePolicyResult(parseCanonical(await session.evidence(evaluated.body.result))), 'policy result'));
  if (policy.kind === 'missing') return notRebuildable(place, gate3, policy.why);
  return compareContent(session, place, { expected: gate3, value: judgeGate3({ ...again, rebuilt: again.built }, policy.value) });
}

/** The manifest, bound to the recorded policy and Gate 3 results. Its hash is the approval digest. */
async function replayManifest(again: Again, recorded: Recorded | null): Promise<ReplayItem> {
  const place = placeOf('manifest', again.event);
  const { digest, patchSet, revision } = again.event.body;
  if (!recorded) return notRebuildable(place, digest, 'the policy result and the Gate 3 result that it binds are not on the record');
  const { changeSet, diff } = again.built;
  const made = await attempt(async () => {
    const hashes = { diff: sha256(diff), policyResult: recorded.evaluated.body.result, gate3: recorded.gate3 };
    const judged = { changeSet, patches: patchesOf(again.documents.plan, again.pinned.repo, changeSet), policy: { policy: recorded.evaluated.body.policy } };
    return hashCanonical(createManifest(changeSet, manifestContext(again.workflow, { patchSet, revision, pinned: again.pinned, judged, hashes })));
  });
  return made.kind === 'missing' ? notRebuildable(place, digest, made.why) : compare(place, { expected: digest, found: made.value, hint: 'the manifest binds something else than the records say' });
}
