import { readFile, stat } from 'node:fs/promises';
import { MAX_PROPOSAL_BYTES } from '../../change-set/limits.ts';
import { z } from 'zod';
import type { CountersignConfig } from '../../domain/config.ts';
import { inputError } from '../../domain/errors.ts';
import { parseConfigText, readConfigFile, type CheckRequest } from './check-request.ts';

const lineSchema = z.strictObject({
  repo: z.string().optional(),
  base: z.string().optional(),
  patch: z.string(),
  config: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
  format: z.enum(['diff', 'edits']).optional(),
  scope: z.array(z.string()).optional(),
});

interface Defaults {
  readonly repo?: string;
  readonly base?: string;
  readonly config?: string;
  readonly format: 'diff' | 'edits';
  readonly scope: readonly string[];
}

/**
 * Reads one line of a batch. What the line leaves out comes from the flags. `patch` and `config` are the text itself
 * when they hold a line break (a config also when it holds a colon), else the path of a file; a config can also be an object.
 * A byte of a patch that is not UTF-8 stands there as a lone surrogate U+DC80 to U+DCFF.
 */
export async function parseBatchLine(line: string, defaults: Defaults): Promise<CheckRequest> {
  const parsed = lineSchema.safeParse(parseJson(line));
  if (!parsed.success) throw inputError('bad-batch-line', `This line of the batch is not {"repo", "base", "patch", "config"}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
  const { data } = parsed;
  const [repo, base] = [data.repo ?? defaults.repo, data.base ?? defaults.base];
  if (repo === undefined || base === undefined) throw inputError('bad-batch-line', 'This line of the batch names no repo or no base, and no flag does.');
  const scope = data.scope ?? defaults.scope;
  return {
    repo,
    base,
    patch: await readPatch(data.patch),
    format: data.format ?? defaults.format,
    config: await readConfig(data.config ?? defaults.config ?? null),
    scope: scope.length === 0 ? null : scope,
  };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw inputError('bad-batch-line', 'This line of the batch is not JSON.');
  }
}

async function readPatch(patch: string): Promise<Uint8Array> {
  if (patch === '' || patch.includes('\n')) return bytesOfText(patch);
  const size = (await stat(patch).catch(() => null))?.size ?? 0;
  if (size > MAX_PROPOSAL_BYTES) throw inputError('too-large', `The patch of this line has ${size} bytes; at most ${MAX_PROPOSAL_BYTES} are taken. Split the change.`);
  const bytes = await readFile(patch).catch(() => null);
  if (bytes === null) throw inputError('unreadable-file', 'The patch of this line is neither a text with line breaks nor a file that can be read.');
  return bytes;
}

/** JSON holds text alone: there a byte that is not UTF-8 is a lone surrogate U+DC80 to U+DCFF, as Python writes it (see lossless-text.ts). */
function bytesOfText(text: string): Uint8Array {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8');
  if (/[\ud800-\udc7f\udd00-\udfff]/u.test(text)) throw inputError('bad-batch-line', 'The patch of this line has half a surrogate pair, which stands for nothing. Give the patch as a file.');
  const bytes = Buffer.allocUnsafe(Buffer.byteLength(text, 'utf8'));
  let size = 0;
  let from = 0;
  for (const { 0: odd, index } of text.matchAll(/[\udc80-\udcff]+/gu)) {
    size += bytes.write(text.slice(from, index), size, 'utf8');
    size += bytes.write(odd, size, 'latin1');
    from = index + odd.length;
  }
  return bytes.subarray(0, size + bytes.write(text.slice(from), size, 'utf8'));
}

async function readConfig(config: string | Record<string, unknown> | null): Promise<CountersignConfig | null> {
  if (config === null) return null;
  if (typeof config === 'object') return parseConfigText(JSON.stringify(config), 'config');
  return /\n|:/u.test(config) ? parseConfigText(config, 'config') : readConfigFile(config);
}
