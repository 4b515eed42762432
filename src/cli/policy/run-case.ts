import type { ChangeSet } from '../../domain/change-set.ts';
import type { CountersignConfig } from '../../domain/config.ts';
import { CountersignError } from '../../domain/errors.ts';
import type { PolicyResult, PolicyViolation } from '../../domain/policy.ts';
import { resolveChangeSet } from '../../change-set/build.ts';
import { treeDelta } from '../../change-set/tree-delta.ts';
import { judgeChangeSet } from '../../orchestrator/judge.ts';
import type { ScratchStore } from '../../ports/objects.ts';
import type { CaseContent, CaseFile, ExpectedViolation, PolicyCase } from './case-file.ts';
import { createMemoryStore, writeFiles, type WrittenFile } from './memory-store.ts';

/** What a case gave: it holds when nothing is missing or unexpected. */
export interface CaseOutcome {
  readonly name: string;
  readonly ok: boolean;
  readonly verdict: PolicyResult['verdict'] | null;
  /** One sentence for each difference between what was expected and what was found. */
  readonly differences: readonly string[];
  readonly violations: readonly Pick<PolicyViolation, 'rule' | 'severity' | 'path' | 'line' | 'message'>[];
}

/** Judges one case, in memory: no repository is read and nothing is written. */
export async function runCase(policyCase: PolicyCase, { file, config, today }: { file: CaseFile; config: CountersignConfig; today: string }): Promise<CaseOutcome> {
  const { name } = policyCase;
  try {
    const store = createMemoryStore();
    const changeSet = await changeSetOf(policyCase, file, store);
    if (typeof changeSet === 'string') return { name, ok: false, verdict: null, differences: [changeSet], violations: [] };
    const result = await judgeChangeSet(changeSet, store, { repo: policyCase.repo ?? file.repo, config, scope: policyCase.scope ?? null, today: policyCase.today ?? file.today ?? today });
    const violations = result.rules.flatMap((rule) => rule.violations);
    const differences = differencesOf(policyCase, result.verdict, violations);
    return { name, ok: differences.length === 0, verdict: result.verdict, differences, violations: violations.map(({ rule, severity, path, line, message }) => ({ rule, severity, path, line, message })) };
  } catch (error) {
    if (error instanceof CountersignError) return { name, ok: false, verdict: null, differences: [error.message], violations: [] };
    throw error;
  }
}

async function changeSetOf({ base, change, patch, edits }: PolicyCase, file: CaseFile, store: ScratchStore): Promise<ChangeSet | string> {
  const before = new Map(Object.entries({ ...file.base, ...base }).map(([path, content]) => [path, fileOf(content)]));
  const tree = await writeFiles(before, store);
  if (change === undefined) {
    const part = edits === undefined ? { format: 'diff' as const, text: patch ?? '' } : { format: 'edits' as const, text: edits };
    const resolved = await resolveChangeSet({ repo: null, base: { commit: tree, tree }, parts: [part], store });
    return resolved.kind === 'failed' ? `The patch does not apply to the case's base: ${resolved.message} (${resolved.code})` : resolved.changeSet;
  }
  const after = new Map(before);
  for (const [path, content] of Object.entries(change)) {
    if (content === null && !after.has(path)) return `The change deletes ${path}, which the case's base does not have.`;
    if (content === null) after.delete(path);
    else after.set(path, fileOf(content));
  }
  const result = { tree: await writeFiles(after, store) };
  const changes = await treeDelta(tree, result.tree, store);
  return changes.length === 0 ? 'The change leaves the base as it is.' : { base: { commit: tree, tree }, result, changes };
}

function fileOf(content: CaseContent): WrittenFile {
  if (typeof content === 'string') return { bytes: Buffer.from(content), mode: '100644' };
  return { bytes: content.base64 === undefined ? Buffer.from(content.text ?? '') : Buffer.from(content.base64, 'base64'), mode: content.mode };
}

/** Where violations are listed, the list is complete: what is not expected is a difference too. */
function differencesOf({ expect, violations: expected }: PolicyCase, verdict: PolicyResult['verdict'], found: readonly PolicyViolation[]): string[] {
  const wrongVerdict = expect === undefined || expect === verdict ? [] : [`Expected ${expect}, got ${verdict}.`];
  if (expected === undefined) return wrongVerdict;
  const missing = expected.filter((each) => !found.some((violation) => isExpected(violation, each))).map((each) => `Expected and not found: ${shownExpectation(each)}.`);
  const surplus = found.filter((violation) => !expected.some((each) => isExpected(violation, each))).map(({ rule, severity, path, line, message }) => `Found and not expected: ${severity} ${rule}${path === '' ? '' : ` ${path}`}${line === null ? '' : `:${line}`}: ${message}`);
  return [...wrongVerdict, ...missing, ...surplus];
}

const isExpected = (found: PolicyViolation, { rule, path, line, severity, message }: ExpectedViolation): boolean =>
  found.rule === rule && (path === undefined || found.path === path) && (line === undefined || found.line === line) && (severity === undefined || found.severity === severity) && (message === undefined || found.message.includes(message));

const shownExpectation = ({ rule, severity, path, line, message }: ExpectedViolation): string =>
  `${severity === undefined ? '' : `${severity} `}${rule}${path === undefined ? '' : ` ${path}`}${line === undefined ? '' : `:${line}`}${message === undefined ? '' : ` with "${message}"`}`;
