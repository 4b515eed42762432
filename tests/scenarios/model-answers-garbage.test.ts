import { expect, test } from 'vitest';
import type { Script } from './support/model-server.ts';
import { withModel, works } from './support/with-model.ts';
import { longTest } from './support/long.ts';

test.each<[string, Script, string, RegExp, number]>([
  ['text without form, with the key in it, twice', ({ authorization }) => `Lorem ipsum ${authorization}`, 'model-not-by-schema', /^The triage gave no usable answer, though it was told once what is wrong: the answer is not JSON/, 2],
  ['JSON of another form, twice', ({ authorization }) => JSON.stringify({ verdict: 'YES', [authorization]: authorization }), 'model-not-by-schema', /^The triage gave no usable answer, though it was told once what is wrong: /, 2],
  ['a page instead of an answer', ({ authorization }) => ({ contentType: 'text/html', body: `<html>${authorization}</html>` }), 'model-no-answer', /what answers is not in the provider's format; check the base URL/, 1],
  ['a refusal that quotes the key', ({ authorization }) => ({ status: 401, body: JSON.stringify({ error: { message: `wrong key: ${authorization}` } }) }), 'model-provider-down', /the provider answered 401: check the API key/, 1],
])('a model that answers %s: a person is asked, with a typed failure on the record', async (_, script, code, reason, calls) => {
  await withModel(script, async (world) => {
    await world.start();
    await world.assertAsks({ code, reason });
    const runs = await world.eventsOf('E_RUN_RECORDED');
    expect(runs).toHaveLength(calls);
    for (const { body } of runs) expect(body).toMatchObject({ role: 'triage', outcome: 'failed', model: 'openai-compatible/test', reason: expect.stringMatching(/^(?:not-by-schema|no-answer|provider-down): /) });
    expect((await world.trackingIssue()).body).toContain('comment `/retry`');
    await world.assertNothingWritten();
  });
});

longTest('a model that finds its words again: /retry designs anew', async () => {
  await withModel(() => 'Lorem ipsum', async (world, model) => {
    await world.start();
    await world.assertAsks({ code: 'model-not-by-schema', reason: /the answer is not JSON/ });
    model.script = works;
    const waiting = await world.comment('/retry');
    expect(waiting.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    await world.assertNothingWritten();
  });
});
