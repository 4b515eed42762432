import { showModelCost } from '../../domain/model-cost.ts';
import { shortDigest } from '../../ledger/story.ts';
import { paint } from '../output.ts';
import { wrap } from '../patch/wrap.ts';
import { printable } from '../printable.ts';
import { row, ROW_INDENT } from '../up/lines.ts';
import type { Turn, WorkflowSummary } from './summary.ts';

const HEADINGS: Readonly<Record<Turn, string>> = { you: 'Your turn', countersign: "Countersign's turn", ci: "CI's turn", nobody: 'Finished' };
const ORDER: readonly Turn[] = ['you', 'countersign', 'ci', 'nobody'];

/** Every workflow under whose turn it is, newest first. */
export function listLines(summaries: readonly WorkflowSummary[]): readonly string[] {
  const groups = ORDER.flatMap((turn) => {
    const own = summaries.filter((summary) => summary.turn === turn).toReversed();
    return own.length === 0 ? [] : ['', paint.bold(HEADINGS[turn]), ...own.map(listLine)];
  });
  return [...groups.slice(1), '', paint.dim('  More about one: countersign status WORKFLOW, or its whole story: countersign show WORKFLOW')];
}

const listLine = ({ workflow, state, source }: WorkflowSummary): string => `  ${workflow}  ${state.padEnd(21)}  ${source.repo}#${source.number}  ${printable(source.title).slice(0, 80)}`;

/** One workflow, for a terminal of `width` columns: where it stands, and what to do next. */
export function statusLines(summary: WorkflowSummary, width: number): readonly string[] {
  const { workflow, state, says, source, asks, outcome, gates, patchSets } = summary;
  const heading = `${workflow} · ${state}`;
  const [first = '', ...further] = wrap(`${heading}\u00a0 ${says}`, { width, first: '', rest: '' });
  const lines = [first.replace(`${heading}\u00a0`, `${paint.bold(workflow)} · ${paint.bold(state)} `).trimEnd(), ...further, ''];
  lines.push(...sentence('issue', `${source.repo}#${source.number}\u00a0 "${printable(source.title)}"`, { width }), row('', link(source.url), ''));
  if (gates.some((gate) => gate.outcome !== null)) lines.push(row('gates', gates.map(({ gate, outcome: result }) => `${gate} ${shown(result)}`).join(' · '), ''));
  for (const patchSet of patchSets) lines.push('', ...patchSetLines(patchSet, width));
  lines.push('', row('cost', showModelCost({ knownMicroUsd: summary.costMicroUsd, unknownCalls: summary.callsOfUnknownCost }), ''));
  if (asks) lines.push('', ...askLines(asks, width));
  if (outcome) lines.push('', ...sentence('outcome', printable(outcome.reason), { width }));
  return lines;
}

function patchSetLines(patchSet: WorkflowSummary['patchSets'][number], width: number): readonly string[] {
  const { stats, policy, approval, pullRequest } = patchSet;
  const lines = [row(patchSet.patchSet, `r${patchSet.revision} ${patchSet.repo}  ${stats.files} ${stats.files === 1 ? 'file' : 'files'} ${paint.green(`+${stats.added}`)} ${paint.red(`−${stats.removed}`)}`, `digest ${shortDigest(patchSet.digest)}`)];
  lines.push(row('', `gate 3 ${shown(patchSet.gate3)} · gate 5 ${shown(patchSet.gate5)}${policy ? ` · policy ${policy.block} block, ${policy.warn} warn` : ''}`, ''));
  if (approval) lines.push(row('', `approved by ${approval.login} on ${approval.at}`, ''));
  else if (patchSet.changesRequestedBy !== null) lines.push(row('', `changes asked for by ${printable(patchSet.changesRequestedBy)}`, ''));
  else if (patchSet.review !== null) lines.push(row('', `review ${link(patchSet.review)}`, ''));
  if (pullRequest) {
    const ci = patchSet.ci === null ? '' : `CI ${patchSet.ci}`;
    const fits = ROW_INDENT + `pull request ${pullRequest.url}  ${ci}`.length <= width;
    lines.push(row('', `pull request ${link(pullRequest.url)}`, fits ? ci : ''));
    if (!fits && ci !== '') lines.push(row('', ci, ''));
  }
  return lines;
}

function askLines({ reason, questions }: NonNullable<WorkflowSummary['asks']>, width: number): readonly string[] {
  const next = questions.length === 0 ? 'comment /retry on the tracking issue, or /cancel' : 'comment /answer 1: … on the tracking issue, or /cancel';
  return [
    ...sentence('asks', printable(reason), { width, style: paint.yellow }),
    ...questions.flatMap(({ question, options = [] }, index) => [`${index + 1}. ${printable(question)}`, ...options.map((option) => `- ${printable(option)}`)].flatMap((line) => sentence('', line, { width }))),
    ...sentence('next', next, { width }),
  ];
}

/** A text beside its label, as wide as the terminal. */
function sentence(label: string, text: string, { width, style = (line) => line }: { readonly width: number; readonly style?: (line: string) => string }): readonly string[] {
  const lines = wrap(text, { width: width - ROW_INDENT, first: '', rest: '' });
  return lines.map((line, index) => row(index === 0 ? label : '', style(line.replaceAll('\u00a0', ' ')), ''));
}

function shown(outcome: 'PASS' | 'FAIL' | 'WAITING' | null): string {
  if (outcome === null) return paint.dim('–');
  return { PASS: paint.green('pass'), FAIL: paint.red('fail'), WAITING: paint.yellow('waiting') }[outcome];
}

const link = (url: string): string => paint.underline(printable(url));
