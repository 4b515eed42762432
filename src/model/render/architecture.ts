import type { Architecture, ArchitectureTopology } from '../../domain/documents.ts';
import { withEnvelope } from './envelope.ts';
import { componentGraph } from './graph.ts';
import { code, codes, inline, list, section, table } from './markdown.ts';
import { isAlone, placeLink, type Places } from './places.ts';

export function renderArchitecture(document: Architecture, places: Places | null): string {
  const short = isAlone(places);
  const parts = [
    section('Components', table(['Id', ...(short ? [] : ['Repository']), 'Role', 'Paths'], document.components.map(({ id, repo, role, paths }) => [code(id), ...(short ? [] : [code(repo)]), inline(role), codes(paths)]))),
    section('Interfaces', table(['Id', 'What', 'Provided by', 'Used by'], document.interfaces.map(({ id, description, providers, consumers }) => [code(id), inline(description), codes(providers), codes(consumers)]))),
    ...document.decisions.map((decision) => renderChoice(decision)),
    section('Invariants', list(document.invariants.map((text) => inline(text)))),
    section('Order of the repositories', document.crossRepoOrder.length < 2 ? '' : document.crossRepoOrder.map(code).join(', then ')),
    section('Risks', table(['Risk', 'Mitigation'], document.risks.map(({ text, mitigation }) => [inline(text), inline(mitigation)]))),
    ...(document.topology === undefined ? [] : renderTopology(document.topology, document.components, places)),
  ];
  return withEnvelope(document, 'Architecture', { parts, places });
}

/** One decision in MADR's form. */
function renderChoice({ id, title, drivers, options, chosen, consequences, confirmation }: Architecture['decisions'][number]): string {
  const part = (name: string, items: readonly string[]): string => (items.length < 2 ? items.map((item) => `**${name}:** ${inline(item)}`).join('') : `**${name}:**\n\n${list(items.map((item) => inline(item)))}`);
  const parts = [`**Chosen:** ${inline(chosen)}`, part('Options', options), part('Drivers', drivers), part('Consequences', consequences), `**Confirmation:** ${inline(confirmation)}`];
  return section(`Decision ${inline(id)}: ${inline(title)}`, parts.filter((each) => each !== '').join('\n\n'));
}

/** Facts of the pinned commits, whoever wrote the rest of the document. */
function renderTopology(topology: ArchitectureTopology, named: Architecture['components'], places: Places | null): readonly string[] {
  const short = isAlone(places);
  const { components, links, crossRepo, dependencies, omitted } = topology;
  const place = ({ repo, root }: { repo: string; root: string }): string => `${short ? '' : `${code(repo)} `}${root === '' ? '(root)' : code(root)}`;
  const at = ({ repo, path, line }: { repo: string; path: string; line: number | null }): string => `${code(repo)} ${placeLink({ repo, path, lines: line === null ? null : [line, line] }, places, line === null ? path : `${path}:${line}`)}`;
  return [
    section('What is there', paragraphs('Facts of the pinned commits; no model wrote any of this. An arrow goes from what uses to what is used; what this design speaks of has a thick border.', componentGraph(topology, named.flatMap(({ repo, paths }) => paths.map((path) => ({ repo, path })))))),
    section('Components of the repositories', counted(table(['Component', 'Where', 'Kind', 'Source files', 'Tests'], components.map((each) => [code(each.name), place(each), each.ecosystem ?? 'folder', String(each.files), String(each.tests)])), omitted.components, 'components')),
    section('Who uses whom', counted(table(['From', 'To', 'Imports', 'Declared as'], links.map(({ from, to, imports, declared }) => [place(from), place(to), String(imports), declared === null ? '–' : code(requirementOf(declared))])), omitted.links, 'links')),
    section('Across the repositories', counted(table(['Kind', 'Name', 'Provided at', 'Used at'], crossRepo.map(({ kind, name, provider, user }) => [kind, code(name), at(provider), at(user)])), omitted.crossRepo, 'links')),
    section('Dependencies', counted(table([...(short ? [] : ['Repository']), 'Manifest', 'Group', 'Dependencies'], dependencyRows(dependencies, places)), omitted.dependencies, 'dependencies')),
  ];
}

/** One row for each manifest and group: what is needed stands side by side, as in the manifest. */
function dependencyRows(dependencies: ArchitectureTopology['dependencies'], places: Places | null): string[][] {
  const groups = Map.groupBy(dependencies, ({ repo, manifest, group }) => JSON.stringify([repo, manifest, group]));
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    const names = [...new Set(own.map(({ name, requirement }) => code(requirement === '' ? name : `${name} ${requirementOf(requirement)}`)))];
    return first === undefined ? [] : [[...(isAlone(places) ? [] : [code(first.repo)]), placeLink({ repo: first.repo, path: first.manifest }, places), first.group, names.join(', ')]];
  });
}

/** Cargo and others state a requirement as a table of their own; its version and place are what a reader looks for. */
function requirementOf(requirement: string): string {
  if (!requirement.startsWith('{')) return requirement;
  const known = [...requirement.matchAll(/"(version|path|git|branch|tag|rev|package|workspace)":("(?:[^"\\]|\\.)*"|true)/g)].map(([, key, value = '']) => (key === 'version' ? value.replaceAll('"', '') : `${key} ${value.replaceAll('"', '')}`));
  return known.length === 0 ? requirement : known.join(', ');
}

const paragraphs = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');
const counted = (shown: string, omitted: number, what: string): string => paragraphs(shown, shown === '' || omitted === 0 ? '' : `${omitted} more ${what} are in the context and not listed here.`);
