const PLAIN = /^[a-z0-9_/-]*(?:\.[a-z0-9_-][a-z0-9_/-]*)*$/;
const PRINTABLE_ASCII = /^[ -~]*$/;
// A glob's `*` does not cross a line break: none may be left.
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * The path as the most forgiving file system would see it, so that no spelling of a name hides it from a rule: NFKC,
 * case folded in both directions, characters that HFS+ ignores left out, `\` as a separator, NTFS stream names and
 * trailing dots and spaces dropped. For comparing only, never for opening a file. Folding twice changes nothing.
 */
export function foldPath(path: string): string {
  // Most paths are lower-case ASCII already; folding a large base tree must stay cheap.
  if (PLAIN.test(path)) return path;
  const folded = foldCase(path).replaceAll('\\', '/');
  return /[. ](?:\/|$)|:/.test(folded) ? folded.split('/').map(foldName).join('/') : folded;
}

/** The same for a glob, where a backslash makes the next character a plain one. */
export const foldGlob = (glob: string): string =>
  foldCase(glob)
    .split('/')
    .map((name) => (name.includes('\\') ? name : foldName(name)))
    .join('/');

function foldCase(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text.toLowerCase();
  let folded = text;
  // Twice, because a fold can make a character that folds further (`ϔ`, ligatures); it is stable after that.
  for (let round = 0; round < 3; round += 1) {
    // Upper case first: `ı`, `ſ` and `ß` only meet `i`, `s` and `ss` there.
    folded = folded.replaceAll(IGNORABLE, '').replaceAll(CONTROL, '\u{FFFD}').normalize('NFKC').toUpperCase().toLowerCase().replaceAll('i̇', 'i').normalize('NFKC');
  }
  return folded.replaceAll(IGNORABLE, '');
}

function foldName(name: string): string {
  if (name === '.' || name === '..') return name;
  const stream = name.indexOf(':');
  const file = stream > 0 ? name.slice(0, stream) : name;
  return file.replace(/[. ]+$/, '') || file;
}
