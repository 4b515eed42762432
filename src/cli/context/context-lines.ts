import type { CutOff, RepoFacts, RepositoryContext } from '../../domain/context.ts';
import { paint } from '../output.ts';
import { printable } from '../printable.ts';
import { amount, clip, contextWidth, grouped, listed, row, size } from './rows.ts';

const ROWS_MAX = 8;

/** What people read: what is there, what it hangs together by, what an issue is about, and what was left out. */
export function contextLines(context: RepositoryContext, options: { readonly top: number; readonly hasQuery: boolean; readonly timing: { readonly seconds: number } }): string[] {
  const [facts] = context.repos;
  if (facts === undefined) return [];
  const width = contextWidth();
  return [
    `${paint.bold('context')}  ${factsHead(facts)}   ${paint.dim(`${options.timing.seconds.toFixed(2)} s`)}`,
    paint.dim(`         hash ${context.contextHash}`),
    '',
    ...factsRows(context, facts, width),
    '',
    ...rankingRows(context, options, width),
    '',
    ...cutOffRows(context.manifest.cutOff, context.shown.length, width),
  ];
}

/** The commit and how much is there, on one line. */
export const factsHead = ({ commit, counts }: RepoFacts): string =>
  `${paint.cyan(commit.slice(0, 7))}  ${amount(counts.files, 'file')} · ${size(counts.bytes)} · ${amount(counts.symbols, 'symbol')} · ${amount(counts.imports, 'import')} resolved`;

/** What a repository is made of, a labelled row a fact. */
export function factsRows(context: RepositoryContext, facts: RepoFacts, width: number): string[] {
  return [
    ...row('languages', facts.languages.slice(0, ROWS_MAX).map(({ language, files }) => `${language} ${grouped(files)}`).join(' · ') || 'none known', width),
    ...componentRows(context, width),
    ...row('manifests', manifestsLine(facts), width),
    ...row('entry points', listed(facts.entryPoints, 6), width),
    ...row('tests', testsLine(facts), width),
    ...row('checks', listed([...new Set(facts.checks.map(({ name }) => name))], ROWS_MAX), width),
    ...row('owners', listed([...new Set(facts.owners.flatMap(({ owners }) => owners))], ROWS_MAX), width),
    ...cycleRows(facts, width),
    ...row('marked', markedLine(facts), width),
  ];
}

function componentRows({ topology: { components, links } }: RepositoryContext, width: number): string[] {
  const largest = components.toSorted((left, right) => right.files - left.files || right.tests - left.tests).slice(0, ROWS_MAX);
  const rows = largest.flatMap((each, index) => {
    const uses = [...new Set(links.filter(({ from }) => from.root === each.root).map(({ to }) => to.root || '(root)'))];
    const what = [each.ecosystem === null ? '' : each.ecosystem, amount(each.files, 'file'), each.tests > 0 ? amount(each.tests, 'test') : '', uses.length > 0 ? `uses ${listed(uses, 4)}` : ''].filter((part) => part !== '');
    return row(index === 0 ? 'components' : '', `${printable(each.root === '' ? (each.name === each.repo ? '(root)' : each.name) : each.name === each.root ? each.root : `${each.root} (${each.name})`)}: ${what.join(', ')}`, width);
  });
  return components.length > largest.length ? [...rows, ...row('', `and ${components.length - largest.length} more`, width)] : rows;
}

function manifestsLine({ manifests }: RepoFacts): string {
  // The repository's own first, then those of its packages.
  const lines = manifests.toSorted((left, right) => left.path.split('/').length - right.path.split('/').length).map(({ path, dependencies }) => {
    const groups = Map.groupBy(dependencies, ({ group }) => group);
    const counts = [...groups].map(([group, all]) => `${grouped(all.length)} ${group}`).join(', ');
    return counts === '' ? path : `${path} (${counts})`;
  });
  return listed(lines, 4);
}

const testsLine = ({ tests }: RepoFacts): string => (tests.length === 0 ? '' : `${amount(tests.length, 'file')}, ${grouped(tests.filter(({ covers }) => covers.length > 0).length)} of them say what they test`);

function cycleRows({ cycles }: RepoFacts, width: number): string[] {
  const [first] = cycles.toSorted((left, right) => right.length - left.length);
  if (first === undefined) return [];
  return row('cycles', `${amount(cycles.length, 'group')} of files import each other in a circle; the largest has ${first.length}: ${listed(first, 3)}`, width);
}

function markedLine({ files, submodules }: RepoFacts): string {
  const counts = new Map<string, number>();
  for (const { marks } of files) for (const mark of marks) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  const links = files.filter(({ kind }) => kind === 'link').length;
  return [...[...counts].sort(([left], [right]) => (left < right ? -1 : 1)).map(([mark, count]) => `${grouped(count)} ${mark}`), ...(links > 0 ? [`${amount(links, 'symlink')} (not followed)`] : []), ...(submodules.length > 0 ? [`${amount(submodules.length, 'submodule')} (not followed)`] : [])].join(' · ');
}

/** The best files, each with the reason; of several repositories each with its repository's name. */
export function rankingRows({ ranking }: Pick<RepositoryContext, 'ranking'>, { top, hasQuery, named = false }: { readonly top: number; readonly hasQuery: boolean; readonly named?: boolean }, width: number): string[] {
  const shown = ranking.slice(0, top);
  const digits = String(shown.length).length;
  return [
    paint.bold(hasQuery ? 'ranking for the issue' : 'ranking by importers (give the issue with --query)'),
    ...shown.flatMap(({ repo, path, score, why }, index) => [
      `  ${String(index + 1).padStart(digits)}  ${score.toFixed(2).padStart(7)}  ${clip(printable(named ? `${repo}:${path}` : path), width - digits - 13)}`,
      paint.dim(`${' '.repeat(digits + 13)}${clip(printable(why), width - digits - 13)}`),
    ]),
    ...(ranking.length > shown.length ? [paint.dim(`  ${grouped(ranking.length - shown.length)} more; --top N prints them`)] : []),
  ];
}

const REASONS: Readonly<Record<CutOff['reason'], string>> = {
  budget: 'beyond the budget, or the 48 KiB of one file', 'too-large': 'too large to read', binary: 'binary', unreadable: 'not in this repository', link: 'symlinks', 'over-limit': 'beyond the limit on files', 'lfs-pointer': 'LFS pointers', lockfile: 'never shown (lockfile)',
};

export function cutOffRows(cutOff: readonly CutOff[], shown: number, width: number): string[] {
  const total = cutOff.reduce((sum, { files }) => sum + files, 0);
  const groups = [...Map.groupBy(cutOff, ({ reason }) => reason)].map(([reason, all]) => `${grouped(all.reduce((sum, { files }) => sum + files, 0))} ${REASONS[reason]}`);
  return row('shown', `${amount(shown, 'file')} within the budget; ${total === 0 ? 'nothing is cut off' : `cut off in whole or in part: ${groups.join(' · ')}`}`, width);
}
