import type { FilePlace } from './touched.ts';

export const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;

/** Characters of a list in a sentence; the first name stands whatever its length is. */
const LIST_MAX = 700;

/** The first names, then how many more there are. */
export function most(names: readonly string[], limit: number): string {
  let length = 0;
  const fitting = names.slice(0, limit).findIndex((name) => (length += name.length + 2) > LIST_MAX);
  const shown = names.slice(0, fitting < 0 ? limit : Math.max(1, fitting));
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}

/** A path as code, with its repository where a workflow has several. */
export type NamePlace = (place: FilePlace) => string;
export const placeNamer = (repositories: number): NamePlace => ({ repo, path }) => (repositories > 1 ? quoted(`${repo}:${path}`) : quoted(path));

/** Outside text as a name in a sentence: Markdown shows it as code, and a backtick of its own cannot end it. */
export const quoted = (text: string): string => `\`${text.replaceAll('`', "'")}\``;

/** Up to six places, each once, then how many more. */
export const listed = (places: readonly FilePlace[], name: NamePlace, limit = 6): string => most([...new Set(places.map(name))], limit);

/** "a", "a and b", "a, b and c". */
export function joined(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

/** Names in a criterion: what stands between backticks, and words that only code is written with. */
export function codeWords(text: string): string[] {
  const quotedParts = [...text.matchAll(/`([^`]{1,200})`/g)].map(([, part = '']) => part);
  const written = text.match(/[\p{L}_$][\p{L}\p{N}$]*(?:_[\p{L}\p{N}$]+|[\p{Ll}\p{N}]\p{Lu}[\p{L}\p{N}$]*)+/gu) ?? [];
  return [...quotedParts, ...written].flatMap((part) => part.match(/[\p{L}_$][\p{L}\p{N}_$]+/gu) ?? []).filter((word) => word.length > 3).slice(0, 100);
}
