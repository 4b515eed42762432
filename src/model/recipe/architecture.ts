import type { Architecture } from '../../domain/documents.ts';
import type { RepoName } from '../../domain/ids.ts';
import type { DesignInput } from '../roles.ts';
import { componentOf, type ChangeFacts, type FilePlace, type TouchedFile } from './facts.ts';
import type { RecipeIssue } from './issue.ts';
import { count, listed } from './triage.ts';

type Content = Pick<Architecture, 'components' | 'interfaces' | 'decisions' | 'invariants' | 'crossRepoOrder' | 'risks'>;

/** The architecture of a change that is already written: where it lies, who depends on it, what must stay true. */
export function describeArchitecture(design: DesignInput, issue: RecipeIssue, facts: ChangeFacts): Content {
  return {
    components: facts.components.map(({ id, repo, root, role, files, users }) => ({ id, repo, paths: (files.length > 0 ? files : users).map(({ path }) => path).slice(0, 500), role: root === '' ? role : `${role} (${root})` })),
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
    description: `${file.path} exports ${shorten(exportsOf(file), 12)}; ${usersOf(file, facts)}`,
    providers: componentIds([file], facts),
    consumers: componentIds(facts.importers.filter(({ to }) => to.repo === file.repo && to.path === file.path).map(({ from }) => from), facts),
  }));
}

/** Routes, schemas and packages that touched files provide to another repository, or use from one: facts of the context, each with both places. */
function crossRepoInterfaces({ context }: DesignInput, facts: ChangeFacts): Content['interfaces'] {
  const isTouched = ({ repo, path }: FilePlace): boolean => facts.touched.some((file) => file.repo === repo && file.path === path);
  const crossing = context.topology.crossRepo.filter(({ kind, provider, user }) => kind !== 'name' && (isTouched(provider) || isTouched(user)));
  return crossing.slice(0, 100).map(({ kind, name, provider, user }, index) => ({
    id: `X${index + 1}`,
    description: `The ${kind} ${name} of ${provider.repo} (${placed(provider)}) is used by ${user.repo} (${placed(user)})`,
    providers: componentIds([provider], facts),
    consumers: componentIds([user], facts),
  }));
}

const placed = ({ path, line }: { path: string; line: number | null }): string => (line === null ? path : `${path}:${line}`);
const componentIds = (places: readonly FilePlace[], facts: ChangeFacts): string[] => [...new Set(places.flatMap((place) => componentOf(place, facts.components)?.id ?? []))];
const exportsOf = (file: TouchedFile): string[] => [...new Set((file.known?.symbols ?? []).filter((symbol) => symbol.exported).map((symbol) => symbol.name))];
const shorten = (names: readonly string[], most: number): string => (names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', '));

function usersOf(file: TouchedFile, facts: ChangeFacts): string {
  const users = facts.importers.filter(({ to }) => to.repo === file.repo && to.path === file.path).map(({ from }) => from);
  return users.length === 0 ? 'no file outside the change imports it' : `imported by ${listed(users)}`;
}

function decisionOf(issue: RecipeIssue, facts: ChangeFacts): Content['decisions'][number] {
  const where = facts.components.filter(({ files }) => files.length > 0).map(({ id, repo }) => `${id} in ${repo}`).join(', ');
  return {
    id: 'D1',
    title: issue.title === '' ? 'Make the change as the issue gives it' : issue.title,
    drivers: [issue.problem.slice(0, 1_000), ...issue.acceptance.slice(0, 20)],
    options: ['Make the change as the issue gives it', 'Make it in the files that import the changed ones', 'Leave everything as it is'],
    chosen: `Make the change as the issue gives it (${where}): it is written out in full, and it lies where the behaviour is defined.`,
    consequences: [
      `${count(facts.touched.length, 'file changes', 'files change')}; nothing else does.`,
      facts.importers.length > 0 ? `Files that import them keep working only if the exported names stay: ${listed(facts.importers.map(({ from }) => from))}.` : 'No other file depends on the changed ones by an import.',
    ],
    confirmation: facts.tests.length > 0 ? `The tests that cover the changed files pass: ${listed(facts.tests)}.` : 'The required checks pass at the head of each pull request.',
  };
}

function invariantsOf(facts: ChangeFacts): string[] {
  const kinds = new Set(facts.touched.map((file) => file.known?.kind));
  return [
    'Every file outside the allowed paths keeps its bytes.',
    ...(kinds.has('manifest') || kinds.has('lockfile') ? [] : ['No dependency, script or lockfile changes.']),
    ...(kinds.has('ci') ? [] : ['No CI or automation file changes.']),
    ...(facts.touched.some((file) => file.operation === 'delete') ? [] : ['No file is deleted.']),
  ];
}

function risksOf(facts: ChangeFacts): Content['risks'] {
  const risks: { text: string; mitigation: string }[] = [];
  if (facts.importers.length > 0) risks.push({ text: `A changed export could break ${listed(facts.importers.map(({ from }) => from))}.`, mitigation: 'Their tests run as required checks at the head of the pull request; a reviewer sees every changed line.' });
  if (facts.tests.length === 0) risks.push({ text: 'No test covers the changed files directly.', mitigation: 'Gate 5 holds until every required check has passed; without any it asks a person.' });
  for (const file of facts.touched.filter((each) => each.operation === 'delete')) risks.push({ text: `${file.path} is deleted from ${file.repo}.`, mitigation: 'The deletion is shown in the review; reverting the pull request brings the file back.' });
  return risks;
}

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
function repoLinks(design: DesignInput, facts: ChangeFacts): ReadonlyMap<RepoName, ReadonlySet<RepoName>> {
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
