import type { LoadGrammar } from '../grammars.ts';
import type { Lens } from '../lens.ts';
import { createGrammarParser } from '../parse/parser.ts';
import { createBlobAnalysis, type BlobFacts } from './analyse-blob.ts';

export interface BlobTask {
  readonly lens: Lens;
  readonly bytes: Uint8Array;
}

/** Finds out what blobs say, in the order given. The answer depends on each blob and its lens alone. */
export interface Analyser {
  /** How many batches may be under way at once. */
  readonly width: number;
  /** Told how many blobs are to come, before the first batch. */
  expect(files: number): void;
  analyse(tasks: readonly BlobTask[]): Promise<readonly BlobFacts[]>;
  close(): Promise<void>;
}

/** In this thread, one blob after the other. */
export function createAnalyser(loadGrammar: LoadGrammar): Analyser {
  const parser = createGrammarParser(loadGrammar);
  const analyseBlob = createBlobAnalysis(parser);
  return {
    width: 1,
    expect: () => undefined,
    async analyse(tasks) {
      const facts: BlobFacts[] = [];
      for (const { lens, bytes } of tasks) facts.push(await analyseBlob(lens, bytes));
      return facts;
    },
    close: async () => parser.close(),
  };
}
