import type { LanguageGrammar } from '../lens.ts';
import { ECMASCRIPT } from './ecmascript.ts';
import type { LanguageRules } from './language.ts';
import { CSHARP, CSS, DART, JAVA, SWIFT } from './managed.ts';
import { PHP, PYTHON, RUBY } from './scripting.ts';
import { C, CPP, GO, RUST, SOLIDITY } from './systems.ts';
import { one } from './language.ts';

// A Vue file is taken apart by its own grammar; its scripts are then read by theirs.
const VUE: LanguageRules = { grammar: 'vue', query: '(script_element (start_tag) @tag (raw_text) @script)', isExported: () => false, importsOf: () => one(undefined) };

const ALL: readonly LanguageRules[] = [...ECMASCRIPT, PYTHON, RUBY, PHP, C, CPP, GO, RUST, SOLIDITY, JAVA, CSHARP, SWIFT, DART, CSS, VUE];
const BY_GRAMMAR = new Map(ALL.map((rules) => [rules.grammar, rules]));

export function rulesOf(grammar: LanguageGrammar): LanguageRules {
  const rules = BY_GRAMMAR.get(grammar);
  if (rules === undefined) throw new TypeError(`there are no rules for the grammar ${grammar}`);
  return rules;
}
