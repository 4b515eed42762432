import type { Node } from 'web-tree-sitter';
import type { FileImport, FileSymbol } from '../../domain/context.ts';

/** Statements and calls that may name another module, anywhere in a file. */
export const IMPORT_NODES_ECMASCRIPT = `
  (import_statement) @import
  (export_statement source: (string)) @import
  (call_expression function: [(identifier) (import)] arguments: (arguments . (string))) @import
`;

type RawImport = Omit<FileImport, 'target'>;

const KINDS: Readonly<Record<string, FileSymbol['kind']>> = {
  function_declaration: 'function', generator_function_declaration: 'function', function_signature: 'function', function_expression: 'function', arrow_function: 'function',
  class_declaration: 'class', abstract_class_declaration: 'class', class: 'class',
  interface_declaration: 'type', type_alias_declaration: 'type', enum_declaration: 'type', internal_module: 'module', module: 'module',
};

const childrenOf = (node: Node): Node[] => node.namedChildren.filter((child) => child !== null);
const lineOf = (node: Node): number => node.startPosition.row + 1;
const kindOf = (node: Node): FileSymbol['kind'] | null => (Object.hasOwn(KINDS, node.type) ? (KINDS[node.type] ?? null) : null);

/** Top-level definitions and the methods of top-level classes, in the order of the text. */
export function symbolsOfEcmaScript(root: Node): FileSymbol[] {
  const symbols: FileSymbol[] = [];
  const exportedLater = new Set<string>();
  for (const statement of childrenOf(root)) {
    if (statement.type === 'export_statement') collectExport(statement, symbols, exportedLater);
    else if (statement.type === 'expression_statement') collectCommonJs(statement, symbols, exportedLater);
    else collectDeclaration(statement, false, symbols);
  }
  return symbols.map((symbol) => (exportedLater.has(symbol.name) && symbol.kind !== 'method' ? { ...symbol, exported: true } : symbol));
}

function collectDeclaration(node: Node, exported: boolean, symbols: FileSymbol[]): void {
  if (node.type === 'ambient_declaration') {
    for (const child of childrenOf(node)) collectDeclaration(child, exported, symbols);
  } else if (node.type === 'lexical_declaration' || node.type === 'variable_declaration') {
    for (const declarator of childrenOf(node)) collectVariable(declarator, exported, symbols);
  } else {
    const kind = kindOf(node);
    const name = node.childForFieldName('name')?.text;
    if (kind === null || name === undefined) return;
    symbols.push({ name, kind, line: lineOf(node), exported });
    if (kind === 'class') collectMethods(node, symbols);
  }
}

function collectVariable(declarator: Node, exported: boolean, symbols: FileSymbol[]): void {
  const name = declarator.childForFieldName('name');
  if (name?.type !== 'identifier') return;
  const value = declarator.childForFieldName('value');
  symbols.push({ name: name.text, kind: (value && kindOf(value)) ?? 'value', line: lineOf(declarator), exported });
}

function collectMethods(node: Node, symbols: FileSymbol[]): void {
  for (const member of node.childForFieldName('body')?.namedChildren ?? []) {
    const name = member.type === 'method_definition' ? member.childForFieldName('name') : null;
    if (name?.type === 'property_identifier') symbols.push({ name: name.text, kind: 'method', line: lineOf(member), exported: false });
  }
}

function collectExport(statement: Node, symbols: FileSymbol[], exportedLater: Set<string>): void {
  const declaration = statement.childForFieldName('declaration');
  const isDefault = statement.children.some((child) => child?.type === 'default');
  if (declaration !== null) collectDeclaration(declaration, true, symbols);
  if (isDefault) symbols.push({ name: 'default', kind: 'value', line: lineOf(statement), exported: true });
  const reExport = statement.childForFieldName('source') !== null;
  for (const clause of childrenOf(statement).filter((child) => child.type === 'export_clause')) {
    for (const specifier of childrenOf(clause)) {
      const name = specifier.childForFieldName('name')?.text;
      const alias = specifier.childForFieldName('alias')?.text;
      if (name === undefined) continue;
      if (reExport || alias !== undefined) symbols.push({ name: alias ?? name, kind: 'value', line: lineOf(specifier), exported: true });
      else exportedLater.add(name);
    }
  }
}

/** `module.exports = …`, `module.exports.x = …`, `exports.x = …`. */
function collectCommonJs(statement: Node, symbols: FileSymbol[], exportedLater: Set<string>): void {
  const assignment = statement.namedChild(0);
  if (assignment?.type !== 'assignment_expression') return;
  const left = assignment.childForFieldName('left')?.text ?? '';
  const right = assignment.childForFieldName('right');
  const named = /^(?:module\.)?exports\.([\w$]{1,200})$/.exec(left)?.[1];
  if (left === 'module.exports') {
    if (right?.type === 'identifier') exportedLater.add(right.text);
    for (const entry of right?.type === 'object' ? childrenOf(right) : []) {
      const name = entry.type === 'shorthand_property_identifier' ? entry.text : entry.childForFieldName('key')?.text;
      if (name !== undefined) symbols.push({ name, kind: 'value', line: lineOf(entry), exported: true });
    }
  } else if (named !== undefined) symbols.push({ name: named, kind: 'value', line: lineOf(statement), exported: true });
}

/** Every module a file names: imports, re-exports, `require` and dynamic `import` of a literal. */
export function importsOfEcmaScript(nodes: readonly Node[]): RawImport[] {
  return nodes.flatMap((node) => {
    if (node.type === 'call_expression') return importOfCall(node);
    const source = node.childForFieldName('source');
    return source === null ? [] : [{ specifier: literalOf(source), names: namesOf(node), line: lineOf(node) }];
  });
}

function importOfCall(node: Node): RawImport[] {
  const callee = node.childForFieldName('function');
  const argument = node.childForFieldName('arguments')?.namedChild(0);
  if (!argument || !callee || (callee.type !== 'import' && callee.text !== 'require')) return [];
  return [{ specifier: literalOf(argument), names: ['*'], line: lineOf(node) }];
}

const literalOf = (node: Node): string => node.text.slice(1, -1).slice(0, 1_000);

function namesOf(node: Node): string[] {
  const names: string[] = [];
  for (const child of childrenOf(node)) {
    if (child.type === 'export_clause') names.push(...specifierNames(child));
    for (const part of child.type === 'import_clause' ? childrenOf(child) : []) {
      if (part.type === 'identifier') names.push('default');
      else if (part.type === 'namespace_import') names.push('*');
      else if (part.type === 'named_imports') names.push(...specifierNames(part));
    }
  }
  return node.type === 'export_statement' && names.length === 0 ? ['*'] : names;
}

const specifierNames = (node: Node): string[] => childrenOf(node).flatMap((specifier) => specifier.childForFieldName('name')?.text ?? []);
