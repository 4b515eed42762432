import { lensOf, type LanguageGrammar } from '../lens.ts';

/** A language that rules can be written for. */
export interface RuleLanguage {
  /** As people write it. */
  readonly name: string;
  readonly grammar: LanguageGrammar;
  /** What stands for the `$` of a metavariable where the language itself has another use for it; as ast-grep's own languages have it. */
  readonly expandoChar: string | null;
  /** Patterns that are no whole file by themselves need a context; this one shows how. */
  readonly context: string | null;
}

const language = (name: string, grammar: LanguageGrammar, { expandoChar = null, context = null }: Partial<Pick<RuleLanguage, 'expandoChar' | 'context'>> = {}): RuleLanguage => ({ name, grammar, expandoChar, context });

const LANGUAGES: readonly (readonly [RuleLanguage, readonly string[]])[] = [
  [language('JavaScript', 'javascript'), ['javascript', 'js', 'jsx']],
  [language('TypeScript', 'typescript'), ['typescript', 'ts']],
  [language('TSX', 'tsx'), ['tsx']],
  [language('Python', 'python', { expandoChar: 'µ' }), ['python', 'py']],
  [language('Go', 'go', { expandoChar: 'µ', context: 'pattern: { context: "package a\\nfunc f() { errors.New($A) }", selector: call_expression }' }), ['go', 'golang']],
  [language('Rust', 'rust', { expandoChar: 'µ' }), ['rust', 'rs']],
  [language('Java', 'java'), ['java']],
  [language('C', 'c', { expandoChar: '𐀀', context: 'pattern: { context: "foo($A);", selector: call_expression }' }), ['c']],
  [language('C++', 'cpp', { expandoChar: '𐀀' }), ['cpp', 'c++', 'cc', 'cxx']],
  [language('C#', 'c_sharp', { expandoChar: 'µ' }), ['csharp', 'c#', 'cs']],
  [language('Ruby', 'ruby', { expandoChar: 'µ' }), ['ruby', 'rb']],
  [language('PHP', 'php', { expandoChar: 'µ', context: 'pattern: { context: "<?php foo($A);", selector: function_call_expression }' }), ['php']],
  [language('Swift', 'swift', { expandoChar: 'µ' }), ['swift']],
  [language('Dart', 'dart', { context: 'pattern: { context: "void f() { foo($A); }", selector: expression_statement }' }), ['dart']],
  [language('CSS', 'css', { expandoChar: '_', context: 'pattern: { context: "a { color: $A }", selector: declaration }' }), ['css']],
  [language('Solidity', 'solidity', { context: 'pattern: { context: "contract A { function f() public { foo($A); } }", selector: call_expression }' }), ['solidity', 'sol']],
];

export const RULE_LANGUAGES: readonly string[] = LANGUAGES.map(([{ name }]) => name);

/** The language that a rule names, by any of its usual names; null when there is none. */
export function ruleLanguageOf(name: string): RuleLanguage | null {
  const wanted = name.trim().toLowerCase();
  return LANGUAGES.find(([, names]) => names.includes(wanted))?.[0] ?? null;
}

/** Whether a file is written in the language, judged by its path alone. A header counts as C. */
export function isInLanguage(path: string, { grammar }: RuleLanguage): boolean {
  const lens = lensOf(path);
  return lens === grammar || (lens === 'header' && grammar === 'c');
}
