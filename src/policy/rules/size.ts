import type { JudgedChange } from '../input.ts';
import { createRule, limitOf } from '../path-rule.ts';
import type { Finding } from '../rule.ts';

const why = 'A change that is too large to be read with care is approved without being read.';

/** Limits for the change as a whole. A parameter of zero allows nothing of its kind. */
export const size = createRule('size', ({ changes }, settings) => {
  const measured = [
    { parameter: 'filesMax', unit: 'files', amount: changes.length },
    { parameter: 'linesMax', unit: 'lines added and removed', amount: sum(changes, ({ added, removed }) => (added ?? 0) + (removed ?? 0)) },
    { parameter: 'bytesMax', unit: 'bytes of changed files', amount: sum(changes, ({ oldBytes, newBytes }) => Math.max(oldBytes?.length ?? 0, newBytes?.length ?? 0)) },
  ];
  return measured.flatMap(({ parameter, unit, amount }): Finding[] => {
    const limit = limitOf(settings, parameter);
    if (amount <= limit) return [];
    const help = `Split the work into smaller issues, or raise policy.size.${parameter} in countersign.yml.`;
    return [{ path: '', message: `${amount} ${unit}, and the limit is ${limit}.`, why, help }];
  });
});

const sum = (changes: readonly JudgedChange[], measure: (judged: JudgedChange) => number): number => changes.reduce((total, judged) => total + measure(judged), 0);
