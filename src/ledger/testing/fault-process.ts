import { FAULT_CASES, openStore } from './fault-cases.ts';
import { FaultInjector, type FaultMode } from './faults.ts';
import { FaultyDisk } from './faulty-disk.ts';

// A process that takes one step of a fault case and is killed at one call of it: GITDIR CASE MODE CALL.
const [gitDir = '', name = '', mode = '', call = ''] = process.argv.slice(2);
const found = FAULT_CASES.find((each) => each.name === name);
if (!found) throw new Error(`no such case: ${name}`);
const injector = new FaultInjector([{ call, mode: mode as FaultMode }], () => {
  process.kill(process.pid, 'SIGKILL');
  for (;;); // The signal ends it here.
});
await found.run(openStore(gitDir, new FaultyDisk(gitDir, injector)));
