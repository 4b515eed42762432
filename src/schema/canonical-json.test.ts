import { describe, expect, it } from 'vitest';

import { canonicalJson, hashCanonical, jcs, parseCanonical } from './canonical-json.ts';
import { parseStrictJson } from './strict-json.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array): string => new TextDecoder().decode(value);
const raw = (...parts: (string | number[])[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...bytes(part)] : part)));

describe('canonicalJson', () => {
  it('sorts keys by UTF-16 code units, at every level', () => {
    expect(text(canonicalJson({ b: 1, a: { Z: 1, _: 2, a: [3, { y: 0, x: 0 }] }, '10': 0, '9': 0 }))).toBe('{"10":0,"9":0,"a":{"Z":1,"_":2,"a":[3,{"x":0,"y":0}]},"b":1}');
  });

  it('sorts an object that has a member called toJSON like any other', () => {
    expect(text(canonicalJson({ toJSON: 1, b: 2, a: 3 }))).toBe('{"a":3,"b":2,"toJSON":1}');
  });

  it('writes a shared object twice instead of calling it circular', () => {
    const shared = { x: 1 };
    expect(text(canonicalJson({ a: shared, ab: [shared, shared] }))).toBe('{"a":{"x":1},"ab":[{"x":1},{"x":1}]}');
  });

  it('writes a member called __proto__ like any other', () => {
    expect(text(canonicalJson(JSON.parse('{"__proto__":{"x":1},"a":2}')))).toBe('{"__proto__":{"x":1},"a":2}');
  });

  it('sorts the neighbours of toJSON as RFC 8785 does, at every level', () => {
    expect(text(canonicalJson({ toJSONA: { toJSON: { toJSON: [{ toJSON: null, a: 1 }], Z: 0 } }, toJSON0: 1, toJSON: '{"toJSON":', toJSO: 2 }))).toBe(
      '{"toJSO":2,"toJSON":"{\\"toJSON\\":","toJSON0":1,"toJSONA":{"toJSON":{"Z":0,"toJSON":[{"a":1,"toJSON":null}]}}}',
    );
  });

  it('reads each member once, so that what was checked is what is written', () => {
    let reads = 0;
    const shifty = Object.defineProperty({}, 'a', { enumerable: true, get: () => (reads++ === 0 ? 1 : Number.NaN) });
    expect(text(canonicalJson(shifty))).toBe('{"a":1}');
  });

  it('refuses what would grow beyond all bounds by sharing, soon', () => {
    const bomb = Array.from({ length: 60 }).reduce<unknown>((inner) => [inner, inner], 'x'.repeat(1_000));
    expect(() => canonicalJson(bomb)).toThrow('more than 33554432 bytes');
  });

  const circular: { self?: unknown } = {};
  circular.self = circular;
  const circle: unknown[] = [];
  circle.push(circle, circle, circle);
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    ['a hole in a list', [1, , 2]], // oxlint-disable-line no-sparse-arrays -- the hole is what is tried
    ['a function', { a: () => 1 }],
    ['a function called toJSON', { toJSON: () => 1 }],
    ['a symbol key', { [Symbol('s')]: 1 }],
    ['a Date', { a: new Date(0) }],
    ['a Map', new Map()],
    ['a bigint', 1n],
    ['a fraction', 1.5],
    ['minus zero', -0],
    ['NaN', Number.NaN],
    ['2^53', 2 ** 53],
    ['a lone surrogate', '\ud800'],
    ['a NUL', 'a\0b'],
    ['a key with a hyphen', { 'a-b': 1 }],
    ['an empty key', { '': 1 }],
    ['a circle', circular],
    ['a circle of arrays', circle],
    ['an array with a member beside its items', Object.assign([1], { extra: 1 })],
    ['a boxed string', new String('a')],
    ['65 levels', Array.from({ length: 65 }).reduce((inner) => [inner], 1)],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ kind: 'input', code: 'json-not-acceptable' }));
  });

  it('takes 64 levels and the largest safe integers', () => {
    const deep = Array.from({ length: 64 }).reduce((inner) => [inner], Number.MAX_SAFE_INTEGER);
    expect(parseCanonical(canonicalJson(deep))).toEqual(deep);
  });

  it('names the place of the fault', () => {
    expect(() => canonicalJson({ repos: [{ name: 1 }, { name: 1.5 }] })).toThrow('$.repos[1].name');
  });
});

describe('hashCanonical', () => {
  it('is the SHA-256 of the canonical bytes', () => {
    // printf '{}' | sha256sum
    expect(hashCanonical({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });
});

const HOSTILE: [string, Uint8Array][] = [
  ['nothing', raw()],
  ['white space alone', bytes(' ')],
  ['a byte order mark', raw([0xef, 0xbb, 0xbf], '{}')],
  ['invalid UTF-8', raw('"', [0xff], '"')],
  ['an overlong encoding', raw('"', [0xc0, 0xaf], '"')],
  ['a surrogate in UTF-8', raw('"', [0xed, 0xa0, 0x80], '"')],
  ['a truncated character', raw('"', [0xe2, 0x82], '"')],
  ['trailing bytes', bytes('{}x')],
  ['two values', bytes('{}{}')],
  ['a duplicate key', bytes('{"a":1,"a":1}')],
  ['a duplicate key behind an escape', bytes('{"a":1,"\\u0061":1}')],
  ['a duplicate __proto__', bytes('{"__proto__":1,"__proto__":2}')],
  ['an escaped lone surrogate', bytes('"\\ud800"')],
  ['reversed surrogates', bytes('"\\udc00\\ud800"')],
  ['a raw NUL', raw('"', [0], '"')],
  ['an escaped NUL', bytes('"\\u0000"')],
  ['a raw line feed in a string', bytes('"a\nb"')],
  ['minus zero', bytes('-0')],
  ['9007199254740993', bytes('9007199254740993')],
  ['a fraction', bytes('1.0')],
  ['an exponent', bytes('1e2')],
  ['a leading zero', bytes('01')],
  ['a plus sign', bytes('+1')],
  ['NaN', bytes('NaN')],
  ['a trailing comma', bytes('[1,]')],
  ['a leading comma', bytes('[,1]')],
  ['a missing colon', bytes('{"a" 1}')],
  ['single quotes', bytes("{'a':1}")],
  ['a comment', bytes('/**/{}')],
  ['an open string', bytes('"abc')],
  ['an open object', bytes('{"a":1')],
  ['an unknown escape', bytes('"\\x41"')],
  ['an escape named like a member of Object', bytes('"\\constructor"')],
  ['a short unicode escape', bytes('"\\u12"')],
  ['a key with a hyphen', bytes('{"a-b":1}')],
  ['a no-break space', bytes('\u00a0{}')],
  ['65 levels', bytes('['.repeat(65) + ']'.repeat(65))],
  ['a million brackets', bytes('['.repeat(1_000_000))],
];

describe.each([
  ['parseStrictJson', parseStrictJson],
  ['parseCanonical', parseCanonical],
])('%s', (_, parse) => {
  it.each(HOSTILE)('refuses %s', (_name, hostile) => {
    expect(() => parse(hostile)).toThrow(expect.objectContaining({ kind: 'input' }));
  });

  it('reads a member called __proto__ as data', () => {
    const value = parse(bytes('{"__proto__":{"x":1}}'));
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect((value as { x?: unknown }).x).toBeUndefined();
  });
});

describe('parseCanonical', () => {
  it.each(['{ }', '{}\n', '{"b":1,"a":1}', '"\\u0061"', '"\\/"', '["\\u000A"]'])('refuses %s, which is not canonical', (notCanonical) => {
    expect(() => parseCanonical(bytes(notCanonical))).toThrow(expect.objectContaining({ code: 'json-not-canonical' }));
    expect(() => parseStrictJson(bytes(notCanonical))).not.toThrow();
  });
});

describe('jcs', () => {
  it('sorts keys outside the ASCII range by UTF-16 code units', () => {
    const input = '{"\\u20ac":1,"\\r":2,"\\ufb33":3,"1":4,"\\ud83d\\ude00":5,"\\u0080":6,"\\u00f6":7}';
    expect(Object.values(JSON.parse(text(jcs(bytes(input)))) as object)).toHaveLength(7);
    expect(text(jcs(bytes(input)))).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  });

  it.each([
    ['-0', '0'],
    ['9007199254740993', '9007199254740992'],
    ['295147905179352830000', '295147905179352830000'],
    ['-5e-324', '-5e-324'],
    ['{"toJSON\\u0000":1,"toJSON":2,"toJSON\\u0000a":3,"toJSON\\u0000\\u0000":["toJSON\\u0000",{"toJSON":{"b":1,"a":2}}]}', '{"toJSON":2,"toJSON\\u0000":1,"toJSON\\u0000\\u0000":["toJSON\\u0000",{"toJSON":{"a":2,"b":1}}],"toJSON\\u0000a":3}'],
    ['{"toJSON":1,"a":"\\u0000"}', '{"a":"\\u0000","toJSON":1}'],
  ])('writes %s as %s', (input, output) => {
    expect(text(jcs(bytes(input)))).toBe(output);
  });

  it.each(['1e999', '"\\ud800"', '{"a":1,"a":2}', '{"a":01}', ''])('refuses %s', (input) => {
    expect(() => jcs(bytes(input))).toThrow(expect.objectContaining({ kind: 'input' }));
  });
});
