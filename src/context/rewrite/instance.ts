import type * as GlueModule from '@ast-grep/wasm/wasm_bg.js';
import { z } from 'zod';
import type { LoadGrammar } from '../grammars.ts';
import { startRuntime } from '../parse/parser.ts';
import type { RuleLanguage } from './languages.ts';

// ast-grep in WebAssembly. Its loader is written for bundlers that import .wasm files; here the instance is made by hand, from bytes.
// That has a use of its own: every look at a syntax tree passes through the instance's imports, and can be counted there.

export type Glue = typeof GlueModule;

/** How many looks at syntax trees a piece of work may take, and has taken. */
export interface StepCounter {
  steps: number;
  readonly stepsMax: number;
}

interface Owned {
  free(): void;
}

/** What of ast-grep's memory is in use; given back as a whole. */
export interface Memory {
  own<Each extends Owned>(each: Each): Each;
}

/** One a thread: the glue keeps views of its instance's memory and cannot change to another. */
export interface AstGrep {
  readonly glue: Glue;
  register(language: RuleLanguage, loadGrammar: LoadGrammar): Promise<void>;
  /** Runs one piece of work and frees what it owned. Throws `TooManySteps` when the counter has passed its limit; the work's result is then worth nothing. */
  use<Result>(counter: StepCounter, work: (memory: Memory) => Result): Result;
}

export class TooManySteps extends Error {}

let started: Promise<AstGrep> | null = null;

/** ast-grep over the parser's own runtime. A failed start may be tried again. */
export function startAstGrep(loadGrammar: LoadGrammar): Promise<AstGrep> {
  started ??= instantiate(loadGrammar).catch((error: unknown) => {
    started = null;
    throw error;
  });
  return started;
}

type Call = (...args: readonly unknown[]) => unknown;
interface Current {
  counter: StepCounter;
  /** The grammar that the next registration gets, whatever path it names. */
  language: unknown;
}

async function instantiate(loadGrammar: LoadGrammar): Promise<AstGrep> {
  const [library, wasm, glue] = await Promise.all([startRuntime(loadGrammar), loadGrammar('ast-grep'), import('@ast-grep/wasm/wasm_bg.js')]);
  const current: Current = { counter: { steps: 0, stepsMax: Infinity }, language: null };
  const calls = Object.entries(glue).filter((entry): entry is [string, Call] => typeof entry[1] === 'function');
  const imports = Object.fromEntries(calls.map(([name, call]) => [name, hooked(name, call, current)]));
  const { exports } = await WebAssembly.instantiate(await WebAssembly.compile(new Uint8Array(wasm)), { './wasm_bg.js': imports });
  glue.__wbg_set_wasm(exports);
  z.object({ __wbindgen_start: z.custom<() => void>((value) => typeof value === 'function') }).parse(exports).__wbindgen_start();
  await glue.initializeTreeSitter();
  let registered = Promise.resolve();
  const known = new Map<string, Promise<void>>();
  return {
    glue,
    register: ({ grammar, expandoChar }, load) => {
      // One after the other: what a registration loads is handed over beside it.
      registered = known.get(grammar) ?? registered.then(async () => {
        current.language = await library.Language.load(await load(grammar));
        await glue.registerDynamicLanguage({ [grammar]: { libraryPath: grammar, ...(expandoChar === null ? {} : { expandoChar }) } });
      });
      known.set(grammar, registered);
      return registered;
    },
    use: (counter, work) => {
      current.counter = counter;
      const result = useMemory(work);
      if (counter.steps > counter.stepsMax) throw new TooManySteps();
      return result;
    },
  };
}

function useMemory<Result>(work: (memory: Memory) => Result): Result {
  const owned = new Set<Owned>();
  try {
    return work({ own: (each) => (owned.add(each), each) });
  } finally {
    for (const each of [...owned].toReversed()) each.free();
  }
}

/** What a walk over a tree goes on with. Past the limit there is nowhere to go on to, and the work ends by itself: an exception through its frames would leave their memory behind. */
const WALKS: readonly (readonly [prefix: string, nowhere: unknown])[] = [['__wbg_gotoFirstChild_', false], ['__wbg_gotoNextSibling_', false], ['__wbg_nextSibling_', 0], ['__wbg_previousSibling_', 0], ['__wbg_parent_', 0]];

function hooked(name: string, call: Call, current: Current): Call {
  // The runtime runs already, and a grammar is bytes here, no path.
  if (name.startsWith('__wbg_init_')) return () => Promise.resolve();
  if (name.startsWith('__wbg_load_')) return () => Promise.resolve(current.language);
  if (name.startsWith('__wbg_parse_')) return (parser, ...args) => call(countedParser(parser, current), ...args);
  const walk = WALKS.find(([prefix]) => name.startsWith(prefix));
  return (...args) => {
    current.counter.steps += 1;
    return walk !== undefined && current.counter.steps > current.counter.stepsMax ? walk[1] : call(...args);
  };
}

const parserSchema = z.custom<{ parse(text: unknown, old: unknown, options: object): unknown; reset(): void }>((value) => typeof value === 'object' && value !== null && 'parse' in value && 'reset' in value);

/** A parser that gives up when the steps are used up: it calls back once every hundred of its own operations. */
function countedParser(parser: unknown, current: Current): { parse: (text: unknown, old: unknown, options: unknown) => unknown } {
  const inner = parserSchema.parse(parser);
  const progressCallback = (): boolean => (current.counter.steps += 100) > current.counter.stepsMax;
  return {
    parse: (text, old, options) => {
      const tree = inner.parse(text, old, { ...(typeof options === 'object' ? options : {}), progressCallback });
      // What was given up would be gone on with when the next text comes.
      if (tree === null) inner.reset();
      return tree;
    },
  };
}
