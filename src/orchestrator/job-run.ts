import type { EventBodies } from '../domain/event.ts';

/** The record of a job that asked no model: what it was, how it ended, and why. */
export const jobRun = (role: string, outcome: EventBodies['E_RUN_RECORDED']['outcome'], reason: string): EventBodies['E_RUN_RECORDED'] => ({
  role,
  outcome,
  reason,
  inputs: [],
  outputs: [],
  contextHash: null,
  promptTemplate: null,
  prompt: null,
  model: null,
  parameters: null,
  tokensIn: null,
  tokensOut: null,
  costMicroUsd: null,
  durationMs: 0,
});
