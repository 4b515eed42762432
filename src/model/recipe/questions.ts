import type { Unknown } from '../../domain/documents.ts';

/** What an issue can lack. Each has a fixed id, so that `/answer 2: …` means the same after a second look. */
export type Gap = 'problem' | 'acceptance' | 'change' | 'mend';

const GAPS: Readonly<Record<Gap, { readonly id: string; readonly question: string; readonly whyItMatters: string }>> = {
  problem: {
    id: 'q1',
    question: 'What is wrong or missing, in a sentence or two?',
    whyItMatters: 'Without a stated problem nobody can judge whether the change is the right one.',
  },
  acceptance: {
    id: 'q2',
    question: 'When is it done? Please give a list, one checkable sentence an item ("- [ ] When …, the client waits …").',
    whyItMatters: 'Every task and every changed file is traced to a criterion; without one nothing can be planned.',
  },
  change: {
    id: 'q3',
    question: 'What is the change? Please give search/replace blocks, a unified diff or rewrite rules, as docs/writing-an-issue.md shows.',
    whyItMatters: 'No model is configured, so the change has to be in the issue.',
  },
  mend: {
    id: 'q4',
    question: 'Please give all change blocks again, mended.',
    whyItMatters: 'A change is applied exactly as written or not at all; it is never guessed.',
  },
};

export const gapId = (gap: Gap): string => GAPS[gap].id;

/** A blocking unknown for a gap; `detail` says what exactly is wrong. */
export function openUnknown(gap: Gap, detail = ''): Unknown {
  const { id, question, whyItMatters } = GAPS[gap];
  return { id, question: detail === '' ? question : `${detail.slice(0, 1_700)} ${question}`, whyItMatters, blocking: true, options: [], answer: null, answeredBy: null };
}

/** A blocking unknown for a gap, in words of its own. */
export const askedFor = (gap: Gap, question: string): Unknown => ({ ...openUnknown(gap), question: question.slice(0, 1_900) });

/** The same question with what was answered, for the record. */
export function answeredUnknown(gap: Gap, answer: string): Unknown {
  return { ...openUnknown(gap), blocking: false, answer: answer.slice(0, 8_000) };
}
