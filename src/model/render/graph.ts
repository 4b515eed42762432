import type { ArchitectureTopology } from '../../domain/documents.ts';
import { showHidden } from './markdown.ts';

/** More nodes than this are no picture; the tables have them. */
const NODES_MAX = 24;
const EDGES_MAX = 60;
const LABEL_MAX = 48;

/** A path of the design's own components. */
interface NamedPlace {
  readonly repo: string;
  readonly path: string;
}

/**
 * The components and what connects them, as GitHub draws it. Names are outside text: they stand in quotes, and every
 * character that Mermaid, Markdown or HTML could read as something else is its number (`#35;`). Node ids are ours.
 */
export function componentGraph({ components, links, crossRepo }: ArchitectureTopology, named: readonly NamedPlace[] = []): string {
  const shown = components.slice(0, NODES_MAX);
  if (shown.length < 2) return '';
  const repos = [...new Set(shown.map(({ repo }) => repo))];
  const ids = new Map([...repos.map((repo, index) => [`${repo}\0`, `r${index}`] as const), ...shown.map(({ repo, root }, index) => [`${repo}\0${root}`, `n${index}`] as const)]);
  const nodes = [...Map.groupBy(shown, ({ repo }) => repo)].flatMap(([repo, own], index) => [
    `  subgraph r${index}["${label(repo)}"]`,
    ...own.map(({ root, name }) => `    ${ids.get(`${repo}\0${root}`) ?? ''}["${label(name)}"]`),
    '  end',
  ]);
  const edges = links.flatMap(({ from, to, imports, declared }) => {
    const [start, end] = [ids.get(`${from.repo}\0${from.root}`), ids.get(`${to.repo}\0${to.root}`)];
    const why = [...(imports > 0 ? [`${imports} ${imports === 1 ? 'import' : 'imports'}`] : []), ...(declared === null ? [] : ['declared'])].join(', ');
    return start === undefined || end === undefined ? [] : [`  ${start} -->|"${why}"| ${end}`];
  });
  const crossing = [...Map.groupBy(crossRepo, ({ provider, user }) => `${user.repo}\0${provider.repo}`).entries()].flatMap(([key, found], index) => {
    const [user, provider] = key.split('\0').map((repo) => repos.indexOf(repo));
    if (user === undefined || provider === undefined || user < 0 || provider < 0) return [];
    const kinds = [...Map.groupBy(found, ({ kind }) => kind)].map(([kind, own]) => `${own.length} ${own.length === 1 ? kind : `${kind}s`}`);
    return index < 10 ? [`  r${user} -.->|"${kinds.join(', ')}"| r${provider}`] : [];
  });
  const marked = shown.flatMap(({ repo, root }) => (named.some((place) => place.repo === repo && nearest(place, components) === root) ? [ids.get(`${repo}\0${root}`) ?? ''] : []));
  const marks = marked.length === 0 ? [] : ['  classDef named stroke-width:4px', `  class ${marked.join(',')} named`];
  return ['```mermaid', 'graph LR', ...nodes, ...edges.slice(0, EDGES_MAX), ...crossing, ...marks, '```'].join('\n');
}

/** The component that a path lies in. */
function nearest({ repo, path }: NamedPlace, components: ArchitectureTopology['components']): string | undefined {
  const above = components.filter((each) => each.repo === repo && (each.root === '' || path === each.root || path.startsWith(`${each.root}/`)));
  return above.toSorted((left, right) => right.root.length - left.root.length)[0]?.root;
}

/** A name inside quotes. A colon goes, too: Mermaid looks for `style …:…#…;` in a line before it parses, and `fa:` is an icon. */
function label(text: string): string {
  const flat = showHidden(text.replace(/\s+/g, ' ')).toWellFormed();
  const cut = flat.length > LABEL_MAX ? `${flat.slice(0, LABEL_MAX - 1).toWellFormed()}…` : flat;
  return cut.replace(/[^\p{L}\p{N} _./,()…-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`) || ' ';
}
