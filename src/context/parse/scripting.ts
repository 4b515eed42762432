import { one, quotedIn, type Found, type LanguageRules, type SpecialCapture } from './language.ts';

/** `import a.b as c, d` and `from ..p import (q as r)`; a relative module keeps its dots. */
export function importsOfPython(statement: string): ReturnType<LanguageRules['importsOf']> {
  const text = statement.replace(/#[^\n]*/g, ' ').replace(/\\\n/g, ' ');
  const from = /^\s*from\s+([.\s]*[\w.]*)\s*import\s*\(?([^)]*)/.exec(text);
  const nameOf = (part: string): string => part.trim().split(/\s+as\s+/)[0]?.trim() ?? '';
  if (from !== null) {
    const names = (from[2] ?? '').split(',').map(nameOf).filter((name) => /^(?:\w+|\*)$/.test(name));
    return one((from[1] ?? '').replace(/\s/g, ''), names.length > 0 ? names : ['*']);
  }
  return text.replace(/^\s*import\s+/, '').split(',').map(nameOf).filter((name) => /^[\w.]+$/.test(name)).flatMap((name) => one(name));
}

function listExports({ text }: SpecialCapture, found: Found): void {
  found.listed = new Set([...text.matchAll(/["'](\w{1,200})["']/g)].map(([, name]) => name ?? ''));
}

export const PYTHON: LanguageRules = {
  grammar: 'python',
  query: `
    (import_statement) @import
    (import_from_statement) @import
    (module (function_definition name: (_) @function))
    (module (decorated_definition (function_definition name: (_) @function)))
    (module [(if_statement) (try_statement)] @conditional)
    (class_definition name: (_) @class body: (block (function_definition name: (_) @method)?))
    (class_definition body: (block (decorated_definition (function_definition name: (_) @method))))
    (module (expression_statement (assignment left: (identifier) @value right: (_)? @right)))
    (module (type_alias_statement left: (_) @type))
  `,
  isExported: (name, _before, kind) => kind !== 'method' && !name.startsWith('_'),
  importsOf: importsOfPython,
  special: (capture, found) => {
    if (capture.name === 'right' && found.symbols.at(-1)?.name === '__all__') {
      found.symbols.pop();
      listExports(capture, found);
    } else if (capture.name === 'conditional') {
      for (const [, name = ''] of capture.text.matchAll(/^[ \t]+(?:async\s+)?def\s+(\w{1,200})/gm)) found.symbols.push({ name, kind: 'function', line: capture.line, exported: !name.startsWith('_') });
    }
  },
};

export const RUBY: LanguageRules = {
  grammar: 'ruby',
  query: `
    (call method: (identifier) @_m arguments: (argument_list . (string)) (#match? @_m "^(require|require_relative|load|autoload)$")) @import
    (call method: (identifier) @_m arguments: (argument_list . (simple_symbol) . (string)) (#match? @_m "^autoload$")) @import
    (class name: (_) @class)
    (module name: (_) @module)
    (method name: (_) @method)
    (singleton_method name: (_) @method)
    (assignment left: (constant) @value)
    (call method: (identifier) @_m arguments: (argument_list . (simple_symbol) @attribute) (#match? @_m "^(attr_accessor|attr_reader|attr_writer|define_method|alias_method|scope|has_many|has_one|belongs_to)$"))
  `,
  isExported: () => true,
  importsOf: (statement) => one(`${statement.includes('require_relative') ? './' : ''}${quotedIn(statement) ?? ''}`),
  special: ({ name, text, line }, found) => {
    if (name === 'attribute') found.symbols.push({ name: text.replace(/^:/, ''), kind: 'method', line, exported: true });
  },
};

export const PHP: LanguageRules = {
  grammar: 'php',
  query: `
    (namespace_use_declaration) @import
    [(require_expression) (require_once_expression) (include_expression) (include_once_expression)] @import
    (namespace_definition name: (_) @module)
    (class_declaration name: (_) @class)
    (interface_declaration name: (_) @type)
    (trait_declaration name: (_) @class)
    (enum_declaration name: (_) @type)
    (function_definition name: (_) @function)
    (method_declaration name: (_) @method)
    (const_declaration (const_element . (name) @value))
  `,
  isExported: (_name, before) => !/\b(?:private|protected)\b/.test(before),
  importsOf: importsOfPhp,
};

/** `use A\B\{C, D as E}`, `use function A\f`, `require __DIR__ . '/x.php'`. */
function importsOfPhp(statement: string): ReturnType<LanguageRules['importsOf']> {
  if (!/^\s*use\b/.test(statement)) {
    const path = quotedIn(statement);
    return one(path === undefined ? undefined : `./${path.replace(/^\.?\//, '')}`);
  }
  const text = statement.replace(/^\s*use\s+(?:function\s+|const\s+)?/, '').replace(/;\s*$/, '');
  const [, prefix = '', group] = /^([^{]*)\{([^}]*)\}/.exec(text) ?? [];
  const clauses = group === undefined ? text.split(',') : group.split(',').map((each) => prefix.trim() + each.trim());
  return clauses.flatMap((clause) => {
    const name = clause.trim().split(/\s+as\s+/i)[0]?.replace(/^(?:function|const)\s+/, '').trim() ?? '';
    return /^\\?[\w\\]+$/.test(name) ? one(name.replace(/^\\/, ''), [name.slice(name.lastIndexOf('\\') + 1)]) : [];
  });
}
