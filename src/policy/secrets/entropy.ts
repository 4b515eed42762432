import { isMadeUp } from './placeholder.ts';

// A name that says "secret", the sign that gives it a value, and the value: quoted, or bare as in settings.
const ASSIGNMENT =
  /(?<!:)(?:secret|token|passw(?:or)?d|passphrase|(?<![a-z])pass(?![a-z])|pwd|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|auth[_-]?key|encryption[_-]?key|signing[_-]?key|license[_-]?key|credentials?)[A-Za-z0-9_.-]{0,30}(?:["'`]?\]?\s{0,4}(?::[ \t]{0,4}[A-Za-z]{1,20}\s{0,4})?(?::=|=>|[:=])|["'`]\s{0,4},|\()\s{0,4}(?:(["'`])([^"'`\s]{12,200})\1|([A-Za-z0-9+/=_~.-]{16,200})(?=[ \t]{0,20}(?:$|[#;,\r\n"'`]|\/\/)))/gim;
// A setting in XML, an option of a command, a login that one is given.
const ELEMENT = /<[\w.-]{0,30}(?:secret|token|passw(?:or)?d|passphrase|api-?key|private-?key)[\w.-]{0,30}>\s{0,4}([^<>\s]{12,200})\s{0,4}<\//gi;
const OPTION = /(?<![\w-])--?[\w-]{0,30}(?:secret|token|passw(?:or)?d|passphrase|api-?key|access-?key)(?:=|\s{1,4})["']?([A-Za-z0-9+/=_~.!@#%^&*-]{12,200})(?=["'\s]|$)|(?<![\w-])(?:-u|--user)\s{1,4}["']?[\w.@-]{1,60}:([^\s"':@]{12,200})(?=["'\s]|$)/gi;
const BEARER = /\b(?:bearer|basic)\s{1,4}([A-Za-z0-9+/=_~.-]{20,400})/gi;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
// Not secret by what they are: hashes that are made to be stored, and what is computed elsewhere.
const HASH = /^0x[0-9a-f]{40}$|^(?:\$\w{1,10}\$|(?:sha|md)\d{1,3}[-:=]|pbkdf2|bcrypt|argon2)|[{}<>()[\]]|\$[A-Za-z_]{2}|%[A-Z_]{2,30}%|:\/\/|^[./~]|\.(?:js|ts|py|json|ya?ml|pem|txt|md|html?|go|rb|java)$/i;
const ENTROPY_LEAST = 3.2;
const WORDS_SHARE_MOST = 0.6;

/** Values that look random and are given to a name that says "secret". */
export function* findRandomValues(text: string): Generator<{ readonly name: string; readonly start: number; readonly end: number }> {
  for (const found of text.matchAll(ASSIGNMENT)) {
    const value = found[2] ?? found[3] ?? '';
    const start = found.index + found[0].lastIndexOf(value);
    if (isRandom(value)) yield { name: 'value that looks random', start, end: start + value.length };
  }
  for (const pattern of [ELEMENT, OPTION]) {
    for (const found of text.matchAll(pattern)) {
      const value = found[1] ?? found[2] ?? '';
      const start = found.index + found[0].lastIndexOf(value);
      if (isRandom(value)) yield { name: 'value that looks random', start, end: start + value.length };
    }
  }
  for (const found of text.matchAll(BEARER)) {
    const value = found[1] ?? '';
    const start = found.index + found[0].length - value.length;
    if (isRandom(value)) yield { name: 'authorization header', start, end: start + value.length };
  }
}

/** True for a value that no person would write and no program would use as a name. */
export function isRandom(value: string): boolean {
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value) || HASH.test(value) || UUID.test(value) || isMadeUp(value, 12)) return false;
  return entropyOf(value) >= ENTROPY_LEAST && shareOfWords(value) <= WORDS_SHARE_MOST;
}

/** Shannon's entropy of the characters, in bits for each. */
export function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / value.length) * Math.log2(count / value.length), 0);
}

/** How much of the value is made of words: three letters and more, in one case, with a vowel. */
function shareOfWords(value: string): number {
  const words = value.match(/[A-Z]?[a-z]{3,}|[A-Z]{3,}/g) ?? [];
  return words.filter((word) => /[aeiouy]/i.test(word)).reduce((sum, { length }) => sum + length, 0) / value.replaceAll(/[^A-Za-z0-9]/g, '').length;
}
