import { one, quotedIn, type LanguageRules } from './language.ts';

const C_QUERY = `
  (preproc_include) @import
  (preproc_def name: (_) @value)
  (preproc_function_def name: (_) @function)
  (function_definition declarator: (function_declarator declarator: (_) @function))
  (function_definition declarator: (_ declarator: (function_declarator declarator: (_) @function)))
  (function_definition declarator: (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (function_declarator declarator: (_) @function)))))
  (declaration declarator: (function_declarator declarator: (identifier) @function))
  (declaration declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @function)))
  (declaration declarator: (init_declarator declarator: (identifier) @value))
  (struct_specifier name: (_) @type body: (_))
  (union_specifier name: (_) @type body: (_))
  (enum_specifier name: (_) @type body: (_))
  (type_definition declarator: (type_identifier) @type)
`;
const includesOf: LanguageRules['importsOf'] = (statement) => {
  const path = /<([^>\n]{1,300})>/.exec(statement)?.[1];
  return path === undefined ? one(statement.includes('"') ? `./${quotedIn(statement) ?? ''}` : undefined) : one(path);
};
const notStatic = (_name: string, before: string): boolean => !/\bstatic\b/.test(before);

export const C: LanguageRules = { grammar: 'c', query: C_QUERY, isExported: notStatic, importsOf: includesOf };

export const CPP: LanguageRules = {
  grammar: 'cpp',
  query: `${C_QUERY}
    (class_specifier name: (_) @class body: (_))
    (namespace_definition name: (_) @module)
    (alias_declaration name: (_) @type)
    (function_definition declarator: (reference_declarator (function_declarator declarator: (_) @function)))
    (declaration declarator: (reference_declarator (function_declarator declarator: (identifier) @function)))
    (field_declaration declarator: (function_declarator declarator: (field_identifier) @method))
    (field_declaration declarator: (_ (function_declarator declarator: (field_identifier) @method)))
  `,
  isExported: notStatic,
  importsOf: includesOf,
};

export const GO: LanguageRules = {
  grammar: 'go',
  query: `
    (import_spec) @import
    (function_declaration name: (_) @function)
    (method_declaration name: (_) @method)
    (type_spec name: (_) @type)
    (type_alias name: (_) @type)
    (source_file (const_declaration (const_spec name: (_) @value)))
    (source_file (var_declaration (var_spec name: (_) @value)))
    (source_file (var_declaration (var_spec_list (var_spec name: (_) @value))))
  `,
  isExported: (name) => /^\p{Lu}/u.test(name),
  importsOf: (statement) => one(quotedIn(statement) ?? /`([^`\n]+)`/.exec(statement)?.[1]),
};

export const RUST: LanguageRules = {
  grammar: 'rust',
  query: `
    (use_declaration) @import
    (extern_crate_declaration) @import
    (mod_item !body) @import
    (mod_item name: (_) @module)
    (function_item name: (_) @function)
    (function_signature_item name: (_) @method)
    (struct_item name: (_) @class)
    (union_item name: (_) @class)
    (enum_item name: (_) @type)
    (trait_item name: (_) @type)
    (type_item name: (_) @type)
    (const_item name: (_) @value)
    (static_item name: (_) @value)
    (macro_definition name: (_) @function)
  `,
  isExported: (_name, before, kind) => /\bpub\b|macro_rules/.test(before) || kind === 'method',
  importsOf: importsOfRust,
};

const USES_MAX = 200;

/** Every path of a use tree: `use a::{b, c::{self, d as e}, f::*}`. `mod x;` becomes `mod::x`. */
function importsOfRust(statement: string): ReturnType<LanguageRules['importsOf']> {
  const module = /\bmod\s+(\w+)\s*;?\s*$/.exec(statement)?.[1];
  if (module !== undefined) return one(`mod::${module}`);
  const crate = /\bextern\s+crate\s+(\w+)/.exec(statement)?.[1];
  if (crate !== undefined) return one(crate);
  const tree = /\buse\s+([\s\S]*?);?\s*$/.exec(statement)?.[1]?.replace(/\s+/g, ' ') ?? '';
  return expand(tree, '', 0).slice(0, USES_MAX).flatMap((path) => {
    const plain = path.replace(/ as \w+$/, '').replace(/::self$/, '').replaceAll(' ', '').replace(/^::/, '');
    return /^[\w:*]+$/.test(plain) ? one(plain, [plain.slice(plain.lastIndexOf(':') + 1)]) : [];
  });
}

function expand(tree: string, prefix: string, depth: number): string[] {
  const open = tree.indexOf('{');
  if (open < 0 || depth > 8) return [prefix + tree.trim()];
  const inner = tree.slice(open + 1, tree.lastIndexOf('}'));
  return splitTopLevel(inner).flatMap((each) => expand(each.trim(), prefix + tree.slice(0, open).trim(), depth + 1)).slice(0, USES_MAX);
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '{') depth++;
    else if (char === '}') depth--;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)].filter((part) => part.trim() !== '');
}

export const SOLIDITY: LanguageRules = {
  grammar: 'solidity',
  query: `
    (import_directive) @import
    (contract_declaration name: (_) @class)
    (interface_declaration name: (_) @type)
    (library_declaration name: (_) @class)
    (function_definition name: (_) @method)
    (modifier_definition name: (_) @method)
    (event_definition name: (_) @type)
    (error_declaration name: (_) @type)
    (struct_declaration name: (_) @type)
    (enum_declaration name: (_) @type)
  `,
  isExported: () => true,
  importsOf: (statement) => one(quotedIn(statement), namedIn(statement)),
};

const namedIn = (statement: string): string[] => {
  const names = [...(/\{([^}]*)\}/.exec(statement)?.[1] ?? '').matchAll(/(?:^|,)\s*(\w+)/g)].map(([, name]) => name ?? '');
  return names.length > 0 ? names : ['*'];
};
