import { canonicalJson, jcs } from './canonical-json.ts';
import { sha256 } from './sha256.ts';
import { parseStrictJson } from './strict-json.ts';

const encoder = new TextEncoder();

/** Golden vectors for other people's canonical JSON: texts that are accepted with what comes out, and texts that are not. */
export function canonicalVectors(): object {
  const accepted = ['{}', '[]', 'null', '{"b":1,"a":[true,null,"x"]}', ' { "10" : 0 , "9" : 1 } ', '{"toJSON":1,"__proto__":2,"a":3}', '"\\u20ac\\u0041\\/\\n"', '"\\ud83d\\ude00"', '"\\u0001\\u001f\\u007f\\u2028\\"\\\\"', '9007199254740991', '-9007199254740991'];
  const refused = ['', '{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '1.0', '1e2', '-0', '9007199254740993', '"\\ud800"', '"\\u0000"', '{"a-b":1}', '{"":1}', '[1,]', '{}x', '01', '"\t"', '\ufeff{}'];
  const onlyJcs = ['-0', '1.0', '1E30', '4.50', '333333333.33333329', '{"a-b":"\\u0000"}'];
  return {
    about: 'Each `text` is JSON. `canonical` is its canonical form, `sha256` the hash of those bytes. `ledger` is the strict subset of the ledger, `jcs` all of RFC 8785.',
    ledger: { accepted: accepted.map((text) => vector(text, canonicalJson(parseStrictJson(encoder.encode(text))))), refused },
    jcs: { accepted: [...accepted, ...onlyJcs].map((text) => vector(text, jcs(encoder.encode(text)))), refused: ['', '{"a":1,"a":2}', '"\\ud800"', '1e999', '[1,]'] },
  };
}

const vector = (text: string, canonical: Uint8Array): object => ({ text, canonical: new TextDecoder().decode(canonical), sha256: sha256(canonical) });
