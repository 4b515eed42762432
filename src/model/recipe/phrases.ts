import type { FilePlace } from './touched.ts';

export const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;

/** The first names, then how many more there are. */
export const most = (names: readonly string[], limit: number): string => (names.length > limit ? `${names.slice(0, limit).join(', ')} and ${names.length - limit} more` : names.join(', '));

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
