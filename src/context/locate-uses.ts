import type { CrossRepoLink, RepoFacts } from '../domain/context.ts';
import type { RepoName } from '../domain/ids.ts';
import type { ObjectReader } from '../ports/objects.ts';
import { decodeText } from './analyse/analyse-blob.ts';
import { keyOf } from './graph.ts';
import { mapBounded } from './order.ts';

type Place = CrossRepoLink['provider'];

/** Files that are read again for a line; what lies beyond keeps its file. */
const FILES_MAX = 500;

/**
 * Says on which line a link begins and ends where only its file was known: a manifest's dependency, a schema that is named. The first line with
 * the name as a word of its own counts; without one the line stays null.
 */
export async function locateUses(links: readonly CrossRepoLink[], repos: readonly RepoFacts[], objects: ReadonlyMap<RepoName, ObjectReader>): Promise<CrossRepoLink[]> {
  const located = links.filter(({ kind }) => kind === 'package' || kind === 'schema');
  const wanted = new Map(located.flatMap(({ provider, user }) => [provider, user].filter(({ line }) => line === null).map((place) => [keyOf(place), place] as const)).slice(0, FILES_MAX));
  const texts = new Map(await mapBounded([...wanted], 16, async ([key, place]) => [key, await textOf(place, repos, objects)] as const));
  const at = (place: Place, name: string): Place => {
    const text = place.line === null ? texts.get(keyOf(place)) : undefined;
    return text === undefined || text === null ? place : { ...place, line: lineOfWord(text, name) };
  };
  return links.map((link) => (link.kind === 'package' || link.kind === 'schema' ? { ...link, provider: at(link.provider, link.name), user: at(link.user, link.name) } : link));
}

async function textOf({ repo, path }: Place, repos: readonly RepoFacts[], objects: ReadonlyMap<RepoName, ObjectReader>): Promise<string | null> {
  const file = repos.find((each) => each.repo === repo)?.files.find((each) => each.path === path);
  const bytes = file === undefined || file.lines === null ? null : await objects.get(repo)?.readBlob(file.blob).catch(() => null);
  return bytes === null || bytes === undefined ? null : decodeText(bytes);
}

/** 1-based. `group:artifact` is written in two places: then the artifact's counts. */
export function lineOfWord(text: string, name: string): number | null {
  const found = indexOfWord(text, name);
  if (found >= 0) return text.slice(0, found).split('\n').length;
  const alike = new RegExp(`(?<![\\w@/-])${name.replaceAll(/[-_.]+/g, '.').replaceAll(/[^\w.@/]/g, '.').replaceAll('.', '[^\\w]?_?')}(?![\\w@/-])`, 'i').exec(text.slice(0, 200_000));
  if (alike !== null) return text.slice(0, alike.index).split('\n').length;
  const last = name.slice(name.lastIndexOf(':') + 1);
  if (last !== name) return lineOfWord(text, last);
  // Generators add to a service's name.
  const inside = name.length < 5 ? -1 : text.indexOf(name);
  return inside < 0 ? null : text.slice(0, inside).split('\n').length;
}

const isPart = (character: string | undefined): boolean => character !== undefined && /[\w@/-]/.test(character);

function indexOfWord(text: string, name: string): number {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) if (!isPart(text[at - 1]) && !isPart(text[at + name.length])) return at;
  return -1;
}
