import { parentPort } from 'node:worker_threads';
import { CountersignError } from '../../domain/errors.ts';
import { createBlobAnalysis, type BlobFacts } from '../analyse/analyse-blob.ts';
import { packBatch } from '../analyse/batch.ts';
import { loadGrammarFromPackages } from '../grammars.ts';
import { createGrammarParser } from '../parse/parser.ts';
import type { BatchAnswer, BatchRequest } from './messages.ts';

// A thread of the pool: analyses batches until it is told to end.
const port = parentPort;
if (port === null) throw new TypeError('this file runs as a worker thread');
const analyseBlob = createBlobAnalysis(createGrammarParser(loadGrammarFromPackages));

// What arrives comes from `pool.ts` in this process, in the form both import.
port.on('message', (request: BatchRequest) => void answer(request));

async function answer({ lenses, ends, bytes, wanted }: BatchRequest): Promise<void> {
  const facts: BlobFacts[] = [];
  let fault: BatchAnswer['fault'] = null;
  for (const [index, lens] of lenses.entries()) {
    let each: BlobFacts;
    try {
      each = await analyseBlob(lens, bytes.subarray(index === 0 ? 0 : ends[index - 1], ends[index]), wanted);
    } catch (error) {
      fault = error instanceof CountersignError ? { code: error.code, message: error.message } : { code: 'grammar-missing', message: 'A grammar does not load. Install the packages again: npm ci.' };
      break;
    }
    facts.push(each);
    if (each.outline.failure?.includes('grammar stopped') === true) break;
  }
  const packed = packBatch(facts);
  const message: BatchAnswer = { facts: packed, done: facts.length, fault };
  port?.postMessage(message, [packed.lengths.buffer, packed.ends.buffer, packed.hashes.buffer, packed.counts.buffer].filter((each) => each instanceof ArrayBuffer));
}
