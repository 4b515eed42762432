import type { FileSymbol } from '../../domain/context.ts';
import type { LanguageGrammar } from '../lens.ts';
import { LIMITS } from '../limits.ts';
import type { Found, LanguageRules } from '../parse/language.ts';
import type { Capture } from '../parse/parser.ts';
import { rulesOf } from '../parse/rules.ts';
import type { RawImport } from './outline.ts';

const DEFINITIONS = new Set<string>(['function', 'class', 'method', 'type', 'value', 'module'] satisfies FileSymbol['kind'][]);
const isDefinition = (name: string): name is FileSymbol['kind'] => DEFINITIONS.has(name);
const NAME_MAX = 200;
const BEFORE_MAX = 240;
const AFTER_MAX = 1_000;
const SPECIAL_MAX = 20_000;

/** Turns the captures of one file into its symbols and imports, in the order of the text. */
export function readCaptures(grammar: LanguageGrammar, text: string, captures: readonly Capture[]): { symbols: FileSymbol[]; imports: RawImport[] } {
  const rules = rulesOf(grammar);
  const found: Found = { symbols: [], exportedLater: new Set(), listed: null };
  const imports: RawImport[] = [];
  /** Places by the name of the capture: a query may find one twice. */
  const seen = new Map<string, Set<number>>();
  for (const { name, start, end, line } of captures) {
    if (name.startsWith('_') || !isNew(seen, name, start)) continue;
    if (name === 'import') {
      if (imports.length < LIMITS.importsPerFile) imports.push(...rules.importsOf(text.slice(start, Math.min(end, start + SPECIAL_MAX))).map((each) => ({ ...each, line })));
    } else if (!isDefinition(name)) rules.special?.({ name, text: text.slice(start, Math.min(end, start + SPECIAL_MAX)), line, after: text.slice(end, end + AFTER_MAX) }, found);
    else if (found.symbols.length < LIMITS.symbolsPerFile) define(name, { text, start, end, line }, { found, rules });
  }
  return { symbols: finish(found), imports: imports.slice(0, LIMITS.importsPerFile) };
}

function isNew(seen: Map<string, Set<number>>, name: string, start: number): boolean {
  const places = seen.get(name);
  if (places === undefined) seen.set(name, new Set([start]));
  else if (places.has(start)) return false;
  else places.add(start);
  return true;
}

function define(kind: FileSymbol['kind'], at: { text: string; start: number; end: number; line: number }, { found, rules }: { found: Found; rules: Pick<LanguageRules, 'isExported' | 'exportedBy'> }): void {
  const whole = at.text.slice(at.start, Math.min(at.end, at.start + NAME_MAX));
  const isWord = /^\w+$/.test(whole);
  const raw = isWord ? whole : whole.replace(/\s+/g, '');
  // Namespaces keep their dots; a method defined outside of its class (`A::m`) goes by its own name.
  const name = isWord ? raw : kind === 'module' ? raw.replaceAll('::', '.') : (/([~\w$\u0080-\uffff!?=]+)$/.exec(raw.replace(/\(.*$/, ''))?.[1] ?? raw);
  // A declarator without a name of its own (`(*f(int))`) names nothing.
  if (name === '' || name.startsWith('(')) return;
  const near = at.text.slice(Math.max(0, at.start - BEFORE_MAX), at.start);
  const exported = (rules.exportedBy === undefined || near.includes(rules.exportedBy)) && rules.isExported(name, statementIn(near), kind);
  found.symbols.push({ name, kind, line: at.line, exported });
}

/** What stands last in a piece of text, from the statement's beginning on. What a comment says exports nothing. */
function statementIn(near: string): string {
  const uncommented = near.slice(near.lastIndexOf('*/') + 1);
  const before = uncommented.includes('//') ? uncommented.replace(/\/\/[^\n]*\n/g, '\n') : uncommented;
  return before.slice(Math.max(before.lastIndexOf(';'), before.lastIndexOf('{'), before.lastIndexOf('}')) + 1);
}

function finish({ symbols, exportedLater, listed }: Found): FileSymbol[] {
  const known = new Set<string>();
  // What a list of exports names again is the definition that stands elsewhere in the file.
  const unique = symbols.filter(({ name, kind }) => kind === 'method' || !(known.has(name) && kind === 'value') && known.add(name));
  return unique.slice(0, LIMITS.symbolsPerFile).map((symbol) => {
    if (symbol.kind === 'method') return symbol;
    if (listed !== null) return { ...symbol, exported: listed.has(symbol.name) };
    return exportedLater.has(symbol.name) ? { ...symbol, exported: true } : symbol;
  });
}
