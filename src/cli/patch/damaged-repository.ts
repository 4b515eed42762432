import { CountersignError, inputError } from '../../domain/errors.ts';

const DAMAGED: readonly string[] = ['corrupt-object', 'unreadable-object'];

/** Here the repository is what the user gave: when its objects are damaged or missing, the input is wrong, not a system around it. */
export function asInput(error: unknown): unknown {
  return error instanceof CountersignError && DAMAGED.includes(error.code) ? inputError(error.code, error.message, error) : error;
}
