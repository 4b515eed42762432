// Ends what the jobs of a killed process left running. Their tokens died with that process; this stops their work too.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Kills every process of this user whose RUNNER_TEMP lies below DIR/work. Only where /proc tells the environment (Linux). */
export function killOrphans(dir: string): void {
  const mark = `RUNNER_TEMP=${join(dir, 'work')}/`;
  for (const name of processIds()) {
    if (environmentOf(name).some((variable) => variable.startsWith(mark))) kill(Number(name));
  }
}

function processIds(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  } catch {
    return [];
  }
}

/** Empty for another user's process, and for one that has just ended. */
function environmentOf(processId: string): string[] {
  try {
    return readFileSync(`/proc/${processId}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function kill(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}
