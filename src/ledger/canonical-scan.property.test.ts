import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, parseCanonical } from './canonical-json.ts';
import { looksCanonical } from './canonical-scan.ts';

const isCanonical = (bytes: Uint8Array): boolean => {
  try {
    parseCanonical(bytes);
    return true;
  } catch {
    return false;
  }
};
const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

const key = fc.stringMatching(/^[A-Za-z0-9_]{1,6}$/);
const value = fc.letrec((tie) => ({
  any: fc.oneof({ depthSize: 'small' }, fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')), fc.integer(), fc.constantFrom(0, true, false, null, '\u0001\u001f\b\n"\\\u2028'), tie('list'), tie('object')),
  list: fc.array(tie('any'), { maxLength: 5 }),
  object: fc.dictionary(key, tie('any'), { maxKeys: 6 }),
})).any;

it('sees every canonical text that is not extreme', () => {
  fc.assert(fc.property(value, (any) => {
      expect(looksCanonical(canonicalJson(any))).toBe(true);
    }), { numRuns: 2_000 });
});

it('never calls a text canonical that the full reader refuses, whatever byte was changed', () => {
  fc.assert(
    fc.property(value, fc.nat(), fc.nat(255), fc.constantFrom('replace', 'insert', 'remove'), (any, place, byte, how) => {
      const honest = [...canonicalJson(any)];
      const at = place % honest.length;
      honest.splice(at, how === 'insert' ? 0 : 1, ...(how === 'remove' ? [] : [byte]));
      const bytes = Uint8Array.from(honest);
      if (looksCanonical(bytes) && isUtf8(bytes)) expect(isCanonical(bytes), new TextDecoder().decode(bytes)).toBe(true);
    }),
    { numRuns: 20_000 },
  );
});

it.each(['', '-0', '00', '01', '1.0', '1e3', '-', '{"b":1,"a":2}', '{"a":1,"a":2}', '{"a" :1}', '[1,]', '[,1]', '"\\/"', '"\\u0041"', '"\\u000A"', '"\\u001F"', '"\\u0000"', '"\t"', '{}x', 'nul', '{"a-b":1}', '{"":1}', '"a', '9007199254740993', ' 1', '1 '])('does not take %j', (text) => {
  expect(looksCanonical(new TextEncoder().encode(text))).toBe(false);
});
