import type { EvalReport, EvalResult } from './eval-result.ts';
import { printable } from '../printable.ts';

const usd = (microUsd: number | null): string => (microUsd === null ? 'unknown' : microUsd === 0 ? '-' : `$${(microUsd / 1_000_000).toFixed(4)}`);
const yes = (value: boolean | null): string => (value === null ? '-' : value ? 'yes' : 'no');

const COLUMNS: readonly (readonly [string, (result: EvalResult) => string])[] = [
  ['case', ({ name }) => name],
  ['language', ({ language }) => language],
  ['verdict', ({ verdict, skipped }) => (skipped === null ? (verdict ?? '-') : 'skipped')],
  ['files', ({ files }) => `${files.hit} of ${files.known.length}`],
  ['first time', ({ appliedFirstTime }) => yes(appliedFirstTime)],
  ['gates', ({ gatesPassed }) => gatesPassed.join('') || '-'],
  ['CI', ({ ciPassed }) => yes(ciPassed)],
  ['state', ({ state }) => state ?? '-'],
  ['as known', ({ sameAsKnown }) => yes(sameAsKnown)],
  ['cost', ({ costMicroUsd }) => usd(costMicroUsd)],
  ['seconds', ({ seconds }) => seconds.toFixed(1)],
];

/** The report as a table for a terminal. */
export function tableLines({ results, totals, model }: EvalReport): readonly string[] {
  const rows = [COLUMNS.map(([title]) => title), ...results.map((result) => COLUMNS.map(([, show]) => printable(show(result))))];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}`);
  const reasons = results.filter(({ skipped, state }) => skipped !== null || (state !== null && state !== 'DONE')).map(({ name, skipped, reason }) => `  ${name}: ${printable(skipped ?? reason).slice(0, 300)}`);
  const run = totals.cases - totals.skipped;
  const sum = `  ${model}: ${totals.done} of ${run} DONE, ${totals.ciPassed} of ${run} pass their checks, ${totals.appliedFirstTime} of ${run} applied first time, ${totals.sameAsKnown} of ${run} the same as the known change; ${totals.tokens} tokens, cost ${usd(totals.costMicroUsd)}`;
  return [...lines, '', ...reasons, ...(reasons.length > 0 ? [''] : []), sum];
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

/** The report as one HTML page that needs nothing else. Whatever a model or a repository said is text in it. */
export function htmlPage(report: EvalReport): string {
  const head = COLUMNS.map(([title]) => `<th scope="col">${title}</th>`).join('');
  const body = report.results.map((result) => `<tr>${COLUMNS.map(([, show], column) => (column === 0 ? `<th scope="row">${escapeHtml(show(result))}</th>` : `<td>${escapeHtml(show(result))}</td>`)).join('')}</tr>`).join('\n');
  const { totals } = report;
  const run = totals.cases - totals.skipped;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>Evaluation of ${escapeHtml(report.model)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; } th, td { padding: .3rem .8rem; text-align: left; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); white-space: nowrap; }
pre { overflow-x: auto; padding: 1rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); } dt { font-weight: 600; } dd { margin: 0 0 .6rem; }
</style></head><body>
<h1>Evaluation of ${escapeHtml(report.model)}</h1>
<p>${totals.done} of ${run} cases DONE, ${totals.ciPassed} pass their checks, ${totals.appliedFirstTime} were applied first time, ${totals.sameAsKnown} are the same as the known change. ${totals.tokens} tokens, cost ${usd(totals.costMicroUsd)}.${totals.skipped > 0 ? ` ${totals.skipped} skipped.` : ''}</p>
${report.model === 'recipe' ? '<p>No model was asked: the issue carried the known change, so this measures the gates and the checks.</p>' : ''}
<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>
${body}
</tbody></table></div>
${report.results.map(caseSection).join('\n')}
</body></html>
`;
}

function caseSection({ name, kind, skipped, state, reason, files, difference }: EvalResult): string {
  const touched = files.touched.map((path) => `<code>${escapeHtml(path)}</code>`).join(', ') || 'none';
  const known = files.known.map((path) => `<code>${escapeHtml(path)}</code>`).join(', ') || 'none';
  const diff = difference === '' ? '' : `<h3>From the known change to this one</h3><pre>${escapeHtml(difference)}</pre>`;
  return `<section><h2>${escapeHtml(name)}</h2><dl><dt>Outcome</dt><dd>${escapeHtml(skipped === null ? `${state ?? 'nothing'}: ${reason}` : `skipped: ${skipped}`)}</dd><dt>Kind</dt><dd>${kind}</dd><dt>Files of the known change</dt><dd>${known}</dd><dt>Files touched</dt><dd>${touched}</dd></dl>${diff}</section>`;
}
