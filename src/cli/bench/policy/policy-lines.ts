import { basename } from 'node:path';
import { HARMLESS } from './attacks.ts';
import type { PolicyBench } from './policy.ts';

const percent = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);

/** The tables of `bench policy`. */
export function policyLines({ machine, attacks, scores, seed, recall, histories }: PolicyBench): string[] {
  return [
    `crafted patches: ${attacks.structure} of structure, ${attacks.secret} with secrets, ${attacks.content} of content; ${HARMLESS.length} harmless ones   (${machine.cores} cores, load ${machine.load.toFixed(1)}, Node ${machine.node})`,
    '',
    `  ${'tool'.padEnd(20)} ${'blocked'.padStart(8)} ${'missed'.padStart(8)} ${'corrupted'.padStart(10)}`,
    ...scores.map(({ tool, blocked, missed, corrupted }) => `  ${tool.padEnd(20)} ${String(blocked).padStart(8)} ${String(missed).padStart(8)} ${String(corrupted ?? '–').padStart(10)}`),
    '',
    '  Parsers are given the patches of structure, secretlint those with secrets. A parser counts as blocking where it refuses, or',
    '  shows the path or mode that a check needs; corrupted: a harmless patch whose paths it gives otherwise than they are.',
    ...scores.flatMap(({ tool, missedNames }) => (missedNames.length === 0 ? [] : [`  missed by ${tool}: ${missedNames.join('; ')}`])),
    '',
    `secrets found (seed ${seed})`,
    '',
    `  ${'wrapping'.padEnd(32)} ${'made'.padStart(6)} ${'countersign'.padStart(12)} ${'secretlint'.padStart(12)}`,
    ...recall.map(({ wrapping, made, ours, secretlint }) => `  ${wrapping.padEnd(32)} ${String(made).padStart(6)} ${percent(ours, made).padStart(12)} ${percent(secretlint, made).padStart(12)}`),
    ...(histories.length === 0 ? [] : ['', 'real histories: commits in which a rule finds something', '', `  ${'repository'.padEnd(28)} ${'commits'.padStart(8)} ${'skipped'.padStart(8)} ${'secrets'.padStart(8)} ${'hidden'.padStart(8)} ${'tests'.padStart(8)} ${'MB/s'.padStart(6)}`]),
    ...histories.flatMap(({ repository, commits, skipped, flagged, bytes, seconds, secrets }) => [
      `  ${nameOf(repository).padEnd(28)} ${String(commits).padStart(8)} ${String(skipped).padStart(8)} ${String(flagged.secrets).padStart(8)} ${String(flagged['hidden-text']).padStart(8)} ${String(flagged.tests).padStart(8)} ${(bytes / 1e6 / Math.max(seconds, 0.001)).toFixed(1).padStart(6)}`,
      ...secrets.map((line) => `      ${line}`),
    ]),
  ];
}

// A mirror keeps its repository in a folder of its own name.
const nameOf = (directory: string): string => {
  const parts = directory.split('/').filter((part) => part !== '' && part !== '.git' && part !== 'repo' && part !== 'git');
  return basename(parts.at(-1) ?? directory).slice(-28);
};
