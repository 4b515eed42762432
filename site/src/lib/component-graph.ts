import type { Architecture, ArchitectureTopology } from '../../../src/domain/documents.ts';
import { html, type SafeHtml } from './html.ts';
import { visibleText } from './visible.ts';

// The graph of an architecture as a drawing of ours: no script draws it, and every name in it is escaped text.

const NODES_MAX = 24;
const [BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, PADDING, HEAD] = [150, 34, 70, 14, 14, 24];
const LABEL_MAX = 20;

type Component = ArchitectureTopology['components'][number];
interface Place {
  readonly repo: string;
  readonly root: string;
}
interface Box extends Place {
  readonly name: string;
  readonly named: boolean;
  readonly x: number;
  readonly y: number;
}
interface Edge {
  readonly from: Box;
  readonly to: Box;
  readonly text: string;
}

const keyOf = ({ repo, root }: Place): string => `${repo}\0${root}`;

/** The components and who uses whom, as SVG; null when there is nothing to connect. What uses stands to the left of what it uses. `id` is the page's own word for this graph. */
export function componentGraph({ topology, components }: Architecture, id: string): SafeHtml | null {
  const shown = topology?.components.slice(0, NODES_MAX) ?? [];
  if (topology === undefined || shown.length < 2) return null;
  const named = new Set(components.flatMap(({ repo, paths }) => paths.flatMap((path) => nearest({ repo, path }, topology.components) ?? [])));
  const bands = layOut(shown, topology.links, named);
  const boxes = new Map(bands.flatMap(({ own }) => own).map((box) => [keyOf(box), box]));
  const edges = topology.links.flatMap(({ from, to, imports, declared }): Edge[] => {
    const [start, end] = [boxes.get(keyOf(from)), boxes.get(keyOf(to))];
    if (start === undefined || end === undefined || start === end) return [];
    return [{ from: start, to: end, text: [...(imports > 0 ? [`${imports} ${imports === 1 ? 'import' : 'imports'}`] : []), ...(declared === null ? [] : ['declared'])].join(', ') }];
  });
  const width = Math.max(...bands.map((band) => band.width)) + 2;
  const height = Math.max(...bands.map((band) => band.y + band.height)) + 2;
  const said = `Graph of ${shown.length} components and ${edges.length} uses; the tables below say the same.`;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Graph of components"><svg class="graph" role="img" aria-label="${said}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><defs><marker id="${id}-use" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" class="head" /></marker></defs>${bands.map(drawBand)}${edges.map((edge) => drawEdge(edge, id))}${[...boxes.values()].map(drawBox)}</svg></div>`;
}

interface Band {
  readonly repo: string;
  readonly own: readonly Box[];
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Each repository is a band; in it, components stand in columns by how far they are from what nobody uses. */
function layOut(shown: readonly Component[], links: ArchitectureTopology['links'], named: ReadonlySet<string>): Band[] {
  let y = 1;
  return [...Map.groupBy(shown, ({ repo }) => repo)].map(([repo, own]) => {
    const columns = columnsOf(own, links);
    const rows = new Map<number, number>();
    const boxes = own.map((component): Box => {
      const column = columns.get(keyOf(component)) ?? 0;
      const row = rows.get(column) ?? 0;
      rows.set(column, row + 1);
      return { repo, root: component.root, name: component.name, named: named.has(keyOf(component)), x: 1 + PADDING + column * (BOX_WIDTH + GAP_X), y: y + HEAD + PADDING / 2 + row * (BOX_HEIGHT + GAP_Y) };
    });
    const width = Math.max(...boxes.map((box) => box.x)) + BOX_WIDTH + PADDING - 1;
    const height = HEAD + PADDING + Math.max(...rows.values()) * (BOX_HEIGHT + GAP_Y);
    const band = { repo, own: boxes, y, width, height };
    y += height + GAP_Y;
    return band;
  });
}

/** The longest way from a component that nobody uses. Circles end where they began: no way is longer than the list. */
function columnsOf(own: readonly Component[], links: ArchitectureTopology['links']): ReadonlyMap<string, number> {
  const columns = new Map(own.map((component) => [keyOf(component), 0]));
  const uses = links.map(({ from, to }) => [keyOf(from), keyOf(to)] as const).filter(([from, to]) => from !== to && columns.has(from) && columns.has(to));
  const columnsMax = Math.min(own.length - 1, 5);
  for (let round = 0; round < columnsMax; round++) for (const [from, to] of uses) columns.set(to, Math.min(columnsMax, Math.max(columns.get(to) ?? 0, (columns.get(from) ?? 0) + 1)));
  const used = [...new Set(columns.values())].toSorted((left, right) => left - right);
  return new Map([...columns].map(([key, column]) => [key, used.indexOf(column)]));
}

function nearest({ repo, path }: { repo: string; path: string }, all: readonly Component[]): string | null {
  const above = all.filter((each) => each.repo === repo && (each.root === '' || path === each.root || path.startsWith(`${each.root}/`)));
  const found = above.toSorted((left, right) => right.root.length - left.root.length)[0];
  return found === undefined ? null : keyOf(found);
}

const drawBand = ({ repo, y, width, height }: Band): SafeHtml => html`<rect class="band" x="1" y="${y}" width="${width}" height="${height}" rx="8" /><text class="repo" x="${PADDING}" y="${y + 18}">${visibleText(repo)}</text>`;

function drawBox({ name, root, repo, named, x, y }: Box): SafeHtml {
  const flat = visibleText(name.replace(/\s+/g, ' ')).toWellFormed();
  const label = flat.length > LABEL_MAX ? `${flat.slice(0, LABEL_MAX - 1).toWellFormed()}…` : flat;
  return html`<g><title>${visibleText(`${name} (${repo}${root === '' ? '' : `, ${root}`})`)}</title><rect class="${named ? 'box named' : 'box'}" x="${x}" y="${y}" width="${BOX_WIDTH}" height="${BOX_HEIGHT}" rx="5" /><text x="${x + BOX_WIDTH / 2}" y="${y + 22}" text-anchor="middle">${label}</text></g>`;
}

function drawEdge({ from, to, text }: Edge, id: string): SafeHtml {
  const forwards = to.x > from.x;
  const [x1, y1] = [from.x + (forwards || to.x === from.x ? BOX_WIDTH : 0), from.y + BOX_HEIGHT / 2];
  const [x2, y2] = [to.x + (forwards ? 0 : BOX_WIDTH), to.y + BOX_HEIGHT / 2];
  // Within a column it goes round on the right side; else it swings out to the side it leaves by.
  const bend = to.x === from.x ? GAP_X / 2 : Math.max(30, Math.abs(x2 - x1) / 2);
  // What passes other columns dips between the rows, so that it is not hidden behind their boxes.
  const dip = Math.abs(x2 - x1) > GAP_X && to.x !== from.x ? BOX_HEIGHT : 0;
  const path = `M${x1} ${y1}C${x1 + (forwards || to.x === from.x ? bend : -bend)} ${y1 + dip} ${x2 + (forwards ? -bend : bend)} ${y2 + dip} ${x2} ${y2}`;
  return html`<path class="edge" d="${path}" marker-end="url(#${id}-use)"><title>${`${visibleText(from.name)} uses ${visibleText(to.name)}: ${text}`}</title></path>`;
}
