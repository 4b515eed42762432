import type { Command } from './command.ts';
import type { PatchSetState, Workflow } from './workflow.ts';

/**
 * What a workflow's state asks for that nobody has done yet. A job that was cut off after its ledger commit finds here,
 * when it runs again, what it still has to do: commands are never remembered anywhere else.
 */
export function outstanding(workflow: Workflow): readonly Command[] {
  switch (workflow.status) {
    case 'INGESTED':
      return workflow.gates[2]?.outcome === 'PASS' ? [{ kind: 'propose', patchSets: [] }] : [{ kind: 'design' }];
    case 'PATCHES_PROPOSED':
      return toPropose(workflow);
    case 'WAITING_USER_APPROVAL':
    case 'APPLYING_PATCHES':
      return [...toRequest(workflow), ...toWrite(workflow)];
    case 'PR_OPEN':
    case 'VERIFYING_CI':
      return [{ kind: 'observe', patchSets: idsOf(workflow.patchSets, ({ gate5 }) => gate5?.outcome !== 'PASS') }];
    case 'NEEDS_HUMAN':
      return [{ kind: 'ask-human' }];
    default:
      return workflow.outcome ? [] : [{ kind: 'finish' }];
  }
}

const idsOf = (patchSets: readonly PatchSetState[], wanted: (patchSet: PatchSetState) => boolean): readonly string[] => patchSets.filter(wanted).map(({ id }) => id);

function toPropose(workflow: Workflow): readonly Command[] {
  const missing = workflow.patchSets.length < workflow.repos.length;
  const patchSets = idsOf(workflow.patchSets, (patchSet) => patchSet.changesRequested !== null || patchSet.gate3?.outcome !== 'PASS');
  return patchSets.length > 0 || missing ? [{ kind: 'propose', patchSets }] : [];
}

function toRequest(workflow: Workflow): readonly Command[] {
  const patchSets = idsOf(workflow.patchSets, ({ request, pullRequest }) => !request && !pullRequest);
  return patchSets.length > 0 ? [{ kind: 'request-approval', patchSets }] : [];
}

function toWrite(workflow: Workflow): readonly Command[] {
  if (workflow.status !== 'APPLYING_PATCHES') return [];
  return [{ kind: 'write', patchSets: idsOf(workflow.patchSets, ({ pullRequest }) => !pullRequest) }];
}
