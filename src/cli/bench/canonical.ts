import { availableParallelism } from 'node:os';

import { canonicalize } from 'json-canonicalize';

import { canonicalJson, parseCanonical } from '../../ledger/canonical-json.ts';
import { hashOfNumbers, PUBLISHED_CHECKSUMS } from './canonical-numbers.ts';
import { median } from './child.ts';

const NUMBERS = 1_000_000;
const ROUNDS = 5;
const WRITES_PER_ROUND = 4_000;

export interface CanonicalBench {
  readonly bench: 'canonical';
  readonly machine: { readonly cores: number; readonly node: string };
  /** RFC 8785's published number generator: `sha256` is ours, `published` what it has to be. */
  readonly numbers: { readonly count: number; readonly sha256: string; readonly published: string; readonly holds: boolean; readonly seconds: number };
  /** Microseconds for one value of `bytes` bytes, medians; the peers check nothing. */
  readonly speed: { readonly bytes: number; readonly writeUs: number; readonly readUs: number; readonly stringifyUs: number; readonly parseUs: number; readonly nakedLibraryUs: number };
}

/** Checks a million numbers against the published checksum, and measures reading and writing beside what checks nothing. */
export function benchCanonical(say: (line: string) => void): CanonicalBench {
  say(`${NUMBERS.toLocaleString('en')} numbers of the published generator`);
  const start = performance.now();
  const sha256 = hashOfNumbers(NUMBERS);
  const seconds = (performance.now() - start) / 1_000;
  const published = PUBLISHED_CHECKSUMS.get(NUMBERS) ?? '';
  say('reading and writing a record, beside JSON.parse, JSON.stringify and json-canonicalize alone');
  return {
    bench: 'canonical',
    machine: { cores: availableParallelism(), node: process.version },
    numbers: { count: NUMBERS, sha256, published, holds: sha256 === published, seconds },
    speed: measureSpeed(),
  };
}

function measureSpeed(): CanonicalBench['speed'] {
  const value = record();
  const bytes = canonicalJson(value);
  const text = new TextDecoder().decode(bytes);
  const tried = {
    writeUs: () => canonicalJson(value),
    readUs: () => parseCanonical(bytes),
    stringifyUs: () => JSON.stringify(value),
    parseUs: () => JSON.parse(text) as unknown,
    nakedLibraryUs: () => canonicalize(value),
  };
  const times: Record<keyof typeof tried, number[]> = { writeUs: [], readUs: [], stringifyUs: [], parseUs: [], nakedLibraryUs: [] };
  const names = Object.keys(tried) as (keyof typeof tried)[];
  // In turns, so that other work on the machine meets all of them alike. The first round only warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of names) {
      const micros = timeOf(tried[name]);
      if (round > 0) times[name].push(micros);
    }
  }
  const of = (name: keyof typeof tried): number => median(times[name]);
  return { bytes: bytes.byteLength, writeUs: of('writeUs'), readUs: of('readUs'), stringifyUs: of('stringifyUs'), parseUs: of('parseUs'), nakedLibraryUs: of('nakedLibraryUs') };
}

function timeOf(work: () => unknown): number {
  const start = performance.now();
  for (let index = 0; index < WRITES_PER_ROUND; index++) work();
  return ((performance.now() - start) * 1_000) / WRITES_PER_ROUND;
}

/** Shaped and sized as an event is: some text, hashes, and a list of objects. */
function record(): object {
  const hash = (seed: number): string => seed.toString(16).padStart(2, '0').repeat(32);
  const changes = Array.from({ length: 8 }, (_, index) => ({ path: `src/part-${index}/file.ts`, op: 'modify', oldMode: '100644', newMode: '100644', oldBlob: hash(index).slice(24), newBlob: hash(index + 9).slice(24) }));
  return { format: 'countersign/event@1', workflow: 'wf-20261122-k3v9q2', seq: 12, prev: hash(1), at: '2026-11-22T10:00:00Z', state: { from: 'INGESTED', to: 'PATCHES_PROPOSED' }, actor: { kind: 'human', login: 'octocat', id: 1 }, body: { comment: 'Looks right — go on “as is”.', changes } };
}
