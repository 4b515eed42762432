import type { EventOf, WorkflowEvent } from '../../domain/event.ts';
import type { Oid, WorkflowId } from '../../domain/ids.ts';
import { domainEventOf } from '../fold.ts';
import { toProblem, type LedgerProblem } from './problem.ts';

/** What a target repository says: its `Countersign-` commits, and which commits it has at all. */
export interface TargetView {
  readonly directory: string;
  readonly commits: readonly { readonly commit: Oid; readonly tree: Oid; readonly message: string }[];
  readonly has: (oid: Oid) => boolean;
}

const only = (target: TargetView, workflow: WorkflowId | undefined): TargetView =>
  workflow === undefined ? target : { ...target, commits: target.commits.filter(({ message }) => trailer(message, 'Countersign-Workflow') === workflow) };

interface Claim {
  readonly workflow: string;
  readonly seq: number;
  readonly body: EventOf<'E_PATCH_SET_APPLIED'>['body'];
  readonly baseCommit: Oid | null;
}

/**
 * Compares target repositories with what the ledger claims to have written: feed it every event and commit, then `finish`.
 * Keeps the claims and the commits that targets name, not the history. 
 */
export function checkTargets(targets: readonly TargetView[]) {
  const claims: Claim[] = [];
  const bases = new Map<string, Oid>();
  const anchors = new Set(targets.flatMap(({ commits }) => commits.map(({ message }) => trailer(message, 'Countersign-Ledger'))));
  const ledgerCommits = new Set<Oid>();
  return {
    onCommit: (commit: Oid): void => void (anchors.has(commit) && ledgerCommits.add(commit)),
    onEvent: (record: WorkflowEvent): void => {
      const event = domainEventOf(record);
      if (event.type === 'E_WRITE_INTENDED') bases.set(`${record.workflow} ${event.body.digest}`, event.body.baseCommit);
      if (event.type === 'E_PATCH_SET_APPLIED') {
        claims.push({ workflow: record.workflow, seq: record.seq, body: event.body, baseCommit: bases.get(`${record.workflow} ${event.body.digest}`) ?? null });
      }
    },
    /** `workflow`: only what speaks of that one is compared. */
    finish: (workflow?: WorkflowId): readonly LedgerProblem[] => targets.map((target) => only(target, workflow)).flatMap((target) => [...unknownCommits(target, claims, ledgerCommits), ...missingCommits(target, claims)]),
  };
}

function unknownCommits(target: TargetView, claims: readonly Claim[], ledgerCommits: ReadonlySet<Oid>): readonly LedgerProblem[] {
  return target.commits.flatMap((found) => {
    const claim = claims.find(({ body }) => body.commit === found.commit);
    const place = { path: target.directory };
    if (!claim) {
      return [toProblem('target-unknown-commit', 'A target repository has a Countersign commit that the ledger does not know: it was forged, squashed, or the ledger lost its record.', place, { expected: 'an E_PATCH_SET_APPLIED event', found: found.commit })];
    }
    const at = { workflow: claim.workflow, seq: claim.seq, path: target.directory };
    const pairs = [
      ['tree', claim.body.tree, found.tree],
      ['Countersign-Workflow', claim.workflow, trailer(found.message, 'Countersign-Workflow')],
      ['Countersign-Approval', `sha256:${claim.body.digest}`, trailer(found.message, 'Countersign-Approval')],
    ] as const;
    const problems = pairs.filter(([, expected, actual]) => expected !== actual).map(([name, expected, actual]) => toProblem('target-mismatch', `The commit ${found.commit} has another ${name} than the ledger recorded.`, at, { expected, found: actual }));
    const anchor = trailer(found.message, 'Countersign-Ledger');
    if (anchor === null || !ledgerCommits.has(anchor)) {
      problems.push(toProblem('target-mismatch', `The commit ${found.commit} names a ledger commit that is not in this history: the ledger was cut or rewritten.`, at, { expected: 'a commit of the ledger', found: anchor }));
    }
    return problems;
  });
}

// Which target a claim speaks of is told by the pinned base commit: names of directories prove nothing.
function missingCommits(target: TargetView, claims: readonly Claim[]): readonly LedgerProblem[] {
  const here = claims.filter(({ baseCommit, body }) => baseCommit !== null && target.has(baseCommit) && !target.commits.some(({ commit }) => commit === body.commit));
  return here.map(({ workflow, seq, body }) =>
    toProblem('target-commit-missing', `The ledger says that ${body.patchSet} was written to ${body.repo}, but no branch there has that commit.`, { workflow, seq, path: target.directory }, { expected: body.commit, found: 'nothing' }),
  );
}

const trailer = (message: string, key: string): string | null => message.split('\n').find((line) => line.startsWith(`${key}: `))?.slice(key.length + 2).trim() ?? null;
