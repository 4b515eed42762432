import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { CountersignConfig } from '../../domain/config.ts';
import { inputError } from '../../domain/errors.ts';
import { parseConfig } from '../../schema/config.ts';
import { systemReason } from '../system-reason.ts';
import { parseCaseFile } from './case-file.ts';
import { runCase, type CaseOutcome } from './run-case.ts';

const FILE_BYTES_MAX = 16 * 1024 * 1024;

/** Reads a table of cases and the config beside it, and judges each case. Rejects with an `input` error when one of the files cannot be read. */
export async function testCases(name: string, { config, today }: { config?: string; today: string }): Promise<readonly CaseOutcome[]> {
  const file = parseCaseFile(await readText(name), name);
  const place = config ?? (isAbsolute(file.config) ? file.config : join(dirname(name), file.config));
  const loaded: CountersignConfig = parseConfig(await readText(place), place);
  const outcomes: CaseOutcome[] = [];
  for (const policyCase of file.cases) outcomes.push(await runCase(policyCase, { file, config: loaded, today }));
  return outcomes;
}

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => Promise.reject(inputError('unreadable-file', `${file} cannot be read: ${systemReason(error)}. Check the path.`, error)));
  if (bytes.length > FILE_BYTES_MAX) throw inputError('too-large', `${file} has ${bytes.length} bytes; at most ${FILE_BYTES_MAX} are read.`);
  return bytes.toString('utf8');
}
