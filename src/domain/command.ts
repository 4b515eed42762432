import type { PatchSetId } from './ids.ts';

/** What the state machine asks the orchestrator to do next. Data, so that it can be shown, tested and refused. */
export type Command =
  | { readonly kind: 'design' }
  | { readonly kind: 'propose'; readonly patchSets: readonly PatchSetId[] }
  | { readonly kind: 'request-approval'; readonly patchSets: readonly PatchSetId[] }
  | { readonly kind: 'write'; readonly patchSets: readonly PatchSetId[] }
  | { readonly kind: 'observe'; readonly patchSets: readonly PatchSetId[] }
  | { readonly kind: 'ask-human' }
  | { readonly kind: 'finish' };
