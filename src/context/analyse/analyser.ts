import type { LoadGrammar } from '../grammars.ts';
import type { Lens } from '../lens.ts';
import { createGrammarParser } from '../parse/parser.ts';
import { createBlobAnalysis, type BlobFacts } from './analyse-blob.ts';
import type { WantedTerms } from './terms.ts';

export interface BlobTask {
  readonly lens: Lens;
  readonly bytes: Uint8Array;
}

export interface ExpectedBlob {
  readonly lens: Lens;
  readonly bytes: number;
}

/** Finds out what blobs say, in the order given. The answer depends on each blob, its lens and the wanted terms alone. */
export interface Analyser {
  /** How many batches may be under way at once. */
  readonly width: number;
  /** Told which blobs are to come and which of their terms will be asked for, before the first batch. */
  expect(blobs: readonly ExpectedBlob[], wanted: WantedTerms): void;
  analyse(tasks: readonly BlobTask[]): Promise<readonly BlobFacts[]>;
  close(): Promise<void>;
}

/** In this thread, one blob after the other. */
export function createAnalyser(loadGrammar: LoadGrammar): Analyser {
  const parser = createGrammarParser(loadGrammar);
  const analyseBlob = createBlobAnalysis(parser);
  let wanted: WantedTerms = 'all';
  return {
    width: 1,
    expect: (_blobs, terms) => void (wanted = terms),
    async analyse(tasks) {
      const facts: BlobFacts[] = [];
      for (const { lens, bytes } of tasks) facts.push(await analyseBlob(lens, bytes, wanted));
      return facts;
    },
    close: async () => parser.close(),
  };
}
