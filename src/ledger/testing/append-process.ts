import { setTimeout as wait } from 'node:timers/promises';

import { openLocalLedger } from '../../git/ledger-store.ts';
import { appendEvents } from '../append.ts';
import { fakeClock } from './fakes.ts';
import { CONTEXT, SampleEvents } from './sample-events.ts';

// One writer among several processes: GITDIR WORKFLOW WRITER COUNT. Appends COUNT records, each in a commit of its own.
const [gitDir = '', workflow = '', writer = '', count = '0'] = process.argv.slice(2);
const random = { fraction: Math.random, hex: (size: number) => Array.from({ length: size * 2 }, () => Math.floor(Math.random() * 16).toString(16)).join('') };
const clock = { ...fakeClock(), sleep: (ms: number) => wait(ms) };
const store = openLocalLedger({ gitDir, clock, random });
for (let index = 0; index < Number(count); index++) {
  const { entries, evidence } = new SampleEvents(workflow, 2, random).run();
  const keyed = entries.map((entry) => ({ ...entry, idempotencyKey: `writer-${writer}-${index}` }));
  const result = await appendEvents({ store, clock, random, workflow, context: CONTEXT, decide: () => ({ kind: 'append', entries: keyed, evidence }) });
  if (result.kind !== 'appended') throw new Error(JSON.stringify(result));
}
