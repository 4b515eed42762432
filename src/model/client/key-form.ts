/** Shorter ones are no secrets but placeholders; taking `x` out of an answer would only spoil it. */
const SECRET_CHARACTERS_MIN = 8;

/** Whether a key can stand in a header as it is. Anything else is no key, and would be refused with its value in the message. */
export const isHeaderText = (key: string): boolean => /^[\x21-\x7E]+$/.test(key);

/** Text that is kept or shown: a provider that quotes a key back, as it is or as JSON and addresses write it, must not bring it there. */
export function withoutKeys(text: string, keys: readonly string[]): string {
  const forms = keys.filter((key) => key.length >= SECRET_CHARACTERS_MIN).flatMap((key) => [key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key), Buffer.from(key).toString('base64').replace(/=+$/, '')]);
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length).reduce((kept, form) => kept.replaceAll(form, '***'), text);
}
