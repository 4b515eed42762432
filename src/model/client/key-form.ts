/** What is shorter, and short words (`none`, `ollama`), are placeholders; taking them out of an answer would only spoil it. */
const isSecret = (key: string): boolean => key.length >= 8 || (key.length >= 5 && /[^A-Za-z]/.test(key));

/** Whether a key can stand in a header as it is. Anything else is no key, and would be refused with its value in the message. */
export const isHeaderText = (key: string): boolean => /^[\x21-\x7E]+$/.test(key);

/**
 * Text that is kept or shown: a provider that quotes a key back, as it is or as JSON, addresses, base64 and hexadecimal
 * write it, must not bring it there.
 */
export function withoutKeys(text: string, keys: readonly string[]): string {
  const forms = keys.filter(isSecret).flatMap(formsOf);
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length).reduce((kept, form) => kept.replaceAll(form, '***'), text);
}

function formsOf(key: string): readonly string[] {
  const hex = Buffer.from(key).toString('hex');
  return [key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key), hex, hex.toUpperCase(), ...[0, 1, 2].flatMap((before) => base64At(key, before))];
}

/** What base64 makes of the key behind this many bytes of something else, such as `user:`; in both of its alphabets. */
function base64At(key: string, before: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(key)]);
  return (['base64', 'base64url'] as const).map((alphabet) => bytes.toString(alphabet).slice(Math.ceil((before * 4) / 3), Math.floor((bytes.length * 4) / 3)));
}
