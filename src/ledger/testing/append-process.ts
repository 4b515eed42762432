import { setTimeout as wait } from 'node:timers/promises';

import { openLocalLedger } from '../../git/ledger-store.ts';
import { appendEvents } from '../append.ts';
import { fakeClock } from './fakes.ts';
import { CONTEXT, SampleEvents } from './sample-events.ts';

// Writers that append at the same time: GITDIR COUNT WRITER=WORKFLOW…. Each appends COUNT records to its workflow, one
// after the other, each in a commit of its own. Prints how often any of them had to decide again, by cause.
const [gitDir = '', count = '0', ...writers] = process.argv.slice(2);
const random = { fraction: Math.random, hex: (size: number) => Array.from({ length: size * 2 }, () => Math.floor(Math.random() * 16).toString(16)).join('') };
const clock = { ...fakeClock(), sleep: (ms: number) => wait(ms) };
const retries = { 'lost-race': 0, 'no-answer': 0 };

async function write(writer: string, workflow: string): Promise<void> {
  const store = openLocalLedger({ gitDir, clock, random });
  for (let index = 0; index < Number(count); index++) {
    const { entries, evidence } = new SampleEvents(workflow, 2, random).run();
    const keyed = entries.map((entry) => ({ ...entry, idempotencyKey: `writer-${writer}-${index}` }));
    const onRetry = (cause: keyof typeof retries): void => void retries[cause]++;
    const result = await appendEvents({ store, clock, random, workflow, context: CONTEXT, onRetry, decide: () => ({ kind: 'append', entries: keyed, evidence }) });
    if (result.kind !== 'appended') throw new Error(JSON.stringify(result));
  }
}

await Promise.all(writers.map((pair) => write(pair.split('=')[0] ?? '', pair.split('=')[1] ?? '')));
process.stdout.write(JSON.stringify(retries));
