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

export interface Statement {
  readonly text: string;
  /** 1-based. */
  readonly line: number;
}

const SPECIFIER_MAX = 500;
// Each part may stand once: whatever else follows `import` fails at its first letter.
const HEAD = /import(?:\s+type(?=\s+[\w$*{])(?!\s+from\s*["']))?(?:\s+[\w$]+\s*(?:,|(?=\s)))?\s*(?:\*\s*as\s+[\w$]+|\{[\w$,\s]{0,4000}\})?\s*(?:\bfrom)?\s*(?=["'])/y;
const TAIL = /\s*(?:with|assert)\s*\{[^{}]{0,200}\}[ \t]*;?|[ \t]*;?/y;

/** The import statement that begins at `at`, when it is nothing but names and one quoted file. Null leaves it to the parser. */
export function importStatementAt(text: string, at: number): string | null {
  HEAD.lastIndex = at;
  if (!HEAD.test(text)) return null;
  const quote = HEAD.lastIndex;
  const specifier = text.slice(quote, quote + SPECIFIER_MAX);
  const end = specifier.indexOf(text.charAt(quote), 1);
  if (end < 2 || /[\\\n]/.test(specifier.slice(0, end))) return null;
  TAIL.lastIndex = quote + end + 1;
  TAIL.test(text);
  return text.slice(at, Math.max(quote + end + 1, TAIL.lastIndex));
}
