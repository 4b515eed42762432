import type { Change, FileMode } from '../domain/change-set.ts';
import type { PolicyConfig, RuleConfig } from '../domain/config.ts';
import type { RuleResult } from '../domain/policy.ts';
import type { RuleId } from '../domain/policy-rules.ts';
import { evaluatePolicy } from './evaluate.ts';
import type { JudgedChange, PolicyInput } from './input.ts';

// Inputs for the tests of this folder.

const OLD = '1'.repeat(40);
const NEW = '2'.repeat(40);

type Side = { readonly mode?: FileMode; readonly text?: string | Uint8Array; readonly blob?: string } | null;

const bytesOf = (side: Side): Uint8Array | null => {
  if (side === null || side.mode === '160000') return null;
  return typeof side.text === 'string' || side.text === undefined ? new TextEncoder().encode(side.text ?? 'text\n') : side.text;
};
const linesOf = (bytes: Uint8Array | null): number => (bytes === null ? 0 : bytes.filter((byte) => byte === 10).length);

function judged(path: string, old: Side, now: Side): JudgedChange {
  const [oldBytes, newBytes] = [bytesOf(old), bytesOf(now)];
  const change: Change = {
    path,
    op: old === null ? 'add' : now === null ? 'delete' : 'modify',
    oldMode: old && (old.mode ?? '100644'),
    newMode: now && (now.mode ?? '100644'),
    oldBlob: old && (old.blob ?? OLD),
    newBlob: now && (now.blob ?? NEW),
  };
  return { change, oldBytes, newBytes, added: linesOf(newBytes), removed: linesOf(oldBytes) };
}

export const added = (path: string, now: NonNullable<Side> = {}): JudgedChange => judged(path, null, now);
export const modified = (path: string, old: NonNullable<Side> = {}, now: NonNullable<Side> = {}): JudgedChange => judged(path, old, now);
export const deleted = (path: string, old: NonNullable<Side> = {}): JudgedChange => judged(path, old, null);

export function inputOf(changes: readonly JudgedChange[], more: Partial<PolicyInput> = {}): PolicyInput {
  const basePaths = changes.filter(({ change }) => change.op !== 'add').map(({ change }) => change.path);
  return { repo: 'octo/api', changes, basePaths, baseFiles: new Map(), scope: null, config: { kind: 'rules', rules: {} }, policy: 'a'.repeat(64), today: '2026-11-22', ...more };
}

export const configOf = (rule: RuleId, settings: Partial<RuleConfig>): PolicyConfig => ({ kind: 'rules', rules: { [rule]: { severity: 'BLOCK', allow: [], ...settings } } });

/** What one rule says about these changes. */
export function judgeBy(rule: RuleId, changes: readonly JudgedChange[], more: Partial<PolicyInput> = {}): RuleResult {
  const result = evaluatePolicy(inputOf(changes, more)).rules.find((each) => each.rule === rule);
  if (!result) throw new Error(`no rule ${rule}`);
  return result;
}

/** The paths that one rule objects to. */
export const caughtBy = (rule: RuleId, changes: readonly JudgedChange[], more: Partial<PolicyInput> = {}): string[] => judgeBy(rule, changes, more).violations.map(({ path }) => path);
