import type { Severity } from './policy.ts';

/** What a rule can be told in `countersign.yml`, with the values that hold when nothing is said. */
export interface RuleDefaults {
  readonly severity: Severity;
  /**
   * Numbers are inclusive limits. Lists of strings are globs that are added to the rule's built-in list. A severity is
   * that of one kind of finding; the rule's own severity is the most that any finding can have.
   */
  readonly parameters: Readonly<Record<string, number | readonly string[] | Severity | 'off'>>;
  /** Why `allow` has no meaning for this rule, or null where single paths can be allowed. */
  readonly noAllow: string | null;
  /** True when an allowance may name a package instead of a path. */
  readonly allowsPackages?: true;
}

const paths: readonly string[] = [];
const block = (parameters: RuleDefaults['parameters'] = {}): RuleDefaults => ({ severity: 'BLOCK', parameters, noAllow: null });
const warn = (parameters: RuleDefaults['parameters'] = {}): RuleDefaults => ({ severity: 'WARN', parameters, noAllow: null });

/**
 * Every policy rule: its id (also its key in `countersign.yml`), default severity and parameters. It stands in the
 * domain because two folders need it that may not know each other: the schema checks a config against it, and the
 * rules in `src/policy/rules/` take their defaults from it. The order is the order of every report.
 */
export const RULE_DEFAULTS = {
  'frozen-files': block({ paths }),
  'ci-files': block({ paths }),
  'control-files': block({ paths }),
  'git-control-files': block({ paths }),
  'hostile-paths': block({ pathBytesMax: 1024, nameBytesMax: 255 }),
  symlinks: block(),
  submodules: block(),
  executables: block(),
  'binary-files': block(),
  size: { ...block({ filesMax: 50, linesMax: 2000, bytesMax: 1_000_000 }), noAllow: 'it judges the change as a whole: raise filesMax, linesMax or bytesMax instead' },
  scope: { ...block(), noAllow: 'the scope document alone says which paths a workflow may change' },
  secrets: block(),
  'hidden-text': block(),
  tests: warn(),
  dependencies: { ...block({ new: 'BLOCK', sources: 'BLOCK', versions: 'WARN', removed: 'WARN', scripts: 'BLOCK', registries: 'BLOCK', entries: 'BLOCK', deny: paths }), allowsPackages: true },
  lockfiles: { ...block({ unaccompanied: 'BLOCK', sources: 'BLOCK', integrity: 'BLOCK', scripts: 'BLOCK', additions: 'WARN', hosts: paths }), allowsPackages: true },
  'licence-files': block({ paths }),
  'build-files': warn({ paths }),
  migrations: warn({ paths }),
  deletions: { ...warn({ filesPercentMax: 10, filesMax: 5 }), noAllow: 'it judges the change as a whole: raise filesPercentMax or filesMax instead' },
} as const satisfies Readonly<Record<string, RuleDefaults>>;

export type RuleId = keyof typeof RULE_DEFAULTS;
export const RULE_IDS = Object.keys(RULE_DEFAULTS) as readonly RuleId[];
export const isRuleId = (text: string): text is RuleId => Object.hasOwn(RULE_DEFAULTS, text);
