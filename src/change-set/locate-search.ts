import { show } from './bytes.ts';
import type { Edit } from './edit-model.ts';
import { byteStringOf } from './lossless-text.ts';
import { PatchFault } from './failure.ts';
import type { LineIndex } from './match-lines.ts';
import { nearestPlaces } from './nearest-lines.ts';

type Replace = Extract<Edit, { kind: 'replace' }>;

/** What to look for: the search text of an edit in the form in which the base's lines are (byte strings). */
export interface SearchText {
  readonly edit: Replace;
  readonly search: readonly string[];
}

/**
 * The one place (0-based line) where an edit's search text stands in `base` (byte strings).
 * Without an anchor it must stand in the file exactly once. With one, the anchor line must stand in the file exactly
 * once, and the first place at or below it counts: anchor and search together name one place.
 */
export function locateSearch({ edit, search }: SearchText, base: LineIndex): number {
  const { lines } = base;
  if (search.length === 0) {
    if (lines.length === 0) return 0;
    throw new PatchFault('search-empty', `${where(edit)} is empty. Copy the lines to replace from the file, or use a new-file block for a new file.`);
  }
  if (edit.anchor !== null) return base.findFrom(search, locateAnchor(edit, base)) ?? raise(notFound(edit, { lines, search, places: base.findAll(search) }));
  const places = base.findAll(search);
  const [only] = places;
  if (only === undefined) throw notFound(edit, { lines, search, places });
  if (places.length > 1) {
    throw new PatchFault('search-ambiguous', `${where(edit)} stands in ${pathOf(edit)} ${places.length} times, at lines ${listOf(places)}. Add lines around it, or an anchor="…" line above it that stands in the file once.`);
  }
  return only;
}

function raise(fault: PatchFault): never {
  throw fault;
}

function locateAnchor(edit: Replace, base: LineIndex): number {
  const anchor = byteStringOf(edit.anchor ?? '').trim();
  const places = base.placesOfTrimmed(anchor);
  const [only] = places;
  if (only === undefined) throw new PatchFault('anchor-not-found', `The anchor ${show(anchor)} of ${where(edit)} is no line of ${pathOf(edit)}.`);
  if (places.length > 1) throw new PatchFault('anchor-ambiguous', `The anchor ${show(anchor)} of ${where(edit)} stands in ${pathOf(edit)} ${places.length} times, at lines ${listOf(places)}.`);
  return only;
}

interface Looked {
  readonly lines: readonly string[];
  readonly search: readonly string[];
  readonly places: readonly number[];
}

function notFound(edit: Replace, looked: Looked): PatchFault {
  const above = looked.places.length === 0 ? '' : ` It stands above the anchor, at lines ${listOf(looked.places)}.`;
  const near = nearestPlaces(looked.lines, looked.search).map(({ at, agreeing }) => {
    const index = looked.search.findIndex((line, offset) => looked.lines[at + offset] !== line);
    const found = looked.lines[at + index];
    const reads = found === undefined ? 'ends there' : `line ${at + index + 1} is ${show(found, 100)}, not ${show(looked.search[index] ?? '', 100)}`;
    return `line ${at + 1} (${agreeing} of ${looked.search.length} lines agree but for spaces; ${reads})`;
  });
  const nearest = near.length === 0 ? ' Nothing in the file resembles it.' : ` Nearest: ${near.join('; ')}.`;
  return new PatchFault('search-not-found', `${where(edit)} stands nowhere in ${pathOf(edit)} as whole lines.${above}${looked.places.length === 0 ? nearest : ''} Copy the lines exactly as they are in the base.`);
}

const where = (edit: Replace): string => `The SEARCH text at line ${edit.line}`;
const pathOf = (edit: Replace): string => show(byteStringOf(edit.path));
const listOf = (places: readonly number[]): string => `${places.slice(0, 10).map((place) => place + 1).join(', ')}${places.length > 10 ? ', …' : ''}`;
