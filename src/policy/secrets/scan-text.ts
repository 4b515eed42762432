import { decodings } from './decode.ts';
import { findRandomValues } from './entropy.ts';
import { joinContinued, joinLines, joinLiterals } from './join.ts';
import { PRIVATE_KEY, privateKeyEnd, SECRET_KINDS, type SecretKind } from './kinds.ts';
import { isMadeUp, isPlaceholder } from './placeholder.ts';
import { findByPreset } from './preset.ts';
import type { View } from './view.ts';

/** A secret in a text. */
export interface SecretHit {
  /** How a person calls it; never the secret itself. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** How it was wrapped, outermost first: `['base64', 'joined lines']`; empty when it stands there as it is. */
  readonly via: readonly string[];
  /** False for what only looks like a secret by its name and randomness. */
  readonly isCertain: boolean;
}

/** What is found, and whether everything could be looked at. */
export interface SecretScan {
  readonly hits: readonly SecretHit[];
  readonly isComplete: boolean;
}

/** Characters that may still be looked at, all readings of all files together. */
export interface ScanBudget {
  charactersLeft: number;
}

const DECODINGS_MAX = 3;
const HITS_MAX = 500;
// Where more than this looks like the beginning of a secret, each beginning costs more than it is worth: a person looks.
const BEGINNINGS_MAX = 20_000;
const BEGINNING = new RegExp(
  [
    String.raw`gh[opusr]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-|xox[a-z][-.]|xapp-|hooks\.slack|api/webhooks/|[rs]k_|whsec_|A(?:KIA|SIA|BIA|CCA)`,
    String.raw`A3T[A-Z0-9]|A(?:GP|ID|RO|IP|NP|NV)A[A-Z0-9]{16}|[Ss]ecret|SECRET|npm_|_auth|_password|(?<![A-Za-z0-9])sk-|AIza|GOCSPX|ya29\.|eyJ|SG\.|key-|SK[0-9a-f]|:AA|pypi-|rubygems_|cio`,
    String.raw`dckr_|_v1_|hf_|sbp?_|HRKU|AccountKey|AGE-|://[^\s:/@]{0,128}:[^\s/@]{1,256}@|x-oauth-basic|PRIVATE KEY|private_key`,
    String.raw`shp[a-z]{2}_|gl(?:c|sa)_|gsk_|lin_api_|ntn_|ops_ey|hv[sbr]\.|vc[piark]_|dapi[A-Fa-f0-9]|figd_|cf(?:k|ut|at)_|tskey-`,
    String.raw`ABSK|ATATT3|ATBB|sq0[aci]|NRAK-|PMAK-|sntry|dp\.[a-z]{2,5}\.|\.atlasv1\.|xai-|pplx-|r8_|EZ[AT]K|pscale_|pul-|oy2|v1\.0-|-us\d|AKCp|AAAA[A-Za-z0-9_-]{7}:|PuTTY-User|"kty"|[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.`,
  ].join('|'),
  'g',
);

/**
 * Finds secrets in a text, also where they are split over lines or string literals, and where they are encoded, up to
 * three times. Time and memory grow with the text's length alone.
 */
export function scanText(text: string, budget: ScanBudget): SecretScan {
  const state: State = { hits: [], isComplete: true, budget };
  scan(text, { depth: 0, isJoined: false, via: [], place: (start, end) => ({ start, end }), isNew: () => true, joints: () => 0 }, state);
  return { hits: withoutOverlaps(state.hits), isComplete: state.isComplete };
}

interface State {
  readonly hits: SecretHit[];
  isComplete: boolean;
  readonly budget: ScanBudget;
}

/** A reading of the text: how deep it lies, and where its characters stand in the text itself. */
interface Reading {
  readonly depth: number;
  readonly isJoined: boolean;
  readonly via: readonly string[];
  place(start: number, end: number): { readonly start: number; readonly end: number };
  isNew(start: number, end: number): boolean;
  joints(start: number, end: number): number;
}

function scan(text: string, reading: Reading, state: State): void {
  state.budget.charactersLeft -= text.length;
  if (state.budget.charactersLeft < 0 || state.hits.length >= HITS_MAX) {
    state.isComplete = false;
    return;
  }
  look(text, reading, state);
  if (!reading.isJoined) {
    // Literals only in the text itself: what is decoded is seldom source code.
    for (const view of [joinContinued(text), joinLines(text), reading.depth === 0 ? joinLiterals(text) : null]) {
      if (view !== null) scan(view.text, inner(reading, view, { isJoined: true, depth: reading.depth }), state);
    }
  }
  if (reading.depth >= DECODINGS_MAX) return;
  // What a joined text shows as it stood before has been decoded there.
  for (const view of decodings(text, (start, end) => !reading.isJoined || reading.isNew(start, end))) scan(view.text, inner(reading, view, { isJoined: false, depth: reading.depth + 1 }), state);
}

function inner(outer: Reading, view: View, more: { isJoined: boolean; depth: number }): Reading {
  const place: Reading['place'] = (start, end) => {
    const { start: from, end: to } = view.origin(start, end);
    return outer.place(from, to);
  };
  return { ...more, via: [...outer.via, view.step], place, isNew: (start, end) => view.isNew(start, end), joints: (start, end) => view.joints(start, end) };
}

function look(text: string, reading: Reading, state: State): void {
  const beginnings = countUpTo(text, BEGINNING, BEGINNINGS_MAX);
  if (beginnings >= BEGINNINGS_MAX) {
    state.isComplete = false;
    return;
  }
  const add = ({ name, start, end, from = start }: Found, isCertain: boolean): void => {
    // A joint or a decoded character must be part of it, else it was found where it stands as it is.
    if (state.hits.length < HITS_MAX && reading.isNew(from, end)) state.hits.push({ name, ...reading.place(start, end), via: reading.via, isCertain });
  };
  if (beginnings > 0) for (const found of findCertain(text, reading)) add(found, true);
  if (reading.depth === 0 && !reading.isJoined) for (const found of findRandomValues(text)) add(found, false);
}

function countUpTo(text: string, pattern: RegExp, most: number): number {
  let count = 0;
  pattern.lastIndex = 0;
  while (count < most && pattern.test(text)) count += 1;
  return count;
}

interface Found {
  readonly name: string;
  /** Where what gives it away begins, when that is before the secret itself: `_authToken=`. */
  readonly from?: number;
  readonly start: number;
  readonly end: number;
}

function* findCertain(text: string, reading: Reading): Generator<Found> {
  for (const kind of SECRET_KINDS) if (!(kind.isLoose && reading.via.at(-1) === 'joined lines')) yield* findKind(text, kind, reading);
  for (const { 0: matched, index } of text.matchAll(PRIVATE_KEY)) {
    const body = /[A-Za-z0-9+/]{16,}$/.exec(matched)?.[0] ?? '';
    if (!isPlaceholder(body, 16)) yield { name: 'private key', start: index, end: privateKeyEnd(text, index, matched.length) };
  }
  // What the preset alone knows. Across lines only forms of our own, which say how much they may take.
  if (reading.via.at(-1) !== 'joined lines') yield* findPreset(text);
}

function* findKind(text: string, { name, pattern, least, isReal, hint, isLoose }: SecretKind, reading: Reading): Generator<Found> {
  if (hint !== undefined && !text.includes(hint)) return;
  for (const found of text.matchAll(pattern)) {
    const secret = found[1] ?? found[0];
    if ((isLoose ? isMadeUp : isPlaceholder)(secret, least) || isReal?.(secret) === false) continue;
    const start = found.index + found[0].lastIndexOf(secret);
    const range = { start, end: start + secret.length };
    // A list of prefixes or words, read in one piece, is no secret: those have digits.
    if (reading.isJoined && reading.joints(range.start, range.end) >= 3 && !/\d/.test(secret)) continue;
    // Web addresses stand beside all sorts of strings.
    if (reading.isJoined && /^[A-Za-z0-9]*https?:/i.test(secret)) continue;
    yield { name, ...range, from: found.index };
  }
}

const PRESET_NAMES: Readonly<Record<string, string>> = { privatekey: 'private key', basicauth: 'password in a URL', 'database-connection-string': 'password in a URL', aws: 'AWS key' };

function* findPreset(text: string): Generator<Found> {
  for (const { rule, start, end } of findByPreset(text)) {
    const secret = text.slice(start, end);
    const isUrl = rule === 'basicauth' || rule === 'database-connection-string';
    // URLs are judged by the kind of our own, which knows more placeholders.
    if (!isUrl && !isPlaceholder(secret, Math.ceil(secret.length * 0.8))) yield { name: PRESET_NAMES[rule] ?? `${rule} secret`, start, end };
  }
}

/** In order of place; of hits that overlap the plainest one stays, and among those the first. */
function withoutOverlaps(hits: readonly SecretHit[]): SecretHit[] {
  const kept: SecretHit[] = [];
  const plainest = hits.toSorted((a, b) => Number(b.isCertain) - Number(a.isCertain) || a.via.length - b.via.length);
  for (const hit of plainest) {
    const at = kept.findIndex(({ start, end }) => hit.start < end && start < hit.end);
    const other = kept[at];
    // A half that is a secret by itself must not leave the other half standing where secrets are taken out.
    if (other === undefined) kept.push(hit);
    else kept[at] = { ...other, start: Math.min(other.start, hit.start), end: Math.max(other.end, hit.end) };
  }
  return kept.toSorted((a, b) => a.start - b.start);
}
