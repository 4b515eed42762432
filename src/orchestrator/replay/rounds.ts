import type { Step } from './session.ts';

/** The events in groups as jobs recorded them: neighbours that one job of one run made. */
export function roundsOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const rounds: Step[][] = [];
  for (const step of steps) {
    const last = rounds.at(-1);
    if (last?.[0] && keyOf(last[0]) === keyOf(step)) last.push(step);
    else rounds.push([step]);
  }
  return rounds;
}

const keyOf = ({ event: { run } }: Step): string => `${run.repository} ${run.id}.${run.attempt} ${run.job}`;
