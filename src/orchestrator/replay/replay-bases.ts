import type { WorkflowEvent } from '../../domain/event.ts';
import { sha256 } from '../../ledger/canonical-json.ts';
import { attempt, compare, notRebuildable, type ReplayItem } from './items.ts';
import type { ReplaySession } from './session.ts';

type Created = Extract<WorkflowEvent, { type: 'E_WORKFLOW_CREATED' }>;

/** The revision of the issue, from its recorded text. */
export async function replayIssue(session: ReplaySession, { seq, body }: Created): Promise<readonly ReplayItem[]> {
  const place = { item: 'issue', subject: `${body.source.repo} ${body.source.kind} ${body.source.number}`, seq } as const;
  const text = await attempt(() => session.evidence(body.issueText));
  return [text.kind === 'missing' ? notRebuildable(place, body.source.revision, text.why) : compare(place, { expected: body.source.revision, found: sha256(text.value) })];
}

/** Every pinned commit has the pinned tree. */
export async function replayBases(session: ReplaySession, { seq, body }: Created): Promise<readonly ReplayItem[]> {
  const items: ReplayItem[] = [];
  for (const { repo, baseCommit, baseTree } of body.repos) {
    const place = { item: 'base', subject: repo, seq } as const;
    const store = await session.open(repo, baseCommit);
    const commit = store.kind === 'made' ? await attempt(() => store.value.readCommit(baseCommit)) : store;
    items.push(commit.kind === 'missing' ? notRebuildable(place, baseTree, commit.why) : compare(place, { expected: baseTree, found: commit.value.tree }));
  }
  return items;
}
