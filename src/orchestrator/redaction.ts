import type { Redact } from '../ports/redactor.ts';

// Members of events that hold what people, models or checks wrote. Everything else is an id, a hash, a number or a name.
const FREE_TEXT: ReadonlySet<string> = new Set(['answer', 'comment', 'options', 'question', 'reason', 'reasons', 'title']);
const MARK = /\[redacted: [^\]\n]{1,100}\]/;

/** Whether something was taken out of this text. */
export const isRedacted = (text: string): boolean => MARK.test(text);

/** A value with the secrets taken out of its texts, and what they were. */
export interface RedactedValue<T> {
  readonly value: T;
  readonly redacted: readonly string[];
}

/** Takes secrets out of every text of a JSON value; names of members stay. */
export const redactAll = <T>(value: T, redact: Redact): RedactedValue<T> => walk(value, { redact, wants: () => true });

/** Takes secrets out of an event's free texts. */
export const redactBody = <T>(body: T, redact: Redact): RedactedValue<T> => walk(body, { redact, wants: (name) => FREE_TEXT.has(name) });

interface Walk {
  readonly redact: Redact;
  /** Whether texts under this member are looked at. */
  readonly wants: (name: string) => boolean;
}

function walk<T>(value: T, { redact, wants }: Walk): RedactedValue<T> {
  const redacted: string[] = [];
  const visit = (each: unknown, wanted: boolean): unknown => {
    if (typeof each === 'string') return wanted ? clean(each) : each;
    if (Array.isArray(each)) return each.map((item) => visit(item, wanted));
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([name, member]) => [name, visit(member, wants(name))]));
  };
  const clean = (text: string): string => {
    const found = redact(text);
    redacted.push(...found.redacted);
    // A mark may be longer than what it stands for, and texts have limits.
    return found.text.length > text.length ? found.text.slice(0, text.length) : found.text;
  };
  // The shape is the one that came in: only texts are replaced, by texts.
  const cleaned = visit(value, wants('')) as T;
  return { value: redacted.length === 0 ? value : cleaned, redacted };
}

/** What stands on the record beside a redaction: what was taken out of what, and what a person should do. */
export function redactionReason(name: string, kinds: readonly string[]): string {
  const counted = [...Map.groupBy(kinds, (kind) => kind)].map(([kind, same]) => (same.length === 1 ? kind : `${kind} (${same.length} times)`));
  return `What looks like a secret was taken out of ${name} before it was stored: ${counted.join(', ')}. Revoke it where it was issued: it stood where others could read it.`.slice(0, 4_000);
}

/** `issue.md` becomes `issue-redacted.md`: the name says that the bytes are not all that was there. */
export const redactedName = (name: string): string => name.replace(/(?=\.[a-z]+$)|$/, '-redacted');
