/**
 * What went wrong, from the point of view of the person who has to mend it.
 * `input`: what they gave is wrong. `refused`: it does not hold (blocked, rejected, failed verification).
 * `outside`: another system failed (network, git, GitHub, a model). `broken`: a defect of ours.
 */
export type ErrorKind = 'input' | 'refused' | 'outside' | 'broken';

/** An error with a stable code and a sentence that says what to do. Never carries a secret. */
export class CountersignError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;

  constructor(kind: ErrorKind, code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'CountersignError';
    this.kind = kind;
    this.code = code;
  }
}

export const inputError = (code: string, message: string, cause?: unknown): CountersignError =>
  new CountersignError('input', code, message, { cause });
export const refusedError = (code: string, message: string, cause?: unknown): CountersignError =>
  new CountersignError('refused', code, message, { cause });
export const outsideError = (code: string, message: string, cause?: unknown): CountersignError =>
  new CountersignError('outside', code, message, { cause });
export const brokenError = (code: string, message: string, cause?: unknown): CountersignError =>
  new CountersignError('broken', code, message, { cause });
