import type { ContextFile, FileSymbol } from '../../domain/context.ts';
import { indentOf, type ChangedLines } from './spots.ts';

/** Something that a file defines and the change reaches into. */
export interface ChangedDefinition {
  /** With what it stands in: `Session.open`. */
  readonly name: string;
  /** Its own name, and those of what it stands in. */
  readonly names: readonly string[];
  readonly line: number;
  readonly exported: boolean;
  /** The line that names it is replaced, so that its parameters or its name may be others afterwards. */
  readonly heading: boolean;
}

const DEFINITIONS_MAX = 50;
/** Lines between an attribute or a result type and the name: `@Override` above a method, `int` above a C function. */
const HEADING_LINES = 3;
const WALK_MAX = 2_000;
/** Changed lines of one file that are looked up from. */
const SPOTS_MAX = 200;

/**
 * The functions, methods and types that changed lines stand in. Blocks are told by their indentation, which needs no
 * second parse and holds for code as people write it; where it does not, nothing is claimed.
 */
export function changedDefinitions(file: ContextFile, base: readonly string[], places: readonly ChangedLines[]): ChangedDefinition[] {
  const symbols = symbolsByLine(file.symbols);
  const found = new Map<number, ChangedDefinition>();
  const spots = places.flatMap((place) => (place.replaced.length > 0 ? place.replaced.map((line) => ({ line, indent: indentOf(base[line - 1] ?? ''), replaced: true })) : [{ line: place.first, indent: place.indent ?? 0, replaced: false }]));
  for (const spot of spots.slice(0, SPOTS_MAX)) {
    const definition = enclosing(spot, base, symbols);
    if (definition === null) continue;
    const before = found.get(definition.line);
    found.set(definition.line, { ...definition, heading: definition.heading || before?.heading === true });
  }
  return [...found.values()].toSorted((left, right) => left.line - right.line).slice(0, DEFINITIONS_MAX);
}

function enclosing(spot: { line: number; indent: number; replaced: boolean }, base: readonly string[], symbols: ReadonlyMap<number, FileSymbol>): ChangedDefinition | null {
  const own = spot.replaced ? symbols.get(spot.line) : undefined;
  const chain: FileSymbol[] = own === undefined ? [] : [own];
  let indent = spot.indent;
  for (let line = spot.replaced ? spot.line - 1 : spot.line; line >= 1 && indent > 0 && spot.line - line < WALK_MAX; line--) {
    const text = base[line - 1] ?? '';
    if (text.trim() === '' || indentOf(text) >= indent) continue;
    const symbol = symbolAt(line, base, symbols);
    if (symbol !== undefined && !chain.includes(symbol)) chain.push(symbol);
    // A closing bracket or an opening one on its own line ends nothing: what it belongs to stands above it.
    if (symbol !== undefined || /^\s*[\p{L}\p{N}_$@#"'<]/u.test(text)) indent = indentOf(text);
  }
  const [inner] = chain;
  if (inner === undefined) return null;
  return { name: chain.map(({ name }) => name).toReversed().join('.').slice(0, 200), names: chain.map(({ name }) => name), line: inner.line, exported: chain.every(({ exported }) => exported), heading: own !== undefined };
}

function symbolAt(line: number, base: readonly string[], symbols: ReadonlyMap<number, FileSymbol>): FileSymbol | undefined {
  const indent = indentOf(base[line - 1] ?? '');
  for (let above = 0; above < HEADING_LINES; above++) {
    const text = base[line - 1 - above] ?? '';
    if (text.trim() === '' || indentOf(text) !== indent) return undefined;
    const symbol = symbols.get(line - above);
    if (symbol !== undefined) return symbol;
  }
  return undefined;
}

/** What has a body: a value's line is no place to be in. The first symbol of a line counts. */
const symbolsByLine = (symbols: readonly FileSymbol[]): ReadonlyMap<number, FileSymbol> =>
  new Map(symbols.filter(({ kind }) => kind !== 'value').toReversed().map((symbol) => [symbol.line, symbol]));
