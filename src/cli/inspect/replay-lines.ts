import type { ReplayItem, ReplayKind } from '../../orchestrator/replay/items.ts';
import type { ReplayReport } from '../../orchestrator/replay/replay.ts';
import { shortDigest } from '../../ledger/story.ts';
import { paint } from '../output.ts';
import { wrap } from '../patch/wrap.ts';
import { printable } from '../printable.ts';

const NAMES: Readonly<Record<ReplayKind, string>> = {
  fold: 'events',
  issue: 'issue revision',
  base: 'base tree',
  context: 'context hash',
  prompt: 'prompt',
  document: 'document',
  proposal: 'proposal',
  'result-tree': 'result tree',
  diff: 'diff',
  'policy-result': 'policy result',
  'gate-3': 'gate 3 result',
  manifest: 'approval digest',
};

/** The replay for a terminal of `width` columns: a line for each item, and below it what differs or is missing. What is said of several in a row stands once. */
export function replayLines(report: ReplayReport, width: number): readonly string[] {
  const head = `${paint.bold(report.workflow)}${report.state === null ? '' : ` · ${paint.bold(report.state)}`}  made again from its ledger and the pinned commits, without a model`;
  const recipe = report.items.some(({ item }) => item === 'prompt') ? [] : [paint.dim('  no prompt: no model was asked')];
  return [head, '', ...report.items.flatMap((item, index) => itemLines(item, { width, isSaid: item.why !== null && item.why === report.items[index + 1]?.why })), ...recipe, '', `  ${verdict(report)}`];
}

function itemLines(item: ReplayItem, { width, isSaid }: { width: number; isSaid: boolean }): readonly string[] {
  const what = item.item === 'fold' ? 'fold'.padEnd(17) : NAMES[item.item].padEnd(17);
  const subject = printable(item.item === 'fold' ? item.expected : item.subject).slice(0, 60);
  const value = item.item === 'fold' ? '' : `  ${paint.dim(shown(item.expected))}`;
  const lines = [`  ${mark(item)}  ${what}${subject}${value}`];
  if (item.outcome === 'different') lines.push(`${INDENT}expected  ${printable(item.expected)}`, `${INDENT}found     ${printable(item.found)}`);
  if (item.why !== null && !isSaid) lines.push(...wrap(printable(item.why), { width, first: `${WHY_INDENT}why  `, rest: `${WHY_INDENT}     ` }));
  return lines;
}

const INDENT = ' '.repeat(32);
const WHY_INDENT = ' '.repeat(15);

function mark({ outcome }: ReplayItem): string {
  return { same: paint.green('same       '), different: paint.red('different  '), 'not-rebuildable': paint.yellow('not rebuilt') }[outcome];
}

const shown = (value: string): string => (/^[0-9a-f]{64}$/.test(value) ? shortDigest(value) : /^[0-9a-f]{40}$/.test(value) ? value.slice(0, 7) : printable(value).slice(0, 40));

function verdict({ same, different, notRebuildable }: ReplayReport): string {
  const counts = `${same} same, ${different} different, ${notRebuildable} not rebuildable`;
  if (different > 0) return paint.red(`${counts}: what the ledger holds does not follow from its inputs`);
  return notRebuildable > 0 ? paint.yellow(`${counts}: all that could be made again came out the same`) : paint.green(`${counts}: everything came out the same`);
}
