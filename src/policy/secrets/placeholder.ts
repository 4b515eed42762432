// Words that people put where a secret belongs.
const WORDS = /example|placeholder|dummy|changeme|replace[_-]?(?:me|with|this)|insert|your[_-]?|redacted|sample|fake|not[_-]?a[_-]?real|x{4,}|0{8,}|\*{3,}|\.{3,}|-{4,}|_{4,}/gi;

// The alphabet and the digits in their order, as people type them into tests. By chance eight in a row do not come in centuries.
const SEQUENCE_LEAST = 8;

// The Azure storage emulator's key is the same for everybody: https://learn.microsoft.com/azure/storage/common/storage-connect-azurite
const PUBLISHED = ['Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6'];

/**
 * True when what looks like a secret says itself that it is none: fewer than `least` of its characters are left without the
 * words of placeholders. A real secret with such a word put behind it still has all of its own characters.
 */
export function isPlaceholder(secret: string, least: number): boolean {
  return PUBLISHED.some((known) => secret.startsWith(known)) || isTooShort(secret.replaceAll(WORDS, ''), secret, least);
}

/**
 * True of a placeholder, and of what people type where only the name tells that a secret stands there. A value in an issuer's own
 * form (`ghp_…`) is for `isPlaceholder`: whoever checks it elsewhere stumbles over it too, and one with the alphabet in it costs a sentence.
 */
export function isMadeUp(secret: string, least: number): boolean {
  return isPlaceholder(secret, least) || isTooShort(withoutSequences(secret.replaceAll(WORDS, '')), secret, least);
}

const isTooShort = (rest: string, secret: string, least: number): boolean => rest.length < least && rest.length < secret.length;

/** `abcdefgh…`, `1234567890`, `ZYXWVUTS` taken out; a 0 goes on behind a 9. */
function withoutSequences(text: string): string {
  let rest = '';
  let from = 0;
  for (let at = 1; at <= text.length; at += 1) {
    if (at < text.length && isNext(text, at, from)) continue;
    if (at - from < SEQUENCE_LEAST) rest += text.slice(from, at);
    from = at;
  }
  return rest;
}

/** Whether the character at this place goes on in the direction that the run has taken. */
function isNext(text: string, at: number, from: number): boolean {
  const step = text.charCodeAt(at) - text.charCodeAt(at - 1);
  if (text[at] === '0' && text[at - 1] === '9') return true;
  if (step !== 1 && step !== -1) return false;
  return at - from < 2 || step === text.charCodeAt(from + 1) - text.charCodeAt(from);
}
