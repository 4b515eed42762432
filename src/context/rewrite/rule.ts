import { LineCounter, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { REWRITE_LIMITS } from './limits.ts';
import { RULE_LANGUAGES, ruleLanguageOf, type RuleLanguage } from './languages.ts';

/** What is searched for and what comes in its place. */
export interface RewriteRule {
  /** `the rewrite rule at line 14 (no-log)`: how sentences name it. */
  readonly label: string;
  readonly language: RuleLanguage;
  /** What ast-grep takes: `rule`, `constraints`, `transform`, `utils`. */
  readonly matcher: Readonly<Record<string, unknown>>;
  readonly fix: string;
  /** Globs; empty: every file of the language. */
  readonly files: readonly string[];
  readonly ignores: readonly string[];
  /** Words that a file must hold for the rule to match; empty when that cannot be told. */
  readonly words: readonly string[];
}

export type ParsedRules = { readonly kind: 'parsed'; readonly rules: readonly RewriteRule[] } | { readonly kind: 'malformed'; readonly reason: string };

const globs = z.union([z.string().transform((glob) => [glob]), z.array(z.string().max(1_000)).max(100)]);
const anything = z.record(z.string(), z.unknown());
const ruleSchema = z.strictObject({
  id: z.string().max(100).optional(),
  language: z.string().max(40),
  pattern: z.union([z.string(), anything]).optional(),
  rule: anything.optional(),
  constraints: anything.optional(),
  transform: anything.optional(),
  utils: anything.optional(),
  fix: z.string({ error: ({ input }) => (input === undefined ? 'is missing' : typeof input === 'object' ? 'should be the text itself (a template with expandStart or expandEnd is not read)' : 'should be a text (quote it if YAML takes it for something else)') }),
  files: globs.optional(),
  ignores: globs.optional(),
  // Of an ast-grep rule; they say nothing about the change.
  message: z.unknown().optional(), severity: z.unknown().optional(), note: z.unknown().optional(), url: z.unknown().optional(), metadata: z.unknown().optional(),
});

/** Reads the YAML of one block: one rule, or several with `---` between them. `line` is where the text begins. */
export function parseRules(text: string, line: number): ParsedRules {
  if (text.length > REWRITE_LIMITS.rulesChars) return malformed(`The rewrite block at line ${line} has ${text.length} characters; at most ${REWRITE_LIMITS.rulesChars} are read.`);
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, schema: 'core', logLevel: 'silent' });
  const rules: RewriteRule[] = [];
  // A library's list, empty or not: an empty text is no document.
  for (const document of Array.isArray(documents) ? documents : []) {
    const at = line + lines.linePos(document.contents?.range?.[0] ?? 0).line - 1;
    const [error] = document.errors;
    if (error) return malformed(`The rewrite rule at line ${at} is not YAML: line ${line + lines.linePos(error.pos[0]).line - 1}: ${plain(error.message)}.${/compact mappings|implicit key/i.test(error.message) ? ' Put a text that holds ": " or " #" into quotes.' : ''}`);
    const value = valueOf(document);
    if (value === undefined) return malformed(`The rewrite rule at line ${at} stands for more than it says: its aliases (*name) unfold into too much. Write out what they stand for.`);
    const read = readRule(value, at);
    if ('reason' in read) return malformed(read.reason);
    rules.push(read);
  }
  return rules.length > 0 ? { kind: 'parsed', rules } : malformed(`The rewrite block at line ${line} holds no rule. Give language, rule and fix.`);
}

const malformed = (reason: string): ParsedRules => ({ kind: 'malformed', reason });
const plain = (message: string): string => (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '').replace(/[.:]$/, '').slice(0, 300);

function valueOf(document: { toJS: (options: { maxAliasCount: number }) => unknown }): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch {
    return undefined;
  }
}

function readRule(value: unknown, line: number): RewriteRule | { readonly reason: string } {
  const parsed = ruleSchema.safeParse(value);
  const fault = (what: string): { reason: string } => ({ reason: `The rewrite rule at line ${line}: ${what}` });
  if (!parsed.success) return fault(`${parsed.error.issues.slice(0, 3).map(inWords).join('; ')}. It needs language, rule (or pattern) and fix.`);
  const { id, language: name, pattern, rule, constraints, transform, utils, fix, files = [], ignores = [] } = parsed.data;
  const language = ruleLanguageOf(name);
  if (language === null) return fault(`there is no grammar for ${JSON.stringify(name)}. Languages: ${RULE_LANGUAGES.join(', ')}.`);
  if ((pattern === undefined) === (rule === undefined)) return fault('give either pattern or rule.');
  const matcher = { rule: rule ?? { pattern }, ...(constraints && { constraints }), ...(transform && { transform }), ...(utils && { utils }) };
  if (depthOf(matcher) > REWRITE_LIMITS.depth) return fault(`its matchers stand more than ${REWRITE_LIMITS.depth} deep in one another.`);
  const unbound = unboundIn(fix, matcher);
  if (unbound !== undefined) return fault(`fix uses ${unbound}, which nothing in the rule binds.`);
  return { label: `the rewrite rule at line ${line}${id === undefined ? '' : ` (${id})`}`, language, matcher, fix, files, ignores, words: wordsOf(matcher.rule, language) };
}

function inWords({ path, message, code, ...issue }: z.core.$ZodIssue): string {
  const place = path.join('.');
  if (code === 'unrecognized_keys' && 'keys' in issue) return `${issue.keys.map((key) => JSON.stringify(key)).join(', ')} ${issue.keys.length === 1 ? 'is no key' : 'are no keys'} of a rule here`;
  if (code === 'invalid_type' && message.endsWith('received undefined')) return `${place} is missing`;
  return place === '' ? 'it is no set of keys and values' : `${place}: ${message}`;
}

function depthOf(value: unknown): number {
  let level: readonly unknown[] = [value];
  let depth = 0;
  for (; level.length > 0 && depth <= REWRITE_LIMITS.depth; depth++) level = level.flatMap((each): unknown[] => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  return depth;
}

/** `$NAME`, or `$$$NAME` for several nodes, as ast-grep writes them. */
export const VARIABLE = /\$\$\$([A-Z_][A-Z0-9_]*)|\$([A-Z_][A-Z0-9_]*)/g;

function unboundIn(fix: string, matcher: Readonly<Record<string, unknown>>): string | undefined {
  const said = JSON.stringify(matcher);
  const transforms = new Set(Object.keys(z.record(z.string(), z.unknown()).catch({}).parse(matcher['transform'])));
  const isBound = ([text, several, one]: RegExpMatchArray): boolean => said.includes(text) || (one !== undefined && transforms.has(one)) || (several !== undefined && transforms.has(several));
  return [...fix.matchAll(VARIABLE)].find((match) => !isBound(match))?.[0];
}

/** A pattern matches names as they stand: a file without them cannot match. Only for a plain pattern; anything else may match anything. */
function wordsOf(rule: unknown, { expandoChar }: RuleLanguage): readonly string[] {
  const pattern = typeof rule === 'object' && rule !== null && 'pattern' in rule ? rule.pattern : null;
  if (typeof pattern !== 'string' || expandoChar === '_') return [];
  return [...new Set(pattern.replace(VARIABLE, ' ').replace(/\$\$\$/g, ' ').match(/[A-Za-z_][A-Za-z0-9_]{2,}/g) ?? [])];
}
