import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalize as jsonCanonicalize } from 'json-canonicalize';
import { expect, it } from 'vitest';

import { canonicalJson, jcs, parseCanonical } from './canonical-json.ts';
import { parseIJson, parseStrictJson } from './strict-json.ts';

const RUNS = { numRuns: 10_000 };
const text = (value: Uint8Array): string => new TextDecoder().decode(value);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

const key = fc.oneof(fc.stringMatching(/^[A-Za-z0-9_]{1,8}$/), fc.constantFrom('toJSON', '__proto__', 'constructor', '10', '9', 'length'));
const wellFormed = fc.string({ unit: 'binary' });
const ledgerValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger().map((number) => number + 0),
    wellFormed.map((string) => string.replaceAll('\0', '')),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value;

it('agrees with canonicalize on every value of the ledger subset, and reads it back', () => {
  fc.assert(
    fc.property(ledgerValue, (value) => {
      const canonical = canonicalJson(value);
      expect(text(canonical)).toBe(canonicalize(value));
      expect(canonicalJson(parseCanonical(canonical))).toEqual(canonical);
      expect(canonicalJson(parseStrictJson(canonical))).toEqual(canonical);
    }),
    RUNS,
  );
});

it('agrees with canonicalize and json-canonicalize on any I-JSON text, however it was spaced', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.constantFrom(0, 1, '\t', ' \n'), (value, space) => {
      const written = bytes(JSON.stringify(value, null, space));
      const canonical = text(jcs(written));
      expect(canonical).toBe(canonicalize(value));
      if (!canonical.includes('"toJSON"')) expect(canonical).toBe(jsonCanonicalize(value));
    }),
    RUNS,
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
