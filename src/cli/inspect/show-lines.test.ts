import { expect, test } from 'vitest';
import { statusLines } from './status-lines.ts';
import { storyLines, type Told } from './show-lines.ts';
import type { WorkflowSummary } from './summary.ts';

const SENTENCE = 'When the service answers 429 it says in Retry-After how many seconds to wait, and the client ignores that and tries again after 200 ms.';
const told: Told = {
  seq: 12,
  at: '2026-11-22T10:00:08Z',
  type: 'E_PATCH_SET_PROPOSED',
  state: 'PATCHES_PROPOSED',
  by: 'workflow',
  says: 'PatchSet ps-1 r1 proposed (an-organisation/with-a-long-repository-name): 14 files +1204 −310 (dcfb…4c)',
  note: SENTENCE,
  link: null,
  evidence: ['manifest', 'diff', 'proposal', 'policy result', 'gate 3'].map((name, index) => ({ name, sha256: String(index).repeat(64), size: 1 })),
  violations: [{ rule: 'ci-files', severity: 'BLOCK', path: '.github/workflows/continuous-integration.yml', line: 7, message: SENTENCE, why: SENTENCE, help: SENTENCE }],
};
const summary: WorkflowSummary = {
  workflow: 'wf-20261122-k3v9q2',
  state: 'NEEDS_HUMAN',
  turn: 'you',
  says: SENTENCE,
  createdAt: '2026-11-22T10:00:00Z',
  source: { repo: 'octo/api', number: 1, url: 'https://github.com/octo/api/issues/1', title: SENTENCE },
  trackingIssue: null,
  asks: { code: 'unclear', reason: SENTENCE, questions: [{ id: 'u1', question: SENTENCE }] },
  outcome: { status: 'FAILED', reason: SENTENCE },
  gates: [],
  patchSets: [],
  costMicroUsd: 0,
  callsOfUnknownCost: 0,
};

test.each([80, 120])('at %i columns no sentence is wider than the terminal, and no word is lost', (width) => {
  const lines = [...statusLines(summary, width), ...storyLines([told], width)];
  expect(lines.filter((line) => line.length > width)).toEqual([]);
  const words = lines.join(' ').split(/\s+/u).join(' ');
  for (const text of [told.says, SENTENCE, `"${SENTENCE}"`, `block ci-files .github/workflows/continuous-integration.yml:7: ${SENTENCE}`, 'gate 3 4444…44']) expect(words).toContain(text);
});
