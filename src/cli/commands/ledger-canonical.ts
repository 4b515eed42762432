import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';

import type { Command } from 'commander';

import { inputError } from '../../domain/errors.ts';
import { canonicalJson, JSON_BYTES_MAX, jcs, parseStrictJson, sha256 } from '../../ledger/canonical-json.ts';
import { printJson, printLine } from '../output.ts';
import { printable } from '../printable.ts';
import { systemReason } from '../system-reason.ts';

interface Flags {
  readonly jcs?: boolean;
  readonly json?: boolean;
}

/** `countersign ledger canonical | hash`, below `countersign ledger`. */
export function registerCanonical(ledger: Command): void {
  for (const [name, does, run] of [
    ['canonical', 'print the canonical bytes of one JSON text', printCanonical],
    ['hash', 'print the SHA-256 of the canonical bytes of one JSON text', printHash],
  ] as const) {
    ledger
      .command(name)
      .description(does)
      .argument('[FILE]', 'a file, or - for standard input', '-')
      .option('--jcs', "any I-JSON text (RFC 8785) instead of the ledger's strict subset")
      .option('--json', 'one JSON document on stdout: bytes and sha256, and for canonical the text itself')
      .addHelpText('after', `\nExamples:\n  countersign ledger ${name} event.json\n  echo '{"b":1.50,"a":[]}' | countersign ledger ${name} --jcs -\n`)
      .action(run);
  }
}

async function printCanonical(file: string, flags: Flags): Promise<void> {
  const bytes = await canonicalOf(file, flags);
  if (flags.json === true) printJson({ canonical: Buffer.from(bytes).toString('utf8'), bytes: bytes.byteLength, sha256: sha256(bytes) });
  else process.stdout.write(bytes);
}

async function printHash(file: string, flags: Flags): Promise<void> {
  const bytes = await canonicalOf(file, flags);
  if (flags.json === true) printJson({ bytes: bytes.byteLength, sha256: sha256(bytes) });
  else printLine(sha256(bytes));
}

async function canonicalOf(file: string, flags: Flags): Promise<Uint8Array> {
  const bytes = file === '-' ? await readAll(process.stdin, 'Standard input') : await readInput(file);
  return flags.jcs === true ? jcs(bytes) : canonicalJson(parseStrictJson(bytes));
}

async function readInput(file: string): Promise<Uint8Array> {
  const shown = printable(file).slice(0, 200);
  try {
    return await readAll(createReadStream(file), shown);
  } catch (cause) {
    if (cause instanceof Error && 'kind' in cause) throw cause;
    throw inputError('cannot-read', `${shown} cannot be read: ${systemReason(cause)}. Give the path of a readable file, or - for standard input.`, cause);
  }
}

// Stops at the limit, whatever the length of a file, a device or a pipe.
async function readAll(stream: Readable, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > JSON_BYTES_MAX) throw inputError('json-too-large', `${name} has more than ${JSON_BYTES_MAX} bytes, which is the most that is read as one JSON text.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
