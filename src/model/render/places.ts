import type { Evidence } from '../../domain/documents.ts';
import type { Oid, RepoName } from '../../domain/ids.ts';
import { code } from './markdown.ts';

/** Where the pinned repositories are read, so that what a document names can be opened at exactly that commit. */
export interface Places {
  readonly serverUrl: string;
  /** In the workflow's order. */
  readonly repos: readonly { readonly repo: RepoName; readonly baseCommit: Oid }[];
}

interface Place {
  readonly repo: RepoName;
  readonly path: string;
  readonly lines?: Evidence['lines'];
}

/** With one repository nobody has to be told on each line which one it is. */
export const isAlone = (places: Places | null): boolean => places?.repos.length === 1;

/** A file as code, which opens at the pinned commit, at its lines. Without places, or where a browser would walk up from there, it is code alone. */
export function placeLink(place: Place, places: Places | null, text = place.path): string {
  const pinned = places?.repos.find(({ repo }) => repo === place.repo);
  const segments = place.path.toWellFormed().split('/');
  if (places === null || pinned === undefined || segments.some((name) => ['', '.', '..'].includes(name))) return code(text);
  const [first, last] = place.lines ?? [null, null];
  const path = segments.map(encodeSegment).join('/');
  const lines = first === null ? '' : first === last ? `#L${first}` : `#L${first}-L${last}`;
  return `[${code(text)}](${places.serverUrl}/${place.repo}/blob/${pinned.baseCommit}/${path}${lines})`;
}

/** Nothing in a name may end the address or the Markdown around it. */
const encodeSegment = (name: string): string => encodeURIComponent(name).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** What each repository is pinned at: `octo/api` at `4f2a91c`. Empty without places. */
export const pinnedAt = (places: Places | null): string => (places === null ? '' : places.repos.map(({ repo, baseCommit }) => `${code(repo)} at ${code(baseCommit.slice(0, 7))}`).join(', '));

/** The ids of evidence, each opening what it names. */
export function evidenceLinks(ids: readonly string[], evidence: readonly Evidence[], places: Places | null): string {
  return ids.map((id) => {
    const cited = evidence.find((each) => each.id === id);
    return cited === undefined ? code(id) : placeLink(cited, places, id);
  }).join(', ');
}
