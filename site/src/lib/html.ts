/** Text that is already HTML. Only `html` makes one, so whatever carries this type has been escaped. */
export class SafeHtml {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

type Value = string | number | SafeHtml | null | readonly SafeHtml[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** A template that escapes every value that is not `SafeHtml` itself. Attributes must stand in double quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): SafeHtml {
  let text = strings[0] ?? '';
  values.forEach((value, index) => {
    text += show(value) + (strings[index + 1] ?? '');
  });
  return new SafeHtml(text);
}

function show(value: Value): string {
  if (value === null) return '';
  if (value instanceof SafeHtml) return value.text;
  if (typeof value === 'object') return value.map((part) => part.text).join('');
  return escapeHtml(String(value));
}
