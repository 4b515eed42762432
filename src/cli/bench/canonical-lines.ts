import { paint } from '../output.ts';
import type { CanonicalBench } from './canonical.ts';

/** The result for people. */
export function canonicalLines({ machine, numbers, speed }: CanonicalBench): readonly string[] {
  const verdict = numbers.holds ? paint.green('as published') : paint.red(`not as published (${numbers.published})`);
  const row = (label: string, us: number, peer: number): string => `  ${label.padEnd(34)}${us.toFixed(1).padStart(10)} µs${(us / peer).toFixed(1).padStart(8)}`;
  return [
    `${paint.bold('bench canonical')}  ${machine.cores} cores, node ${machine.node}`,
    '',
    `  ${numbers.count.toLocaleString('en')} numbers of RFC 8785's generator, read and written in ${numbers.seconds.toFixed(1)} s`,
    `  sha256 ${numbers.sha256}  ${verdict}`,
    '',
    paint.dim(`  one record of ${speed.bytes} bytes`.padEnd(36) + 'median'.padStart(13) + '×'.padStart(8)),
    row('write, checked', speed.writeUs, speed.stringifyUs),
    row('  json-canonicalize alone', speed.nakedLibraryUs, speed.stringifyUs),
    row('  JSON.stringify', speed.stringifyUs, speed.stringifyUs),
    row('read, and require canonical bytes', speed.readUs, speed.parseUs),
    row('  JSON.parse', speed.parseUs, speed.parseUs),
    '',
    paint.dim('  × is the time of JSON.stringify and of JSON.parse, which check nothing.'),
  ];
}
