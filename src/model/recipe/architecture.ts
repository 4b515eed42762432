import type { Architecture } from '../../domain/documents.ts';
import type { RepoName } from '../../domain/ids.ts';
import type { DesignInput } from '../roles.ts';
import { brokenImports, componentOf, type ChangeFacts, type Importer } from './facts.ts';
import type { RecipeIssue } from './issue.ts';
import { count, joined, listed, most, quoted } from './phrases.ts';
import { placeKey, type FilePlace, type TouchedFile } from './touched.ts';

type Content = Pick<Architecture, 'components' | 'interfaces' | 'decisions' | 'invariants' | 'crossRepoOrder' | 'risks'>;

/** The architecture of a change that is already written: where it lies, who depends on it, what must stay true. */
export function describeArchitecture(design: DesignInput, issue: RecipeIssue, facts: ChangeFacts): Content {
  return {
    components: facts.components.map(({ id, repo, role, files, users }) => ({ id, repo, paths: (files.length > 0 ? files : users).map(({ path }) => path).slice(0, 500), role })),
    interfaces: [...interfacesOf(facts), ...crossRepoInterfaces(design, facts)].slice(0, 100),
    decisions: [decisionOf(issue, facts)],
    invariants: invariantsOf(facts),
    crossRepoOrder: crossRepoOrder(design, facts),
    risks: risksOf(facts),
  };
}

/** One interface for each touched file that exports something, with everyone who imports it. */
function interfacesOf(facts: ChangeFacts): Content['interfaces'] {
  const exporting = facts.touched.filter((file) => file.known?.kind === 'source' && exportsOf(file).length > 0);
  return exporting.slice(0, 100).map((file, index) => ({
    id: `I${index + 1}`,
    description: `${facts.name(file)}: ${reachOf(file)} ${usersOf(file, facts)}`,
    providers: componentIds([file], facts),
    consumers: componentIds(importersOf(file, facts).map(({ from }) => from), facts),
  }));
}

/** What of a file the change reaches, and what of its exports it does not. */
function reachOf(file: TouchedFile): string {
  const exported = exportsOf(file);
  const own = exported.slice(0, 12).map(quoted);
  if (file.operation === 'delete') return `goes, and with it ${most(own, 12)}.`;
  if (file.headings === null) return `exports ${most(own, 8)}${exported.length > 12 ? ', among others' : ''}.`;
  const inside = file.definitions.length === 0 ? 'the change lies outside every function and type.' : `the change lies in ${most(file.definitions.map(({ name }) => quoted(name)), 6)}.`;
  return `${inside} ${file.headings.length === 0 ? `No line that names an export is replaced (${count(exported.length, 'export', 'exports')}).` : `Lines that name ${most(file.headings.map(quoted), 8)} are replaced: what they take or give may be another.`}`;
}

const importersOf = (file: FilePlace, { importers }: ChangeFacts): Importer[] => importers.filter(({ to }) => placeKey(to) === placeKey(file));

function usersOf(file: TouchedFile, facts: ChangeFacts): string {
  const users = importersOf(file, facts);
  if (users.length === 0) return 'No other file imports it, tests left aside.';
  const taken = Map.groupBy(users, ({ from }) => facts.name(from));
  const lines = [...taken].map(([name, own]) => {
    const names = [...new Set(own.flatMap((user) => user.names))].filter((each) => each !== '*');
    return names.length === 0 ? name : `${name} (${most(names.map(quoted), 3)})`;
  });
  return `Imported by ${most(lines, 6)}.`;
}

/** Routes, schemas and packages that touched files provide to another repository, or use from one: facts of the context, each with both places. */
function crossRepoInterfaces({ context }: DesignInput, facts: ChangeFacts): Content['interfaces'] {
  const isTouched = ({ repo, path }: FilePlace): boolean => facts.touched.some((file) => file.repo === repo && file.path === path);
  const crossing = context.topology.crossRepo.filter(({ kind, provider, user }) => kind !== 'name' && (isTouched(provider) || isTouched(user)));
  return crossing.slice(0, 100).map(({ kind, name, provider, user }, index) => ({
    id: `X${index + 1}`,
    description: `The ${kind} ${quoted(name)} of ${provider.repo} (${quoted(placed(provider))}) is used by ${user.repo} (${quoted(placed(user))})`,
    providers: componentIds([provider], facts),
    consumers: componentIds([user], facts),
  }));
}

const placed = ({ path, line }: { path: string; line: number | null }): string => (line === null ? path : `${path}:${line}`);
const componentIds = (places: readonly FilePlace[], facts: ChangeFacts): string[] => [...new Set(places.flatMap((place) => componentOf(place, facts.components)?.id ?? []))];
const exportsOf = (file: TouchedFile): string[] => [...new Set((file.known?.symbols ?? []).filter((symbol) => symbol.exported).map((symbol) => symbol.name))];

const AS_GIVEN = 'The change as the issue gives it';

function decisionOf(issue: RecipeIssue, facts: ChangeFacts): Content['decisions'][number] {
  const users = facts.importers.map(({ from }) => from);
  return {
    id: 'D1',
    title: issue.title === '' ? AS_GIVEN : issue.title,
    drivers: [issue.problem.slice(0, 1_000), issue.acceptance.length === 1 ? 'The criterion AC1 of the scope.' : `The criteria AC1 ${issue.acceptance.length === 2 ? 'and' : 'to'} AC${issue.acceptance.length} of the scope.`],
    options: [AS_GIVEN, ...(users.length > 0 ? [`Another change in the files that use what it reaches: ${listed(users, facts.name)}`] : []), 'No change: what the issue describes stays'],
    chosen: `${AS_GIVEN}: it is written out in full, ${placeOf(facts)}${users.length > 0 ? `, and the ${count(new Set(users.map(facts.name)).size, 'file that uses it stays', 'files that use it stay')} as ${users.length === 1 ? 'it is' : 'they are'}` : ''}. No other change was weighed: the runner has no model to write one.`,
    consequences: [extentOf(facts), ...namesThatStay(facts)],
    confirmation: facts.tests.length > 0 ? `These tests pass among the required checks: ${listed(facts.tests, facts.name)}.` : "The required checks pass at each pull request's head; no test covers what changes, so the reviewer reads it for the criteria.",
  };
}

function placeOf({ components }: ChangeFacts): string {
  const places = components.filter(({ files }) => files.length > 0).map(({ id }) => id);
  return `it lies in ${places.length === 1 ? '' : 'the components '}${joined(places.slice(0, 20))}`;
}

function extentOf({ touched }: ChangeFacts): string {
  const sum = (of: (file: TouchedFile) => number): number => touched.reduce((total, file) => total + of(file), 0);
  return `${count(touched.length, 'file changes', 'files change')} (+${sum(({ added }) => added)} −${sum(({ removed }) => removed)} lines); nothing else does.`;
}

/** What the lines say about names that others may use. Where they say nothing, that is said. */
function namesThatStay({ touched, name }: ChangeFacts): string[] {
  const exporting = touched.filter((file) => file.known?.kind === 'source' && exportsOf(file).length > 0);
  const replaced = exporting.flatMap((file) => (file.headings ?? []).map((heading) => `${quoted(heading)} of ${name(file)}`));
  const gone = exporting.filter(({ operation }) => operation === 'delete');
  const unknown = exporting.filter((file) => file.headings === null && file.operation !== 'delete');
  return [
    ...(gone.length > 0 ? [`The exports of ${listed(gone, name)} are gone.`] : []),
    ...(replaced.length > 0 ? [`Lines that name exports are replaced: ${most(replaced, 6)}. Who calls them has to fit.`] : []),
    ...(exporting.length > 0 && replaced.length + gone.length + unknown.length === 0 ? ['No line that names an export is replaced: names and parameters stay for those who use them; what they do changes.'] : []),
    ...(unknown.length > 0 ? [`Whether exported names of ${listed(unknown, name)} stay is for the reviewer to see: the context does not hold the whole text.`] : []),
  ];
}

function invariantsOf(facts: ChangeFacts): string[] {
  const kinds = new Set(facts.touched.map(({ kind }) => kind));
  return [
    'Every file outside the allowed paths keeps its bytes.',
    ...(kinds.has('manifest') || kinds.has('lockfile') ? [] : ['No dependency, script or lockfile changes.']),
    ...(kinds.has('ci') ? [] : ['No CI or automation file changes.']),
    ...(facts.touched.some((file) => file.operation === 'delete') ? [] : ['No file is deleted.']),
  ];
}

function risksOf(facts: ChangeFacts): Content['risks'] {
  const risks: { text: string; mitigation: string }[] = [];
  const broken = brokenImports(facts);
  const left = facts.importers.filter((importer) => !broken.includes(importer));
  const [near, far] = [left.filter(({ takesChanged }) => takesChanged), left.filter(({ takesChanged }) => !takesChanged)];
  if (broken.length > 0) risks.push({ text: `${listed(broken.map(({ from }) => from), facts.name)} ${broken.length === 1 ? 'imports' : 'import'} ${listed(broken.map(({ to }) => to), facts.name)}, which goes and will not be found.`, mitigation: 'Change the imports in the same issue; as it stands, the required checks are likely to fail.' });
  if (near.length > 0) risks.push({ text: `${listed(near.map(({ from }) => from), facts.name)} ${near.length === 1 ? 'takes' : 'take'} what changes and will see the new behaviour.`, mitigation: mitigationOf(facts) });
  else if (far.length > 0) risks.push({ text: `${listed(far.map(({ from }) => from), facts.name)} ${far.length === 1 ? 'imports' : 'import'} a changed file and may rely on how it is now.`, mitigation: mitigationOf(facts) });
  if (facts.tests.length === 0) risks.push({ text: 'No test of the pinned commits covers what changes.', mitigation: 'Gate 5 holds until every required check has passed; without any it asks a person.' });
  for (const file of facts.touched.filter((each) => each.operation === 'delete' && !isMoved(each, facts))) risks.push({ text: `${quoted(file.path)} is deleted from ${file.repo}.`, mitigation: 'The deletion is shown in the review; reverting the pull request brings the file back.' });
  for (const file of facts.touched.filter((each) => (each.known?.marks ?? []).some((mark) => mark !== 'lfs-pointer'))) risks.push({ text: `${facts.name(file)} is ${joined([...(file.known?.marks ?? [])])}: ${file.known?.marks.includes('vendored') === true ? 'its next update' : 'the next run of what makes it'} undoes the change.`, mitigation: 'Change what it is made from as well, leave it out (a rewrite rule: by ignores), or say in the issue why not.' });
  return risks.slice(0, 100);
}

const mitigationOf = ({ tests, name }: ChangeFacts): string =>
  tests.length > 0 ? `${listed(tests, name, 3)} ${tests.length === 1 ? 'runs' : 'run'} among the required checks; the reviewer sees every changed line.` : 'The required checks run at the head of the pull request; the reviewer sees every changed line.';

/** A file that a block moves, or that goes while one of the same name comes. */
const isMoved = (file: TouchedFile, { touched }: ChangeFacts): boolean => touched.some((other) => other.operation === 'add' && other.repo === file.repo && (other.movedFrom === file.path || other.path.split('/').at(-1) === file.path.split('/').at(-1)));

/** Providers before consumers where imports lead from one repository to another; else the workflow's own order. */
export function crossRepoOrder(design: DesignInput, facts: ChangeFacts): RepoName[] {
  const left = design.repos.map(({ repo }) => repo);
  const needs = repoLinks(design, facts);
  const order: RepoName[] = [];
  while (left.length > 0) {
    // In a circle of repositories nobody is first; the workflow's order decides.
    const next = left.find((repo) => !left.some((other) => other !== repo && needs.get(repo)?.has(other) === true)) ?? left[0];
    if (next === undefined) break;
    order.push(next);
    left.splice(left.indexOf(next), 1);
  }
  return order;
}

/** For each repository the others whose code it imports, as far as the change's files and their importers show it. */
export function repoLinks(design: DesignInput, facts: ChangeFacts): ReadonlyMap<RepoName, ReadonlySet<RepoName>> {
  const links = new Map<RepoName, Set<RepoName>>();
  const add = (from: RepoName, to: RepoName): void => void (from !== to && links.set(from, (links.get(from) ?? new Set()).add(to)));
  for (const { from, to } of facts.importers) add(from.repo, to.repo);
  for (const { provider, user } of design.context.topology.crossRepo) add(user.repo, provider.repo);
  for (const { repo, files, manifests } of design.context.repos) {
    for (const target of files.flatMap((file) => file.imports.flatMap((entry) => entry.target ?? []))) add(repo, target.repo);
    const needed = new Set(manifests.flatMap((manifest) => manifest.dependencies.map((dependency) => dependency.name)));
    for (const other of design.context.repos) if (other.manifests.some((manifest) => manifest.name !== null && needed.has(manifest.name))) add(repo, other.repo);
  }
  return links;
}
