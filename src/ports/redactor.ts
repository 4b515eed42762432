/** A text without its secrets, and what was taken out, by name; never the secret itself. */
export interface Redaction {
  readonly text: string;
  /** Empty: the text is as it was. */
  readonly redacted: readonly string[];
}

/** Takes secrets out of a text before it is stored. Each leaves a mark that says what it was; doing it twice changes nothing more. */
export type Redact = (text: string) => Redaction;
