import { expect, test } from 'vitest';
import type { Script } from './support/model-server.ts';
import { KEY, withModel, works } from './support/with-model.ts';
import { longTest } from './support/long.ts';
import { changePolicy } from './support/policy.ts';

test('a model designs and proposes through its wire format, and its key is nowhere but in the secrets', async () => {
  await withModel(works, async (world, model) => {
    const waiting = await world.start();
    expect(waiting.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    await world.assertNothingWritten();
    expect(model.asked.map(({ role }) => role)).toEqual(['triage', 'architect', 'planner', 'proposer']);
    expect(new Set(model.asked.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${KEY}`]));
    expect(new Set(model.asked.map((asked) => asked.model))).toEqual(new Set(['test']));
    const runs = await world.eventsOf('E_RUN_RECORDED');
    for (const { actor, body } of runs) {
      expect(actor).toEqual({ kind: 'model', login: null, id: null });
      expect(body).toMatchObject({ outcome: 'succeeded', model: 'openai-compatible/test', tokensIn: 100, tokensOut: 20, costMicroUsd: null, contextHash: waiting.contextHash });
    }
    expect(runs.map(({ body }) => body.role)).toEqual(['triage', 'architect', 'planner', 'proposer']);

    const done = await world.approve('ps-1');
    await world.assertEnded('DONE', /every required check passed/);
    expect(await world.git('local/api', 'show', `countersign/${done.id}/ps-1:docs/errors.md`)).toContain('HTTP 429 after the last of three tries');
  });
});

longTest('a model that asks first: the answer of a listed person reaches it, and the work goes on', async () => {
  const unknown = { id: 'q1', question: 'How many tries are there?', whyItMatters: 'The table names the number.', blocking: true, options: ['three'], answer: 'invented', answeredBy: 'nobody' };
  const asks: Script = (asked) => {
    const answer = works(asked);
    return asked.role === 'triage' && typeof answer === 'string' ? JSON.stringify({ ...JSON.parse(answer), unknowns: [unknown] }) : answer;
  };
  await withModel(asks, async (world, model) => {
    await world.start();
    await world.assertAsks({ code: 'deferred', reason: /A question has to be answered/ });
    expect((await world.trackingIssue()).body).toContain('1. How many tries are there?');
    await world.comment('/answer 1: Three.');
    const waiting = await world.workflow();
    expect(waiting.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect(model.asked.slice(1).every(({ prompt }) => prompt.includes('Asked before (q1): How many tries are there?\nAnswered by octocat: Three.'))).toBe(true);
    await world.assertNothingWritten();
  });
});

test('an edit that matches nothing is repaired once, from the reasons, before anybody is asked to approve', async () => {
  const slips: Script = (asked) => {
    const answer = works(asked);
    return asked.role === 'proposer' && typeof answer === 'string' ? answer.replace('after the last try', 'after the very last try') : answer;
  };
  await withModel(slips, async (world, model) => {
    const waiting = await world.start();
    expect(waiting.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect(waiting.patchSets[0]).toMatchObject({ revision: 1, stats: { files: 1, added: 1, removed: 1 } });
    expect(model.asked.map(({ role }) => role)).toEqual(['triage', 'architect', 'planner', 'proposer', 'repairer']);
    expect(model.asked.at(-1)?.prompt).toMatch(/what was said about it[^]*docs\/errors\.md/);
    expect((await world.eventsOf('E_RUN_RECORDED')).map(({ body }) => body.role)).toEqual(['triage', 'architect', 'planner', 'proposer', 'repairer']);
    await world.assertNothingWritten();
  });
});

longTest('a cap stops the call that could pass it; raised, a retry goes on to a PatchSet, through Gate 0, too', async () => {
  await withModel(works, async (world, model) => {
    const settle = async (triageUsd: number, costUsd: number): Promise<void> => {
      const common = { name: 'openai-compatible/test', url: model.url, price: { inputUsd: 1, outputUsd: 1 } };
      await changePolicy(world, { model: { ...common, roles: { triage: { costUsd: triageUsd } } }, limits: { costUsd } });
    };
    await settle(0, 0.00001);
    await world.start();
    await world.assertAsks({ code: 'model-over-budget', reason: /bring the triage to \$0\.\d+; its cap is \$0\.00 \(model\.roles\.triage\.costUsd\)/ });
    await settle(1, 0.00001);
    await world.comment('/retry');
    await world.assertAsks({ code: 'model-over-budget', reason: /bring the workflow to .* its cap is \$0\.00001 \(limits\.costUsd\)/ });
    expect(model.asked).toEqual([]);
    await settle(1, 2);
    await world.comment('/retry');
    expect((await world.workflow()).status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    await world.assertNothingWritten();
  });
});
