import type { Invocation, Log, ReportingDescriptor, Result } from 'sarif';
import type { PolicyViolation } from '../../domain/policy.ts';
import { showPath } from '../../policy/show.ts';
import { hashCanonical } from '../../ledger/canonical-json.ts';
import type { CheckAnswer } from './check-patch.ts';
import { publicPath } from './public-paths.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
/** GitHub takes at most 25,000 results of a run and shows 5,000; the worst come first. */
const RESULTS_MAX = 5_000;
const LEVELS = { BLOCK: 'error', WARN: 'warning' } as const;
// What GitHub shows as the alert's severity: a number, as a string. 7 and more is "high".
const SECURITY_SEVERITY = { BLOCK: '8.0', WARN: '4.0' } as const;

/**
 * The answer as SARIF 2.1.0, as GitHub's code scanning takes it: one rule for each kind of violation, one result for each
 * violation, an error for BLOCK and a warning for WARN. It quotes no line of any file. Source: the OASIS standard and
 * "SARIF support for code scanning" in GitHub's documentation.
 */
export function toSarif(answer: CheckAnswer): Log {
  const violations = answer.violations.toSorted((a, b) => rank(a) - rank(b)).slice(0, RESULTS_MAX);
  const rules = [...new Map(violations.map((violation) => [violation.rule, violation])).values()];
  const driver = { name: 'Countersign', semanticVersion: '0.1.0', rules: rules.map(ruleOf) };
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        automationDetails: { id: 'countersign/patch-check/' },
        columnKind: 'utf16CodeUnits',
        invocations: [invocationOf(answer)],
        results: violations.map((violation) => resultOf(violation, answer, rules)),
        properties: { base: answer.base, result: answer.result, digest: answer.digest },
      },
    ],
  };
}

const rank = ({ severity }: PolicyViolation): number => (severity === 'BLOCK' ? 0 : 1);

function invocationOf({ error }: CheckAnswer): Invocation {
  if (error === undefined) return { executionSuccessful: true };
  return { executionSuccessful: false, toolExecutionNotifications: [{ level: 'error', descriptor: { id: error.code }, message: { text: error.message } }] };
}

function ruleOf({ rule, severity, why }: PolicyViolation): ReportingDescriptor {
  return {
    id: rule,
    name: rule,
    shortDescription: { text: `Policy rule ${rule}` },
    fullDescription: { text: why },
    help: { text: `${why} See docs/configuration.md for the rule and its settings.`, markdown: `${why}\n\nThe rule \`${rule}\` and its settings: \`docs/configuration.md\`.` },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: ['security', 'policy'], precision: 'high', 'problem.severity': LEVELS[severity], 'security-severity': SECURITY_SEVERITY[severity] },
  };
}

function resultOf(violation: PolicyViolation, { changes }: CheckAnswer, rules: readonly PolicyViolation[]): Result {
  const { rule, severity, path, line, message, why, help } = violation;
  // Code scanning shows only what has a place: what is about the change as a whole stands at its first file.
  const place = path === '' ? (changes[0]?.path ?? '') : path;
  const region = { region: { startLine: Math.max(1, line ?? 1) } };
  const physicalLocation = { artifactLocation: { uri: uriOf(place), uriBaseId: '%SRCROOT%' }, ...region };
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex((each) => each.rule === rule),
    level: LEVELS[severity],
    message: { text: `${message} ${why} ${help}` },
    locations: [{ physicalLocation }],
    partialFingerprints: { 'countersign/v1': hashCanonical({ rule, path: publicPath(path).path, message: showPath(message) }) },
  };
}

/** A path as a relative URI. Bytes that are no UTF-8 appear as U+FFFD. */
const uriOf = (path: string): string => publicPath(path).path.split('/').map(encodeURIComponent).join('/');
