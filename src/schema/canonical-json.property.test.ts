import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalize as jsonCanonicalize } from 'json-canonicalize';
import { expect, it } from 'vitest';

import { canonicalJson, jcs, parseCanonical } from './canonical-json.ts';
import { parseIJson, parseStrictJson } from './strict-json.ts';

const text = (value: Uint8Array): string => new TextDecoder().decode(value);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

// The keys that have tripped up libraries stand beside their neighbours in the order, so that each comes between others.
const TRAPS = ['toJSON', 'toJSOM', 'toJSON0', 'toJSON_', 'toJSONA', 'toJSO', '__proto__', 'constructor', 'valueOf', 'hasOwnProperty', '10', '9', 'length'];
const key = fc.oneof(fc.stringMatching(/^[A-Za-z0-9_]{1,8}$/), fc.constantFrom(...TRAPS));
const anyKey = fc.oneof(key, fc.string({ unit: 'binary' }), fc.constantFrom('toJSON\0', 'toJSON\0\0', 'toJSON\0a', 'toJSON\u0001', '{"toJSON\0', ',"toJSON', '"toJSON\\u0000":', ''));
const wellFormed = fc.string({ unit: 'binary' });
const objectOf = (keys: fc.Arbitrary<string>, member: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.array(fc.tuple(keys, member), { maxLength: 6 }).map((entries) => Object.fromEntries(entries));

const ledgerValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger().map((number) => number + 0),
    wellFormed.map((string) => string.replaceAll('\0', '')),
    fc.array(tie('value'), { maxLength: 5 }),
    objectOf(key, tie('value')),
  ),
})).value;

const iJsonValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.oneof(wellFormed, fc.constantFrom('"toJSON\0":', 'toJSON\0', ',"toJSON\\u0000')),
    fc.array(tie('value'), { maxLength: 5 }),
    objectOf(anyKey, tie('value')),
  ),
})).value;

/** Whether any object in `value` has a member called `toJSON`, which json-canonicalize alone gets wrong. */
const hasToJson = (value: unknown): boolean => typeof value === 'object' && value !== null && (Object.hasOwn(value, 'toJSON') || Object.values(value).some(hasToJson));

it('agrees with canonicalize on 100,000 values of the ledger subset, and reads them back', () => {
  fc.assert(
    fc.property(ledgerValue, (value) => {
      const canonical = canonicalJson(value);
      if (text(canonical) !== canonicalize(value)) return false;
      return text(canonicalJson(parseCanonical(canonical))) === text(canonical) && text(canonicalJson(parseStrictJson(canonical))) === text(canonical);
    }),
    { numRuns: 100_000 },
  );
});

it('agrees with canonicalize and json-canonicalize on any I-JSON text, however it was spaced', () => {
  fc.assert(
    fc.property(iJsonValue, fc.constantFrom(0, 1, '\t', ' \n'), (value, space) => {
      const canonical = text(jcs(bytes(JSON.stringify(value, null, space))));
      return canonical === canonicalize(value) && (hasToJson(value) || canonical === jsonCanonicalize(value));
    }),
    { numRuns: 30_000 },
  );
});

it('refuses any single byte of canonical text changed to another, or reads it as another value', () => {
  fc.assert(
    fc.property(ledgerValue, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, at, by) => {
      const honest = canonicalJson(value);
      const changed = Uint8Array.from(honest);
      changed[at % honest.length] = ((honest[at % honest.length] ?? 0) + by) % 256;
      try {
        return text(canonicalJson(parseCanonical(changed))) !== text(honest);
      } catch (error) {
        return error instanceof Error && error.name === 'CountersignError';
      }
    }),
    { numRuns: 10_000 },
  );
});

it('accepts and refuses the same texts as JSON.parse, but for what I-JSON forbids', () => {
  const snippet = fc.array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', '"a"', '"b"', '1', '-', '.5', 'e1', 'true', 'null', ' ', '\n', '\\u0041', '\u0001', '0'), { maxLength: 12 });
  fc.assert(
    fc.property(snippet, (parts) => {
      const source = parts.join('');
      let expected: unknown;
      try {
        expected = JSON.parse(source);
      } catch {
        expect(() => parseIJson(bytes(source))).toThrow();
        return;
      }
      try {
        expect(canonicalize(parseIJson(bytes(source)))).toBe(canonicalize(expected));
      } catch (error) {
        expect(String(error)).toMatch(/stands twice|too large/);
      }
    }),
    { numRuns: 20_000 },
  );
});
