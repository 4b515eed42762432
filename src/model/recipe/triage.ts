import type { Decision, Unknown } from '../../domain/documents.ts';
import type { DesignInput } from '../roles.ts';
import type { Change } from './change.ts';
import { brokenImports, type ChangeFacts } from './facts.ts';
import type { RecipeIssue } from './issue.ts';
import { count, listed, most, quoted } from './phrases.ts';
import { answeredUnknown, askedFor, gapId, openUnknown, type Gap } from './questions.ts';
import { fileIn, type FilePlace } from './touched.ts';

export interface TriageInput {
  readonly design: DesignInput;
  readonly issue: RecipeIssue;
  readonly change: Change;
  readonly facts: ChangeFacts;
  readonly answers: ReadonlyMap<Gap, string>;
}

export type Judgement = Pick<Decision, 'verdict' | 'reasons' | 'risk' | 'missingContext' | 'duplicates' | 'deferUntil' | 'unknowns' | 'assumptions'>;

/** GO, NO_GO or DEFER by stated rules; each rule leaves its reason. */
export function judge(input: TriageInput): Judgement {
  const open = openQuestions(input);
  const frozen = frozenReasons(input);
  const base = { duplicates: [], deferUntil: null, assumptions: assumptionsOf(input), unknowns: [...answeredOf(input, open), ...open] };
  // A frozen path cannot be answered away, so it is said even when something else is missing.
  if (frozen.length > 0) return { ...base, unknowns: base.unknowns.filter((each) => !each.blocking), verdict: 'NO_GO', reasons: frozen, risk: 'high', missingContext: [] };
  if (open.length > 0) return { ...base, verdict: 'DEFER', reasons: open.map(deferReason), risk: 'medium', missingContext: open.map((each) => each.question) };
  return { ...base, verdict: 'GO', reasons: goReasons(input), risk: riskOf(input), missingContext: [] };
}

function openQuestions({ design, issue, change }: TriageInput): Unknown[] {
  const open: Unknown[] = [];
  if (issue.problem === '') open.push(openUnknown('problem'));
  if (issue.acceptance.length === 0) open.push(openUnknown('acceptance'));
  const faults = [...change.faults, ...missingFiles(design, change)];
  if (faults.length > 0) open.push(openUnknown('mend', faults.slice(0, 10).join(' ')));
  else if (change.blocks.length === 0) open.push(openUnknown('change'));
  else {
    const untouched = design.repos.map(({ repo }) => repo).filter((repo) => !change.blocks.some((block) => block.repo === repo));
    if (untouched.length > 0) open.push(askedFor('mend', `Nothing changes in ${untouched.join(', ')}, although the workflow covers ${untouched.length === 1 ? 'it' : 'them'}. Please propose that change as well (/propose, with repo=${untouched[0]} on its blocks; what is there already stays), answer with all change blocks, or start a workflow without ${untouched.length === 1 ? 'it' : 'them'}.`));
  }
  return open;
}

function missingFiles({ context }: DesignInput, change: Change): string[] {
  const created = new Set<string>();
  return change.blocks.flatMap((block) =>
    block.files.flatMap(({ path, operation }) => {
      const place: FilePlace = { repo: block.repo, path };
      const exists = fileIn(context, place) !== null || created.has(`${block.repo}:${path}`);
      if (operation === 'add') created.add(`${block.repo}:${path}`);
      return operation !== 'add' && !exists ? [`The block at line ${block.line} changes ${path}, but ${block.repo} has no such file at the pinned commit.`] : [];
    }),
  );
}

function frozenReasons({ design, facts }: TriageInput): Judgement['reasons'] {
  return facts.touched.slice(0, 100).flatMap((file) => {
    const rule = design.frozen(file.repo, file.path);
    if (rule === null) return [];
    const id = facts.cite(file);
    return [{ text: `The change touches ${file.path} in ${file.repo}, which the rule ${rule} never lets through. Take that file out of the change, or allow the path in countersign.yml (policy.${rule}.allow, with a reason and an expiry).`, evidenceIds: id === null ? [] : [id] }];
  });
}

const deferReason = (unknown: Unknown): Judgement['reasons'][number] => ({ text: `Open: ${unknown.question.slice(0, 1_900)}`, evidenceIds: [] });

function answeredOf({ answers }: TriageInput, open: readonly Unknown[]): Unknown[] {
  const stillOpen = new Set(open.map((each) => each.id));
  return [...answers].filter(([gap]) => !stillOpen.has(gapId(gap))).map(([gap, answer]) => answeredUnknown(gap, answer));
}

/** Evidence that one reason names; the table below has all of it. */
const CITED_MAX = 12;

function goReasons({ issue, facts }: TriageInput): Judgement['reasons'] {
  const cited = (places: readonly FilePlace[]): string[] => [...new Set(places.flatMap((place) => facts.cite(place) ?? []))];
  const users = facts.importers.map(({ from }) => from);
  return [
    { text: `The issue states the problem, ${count(issue.acceptance.length, 'acceptance criterion', 'acceptance criteria')} and the change itself: ${extentOf(facts)}.`, evidenceIds: cited(facts.touched).slice(0, CITED_MAX) },
    ...(reachedBy(facts) === '' ? [] : [{ text: `It reaches into ${reachedBy(facts)}.`, evidenceIds: cited(facts.touched.filter(({ definitions }) => definitions.length > 0)).slice(0, CITED_MAX) }]),
    testsReason(facts, cited(facts.tests.slice(0, 6))),
    users.length > 0
      ? { text: `${count(new Set(users.map(facts.name)).size, 'other file imports what changes and stays as it is', 'other files import what changes and stay as they are')}: ${listed(users, facts.name)}.`, evidenceIds: cited(users).slice(0, 6) }
      : { text: 'No file outside the change imports a changed file, tests left aside.', evidenceIds: [] },
  ];
}

function testsReason({ tests, name }: ChangeFacts, evidenceIds: string[]): Judgement['reasons'][number] {
  if (tests.length === 0) return { text: 'No test of the pinned commits names or imports what changes; only the required checks and the reviewer can tell whether the criteria hold.', evidenceIds };
  const named = most(tests.map((test) => `${name(test)} (${test.why})`), 6);
  const isDirect = tests.some(({ direct }) => direct);
  return { text: isDirect ? `${count(tests.length, 'test file covers', 'test files cover')} what changes: ${named}.` : `No test of the pinned commits names or imports what changes itself; ${count(tests.length, 'test file leads', 'test files lead')} there through other files: ${named}.`, evidenceIds };
}

function extentOf({ touched }: ChangeFacts): string {
  const repos = new Set(touched.map(({ repo }) => repo)).size;
  const news = touched.filter(({ known }) => known === null).length;
  const there = news === 0 ? 'all of them there at the pinned commit' : news === touched.length ? 'all of them new' : `${news} of them new, the others there at the pinned commit`;
  return `${count(touched.length, 'file', 'files')} in ${count(repos, 'repository', 'repositories')}, ${touched.length === 1 ? there.replace('all of them ', '') : there}`;
}

/** "`Session.open` of `src/session.ts`", for each file whose definitions are known. */
function reachedBy({ touched, name }: ChangeFacts): string {
  return most(touched.filter(({ definitions }) => definitions.length > 0).map((file) => `${most(file.definitions.map((definition) => quoted(definition.name)), 4)} of ${name(file)}`), 6);
}

/** High: dependencies, many files, imports of what goes, or another repository depends on what changes. Low: few files with tests. */
function riskOf({ facts }: TriageInput): Decision['risk'] {
  const touchesManifest = facts.touched.some(({ kind }) => kind === 'manifest' || kind === 'lockfile');
  const crossRepo = facts.importers.some(({ from, to }) => from.repo !== to.repo);
  if (touchesManifest || crossRepo || brokenImports(facts).length > 0 || facts.touched.length > 20) return 'high';
  return facts.tests.length === 0 || facts.touched.length > 5 ? 'medium' : 'low';
}

function assumptionsOf({ facts, change }: TriageInput): Judgement['assumptions'] {
  return [...unparsedAssumption(facts), ...change.notes.map((text) => ({ text, evidenceIds: [] }))].map((each, index) => ({ id: `A${index + 1}`, ...each }));
}

function unparsedAssumption(facts: ChangeFacts): readonly { readonly text: string; readonly evidenceIds: readonly string[] }[] {
  const unparsed = facts.touched.filter((file) => file.known?.kind === 'source' && file.known.symbols.length === 0 && file.known.imports.length === 0);
  if (unparsed.length === 0) return [];
  const ids = unparsed.flatMap((file) => facts.cite(file) ?? []);
  return [{ text: `Imports and exported names are not known for ${listed(unparsed, facts.name)}; their importers were not searched.`, evidenceIds: ids }];
}
