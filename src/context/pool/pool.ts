import { setImmediate } from 'node:timers/promises';
import { createAnalyser, type Analyser, type BlobTask } from '../analyse/analyser.ts';
import type { BlobFacts } from '../analyse/analyse-blob.ts';
import type { WantedTerms } from '../analyse/terms.ts';
import { loadGrammarFromPackages } from '../grammars.ts';
import { effortOf } from './effort.ts';
import type { ThreadOptions } from './thread.ts';
import type { Workers } from './workers.ts';

/** What takes one thread less than so many milliseconds is done here: each further thread compiles all of the code anew, while the compiler's own threads keep a second core busy. */
const EFFORT_MIN = 1_200;
/** After so many blobs this thread looks at what came in meanwhile: git has more to say, and others wait for their next batch. */
const TURN_FILES = 12;

/**
 * Analyses in this thread, and in up to `threads` in all once there is enough to do. A thread that a file brings down takes nothing
 * with it: the file is listed as not parsed, and a new thread goes on.
 */
export function createPooledAnalyser(threads: number, options: ThreadOptions = {}): Analyser {
  const here = createAnalyser(loadGrammarFromPackages);
  const byWords = async (task: BlobTask): Promise<BlobFacts> => asText(await here.analyse([{ lens: 'text', bytes: task.bytes }]));
  // What threads need is loaded with the first of them: most readings have none.
  let others: Promise<Workers> | null = null;
  const workersHere = (): Promise<Workers> => (others ??= import('./workers.ts').then(({ createWorkers }) => createWorkers(threads - 1, { ...options, byWords })));
  let isPooled = false;
  let isBusyHere = false;
  let expected = 0;
  let wanted: WantedTerms = 'all';
  const analyseHere = async (tasks: readonly BlobTask[]): Promise<BlobFacts[]> => {
    const facts: BlobFacts[] = [];
    for (let at = 0; at < tasks.length; at += TURN_FILES) {
      facts.push(...(await here.analyse(tasks.slice(at, at + TURN_FILES))));
      await setImmediate();
    }
    return facts;
  };
  const share = async (tasks: readonly BlobTask[]): Promise<readonly BlobFacts[]> => {
    // This thread takes its share: with two cores it would otherwise watch.
    const workers = await workersHere();
    if (isBusyHere || workers.hasIdle()) return workers.analyse(tasks, wanted);
    isBusyHere = true;
    try {
      return await analyseHere(tasks);
    } finally {
      isBusyHere = false;
    }
  };
  const closeOthers = async (): Promise<void> => (await others)?.close();
  return {
    width: threads + 1,
    expect(blobs, terms) {
      wanted = terms;
      here.expect(blobs, terms);
      isPooled = threads > 1 && blobs.reduce((sum, { lens, bytes }) => sum + effortOf(lens, bytes), 0) >= EFFORT_MIN;
      expected = blobs.length;
    },
    async analyse(tasks) {
      if (!isPooled) return analyseHere(tasks);
      const facts = await share(tasks);
      expected -= tasks.length;
      // What comes next needs the memory more than it needs threads that wait; it need not wait for their end.
      if (expected <= 0) void closeOthers();
      return facts;
    },
    close: async () => void (await Promise.all([here.close(), closeOthers()])),
  };
}

/** What a file that ended a thread says without a parser: its words. */
function asText([facts]: readonly BlobFacts[]): BlobFacts {
  if (facts === undefined) throw new TypeError('one blob gives one answer');
  return { ...facts, outline: { ...facts.outline, failure: 'the parser came to its end on this file' } };
}
