import type { EventBodies } from '../../../src/domain/event.ts';
import { revisionsOf } from '../diff/patch-set-view.ts';
import type { LedgerView, WorkflowView } from './load-ledger.ts';

export interface PatchSetProps {
  readonly view: WorkflowView;
  readonly body: EventBodies['E_PATCH_SET_PROPOSED'];
}

/** One page for each revision ever proposed; the current one has the address without a revision. */
export function patchSetPaths({ workflows }: LedgerView): { params: { id: string; patchSet: string; revision: string | undefined }; props: PatchSetProps }[] {
  return workflows.flatMap((view) =>
    view.workflow.patchSets.flatMap((patchSet) =>
      revisionsOf(view, patchSet.id).map(({ body }) => ({
        params: { id: view.workflow.id, patchSet: patchSet.id, revision: body.revision === patchSet.revision ? undefined : `r${body.revision}` },
        props: { view, body },
      })),
    ),
  );
}
