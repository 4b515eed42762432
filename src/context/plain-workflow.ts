// The jobs of a GitHub workflow without a YAML parser, which is seventy files that take longer to load than most repositories to read.
// Only what is plainly written is taken, line by line: block maps and lists of plain keys, scalars on one line, block texts. At anything
// else the answer is null and the parser decides. A property test holds that both say the same.

interface Collection {
  readonly indent: number;
  /** Of a map; a list has none. */
  readonly keys: Set<string> | null;
  /** Its last entry has no value yet. */
  isOpen: boolean;
}

/** Names of jobs by their keys, or null for what the parser must read. */
export function plainJobs(text: string): string[] | null {
  // A tab is an error in one place and text in another; what else looks like a space or ends a line is not told apart here.
  if (/[^\n -~\u00a1-\u167f\u2030-\u205e\u2060-\u2fff\u3001-\ufefe]/.test(text)) return null;
  const reader = new PlainReader();
  const lines = text.slice(text.startsWith('---\n') ? 4 : 0).split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (/^ *(?:#|$)/.test(line)) continue;
    const blockIndent = reader.take(line);
    if (blockIndent === null) return null;
    if (blockIndent < 0) continue;
    const end = endOfBlock(lines, at + 1, blockIndent);
    if (end === null) return null;
    at = end - 1;
  }
  return reader.jobs();
}

/** The line behind a block text whose parent stands at `indent`; null when its lines do not stand as one expects. */
function endOfBlock(lines: readonly string[], start: number, indent: number): number | null {
  let own = -1;
  for (let at = start; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const here = line.search(/[^ ]/);
    if (here < 0) {
      // Spaces alone before the first line say something about its place.
      if (line !== '' && own < 0) return null;
      continue;
    }
    if (here <= indent) return at;
    if (own >= 0 && here < own) return null;
    if (own < 0) own = here;
  }
  return lines.length;
}

const ENTRY = /^([A-Za-z_][\w.-]{0,99}):(?: +(.*))?$/;
const BLOCK = /^[|>][+-]?(?: +#.*)?$/;
/** A scalar that begins as nothing else does, is no reference, and holds neither a comment nor a further key. */
const PLAIN = /^(?:(?:[\w./$(+^\u00a1-\uffff]|~(?=\/))(?!.*: |.*:$).*|-[\w./-](?!.*: |.*:$).*)$/;
const QUOTED = /^(?:'([^']*)'|"([^"\\]*)")$/;
const FLOW_LIST = /^\[ *(?:(?:[\w./][\w./*+-]*(?: [\w./*+-]+)*|'[^'\\]*'|"[^"\\]*")(?: *, *(?:[\w./][\w./*+-]*(?: [\w./*+-]+)*|'[^'\\]*'|"[^"\\]*"))* *,? *)?\]$/;
const NAME_MAX = 500;
/** Keys that are no texts in JavaScript, or none at all. */
const UNPLAIN_KEY = /^(?:null|Null|NULL|__proto__)$/;

class PlainReader {
  readonly #open: Collection[] = [];
  readonly #jobs = new Map<string, string | null>();
  /** Keys on the way to the line at hand, by the place of their map in `#open`. */
  readonly #path: string[] = [];

  /** Takes one line. The indent of a block text's parent when one begins, −1 when none does, null for what is not plain. */
  take(line: string): number | null {
    let indent = line.search(/[^ ]/);
    let rest = line.slice(indent).trimEnd();
    while (this.#open.length > 0 && (this.#open.at(-1)?.indent ?? 0) > indent) this.#open.pop();
    if (rest === '-' || rest.startsWith('- ')) {
      if (!this.#enter(indent, false)) return null;
      const item = rest.slice(1).trimStart();
      if (item === '' || item.startsWith('#')) return -1;
      this.#fill();
      if (!ENTRY.test(withoutComment(item))) return isScalar(withoutComment(item)) ? -1 : null;
      indent += rest.length - item.length;
      rest = item;
      this.#open.push({ indent, keys: new Set(), isOpen: false });
    } else {
      // A list at the place of the key that it belongs to ends where the next key stands.
      const top = this.#open.at(-1);
      if (top?.keys === null && top.indent === indent && this.#open.at(-2)?.indent === indent) this.#open.pop();
      if (!this.#enter(indent, true)) return null;
    }
    return this.#entry(indent, withoutComment(rest));
  }

  jobs(): string[] | null {
    // Without any the parser says what the file is.
    return this.#jobs.size === 0 ? null : [...this.#jobs].map(([key, name]) => name ?? key);
  }

  /** Makes the map or list at `indent` the innermost one. */
  #enter(indent: number, isMap: boolean): boolean {
    const top = this.#open.at(-1);
    if (top?.indent === indent && (top.keys !== null) === isMap) return true;
    const mayNest = top === undefined ? isMap && indent === 0 : top.isOpen && (top.indent < indent || (top.indent === indent && top.keys !== null && !isMap));
    if (!mayNest) return false;
    this.#fill();
    this.#open.push({ indent, keys: isMap ? new Set() : null, isOpen: !isMap });
    return true;
  }

  #fill(): void {
    const top = this.#open.at(-1);
    if (top !== undefined) top.isOpen = false;
  }

  #entry(indent: number, rest: string): number | null {
    const top = this.#open.at(-1);
    const [, key, value = ''] = ENTRY.exec(rest) ?? [];
    if (key === undefined || top === undefined || top.keys === null || top.keys.has(key) || UNPLAIN_KEY.test(key)) return null;
    top.keys.add(key);
    const depth = this.#open.length;
    this.#path.length = depth - 1;
    this.#path.push(key);
    top.isOpen = value === '';
    const isJobs = this.#path[0] === 'jobs' && this.#open[0]?.keys !== null;
    if (isJobs && !this.#takeJob(depth, key, value)) return null;
    if (BLOCK.test(value)) return indent;
    return value === '' || isScalar(value) ? -1 : null;
  }

  #takeJob(depth: number, key: string, value: string): boolean {
    // Jobs in a list, or none: the parser knows what that is.
    if (depth <= 3 && this.#open.slice(0, depth).some(({ keys }) => keys === null)) return false;
    if (depth === 1) return value === '';
    if (depth === 2) this.#jobs.set(key, null);
    if (depth !== 3 || key !== 'name') return true;
    const name = textOf(value);
    if (name === null) return false;
    if (name !== '') this.#jobs.set(this.#path[1] ?? '', name);
    return true;
  }
}

/** A comment begins behind a space, outside of quotes. */
function withoutComment(text: string): string {
  const [, quoted] = /^([A-Za-z_][\w.-]{0,99}: +(?:'[^']*'|"[^"\\]*"))(?: +#.*)?$/.exec(text) ?? [];
  if (quoted !== undefined) return quoted;
  const at = text.indexOf(' #');
  return at < 0 ? text : text.slice(0, at).trimEnd();
}

const isScalar = (value: string): boolean => PLAIN.test(value) || QUOTED.test(value) || FLOW_LIST.test(value) || value === '{}';

/** A name that is certainly text: a plain one begins with a letter and is no word that YAML has another meaning for. */
function textOf(value: string): string | null {
  const [, single, double] = QUOTED.exec(value) ?? [];
  if (single !== undefined || double !== undefined) return (single ?? double ?? '').slice(0, NAME_MAX);
  return /^(?:[A-Za-z]|\$\{\{)/.test(value) && PLAIN.test(value) && !/^(?:true|false|null|yes|no|on|off)$/i.test(value) ? value.slice(0, NAME_MAX) : null;
}
