import type { Lens } from '../lens.ts';

/** How a language with braces writes comments and strings, and which of its blocks hold further definitions. */
export interface BraceStyle {
  readonly hashComments: boolean;
  readonly nestedComments: boolean;
  /** `'`: a string, a character (or a digit separator), a character or a lifetime. */
  readonly single: 'string' | 'character' | 'lifetime';
  /** "`": a template with `${…}`, a raw string, or nothing special. */
  readonly backtick: 'template' | 'raw' | null;
  readonly tripleQuotes: boolean;
  readonly regexes: boolean;
  /** ECMAScript: what stands in parentheses, brackets and templates names nothing, and import statements are read by the scan itself. */
  readonly hollow: boolean;
  /** What stands before a raw string's quote. */
  readonly raw: 'rust' | 'cpp' | 'csharp' | 'prefix-r' | null;
  /** Matched against what stands before a `{`: such a block is kept, every other one is emptied. */
  readonly container: RegExp;
}

const BASE: BraceStyle = { hashComments: false, nestedComments: false, single: 'character', backtick: null, tripleQuotes: false, regexes: false, hollow: false, raw: null, container: /(?!)/ };

// A module's wrapper (`(function () {`, `define(function (require) {`) holds everything the file defines.
const WRAPPER = String.raw`^[\s;!+]*(?:\(|define\s*\()[\s\S]{0,200}(?:function\b[^{}]*|=>\s*)$`;
const ECMASCRIPT: BraceStyle = {
  ...BASE, single: 'string', backtick: 'template', regexes: true, hollow: true,
  container: new RegExp(String.raw`\bclass\b(?!\s*[.:=)])|\b(?:namespace|module)\s+[\w$."']+\s*$|\bglobal\s*$|(?:^|\n)\s*(?:import|export)\b[\s\w$,*]*$|exports\s*=\s*$|${WRAPPER}`),
};
const JVM: BraceStyle = { ...BASE, tripleQuotes: true, container: /\b(?:class|interface|enum|record|object)\b/ };

const STYLES: Readonly<Partial<Record<Lens, BraceStyle>>> = {
  typescript: ECMASCRIPT, tsx: ECMASCRIPT, javascript: ECMASCRIPT,
  go: { ...BASE, backtick: 'raw' },
  rust: { ...BASE, nestedComments: true, single: 'lifetime', raw: 'rust', container: /\b(?:impl|trait|mod|extern)\b|\buse\b[^;]*$|::\s*$/ },
  java: JVM, kotlin: JVM, scala: { ...JVM, container: /\b(?:class|trait|object|enum|package)\b|\bimport\b[^\n{}]*$/ },
  c: { ...BASE, container: /\bextern\s*"C"\s*$/ },
  cpp: { ...BASE, raw: 'cpp', container: /\b(?:class|struct|union|namespace)\b|\bextern\s*"C"\s*$/ },
  c_sharp: { ...BASE, tripleQuotes: true, raw: 'csharp', container: /\b(?:namespace|class|struct|interface|record)\b/ },
  swift: { ...BASE, nestedComments: true, single: 'string', tripleQuotes: true, container: /\b(?:class|struct|enum|extension|protocol|actor)\b/ },
  dart: { ...BASE, single: 'string', tripleQuotes: true, raw: 'prefix-r', container: /\b(?:class|mixin|extension|enum)\b/ },
  // A struct without members does not parse.
  solidity: { ...BASE, single: 'string', container: /\b(?:contract|library|interface|struct|enum)\b|^\s*import\b/ },
  php: { ...BASE, hashComments: true, single: 'string', container: /\b(?:class|interface|trait|enum|namespace)\b|\buse\b[^;()]*$/ },
};

/** Null for a language without braces, or one that is parsed whole. */
export const braceStyleOf = (lens: Lens): BraceStyle | null => STYLES[lens] ?? null;

/** Whether a block holds further definitions, by what stands before its brace. */
export function isContainer(head: string, { container, hollow }: BraceStyle): boolean {
  if (!/["'`/]/.test(head)) return container.test(head);
  const plain = head.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ');
  // What a string says is no keyword.
  return container.test(hollow ? plain.replace(/(["'`])[^"'`\n]*\1/g, '""') : plain);
}
