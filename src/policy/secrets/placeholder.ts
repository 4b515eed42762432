// Words that people put where a secret belongs.
const WORDS = /example|placeholder|dummy|changeme|replace[_-]?(?:me|with|this)|insert|your[_-]?|redacted|sample|fake|not[_-]?a[_-]?real|x{4,}|0{8,}|\*{3,}|\.{3,}|-{4,}|_{4,}/gi;

// The Azure storage emulator's key is the same for everybody: https://learn.microsoft.com/azure/storage/common/storage-connect-azurite
const PUBLISHED = ['Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6'];

/**
 * True when what looks like a secret is an example of one: fewer than `least` of its characters are left without the
 * words of placeholders. A real secret with such a word put behind it still has all of its own characters.
 */
export function isPlaceholder(secret: string, least: number): boolean {
  if (PUBLISHED.some((known) => secret.startsWith(known))) return true;
  const rest = secret.replaceAll(WORDS, '');
  return rest.length < least && rest.length < secret.length;
}
