import fc from 'fast-check';
import { expect, it } from 'vitest';
import { redact, redactSecrets } from './redact.ts';
import { makeSecrets, WRAPPINGS } from './synthetic-secrets.ts';

it('replaces secrets by what they were, keeps the rest and the lines', () => {
  const [{ secret: token } = { secret: '' }] = makeSecrets(3, 1);
  const pem = makeSecrets(3, 1).find(({ kind }) => kind === 'pem')?.secret ?? '';
  const { text, redacted } = redactSecrets(`a ${token} b\n${pem}\nend ${Buffer.from(token).toString('base64')}.\n`);
  expect(text).toBe('a [redacted: GitHub token] b\n[redacted: private key]\n\n\n\n\nend [redacted: GitHub token].\n'.replace('\n\n\n\n\nend', `${'\n'.repeat(pem.split('\n').length)}end`));
  expect(redacted).toEqual(['GitHub token', 'private key', 'GitHub token']);
});

it('leaves no secret behind, whatever it is wrapped in, and is done after one time', () => {
  const all = makeSecrets(11, 1).filter(({ kind }) => !kind.startsWith('assigned-'));
  fc.assert(
    fc.property(fc.constantFrom(...all), fc.constantFrom(...Object.values(WRAPPINGS)), fc.string(), ({ secret }, wrap, around) => {
      const once = redact(`${around}\n${wrap(secret)}\n${around}`);
      expect(redact(once)).toBe(once);
      expect(once).not.toContain(secret);
    }),
    { seed: 4, numRuns: 300 },
  );
});

it('leaves ordinary text as it is', () => {
  fc.assert(
    fc.property(fc.lorem({ maxCount: 50 }), (text) => {
      expect(redactSecrets(text)).toEqual({ text, redacted: [] });
    }),
    { seed: 4 },
  );
});

it('leaves out as a whole what it cannot search', () => {
  const hostile = 'ghs_1_aa.'.repeat(100_000);
  expect(redactSecrets(hostile)).toEqual({ text: '[redacted: 900000 characters that could not be searched for secrets]', redacted: ['text that could not be searched'] });
});
