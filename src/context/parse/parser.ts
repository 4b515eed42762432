import type * as TreeSitterLibrary from 'web-tree-sitter';
import type { Parser, Query, QueryCapture } from 'web-tree-sitter';
import { CountersignError, outsideError } from '../../domain/errors.ts';
import type { LoadGrammar } from '../grammars.ts';
import type { LanguageGrammar } from '../lens.ts';
import { LIMITS } from '../limits.ts';
import { rulesOf } from './rules.ts';

/** One capture of a language's query: what it names, where, and its text. */
export interface Capture {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** 1-based. */
  readonly line: number;
}

export type ParseResult = { readonly kind: 'parsed'; readonly captures: readonly Capture[] } | { readonly kind: 'failed'; readonly reason: string };

export interface GrammarParser {
  /** Parses and runs the language's query; the tree is freed before it answers. Rejects with `grammar-missing` alone: that is no property of a file. */
  parse(grammar: LanguageGrammar, text: string): Promise<ParseResult>;
  close(): void;
}

interface Loaded {
  readonly parser: Parser;
  readonly query: Query;
}

const CAPTURES_MAX = 20_000;

/** Loads the runtime when the first file needs it, and each grammar once. */
export function createGrammarParser(loadGrammar: LoadGrammar): GrammarParser {
  const grammars = new Map<LanguageGrammar, Promise<Loaded>>();
  const opened: Loaded[] = [];
  const loaded = (grammar: LanguageGrammar): Promise<Loaded> => {
    const known = grammars.get(grammar) ?? open(grammar, loadGrammar).then((each) => (opened.push(each), each)).catch((error: unknown) => Promise.reject(missing(grammar, error)));
    grammars.set(grammar, known);
    return known;
  };
  return {
    async parse(grammar, text) {
      const each = await loaded(grammar);
      try {
        return capture(each, text);
      } catch (error) {
        return { kind: 'failed', reason: `the ${grammar} grammar stopped: ${messageOf(error)}` };
      }
    },
    close() {
      for (const each of opened.splice(0)) release(each);
      grammars.clear();
    },
  };
}

// Going on without it would give a context that looks whole and has no symbols of a language.
const missing = (grammar: LanguageGrammar, error: unknown): CountersignError =>
  error instanceof CountersignError ? error : outsideError('grammar-missing', `The ${grammar} grammar does not load (${messageOf(error)}). Install the packages again: npm ci; in a control repo, take all files of the action from one release.`, error);

const messageOf = (error: unknown): string => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown error').slice(0, 200);

function release({ query, parser }: Loaded): void {
  try {
    query.delete();
    parser.delete();
  } catch {
    // The runtime stopped on a file before: its memory goes with it.
  }
}

let runtime: Promise<typeof TreeSitterLibrary> | null = null;

// The runtime is one per thread, however many parsers are made; a failed start may be tried again.
export function startRuntime(loadGrammar: LoadGrammar): Promise<typeof TreeSitterLibrary> {
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

async function open(grammar: LanguageGrammar, loadGrammar: LoadGrammar): Promise<Loaded> {
  const { Language, Parser: TreeSitter, Query: TreeQuery } = await startRuntime(loadGrammar);
  const language = await Language.load(await loadGrammar(grammar));
  const parser = new TreeSitter();
  parser.setLanguage(language);
  return { parser, query: new TreeQuery(language, rulesOf(grammar).query) };
}

function capture({ parser, query }: Loaded, text: string): ParseResult {
  let steps = 0;
  // Steps, not seconds: the same file is given up on every machine or on none.
  const tree = parser.parse(text, null, { progressCallback: () => ++steps > LIMITS.parseSteps });
  if (tree === null) {
    parser.reset();
    return { kind: 'failed', reason: 'the file takes too many steps to parse' };
  }
  try {
    const captures = query.captures(tree.rootNode, { matchLimit: 10_000 });
    return { kind: 'parsed', captures: captures.slice(0, CAPTURES_MAX).map(placeOf) };
  } finally {
    tree.delete();
  }
}

const placeOf = ({ name, node }: QueryCapture): Capture => ({ name, start: node.startIndex, end: node.endIndex, line: node.startPosition.row + 1 });
