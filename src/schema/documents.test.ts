import { describe, expect, it } from 'vitest';
import { ARTIFACT_KINDS } from '../domain/documents.ts';
import { evaluatePolicy } from '../policy/evaluate.ts';
import { parseDocument } from './documents.ts';
import { parseGateResult, parsePolicyResult } from './gate-records.ts';

const sha = 'a'.repeat(64);
const oid = 'b'.repeat(40);
const envelope = {
  schemaVersion: 1,
  workflow: 'wf-20261122-k3v9q2',
  author: 'recipe',
  inputHashes: [sha],
  contextHash: sha,
  evidence: [{ id: 'E1', repo: 'octo/api', commit: oid, path: 'src/a.ts', lines: [1, 9], blob: oid }],
  unknowns: [{ id: 'U1', question: 'Which?', whyItMatters: 'It decides.', blocking: false, options: [], answer: null, answeredBy: null }],
  assumptions: [],
};
const documents = {
  decision: { ...envelope, stage: 'decision', verdict: 'GO', reasons: [{ text: 'Clear.', evidenceIds: ['E1'] }], risk: 'low', missingContext: [], duplicates: [], deferUntil: null },
  architecture: { ...envelope, stage: 'architecture', components: [], interfaces: [], decisions: [], invariants: [], crossRepoOrder: [], risks: [] },
  scope: { ...envelope, stage: 'scope', goals: ['g'], nonGoals: ['n'], allowedPaths: [{ repo: 'octo/api', paths: ['src/**'] }], forbiddenPaths: [], acceptanceCriteria: [{ id: 'C1', sentence: 'It shall.', given: '', when: '', then: '', verification: 'test' }] },
  plan: { ...envelope, stage: 'plan', tasks: [{ id: 'T1', title: 't', criteriaIds: ['C1'], repo: 'octo/api', files: [{ path: 'src/a.ts', operation: 'modify' }], dependsOn: [], verification: 'v' }], budget: { files: 1, lines: 10 }, rollback: 'Revert.' },
  gates: { ...envelope, stage: 'gates', gates: [{ gate: 0, requires: ['r'] }] },
};
const problemsOf = (kind: keyof typeof documents, change: object): string => {
  const parsed = parseDocument(kind, { ...documents[kind], ...change });
  return parsed.kind === 'invalid' ? parsed.problems.join('; ') : '';
};

describe('documents', () => {
  it.each(ARTIFACT_KINDS)('reads a %s', (kind) => {
    expect(parseDocument(kind, documents[kind])).toEqual({ kind: 'valid', document: documents[kind] });
  });

  it.each([
    ['an unknown field', 'decision', { verdictt: 'GO' }, 'verdictt'],
    ['another verdict', 'decision', { verdict: 'MAYBE' }, 'verdict'],
    ['a document of another stage', 'decision', { stage: 'plan' }, 'stage'],
    ['a hash that is none', 'plan', { contextHash: 'xyz' }, 'contextHash'],
    ['lines that run backwards', 'scope', { evidence: [{ ...envelope.evidence[0], lines: [9, 1] }] }, 'evidence[0].lines'],
    ['an id that is used twice', 'decision', { evidence: [envelope.evidence[0], envelope.evidence[0]] }, 'evidence: the id E1 is used twice'],
    ['a flood of text', 'decision', { reasons: [{ text: 'x'.repeat(5000), evidenceIds: [] }] }, 'reasons[0].text'],
    ['a flood of items', 'scope', { goals: Array.from({ length: 5000 }, () => 'g') }, 'goals'],
    ['a glob that would stall', 'scope', { allowedPaths: [{ repo: 'octo/api', paths: ['*a*a*a*a*'] }] }, 'too many wildcards'],
    ['a gate that does not exist', 'gates', { gates: [{ gate: 6, requires: [] }] }, 'gates[0].gate'],
    ['a negative budget', 'plan', { budget: { files: -1, lines: 1 } }, 'budget.files'],
  ] as const)('refuses %s', (_, kind, change, problem) => {
    expect(problemsOf(kind, change)).toContain(problem);
  });

  it('refuses what is no object, lists at most twenty problems, and never quotes a control character', () => {
    for (const value of [null, 1, 'text', []]) expect(parseDocument('plan', value).kind).toBe('invalid');
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`\u202E\u001b${index}`, 1]));
    expect(problemsOf('decision', many)).not.toMatch(/\p{C}/u);
    const wrong = parseDocument('decision', { ...documents.decision, inputHashes: Array.from({ length: 90 }, () => 1) });
    expect(wrong.kind === 'invalid' && wrong.problems.length).toBe(21);
  });
});

describe('policy results', () => {
  const change = { path: '.github/workflows/ci.yml', op: 'add', oldMode: null, newMode: '100644', oldBlob: null, newBlob: oid } as const;
  const result = evaluatePolicy({ repo: 'octo/api', changes: [{ change, oldBytes: null, newBytes: new Uint8Array(), added: 0, removed: 0 }], basePaths: [], baseFiles: new Map(), scope: ['src/**'], config: { kind: 'rules', rules: {} }, policy: sha, today: '2026-11-22' });

  it('reads what the policy writes', () => {
    expect(parsePolicyResult(JSON.parse(JSON.stringify(result)))).toEqual({ kind: 'valid', record: result });
  });
  it.each([
    ['a verdict that does not follow', { verdict: 'pass' }],
    ['a count that does not follow', { block: 0 }],
    ['violations that were left out', { rules: [] }],
    ['an unknown field', { extra: 1 }],
  ])('refuses %s', (_, forged) => {
    expect(parsePolicyResult({ ...result, ...forged }).kind).toBe('invalid');
  });
});

describe('gate results', () => {
  const check = { name: 'n', outcome: 'PASS', reason: 'r' };
  const result = { format: 'countersign/gate-result@1', gate: 0, subject: null, outcome: 'PASS', failure: null, checks: [check] };
  it('reads a result whose outcome follows from its checks', () => {
    expect(parseGateResult(result)).toEqual({ kind: 'valid', record: result });
  });
  it.each([
    ['a PASS over a failed check', { checks: [{ ...check, outcome: 'FAIL' }] }],
    ['a PASS over a waiting check', { checks: [{ ...check, outcome: 'WAITING' }] }],
    ['a FAIL without a cause', { outcome: 'FAIL', checks: [{ ...check, outcome: 'FAIL' }] }],
    ['a PASS with a cause', { failure: 'ci' }],
    ['a PASS without checks', { checks: [] }],
    ['a gate that does not exist', { gate: 7 }],
  ])('refuses %s', (_, forged) => {
    expect(parseGateResult({ ...result, ...forged }).kind).toBe('invalid');
  });
});
