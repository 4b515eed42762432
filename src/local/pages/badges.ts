import { html } from './html.ts';
import type { Html } from './html.ts';

const MARKS: Readonly<Record<string, readonly [string, string, string]>> = {
  success: ['ok', '✓', 'Succeeded'], failure: ['bad', '✕', 'Failed'], cancelled: ['quiet', '⊘', 'Cancelled'], skipped: ['quiet', '⊘', 'Skipped'], timed_out: ['bad', '✕', 'Timed out'],
  action_required: ['wait', '!', 'Needs action'], neutral: ['quiet', '○', 'Neutral'], queued: ['quiet', '○', 'Queued'], waiting: ['wait', '◔', 'Waiting for review'], in_progress: ['busy', '◐', 'In progress'],
  pending: ['wait', '◔', 'Pending'], error: ['bad', '✕', 'Error'],
};

/** A mark and its words: never colour alone. `conclusion` wins over `status`. */
export function stateMark(status: string, conclusion: string | null, withWords = false): Html {
  const [tone, sign, words] = MARKS[conclusion ?? status] ?? ['quiet', '○', status];
  return html`<span class="mark ${tone}"><span aria-hidden="true">${sign}</span>${withWords ? html` ${words}` : html`<span class="hidden">${words}</span>`}</span>`;
}

export function issueMark(state: 'open' | 'closed', merged = false): Html {
  return merged ? html`<span class="pill merged">Merged</span>` : state === 'open' ? html`<span class="pill open">Open</span>` : html`<span class="pill closed">Closed</span>`;
}

export const labels = (names: readonly string[]): Html => html`${names.map((name) => html`<span class="label">${name}</span>`)}`;
export const short = (oid: string): string => oid.slice(0, 7);
