import { expect, test } from 'vitest';
import { countOf, termHash } from '../analyse/terms.ts';
import { createPooledAnalyser } from './pool.ts';

const PROGRAM = new URL('dying-worker.fixture.ts', import.meta.url);
/** So much that threads are worth their start. */
const large = (count: number) => Array.from({ length: count }, () => ({ lens: 'go' as const, bytes: 1_000_000 }));
const tasks = (...texts: string[]) => texts.map((text) => ({ lens: 'go' as const, bytes: Buffer.from(text) }));

test('a file that ends its thread is named and read by its words; the others are read by a new thread', async () => {
  const analyser = createPooledAnalyser(2, { program: PROGRAM });
  try {
    analyser.expect(large(10_000), 'all');
    const [first, second, third] = await analyser.analyse(tasks('one', 'poison well', 'three'));
    expect([first, third].map((each) => each?.outline)).toMatchObject([{ parsed: true, failure: null }, { parsed: true, failure: null }]);
    expect(second?.outline).toMatchObject({ parsed: false, symbols: [], failure: 'the parser came to its end on this file' });
    expect(second === undefined ? 0 : countOf(second.terms, termHash('well'))).toBe(1);
  } finally {
    await analyser.close();
  }
});

test('threads end with what was expected, and start again for more', async () => {
  const analyser = createPooledAnalyser(2, { program: PROGRAM });
  try {
    for (const round of [1, 2]) {
        analyser.expect(large(500), 'all');
      const facts = await analyser.analyse(tasks(...Array.from({ length: 500 }, (_, index) => `word${index}`)));
      expect([round, facts.length, facts.filter(({ outline }) => outline.parsed).length]).toEqual([round, 500, 500]);
    }
    analyser.expect([{ lens: 'text', bytes: 5 }], 'all');
    expect(await analyser.analyse([{ lens: 'text', bytes: Buffer.from('alone') }])).toMatchObject([{ outline: { kind: 'text' }, terms: { length: 1 } }]);
  } finally {
    await analyser.close();
  }
});

test('a thread without a grammar ends the reading with its sentence', async () => {
  const analyser = createPooledAnalyser(2, { program: PROGRAM });
  try {
    analyser.expect(large(10_000), 'all');
    await expect(analyser.analyse(tasks('nothing'))).rejects.toMatchObject({ kind: 'outside', code: 'grammar-missing' });
  } finally {
    await analyser.close();
  }
});
