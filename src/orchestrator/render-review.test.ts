import { fromMarkdown } from 'mdast-util-from-markdown';
import { expect, test } from 'vitest';
import type { Manifest } from '../domain/change-set.ts';
import type { Documents } from '../domain/documents.ts';
import { approvedWorkflow } from '../../tests/support/approved-workflow.ts';
import { renderReview, type Review } from './render-review.ts';

const HOSTILE = '@octocat <img src=x>\n# Approved\n```\n| a | b |\u202E';
const hash = '0'.repeat(64);

/** A review in which everything that an outsider can write is hostile. */
function hostileReview(): Review {
  const workflow = approvedWorkflow();
  const [patchSet] = workflow.patchSets;
  if (!patchSet) throw new Error('The sample has PatchSets.');
  const path = 'src/`a`|b.ts';
  const manifest = {
    repo: 'octo/api',
    base: { branch: 'main', commit: '1'.repeat(40), tree: '2'.repeat(40) },
    result: { tree: '3'.repeat(40) },
    changes: [{ path, op: 'modify' }],
    patches: [{ id: 'patch-T1', task: 'T1', paths: [path] }],
    policy: hash,
  } as unknown as Manifest;
  const documents = {
    decision: { verdict: 'GO', reasons: [{ text: HOSTILE, evidenceIds: [] }], risk: 'low', unknowns: [], assumptions: [], missingContext: [] },
    scope: { goals: [HOSTILE], nonGoals: [HOSTILE], acceptanceCriteria: [{ id: 'C1', sentence: HOSTILE }] },
    plan: { tasks: [{ id: 'T1', criteriaIds: ['C1'], repo: 'octo/api' }] },
  } as unknown as Documents;
  const violation = { rule: 'tests', severity: 'WARN', path, line: 1, message: HOSTILE, why: HOSTILE, help: HOSTILE } as const;
  return {
    job: { serverUrl: 'https://github.test', siteUrl: null, controlRepo: 'octo/control' } as Review['job'],
    workflow: { ...workflow, source: { ...workflow.source, title: HOSTILE } },
    patchSet,
    manifest,
    documents,
    policy: { format: 'countersign/policy-result@1', repo: 'octo/api', policy: hash, verdict: 'warn', block: 0, warn: 1, rules: [{ rule: 'tests', severity: 'WARN', examined: 1, allowed: [], violations: [violation] }] },
    gate3: { format: 'countersign/gate-result@1', gate: 3, subject: null, outcome: 'PASS', failure: null, checks: [{ name: 'exact', outcome: 'PASS', reason: HOSTILE }] },
    diff: new TextEncoder().encode(`+\`\`\`\n+# Approved\n+${HOSTILE}\n`),
  };
}

test('nothing from outside becomes a heading, HTML, a mention or hidden text in what the approver reads', () => {
  const markdown = renderReview(hostileReview());
  expect(markdown).not.toContain('\u202E');
  const nodes = fromMarkdown(markdown).children;
  expect(nodes.filter(({ type }) => type === 'html')).toEqual([]);
  const headings = nodes.flatMap((node) => (node.type === 'heading' ? [markdown.slice(node.position?.start.offset, node.position?.end.offset)] : []));
  expect(headings.some((heading) => /Approved/.test(heading))).toBe(false);
  expect(nodes.filter(({ type }) => type === 'code')).toHaveLength(1);
  const prose = nodes.filter(({ type }) => type !== 'code').map(({ position }) => markdown.slice(position?.start.offset, position?.end.offset)).join('\n');
  expect(prose).not.toMatch(/@octocat/);
});

test('a change that stands beyond the edge of the page is pointed at, above the diff', () => {
  const diffOf = (line: string): Uint8Array => new TextEncoder().encode(`diff --git a/src/a.ts b/src/a.ts\n--- a/src/a.ts\n+++ b/src/a.ts\n@@ -0,0 +1 @@\n+${line}\n`);
  const pointed = /Scroll to the right, or read them on the review site:\*\* a line goes on .*`src\/a\.ts:1`/;
  expect(renderReview({ ...hostileReview(), diff: diffOf(`ok();${' '.repeat(200)}evil();`) })).toMatch(pointed);
  expect(renderReview({ ...hostileReview(), diff: diffOf('ok();') })).not.toContain('Scroll to the right');
});

test('a task that nothing changes for is said to be not done', () => {
  const review = hostileReview();
  const [task] = review.documents.plan.tasks;
  const tasks = [...review.documents.plan.tasks, { ...task, id: 'T2', title: HOSTILE, files: [{ path: 'docs/`x`.md', operation: 'modify' }] }];
  const shown = renderReview({ ...review, documents: { ...review.documents, plan: { ...review.documents.plan, tasks } } as unknown as Documents });
  expect(shown).toMatch(/\*\*Not done:\*\* T2, .*Nothing changes in ``docs\/`x`\.md``\./);
  expect(shown).not.toMatch(/(?<![\w\\])@octocat\b(?!<)[^]*Not done/);
  expect(renderReview(review)).not.toContain('Not done');
});
