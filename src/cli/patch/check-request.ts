import { readFile } from 'node:fs/promises';
import type { CountersignConfig } from '../../domain/config.ts';
import { inputError } from '../../domain/errors.ts';

/** One patch to check, with everything read that it names. */
export interface CheckRequest {
  /** Path of the repository. */
  readonly repo: string;
  /** A commit id or any name of one. */
  readonly base: string;
  readonly patch: Uint8Array;
  readonly format: 'diff' | 'edits';
  /** Null: every rule at its default. */
  readonly config: CountersignConfig | null;
  readonly scope: readonly string[] | null;
  /** True to have the lines that violations name, for people. */
  readonly wantsExcerpts?: boolean;
}

/** Reads a config file. Rejects with an `input` error that names what is wrong. */
export async function readConfigFile(file: string): Promise<CountersignConfig> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) throw inputError('unreadable-file', `The config ${file} cannot be read. Check the path.`);
  return parseConfigText(text, file);
}

export async function parseConfigText(text: string, name: string): Promise<CountersignConfig> {
  const { parseConfig } = await import('../../schema/config.ts');
  return parseConfig(text, name);
}
