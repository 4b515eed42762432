/** A parenthesis or bracket that is open, and where the skeleton stood when it opened. */
export interface Group {
  readonly code: number;
  readonly at: number;
  /** Depth of braces. */
  readonly depth: number;
  readonly line: number;
  readonly parts: number;
  readonly from: number;
  /** Something in it defines names. */
  readonly isKept: boolean;
}

/** The groups that are open outside of emptied blocks, the innermost last. */
export class OpenGroups {
  readonly #open: Group[] = [];
  /** So many of the outermost hold a block that is kept. */
  #kept = 0;

  get areClosed(): boolean {
    return this.#open.length === 0;
  }

  open(group: Group): void {
    this.#open.push(group);
  }

  keepAll(): void {
    this.#kept = this.#open.length;
  }

  /** The group that `code` closes; null when none of that kind is open at this depth. */
  close(code: number, depth: number): Group | null {
    const group = this.#open.pop();
    if (group === undefined || group.depth !== depth || group.code !== (code === 41 ? 40 : 91)) return null;
    const isKept = group.isKept || this.#open.length < this.#kept;
    this.#kept = Math.min(this.#kept, this.#open.length);
    return isKept === group.isKept ? group : { ...group, isKept };
  }
}

const STATEMENT_MAX = 4_000;
const SPECIFIER_MAX = 500;
const HEAD = /^import(?:\s*$|\s+(?:type\s+)?[\w$*{},\s]+?\bfrom\s*$|\s*[*{][\w$*{},\s]*?\}?\s*from\s*$)/;
const TAIL = /\s*(?:with|assert)\s*\{[^{}]{0,200}\}[ \t]*;?|[ \t]*;?/y;

/** The import statement that begins at `at` (its word ends at `after`), when it is nothing but names and one quoted file. Null leaves it to the parser. */
export function importStatementAt(text: string, at: number, after: number): string | null {
  let quote = after;
  for (const most = Math.min(text.length, at + STATEMENT_MAX); quote < most; quote++) {
    const code = text.charCodeAt(quote);
    if (code === 34 || code === 39) break;
    // Nothing else stands in an import: `import(`, `import.meta`, `import x = …`, a comment.
    if (code === 40 || code === 46 || code === 47 || code === 59 || code === 61 || code === 58) return null;
  }
  if (quote >= text.length || quote - at >= STATEMENT_MAX || !HEAD.test(text.slice(at, quote))) return null;
  const end = text.indexOf(text.charAt(quote), quote + 1);
  if (end < 0 || end - quote > SPECIFIER_MAX || end === quote + 1) return null;
  if (/[\\\n]/.test(text.slice(quote, end))) return null;
  TAIL.lastIndex = end + 1;
  TAIL.test(text);
  return text.slice(at, Math.max(end + 1, TAIL.lastIndex));
}
