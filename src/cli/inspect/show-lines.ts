import { z } from 'zod';
import type { WorkflowEvent } from '../../domain/event.ts';
import type { PolicyViolation } from '../../domain/policy.ts';
import type { Workflow } from '../../domain/workflow.ts';
import { domainEventOf } from '../../ledger/fold.ts';
import { shortDigest, story, storyNote } from '../../ledger/story.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { paint } from '../output.ts';
import { wrap } from '../patch/wrap.ts';
import { printable } from '../printable.ts';

type Violation = Pick<PolicyViolation, 'rule' | 'severity' | 'path' | 'line' | 'message' | 'why' | 'help'>;

/** One event as `countersign show` tells it. */
export interface Told {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly state: string;
  readonly by: string;
  readonly says: string;
  readonly note: string | null;
  /** The page on GitHub that the event speaks of: the issue, the review run, the pull request. */
  readonly link: string | null;
  readonly evidence: readonly { readonly name: string; readonly sha256: string; readonly size: number }[];
  readonly violations: readonly Violation[];
}

// Read back from evidence whose hash holds, yet written by whoever could write to the ledger: parsed, not trusted.
const policyResult = z.object({
  rules: z.array(z.object({ violations: z.array(z.object({ rule: z.string(), severity: z.enum(['BLOCK', 'WARN']), path: z.string(), line: z.number().nullable(), message: z.string(), why: z.string(), help: z.string() })) })),
});

/** Tells every event, with the violations that each policy result holds. */
export async function tell(store: LedgerStore, workflow: Workflow, events: readonly WorkflowEvent[]): Promise<readonly Told[]> {
  const results = events.flatMap((event) => (event.type === 'E_POLICY_EVALUATED' && event.body.block + event.body.warn > 0 ? [event.body.result] : []));
  const evidence = results.length === 0 ? new Map<string, Uint8Array>() : await store.readEvidence(workflow.id, [...new Set(results)]);
  return events.map((event) => {
    const domain = domainEventOf(event);
    return {
      seq: event.seq,
      at: event.at,
      type: event.type,
      state: event.state.to,
      by: event.actor.login ?? event.actor.kind,
      says: story(domain),
      note: storyNote(domain),
      link: 'url' in event.body ? event.body.url : event.type === 'E_WORKFLOW_CREATED' ? event.body.source.url : null,
      evidence: event.evidence.map(({ name, sha256, size }) => ({ name, sha256, size })),
      violations: event.type === 'E_POLICY_EVALUATED' ? violationsOf(evidence.get(event.body.result)) : [],
    };
  });
}

function violationsOf(bytes: Uint8Array | undefined): readonly Violation[] {
  if (!bytes) return [];
  const parsed = policyResult.safeParse(parseJson(new TextDecoder().decode(bytes)));
  return parsed.success ? parsed.data.rules.flatMap(({ violations }) => violations) : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The story for a terminal of `width` columns: a line for each event; below it what was said, its link, and its evidence by name and hash. */
export function storyLines(told: readonly Told[], width: number): readonly string[] {
  let day = '';
  let state = '';
  return told.flatMap((event) => {
    const lines: string[] = [];
    if (event.at.slice(0, 10) !== day) lines.push('', paint.dim((day = event.at.slice(0, 10))));
    const [says = '', ...more] = below(printable(event.says), width);
    lines.push(`  ${paint.dim(`${String(event.seq).padStart(3)}  ${event.at.slice(11, 19)}`)}  ${says.trimStart()}`, ...more);
    if (event.note !== null) lines.push(...below(printable(event.note), width).map(paint.dim));
    if (event.link !== null) lines.push(`${INDENT}${paint.underline(printable(event.link))}`);
    for (const violation of event.violations) lines.push(...violationLines(violation, width));
    lines.push(...below(event.evidence.map(({ name, sha256 }) => `${printable(name)}\u00a0${shortDigest(sha256)}`).join(' · '), width).map((line) => paint.dim(line.replaceAll('\u00a0', ' '))));
    if (event.state !== state) lines.push(`${INDENT}→ ${paint.bold((state = event.state))}`);
    return lines;
  });
}

const INDENT = ' '.repeat(17);

/** Text below an event's line, as wide as the terminal; nothing for nothing. */
const below = (text: string, width: number): readonly string[] => (text === '' ? [] : wrap(text, { width, first: INDENT, rest: INDENT }));

/** A violation for a terminal: what it is and where, why it matters, and what to do next. */
export function violationLines({ rule, severity, path, line, message, why, help }: Violation, width: number, indent = INDENT): readonly string[] {
  const place = line === null ? path : `${path}:${line}`;
  const [head = '', ...more] = wrap(`${severity === 'BLOCK' ? 'block' : 'warn\u00a0'} ${printable(rule)}\u00a0 ${printable(place)}: ${printable(message)}`, { width, first: indent, rest: `${indent}      ` }).map((line) => line.replaceAll('\u00a0', ' '));
  const painted = head.replace(/block|warn/, (word) => (severity === 'BLOCK' ? paint.red(word) : paint.yellow(word)));
  const labelled = (label: string, text: string): readonly string[] => wrap(printable(text), { width, first: `${indent}      ${label}  `, rest: `${indent}${' '.repeat(12)}` });
  return [painted, ...more, ...labelled('Why ', why), ...labelled('Next', help)];
}
