import type { Node } from 'web-tree-sitter';
import type { FileImport, FileSymbol } from '../../domain/context.ts';

/** Import statements anywhere in a file (inside `try` and functions too). */
export const IMPORT_NODES_PYTHON = '(import_statement) @import (import_from_statement) @import';

type RawImport = Omit<FileImport, 'target'>;

const childrenOf = (node: Node): Node[] => node.namedChildren.filter((child) => child !== null);
const lineOf = (node: Node): number => node.startPosition.row + 1;

/** Top-level definitions and the methods of top-level classes. A leading underscore means not exported; `__all__` overrules it. */
export function symbolsOfPython(root: Node): FileSymbol[] {
  const symbols: FileSymbol[] = [];
  let listed: Set<string> | null = null;
  for (const statement of childrenOf(root)) {
    const node = statement.type === 'decorated_definition' ? (statement.childForFieldName('definition') ?? statement) : statement;
    if (node.type === 'function_definition') define(node, 'function', symbols);
    else if (node.type === 'class_definition') defineClass(node, symbols);
    else if (node.type === 'expression_statement') listed = defineValue(node, symbols) ?? listed;
  }
  if (listed === null) return symbols;
  const all = listed;
  return symbols.map((symbol) => (symbol.kind === 'method' ? symbol : { ...symbol, exported: all.has(symbol.name) }));
}

function define(node: Node, kind: FileSymbol['kind'], symbols: FileSymbol[]): void {
  const name = node.childForFieldName('name')?.text;
  if (name !== undefined) symbols.push({ name, kind, line: lineOf(node), exported: kind !== 'method' && !name.startsWith('_') });
}

function defineClass(node: Node, symbols: FileSymbol[]): void {
  define(node, 'class', symbols);
  for (const member of node.childForFieldName('body')?.namedChildren ?? []) {
    const method = member.type === 'decorated_definition' ? member.childForFieldName('definition') : member;
    if (method?.type === 'function_definition') define(method, 'method', symbols);
  }
}

/** Adds a top-level name; gives the names of `__all__` when the statement sets it. */
function defineValue(statement: Node, symbols: FileSymbol[]): Set<string> | null {
  const assignment = statement.namedChild(0);
  const left = assignment?.type === 'assignment' ? assignment.childForFieldName('left') : null;
  if (left?.type !== 'identifier') return null;
  if (left.text !== '__all__') {
    symbols.push({ name: left.text, kind: 'value', line: lineOf(statement), exported: !left.text.startsWith('_') });
    return null;
  }
  const right = assignment?.childForFieldName('right');
  if (right?.type !== 'list' && right?.type !== 'tuple') return null;
  return new Set(childrenOf(right).filter((item) => item.type === 'string').map((item) => item.text.replace(/^\w{0,2}["']+|["']+$/g, '')));
}

/** Every module a file names. A relative import keeps its leading dots. */
export function importsOfPython(nodes: readonly Node[]): RawImport[] {
  return nodes.flatMap((node) => {
    const names = node.childrenForFieldName('name').filter((child) => child !== null).map(plainName);
    if (node.type === 'import_statement') return names.map((specifier) => ({ specifier, names: ['*'], line: lineOf(node) }));
    const specifier = node.childForFieldName('module_name')?.text.replace(/\s/g, '') ?? '';
    return specifier === '' ? [] : [{ specifier, names: names.length > 0 ? names : ['*'], line: lineOf(node) }];
  });
}

const plainName = (node: Node): string => (node.type === 'aliased_import' ? (node.childForFieldName('name')?.text ?? '') : node.text).replace(/\s/g, '').slice(0, 500);
