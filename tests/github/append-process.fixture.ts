import { setTimeout as wait } from 'node:timers/promises';

import { appendEvents } from '../../src/ledger/append.ts';
import { seededRandom } from '../../src/ledger/testing/fakes.ts';
import { CONTEXT, SampleEvents } from '../../src/ledger/testing/sample-events.ts';
import { systemClock, systemRandom } from '../../src/system/clock.ts';
import { access, openLedgerStore } from './local-github.ts';

// One writer among several processes: API GRAPHQL TOKEN WORKFLOW WRITER COUNT. Appends COUNT records, each in a commit of its own.
const [apiUrl = '', graphqlUrl = '', token = '', workflow = '', writer = '', count = '0'] = process.argv.slice(2);
const clock = { ...systemClock, sleep: (ms: number) => wait(ms) };
const store = openLedgerStore(access({ apiUrl, graphqlUrl, token }, { clock, random: systemRandom }));
for (let index = 0; index < Number(count); index++) {
  // The same record each time it runs, as a job that is run again makes it.
  const { entries, evidence } = new SampleEvents(workflow, 2, seededRandom(index + 1)).run();
  const keyed = entries.map((entry) => ({ ...entry, idempotencyKey: `writer-${writer}-${index}` }));
  const result = await appendEvents({ store, clock, random: systemRandom, workflow, context: CONTEXT, decide: () => ({ kind: 'append', entries: keyed, evidence }) });
  if (result.kind !== 'appended') throw new Error(JSON.stringify(result));
}
