import type { LoadGrammar } from '../grammars.ts';
import { startAstGrep, TooManySteps, type Glue, type Memory, type StepCounter } from './instance.ts';
import { REWRITE_LIMITS } from './limits.ts';
import { VARIABLE, type RewriteRule } from './rule.ts';

/** A match of a rule's matcher. Offsets are UTF-16 units of the text; `start` inclusive, `end` exclusive. */
export interface RuleMatch {
  readonly start: number;
  readonly end: number;
  /** What stands for every variable that the fix names. */
  readonly variables: ReadonlyMap<string, VariableValue>;
}
export type VariableValue = { readonly kind: 'range'; readonly start: number; readonly end: number } | { readonly kind: 'text'; readonly text: string };

export type RuleMatches = { readonly kind: 'matched'; readonly matches: readonly RuleMatch[] } | { readonly kind: 'failed'; readonly reason: string };

export interface RewriteEngine {
  /** Every match in the order of the text, the outer before the inner. What ast-grep does not take, or what takes too many steps, is a failure with its reason. */
  match(rule: RewriteRule, text: string): Promise<RuleMatches>;
}

/** One engine a change: its steps are counted over all rules and files. */
export async function createRewriteEngine(loadGrammar: LoadGrammar, stepsMax: number): Promise<RewriteEngine> {
  const astGrep = await startAstGrep(loadGrammar);
  const counter: StepCounter = { steps: 0, stepsMax };
  return {
    async match(rule, text) {
      await astGrep.register(rule.language, loadGrammar);
      try {
        return { kind: 'matched', matches: astGrep.use(counter, (memory) => matchesIn(astGrep.glue, memory, { rule, text })) };
      } catch (error) {
        const isSpent = error instanceof TooManySteps || counter.steps > counter.stepsMax;
        return { kind: 'failed', reason: isSpent ? `it takes more than ${stepsMax} steps on these files. Name fewer with files, or make the pattern more exact.` : reasonOf(error) };
      }
    },
  };
}

/** What a rule's author can mend, in ast-grep's words: its chain of reasons on one line. */
const reasonOf = (error: unknown): string => String(error instanceof Error ? error.message : error).replace(/^Error: /, '').replace(/\n\s*\|->/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 400);

const variablesOf = (fix: string): ReadonlyMap<string, 'one' | 'several'> => new Map([...fix.matchAll(VARIABLE)].map(([, several, one]) => (several === undefined ? [one ?? '', 'one'] : [several, 'several'])));

function matchesIn(glue: Glue, memory: Memory, { rule: { language, matcher, fix }, text }: { rule: RewriteRule; text: string }): readonly RuleMatch[] {
  const wanted = variablesOf(fix);
  const root = memory.own(memory.own(glue.parse(language.grammar, text)).root());
  const nodes = root.findAll(matcher).map((node) => memory.own(node)).slice(0, REWRITE_LIMITS.matches + 1);
  const matches = nodes.map((node): RuleMatch => ({ ...withoutTerminator(rangeOf(node, memory), text, { matcher, fix }), variables: new Map([...wanted].map(([name, kind]) => [name, valueOf(node, memory, { name, kind })])) }));
  return matches.toSorted((left, right) => left.start - right.start || right.end - left.end);
}

/** A pattern without a semicolon matches a statement that has one; like ast-grep itself, it leaves that one where it is. */
function withoutTerminator(range: { start: number; end: number }, text: string, { matcher, fix }: Pick<RewriteRule, 'matcher' | 'fix'>): { start: number; end: number } {
  const { rule } = matcher;
  const pattern = typeof rule === 'object' && rule !== null && 'pattern' in rule ? rule.pattern : null;
  const stays = typeof pattern === 'string' && [pattern, fix].every((each) => !each.trimEnd().endsWith(';')) && fix !== '' && text[range.end - 1] === ';';
  return stays ? { start: range.start, end: range.end - 1 } : range;
}

type SgNode = ReturnType<ReturnType<Glue['parse']>['root']>;

function rangeOf(node: SgNode, memory: Memory): { start: number; end: number } {
  const range = memory.own(node.range());
  return { start: memory.own(range.start).index, end: memory.own(range.end).index };
}

function valueOf(node: SgNode, memory: Memory, { name, kind }: { name: string; kind: 'one' | 'several' }): VariableValue {
  const transformed = node.getTransformed(name);
  if (transformed !== undefined) return { kind: 'text', text: transformed };
  const found = kind === 'several' ? node.getMultipleMatches(name) : [node.getMatch(name)].filter((each) => each !== undefined);
  const nodes = found.map((each) => memory.own(each));
  const [first, last] = [nodes[0], nodes.at(-1)];
  return first && last ? { kind: 'range', start: rangeOf(first, memory).start, end: rangeOf(last, memory).end } : { kind: 'text', text: '' };
}
