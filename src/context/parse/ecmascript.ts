import type { FileSymbol } from '../../domain/context.ts';
import type { Found, LanguageRules, SpecialCapture } from './language.ts';
import { one } from './language.ts';

const SHARED = `
  (import_statement) @import
  (export_statement source: (string)) @import
  (export_statement "default" @default)
  (export_statement (export_clause (export_specifier) @exported))
  (function_declaration name: (_) @function)
  (generator_function_declaration name: (_) @function)
  (class_declaration name: (_) @class)
  (method_definition name: (property_identifier) @method)
  (variable_declarator name: (identifier) @value value: (_) @assigned)
  (variable_declarator name: (identifier) @value !value)
  (expression_statement (assignment_expression left: (member_expression) @member))
`;
const TYPED = `
  (function_signature name: (_) @function)
  (abstract_class_declaration name: (_) @class)
  (method_signature name: (property_identifier) @method)
  (abstract_method_signature name: (property_identifier) @method)
  (interface_declaration name: (_) @type)
  (type_alias_declaration name: (_) @type)
  (enum_declaration name: (_) @type)
  (internal_module name: (identifier) @module)
`;

/** `import a, { b as c } from 'x'`, `export … from 'x'`, `import x = require('x')`: the names as the other file has them. */
export function importsOfEcmaScript(statement: string): ReturnType<LanguageRules['importsOf']> {
  return importsOfList(statement) ?? importsOfAny(statement);
}

const LIST = /^(?:import|export)\s+(?:type\s+)?\{([\w$,\s]*)\}\s*from\s*(?:"([^"\n]{1,500})"|'([^'\n]{1,500})')/;

/** `import { a, type B, c as d } from 'x'`, as most of them are; null for any other. */
function importsOfList(statement: string): ReturnType<LanguageRules['importsOf']> | null {
  const [, list, double, single] = LIST.exec(statement) ?? [];
  if (list === undefined) return null;
  const names: string[] = [];
  for (const each of list.split(',')) {
    const name = each.trim();
    // Most are one word.
    if (!/\s/.test(name)) names.push(name);
    else names.push(/^type\s/.test(name) ? (/^type\s+(\S+)/.exec(name)?.[1] ?? name) : (/^\S+/.exec(name)?.[0] ?? name));
  }
  if (names.includes('')) return one(double ?? single, names.filter((name) => name !== ''));
  return one(double ?? single, names);
}

function importsOfAny(statement: string): ReturnType<LanguageRules['importsOf']> {
  const found = /(?:from|import|require\s*\()\s*(?:"([^"\n]{1,500})"|'([^'\n]{1,500})')/.exec(statement);
  const head = found === null ? '' : statement.slice(0, found.index);
  const names: string[] = [];
  const clause = /\{([^}]*)\}/.exec(head);
  const bare = head.replace(/\{[^}]*\}/, '').replace(/^\s*(?:import|export)\s+(?:type\s+|typeof\s+)?/, '').trim();
  if (/\*/.test(bare) || /=\s*$/.test(head.trim())) names.push('*');
  if (/^[\w$]+/.test(bare) && !/^(?:from|import|export|type)\b/.test(bare)) names.push('default');
  for (const each of clause?.[1]?.split(',') ?? []) {
    const name = /^\s*(?:type\s+)?([\w$]+|"[^"]*"|'[^']*')/.exec(each)?.[1];
    if (name !== undefined) names.push(name);
  }
  return one(found?.[1] ?? found?.[2], names);
}

function special({ name, text, line, after }: SpecialCapture, found: Found): void {
  if (name === 'default') found.symbols.push({ name: 'default', kind: 'value', line, exported: true });
  else if (name === 'exported') takeSpecifier(text, line, found);
  else if (name === 'assigned') takeValue(text, found);
  else if (name === 'member') takeMember(text, { line, after }, found);
}

function takeSpecifier(text: string, line: number, found: Found): void {
  const [, local = '', alias] = /^(?:type\s+)?([\w$]+)(?:\s+as\s+([\w$]+))?/.exec(text) ?? [];
  if (local === '') return;
  found.exportedLater.add(local);
  if (alias !== undefined) found.symbols.push({ name: alias, kind: 'value', line, exported: true });
}

// The name was the capture before: a function or class in a variable is what it holds.
function takeValue(text: string, found: Found): void {
  const last = found.symbols.at(-1);
  if (last?.kind !== 'value') return;
  if (/^(?:async\b\s*)?(?:function\b|\([^;]*?\)\s*(?::[^=]+)?=>|[\w$]+\s*=>|<[^>]*>\s*\()/.test(text)) found.symbols[found.symbols.length - 1] = { ...last, kind: 'function' };
  else if (/^class\b/.test(text)) found.symbols[found.symbols.length - 1] = { ...last, kind: 'class' };
}

/** `module.exports = …`, `exports.x = …`, `app.use = function`, `Type.prototype.x = function`. */
function takeMember(text: string, { line, after }: { line: number; after: string }, found: Found): void {
  const left = text.replace(/\s/g, '');
  const named = /^(?:module\.)?exports\.([\w$]{1,200})$/.exec(left)?.[1];
  if (named !== undefined) found.symbols.push({ name: named, kind: 'value', line, exported: true });
  else if (left === 'module.exports') takeModule(after, line, found);
  else {
    const method = /^[\w$]+(?:\.prototype)?\.([\w$]{1,200})$/.exec(left)?.[1];
    if (method !== undefined && /^\s*=\s*(?:async\s*)?(?:function\b|\(|[\w$]+\s*=>)/.test(after)) found.symbols.push({ name: method, kind: 'method', line, exported: false });
  }
}

function takeModule(after: string, line: number, found: Found): void {
  const value = after.replace(/^\s*=\s*/, '');
  const single = /^([\w$]+)\s*(?:;|$)/.exec(value)?.[1];
  if (single !== undefined) found.exportedLater.add(single);
  const object = /^\{([^}]*)\}/.exec(value)?.[1];
  for (const entry of object?.split(',') ?? []) {
    const [, name, isPair] = /^\s*(?:async\s+)?([\w$]+)\s*([:(]?)/.exec(entry) ?? [];
    if (name === undefined || name === '') continue;
    if (isPair === '') found.exportedLater.add(name);
    found.symbols.push({ name, kind: 'value', line, exported: true });
  }
}

const EXPORT = 'export';
const MODIFIERS = String.raw`(?:(?:default|declare|abstract|async|const|@[\w$.]+(?:\([^()]*\))?)\s+)*`;
const keyword = (words: string): RegExp => new RegExp(String.raw`(\bexport\s+${MODIFIERS})?\b(?:${words})\b`, 'g');
const KEYWORDS: Readonly<Record<FileSymbol['kind'], RegExp | null>> = { value: keyword('const|let|var|using'), function: keyword('function'), class: keyword('class'), type: keyword('interface|type|enum'), module: keyword('namespace|module'), method: null };

/** Without semicolons the statement before may say `export` too: what counts is the word that declares. */
function isExportedBy(before: string, pattern: RegExp | null): boolean {
  if (pattern === null || !before.includes(EXPORT)) return false;
  let exported = false;
  for (const [, modifiers] of before.matchAll(pattern)) exported = modifiers !== undefined;
  return exported;
}

const rules = (grammar: LanguageRules['grammar'], query: string): LanguageRules => ({
  grammar, query, importsOf: importsOfEcmaScript, special,
  isExported: (_name, before, kind) => isExportedBy(before, KEYWORDS[kind]),
  exportedBy: EXPORT,
});

export const ECMASCRIPT = [rules('typescript', SHARED + TYPED), rules('tsx', SHARED + TYPED), rules('javascript', SHARED)];
