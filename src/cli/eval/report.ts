import type { EvalReport, EvalResult } from './eval-result.ts';
import { printable, printableLines } from '../printable.ts';

const usd = (microUsd: number | null): string => (microUsd === null ? 'unknown' : microUsd === 0 ? 'none' : `$${(microUsd / 1_000_000).toFixed(4)}`);
const yes = (value: boolean | null): string => (value === null ? '-' : value ? 'yes' : 'no');

const COLUMNS: readonly (readonly [string, (result: EvalResult) => string])[] = [
  ['case', ({ name }) => name],
  ['language', ({ language }) => language],
  ['verdict', ({ verdict, skipped, bad, failed }) => (skipped !== null ? 'skipped' : bad !== null ? 'bad case' : failed !== null ? 'not run' : (verdict ?? '-'))],
  ['files', ({ files }) => (files.known.length === 0 ? '-' : `${files.hit} of ${files.known.length}`)],
  ['first time', ({ appliedFirstTime }) => yes(appliedFirstTime)],
  ['gates', ({ gatesPassed }) => gatesPassed.join(' ') || '-'],
  ['CI', ({ ciPassed }) => yes(ciPassed)],
  ['state', ({ state }) => state ?? '-'],
  ['as known', ({ sameAsKnown, state }) => yes(state === null ? null : sameAsKnown)],
  ['cost', ({ costMicroUsd, state }) => (state === null ? '-' : usd(costMicroUsd))],
  ['seconds', ({ seconds, state }) => (state === null ? '-' : seconds.toFixed(1))],
];

/** The report as a table for a terminal. */
export function tableLines({ results, totals, model, planned }: EvalReport): readonly string[] {
  const rows = [COLUMNS.map(([title]) => title), ...results.map((result) => COLUMNS.map(([, show]) => printable(show(result))))];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}`);
  const reasons = results.filter(({ skipped, bad, failed, state }) => skipped !== null || bad !== null || failed !== null || (state !== null && state !== 'DONE')).map((result) => `  ${printable(result.name)}: ${printable(whyNot(result)).slice(0, 600)}`);
  const run = runOf(totals);
  const sum = `  ${printable(model)}: ${totals.done} of ${run} DONE, ${totals.ciPassed} of ${run} pass their checks, ${totals.appliedFirstTime} of ${run} applied first time, ${totals.sameAsKnown} of ${run} the same as the known change; ${totals.tokens.toLocaleString('en-US')} tokens, cost ${usd(totals.costMicroUsd)}`;
  const partly = [...(totals.bad > 0 ? [`  ${badLine(totals)}`] : []), ...(results.length < planned ? [`  ${results.length} of ${planned} cases so far.`] : [])];
  return [...lines, '', ...reasons, ...(reasons.length > 0 ? [''] : []), ...partly, sum];
}

const runOf = ({ cases, skipped, bad }: EvalReport['totals']): number => cases - skipped - bad;

const badLine = ({ bad }: EvalReport['totals']): string => (bad === 1 ? '1 bad case measures nothing and is not counted.' : `${bad} bad cases measure nothing and are not counted.`);

/** The address of a check leads to a local GitHub that is gone: what its command printed is what there is. */
const whyNot = ({ skipped, bad, failed, ciPassed, checksOutput, reason }: EvalResult): string =>
  skipped ?? bad ?? failed ?? (ciPassed === false && checksOutput.length > 0 ? `its checks do not pass: ${checksOutput.slice(-3).join(' · ')}` : reason);

/** Text in a page: no tag, and nothing hidden or that turns the reading direction. */
const escapeHtml = (text: string): string => printableLines(text).replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

/** What a cell says beyond its words, so that one bad row is seen among many. Never by colour alone. */
const TONES: Readonly<Record<string, 'good' | 'bad'>> = { yes: 'good', no: 'bad', GO: 'good', DONE: 'good', FAILED: 'bad', BLOCKED_POLICY: 'bad', NEEDS_HUMAN: 'bad', DECLINED: 'bad', NO_GO: 'bad', DEFER: 'bad', 'not run': 'bad', 'bad case': 'bad' };
const TONED = new Set(['verdict', 'first time', 'CI', 'state']);

const STYLE = `
:root { color-scheme: light dark; --line: #d5d8d2; --muted: #56616b; --good: #0f5b2b; --bad: #9a1510; --add: #e7f6eb; --remove: #fdecea; }
@media (prefers-color-scheme: dark) { :root { --line: #2c3338; --muted: #9da7af; --good: #86dfa3; --bad: #ffa39b; --add: #10261a; --remove: #331614; } body { background: #101315; color: #e4e7e9; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 1.5rem auto; max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; overflow-wrap: anywhere; } h3 { font-size: 1rem; margin: .8rem 0 .3rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; } th, td { padding: .3rem .9rem .3rem 0; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child { white-space: normal; overflow-wrap: anywhere; min-width: 9rem; max-width: 18rem; } th a { color: inherit; } td:nth-child(2) { white-space: normal; overflow-wrap: anywhere; max-width: 9rem; }
thead th { color: var(--muted); font-weight: 600; } .good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; }
section { border-top: 1px solid var(--line); margin-top: 1.5rem; } section h2 { margin-top: 1rem; } dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.2rem; margin: 0; } dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
pre { overflow-x: auto; padding: .75rem; border: 1px solid var(--line); border-radius: .4rem; font-size: .85rem; line-height: 1.4; } pre span { display: block; min-height: 1.4em; } .add { background: var(--add); } .remove { background: var(--remove); }
`;

/** The report as one HTML page that needs nothing else. Whatever a model or a repository said is text in it. */
export function htmlPage(report: EvalReport): string {
  const head = COLUMNS.map(([title]) => `<th scope="col">${title}</th>`).join('');
  const body = report.results.map((result, row) => `<tr>${COLUMNS.map(([title, show], column) => (column === 0 ? `<th scope="row"><a href="#case-${row + 1}">${escapeHtml(show(result))}</a></th>` : cell(title, show(result)))).join('')}</tr>`).join('\n');
  const name = report.model === 'recipe' ? 'the recipe runner' : escapeHtml(report.model);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Evaluation of ${name}</title>
<style>${STYLE}</style></head><body>
<h1>Evaluation of ${name}</h1>
<p>${totalsLine(report)}</p>
<p>Set: ${report.set === 'own' ? 'the one that ships with Countersign' : escapeHtml(report.set)}. ${report.model === 'recipe' ? 'No model was asked: each issue carried the known change, so this measures the gates and the checks.' : 'The model was shown neither the known changes nor the checks.'} A case counts only if its checks fail without the known change and pass with it; they were run to see.</p>
<div class="wide" tabindex="0" role="group" aria-label="Results"><table><thead><tr>${head}</tr></thead><tbody>
${body}
</tbody></table></div>
${report.results.map((result, row) => caseSection(result, row + 1)).join('\n')}
</body></html>
`;
}

function cell(title: string, text: string): string {
  const tone = TONED.has(title) ? TONES[text] : undefined;
  return `<td${tone === undefined ? '' : ` class="${tone}"`}>${escapeHtml(text)}</td>`;
}

function totalsLine({ totals, planned, results }: EvalReport): string {
  const run = runOf(totals);
  const rest = [...(results.length < planned ? [`${results.length} of ${planned} cases so far: it was interrupted, or goes on.`] : []), ...(totals.bad > 0 ? [badLine(totals)] : []), ...(totals.failed > 0 ? [`${totals.failed} could not be run to an end.`] : []), ...(totals.skipped > 0 ? [`${totals.skipped} skipped.`] : [])];
  return [`${totals.done} of ${run} cases DONE, ${totals.ciPassed} pass their checks, ${totals.appliedFirstTime} applied first time, ${totals.sameAsKnown} the same as the known change. ${totals.tokens.toLocaleString('en-US')} tokens, cost ${usd(totals.costMicroUsd)}.`, ...rest].join(' ');
}

function caseSection({ name, kind, language, skipped, bad, failed, state, reason, ciPassed, checksOutput, files, difference }: EvalResult, number: number): string {
  const paths = (list: readonly string[]): string => list.map((path) => `<code>${escapeHtml(path)}</code>`).join(', ') || 'none';
  const why = ciPassed === false && checksOutput.length > 0 ? 'its checks do not pass' : reason;
  const outcome = skipped !== null ? `skipped: ${skipped}` : bad !== null ? `bad case: ${bad}` : failed !== null ? `not run: ${failed}` : `${state ?? 'nothing'}: ${why}`;
  const checks = ciPassed === null ? 'did not come to run' : ciPassed ? 'pass' : 'fail';
  const output = ciPassed === false && checksOutput.length > 0 ? `<h3>What its checks said last</h3><pre tabindex="0">${checksOutput.map((line) => `<span>${escapeHtml(line)}</span>`).join('')}</pre>` : '';
  const diff = difference === '' ? '' : `<h3>From the known change to this one</h3><pre tabindex="0">${difference.split('\n').map(diffLine).join('')}</pre>`;
  return `<section id="case-${number}"><h2>${escapeHtml(name)}</h2><dl><dt>Outcome</dt><dd>${escapeHtml(outcome)}</dd><dt>Kind</dt><dd>${kind}, ${escapeHtml(language)}</dd><dt>Its checks</dt><dd${ciPassed === false ? ' class="bad"' : ''}>${checks}</dd><dt>Known change</dt><dd>${paths(files.known)}</dd><dt>Touched</dt><dd>${paths(files.touched)}</dd></dl>${output}${diff}</section>`;
}

function diffLine(line: string): string {
  const tone = /^\+(?!\+\+ )/.test(line) ? ' class="add"' : /^-(?!-- )/.test(line) ? ' class="remove"' : '';
  return `<span${tone}>${escapeHtml(line)}</span>`;
}
