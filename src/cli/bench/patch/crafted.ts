import type { Answer } from './attack-base.ts';
import { ATTACKS_OF_CONTENT } from './attacks-of-content.ts';
import { ATTACKS_OF_FORM } from './attacks-of-form.ts';

/** One attack of the threat list, as a patch. */
export interface Attack {
  /** The row of the threat list. */
  readonly row: string;
  readonly name: string;
  /** A byte string. */
  readonly patch: string;
  /** What a guard that goes by file names has to see to notice it; null where no name gives it away. */
  readonly atStake: string | null;
  readonly answer: Answer;
}

/** Every row of the threat list about patches, paths and content. */
export const ATTACKS: readonly Attack[] = Object.entries({ ...ATTACKS_OF_FORM, ...ATTACKS_OF_CONTENT }).flatMap(([row, attacks]) =>
  attacks.map(([name, patch, answer, atStake = null]) => ({ row, name, patch, atStake, answer: typeof answer === 'string' ? { code: answer } : answer })),
);

/** The attacks and what meets each, as a table in Markdown. */
export function attackTable(): string {
  const rows = ATTACKS.map(({ row, name, answer }, index) => [ATTACKS[index - 1]?.row === row ? '' : row, name, answerText(answer)]);
  return ['| row | attack | met with |', '|---|---|---|', ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
}

const answerText = (answer: Answer): string => ('code' in answer ? `\`${answer.code}\`` : `${answer.severity} \`${answer.rule}\``);
