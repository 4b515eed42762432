import { scanText, type SecretHit } from './scan-text.ts';

/** Longer texts are not searched but left out as a whole. */
const CHARACTERS_MAX = 16 * 1024 * 1024;
const BUDGET = 256 * 1024 * 1024;

export interface Redaction {
  readonly text: string;
  /** What was taken out, by name; never the secret itself. Empty: the text is as it was. */
  readonly redacted: readonly string[];
}

/**
 * The text with every secret replaced by what it was: `[redacted: GitHub token]`. Line ends inside a secret stay, so
 * that line numbers keep their meaning. Fails closed: a text that cannot be searched completely is left out as a whole.
 */
export function redactSecrets(text: string): Redaction {
  if (text.length > CHARACTERS_MAX) return leftOut(text);
  const { hits, isComplete } = scanText(text, { charactersLeft: BUDGET });
  if (!isComplete) return leftOut(text);
  const parts: string[] = [];
  let from = 0;
  for (const hit of hits) {
    parts.push(text.slice(from, hit.start), replacementOf(hit, text));
    // Ranges that were widened can overlap.
    from = Math.max(from, hit.end);
  }
  return { text: parts.join('') + text.slice(from), redacted: hits.map(({ name }) => name) };
}

/** What a redaction leaves behind. A change that adds one was made from a text that had a secret in it. */
export const REDACTION_MARK = /\[redacted: ([^\]\n]{1,100})\]/g;

/** `redactSecrets` where only the text matters. */
export const redact = (text: string): string => redactSecrets(text).text;

const replacementOf = ({ name, start, end }: SecretHit, text: string): string => `[redacted: ${name}]${'\n'.repeat(text.slice(start, end).split('\n').length - 1)}`;

const leftOut = (text: string): Redaction => ({ text: `[redacted: ${text.length} characters that could not be searched for secrets]`, redacted: ['text that could not be searched'] });
