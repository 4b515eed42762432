// Words that people put where a secret belongs.
const WORDS = /example|placeholder|dummy|changeme|replace[_-]?(?:me|with|this)|insert|your[_-]?|redacted|sample|fake|not[_-]?a[_-]?real|x{4,}|0{8,}|\*{3,}|\.{3,}|-{4,}|_{4,}/gi;

/**
 * True when what looks like a secret is an example of one: fewer than `least` of its characters are left without the
 * words of placeholders. A real secret with such a word put behind it still has all of its own characters.
 */
export function isPlaceholder(secret: string, least: number): boolean {
  const rest = secret.replaceAll(WORDS, '');
  return rest.length < least && rest.length < secret.length;
}
