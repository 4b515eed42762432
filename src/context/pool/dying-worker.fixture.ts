import { parentPort } from 'node:worker_threads';
import { packBatch } from '../analyse/batch.ts';
import { emptyOutline } from '../analyse/outline.ts';
import type { BatchRequest } from './messages.ts';

// A thread of the pool that a file with the word `poison` brings down, and that one with the word `nothing` leaves without a grammar.
parentPort?.on('message', ({ lenses, bytes }: BatchRequest) => {
  const text = Buffer.from(bytes).toString('utf8');
  if (text.includes('poison')) process.exit(1);
  const facts = lenses.map(() => ({ outline: { ...emptyOutline('text', 1), parsed: true }, terms: { length: 0, hashes: new Uint32Array(0), counts: new Uint8Array(0) } }));
  const isLost = text.includes('nothing');
  parentPort?.postMessage({ facts: packBatch(isLost ? [] : facts), done: isLost ? 0 : facts.length, fault: isLost ? { code: 'grammar-missing', message: 'The go grammar does not load.' } : null });
});
