// `npm run test:long`: the long variants, part after part, with a duration for each. `npm run test:long -- NAME…` runs only those parts.
import { LONG_PARTS } from './test/long-parts.ts';
import { seed } from './test/seed.ts';
import { runVitest } from './test/vitest.ts';

process.env['COUNTERSIGN_LONG'] = '1';
// One seed for all parts: each begins a process of its own, which would draw another.
process.env['COUNTERSIGN_SEED'] = String(seed);

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !LONG_PARTS.some((part) => part.name === name));
const parts = LONG_PARTS.filter(({ name }) => asked.length === 0 || asked.includes(name));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}. Parts: ${LONG_PARTS.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

const minutes = (ms: number): string => `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
const began = performance.now();
const lines: string[] = [];
const failures: string[] = [];
for (const [at, { name, paths }] of parts.entries()) {
  console.log(`\n──── ${name} (part ${at + 1} of ${parts.length}, ${minutes(performance.now() - began)} so far, seed ${seed}) ────`);
  const since = performance.now();
  const { ok, passed, failed, skipped, failures: failing } = await runVitest(paths);
  lines.push(`${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(10)} ${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed ${String(skipped).padStart(3)} skipped   ${minutes(performance.now() - since)}`);
  if (!ok) failures.push(...(failing.length > 0 ? failing : [`${name}: vitest failed; its output is above`]));
  console.log(lines.at(-1));
}

console.log(`\n${lines.join('\n')}\n\nin all ${minutes(performance.now() - began)}, seed ${seed} (COUNTERSIGN_SEED=${seed} repeats this run)`);
if (failures.length > 0) console.log(`\n──── failed tests ────\n${failures.join('\n')}`);
process.exitCode = failures.length > 0 ? 1 : 0;
