import type * as TreeSitterLibrary from 'web-tree-sitter';
import type { Node, Parser, Query } from 'web-tree-sitter';
import type { FileImport, FileSymbol } from '../../domain/context.ts';
import type { GrammarName, LoadGrammar } from '../grammars.ts';
import { LIMITS } from '../limits.ts';
import { extensionOf } from '../languages.ts';
import { IMPORT_NODES_ECMASCRIPT, importsOfEcmaScript, symbolsOfEcmaScript } from './ecmascript.ts';
import { IMPORT_NODES_PYTHON, importsOfPython, symbolsOfPython } from './python.ts';

/** What a source file says about itself. Imports are not resolved yet. */
export interface Outline {
  readonly symbols: readonly FileSymbol[];
  readonly imports: readonly Omit<FileImport, 'target'>[];
}

export type ParseResult =
  | { readonly kind: 'parsed'; readonly outline: Outline }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'failed'; readonly code: 'parse-failed' | 'grammar-missing'; readonly reason: string };

export interface OutlineParser {
  parse(path: string, text: string): Promise<ParseResult>;
  close(): void;
}

interface Grammar {
  readonly parser: Parser;
  readonly imports: Query;
}

const GRAMMAR_OF: Readonly<Record<string, GrammarName>> = {
  ts: 'typescript', mts: 'typescript', cts: 'typescript', tsx: 'tsx', js: 'javascript', mjs: 'javascript', cjs: 'javascript', jsx: 'javascript',
  py: 'python', pyi: 'python',
};

export const grammarOf = (path: string): GrammarName | null => {
  const extension = extensionOf(path);
  return Object.hasOwn(GRAMMAR_OF, extension) ? (GRAMMAR_OF[extension] ?? null) : null;
};

/** Loads the parser only when the first file needs it, and each grammar once. */
export function createOutlineParser(loadGrammar: LoadGrammar): OutlineParser {
  const grammars = new Map<GrammarName, Promise<Grammar>>();
  const opened: Grammar[] = [];
  const grammarFor = (name: GrammarName): Promise<Grammar> => {
    const known = grammars.get(name) ?? openGrammar(name, loadGrammar).then((grammar) => (opened.push(grammar), grammar));
    grammars.set(name, known);
    return known;
  };
  return {
    async parse(path, text) {
      const name = grammarOf(path);
      if (name === null) return { kind: 'unsupported' };
      let grammar: Grammar;
      try {
        grammar = await grammarFor(name);
      } catch (error) {
        return { kind: 'failed', code: 'grammar-missing', reason: `the ${name} grammar did not load: ${messageOf(error)}` };
      }
      try {
        return outlineOf(grammar, name, text);
      } catch (error) {
        return { kind: 'failed', code: 'parse-failed', reason: messageOf(error) };
      }
    },
    close() {
      for (const grammar of opened.splice(0)) {
        grammar.imports.delete();
        grammar.parser.delete();
      }
      grammars.clear();
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown error').slice(0, 200);

let runtime: Promise<typeof TreeSitterLibrary> | null = null;

// The runtime is one per process, however many parsers are made; a failed start may be tried again.
function startRuntime(loadGrammar: LoadGrammar): Promise<typeof TreeSitterLibrary> {
  runtime ??= (async () => {
    const [library, wasmBinary] = await Promise.all([import('web-tree-sitter'), loadGrammar('runtime')]);
    await library.Parser.init({ wasmBinary });
    return library;
  })().catch((error: unknown) => {
    runtime = null;
    throw error;
  });
  return runtime;
}

async function openGrammar(name: GrammarName, loadGrammar: LoadGrammar): Promise<Grammar> {
  const { Language, Parser: TreeSitter, Query: TreeQuery } = await startRuntime(loadGrammar);
  const language = await Language.load(await loadGrammar(name));
  const parser = new TreeSitter();
  parser.setLanguage(language);
  return { parser, imports: new TreeQuery(language, name === 'python' ? IMPORT_NODES_PYTHON : IMPORT_NODES_ECMASCRIPT) };
}

function outlineOf(grammar: Grammar, name: GrammarName, text: string): ParseResult {
  let steps = 0;
  // Steps, not seconds: the same file is given up on every machine or on none.
  const tree = grammar.parser.parse(text, null, { progressCallback: () => ++steps > LIMITS.parseSteps });
  if (tree === null) {
    grammar.parser.reset();
    return { kind: 'failed', code: 'parse-failed', reason: 'the file takes too many steps to parse' };
  }
  try {
    const nodes = importNodes(grammar.imports, tree.rootNode);
    const [symbols, imports] =
      name === 'python' ? [symbolsOfPython(tree.rootNode), importsOfPython(nodes)] : [symbolsOfEcmaScript(tree.rootNode), importsOfEcmaScript(nodes)];
    return { kind: 'parsed', outline: { symbols: symbols.slice(0, LIMITS.symbolsPerFile), imports: imports.slice(0, LIMITS.importsPerFile) } };
  } finally {
    tree.delete();
  }
}

function importNodes(query: Query, root: Node): Node[] {
  return query.captures(root, { matchLimit: 10_000 }).map((capture) => capture.node);
}
