import type { ContextFile, FileKind, RepositoryContext } from '../../domain/context.ts';
import { guardedKindOf, isTestPath } from '../../domain/path-kinds.ts';
import type { RepoName } from '../../domain/ids.ts';
import type { BlockFile } from './block-files.ts';
import type { ChangeBlock } from './change.ts';
import { changedDefinitions, type ChangedDefinition } from './definitions.ts';
import { baseLines, locate, type ChangedLines, type Spot } from './spots.ts';

export interface FilePlace {
  readonly repo: RepoName;
  readonly path: string;
}

/** One path that the change touches, with what the pinned tree knows of it (null: it is new). */
export interface TouchedFile extends FilePlace {
  readonly operation: BlockFile['operation'];
  readonly added: number;
  readonly removed: number;
  readonly task: string | null;
  /** The path that it had before, of a file that moves. */
  readonly movedFrom: string | null;
  readonly known: ContextFile | null;
  /** What it is for; of a new file, as far as its path alone says. */
  readonly kind: FileKind | null;
  /** First and last line of the pinned file that the change reaches, 1-based; null when it is not known or the file is new. */
  readonly lines: readonly [number, number] | null;
  /** What of it the change reaches into, as far as the file's text is in the context. */
  readonly definitions: readonly ChangedDefinition[];
  /** Exported names whose line is replaced: their name or parameters may be others afterwards. Null when that is not known. */
  readonly headings: readonly string[] | null;
  /** Words of the lines that come or go. */
  readonly words: ReadonlySet<string>;
}

export const placeKey = ({ repo, path }: FilePlace): string => `${repo}:${path}`;
export const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

export function fileIn(context: RepositoryContext, place: FilePlace): ContextFile | null {
  return context.repos.find(({ repo }) => repo === place.repo)?.files.find(({ path }) => path === place.path) ?? null;
}

type Counted = Omit<TouchedFile, 'lines' | 'definitions' | 'headings' | 'words'> & { readonly spots: readonly Spot[]; readonly said: readonly string[] };

/** One entry a path: several blocks for a file are one change, and the first block's task owns it. */
export function touchedFiles(blocks: readonly ChangeBlock[], context: RepositoryContext): TouchedFile[] {
  const files = new Map<string, Counted>();
  for (const { repo, task, files: own } of blocks) {
    for (const { path, operation, from, spots, words, ...lines } of own) {
      const key = placeKey({ repo, path });
      const known = fileIn(context, { repo, path });
      const before = files.get(key);
      // A deleted or moved file counts with all its lines: the tree delta knows no renames.
      const removed = lines.removed + (operation === 'delete' && lines.removed === 0 ? (known?.lines ?? 0) : 0);
      const added = lines.added + (from === null ? 0 : (fileIn(context, { repo, path: from })?.lines ?? 0));
      files.set(key, before === undefined
        ? { repo, path, operation, added, removed, task, movedFrom: from, known, kind: known?.kind ?? guardedKindOf(path) ?? (isTestPath(path) ? 'test' : null), spots, said: words }
        : { ...before, operation: known === null ? 'add' : operation === 'delete' ? 'delete' : before.operation, added: before.added + added, removed: before.removed + removed, spots: [...before.spots, ...spots], said: [...before.said, ...words] });
    }
  }
  return [...files.values()].map(({ spots, said, ...file }) => ({ ...file, ...placesOf(file, spots, context), words: new Set(said) }));
}

function placesOf(file: Pick<TouchedFile, keyof FilePlace | 'known'>, spots: readonly Spot[], context: RepositoryContext): Pick<TouchedFile, 'lines' | 'definitions' | 'headings'> {
  const text = context.shown.find(({ repo, path, start }) => repo === file.repo && path === file.path && start === 0)?.text ?? null;
  const base = text === null || spots.length === 0 ? null : baseLines(text);
  const located = spots.map((spot) => locate(spot, base)).filter((place): place is ChangedLines => place !== null);
  const length = file.known?.lines ?? null;
  if (file.known === null || located.length === 0 || located.length < spots.length || length === null) return NOWHERE;
  const [first, last] = located.reduce(([least, most], place) => [Math.min(least, place.first), Math.max(most, place.last)], [Infinity, 0]);
  // A block may speak of lines that are not there: then it will not apply, and nothing is said about where it lies.
  if (first > last || last > length) return NOWHERE;
  const replaced = new Set(located.flatMap((place) => place.replaced));
  const headings = [...new Set(file.known.symbols.filter(({ exported, line }) => exported && replaced.has(line)).map(({ name }) => name))];
  return { lines: [first, last], definitions: base === null ? [] : changedDefinitions(file.known, base.lines, located), headings };
}

const NOWHERE = { lines: null, definitions: [], headings: null } as const;
