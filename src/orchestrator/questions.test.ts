import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSampleWorld, CONFIG_TEXT, type SampleWorld } from '../../scripts/vectors/sample-world.ts';
import { lineChanger, type Role } from '../../tests/scenarios/support/model-server.ts';
import { loadGrammarFromPackages } from '../context/grammars.ts';
import type { RoleModels } from '../model/ask.ts';
import { createModelDesigner } from '../model/model-designer.ts';
import { createModelProposer } from '../model/model-proposer.ts';
import type { ModelClient } from '../ports/model-client.ts';
import { parseConfig } from '../schema/config.ts';
import { recipeParsers } from './recipe-parsers.ts';
import { replayWorkflow } from './replay/replay.ts';

// A question in the middle of a design, answered wrongly and rightly, with a call that fails, an edit that is repaired and a
// reviewer's wish: and all of it is made again afterwards.

const CONFIG = `${CONFIG_TEXT}model: { name: test/scripted, url: "http://127.0.0.1:1/v1" }\n`;
const works = (last: string) => lineChanger({ repo: 'local/api', path: 'docs/errors.md', find: /`RateLimitError`/, replace: (line) => line.replace('the last try', last) });
const QUESTION = { id: 'q1', question: 'How many tries?', whyItMatters: 'The table names the number.', blocking: true, options: ['three', ' ', 'as <b>many</b> as @octocat says'], answer: null, answeredBy: null };
const DOWN = { kind: 'failed', failure: 'provider-down', reason: 'HTTP 503', model: 'test/scripted', usage: { tokensIn: 0, tokensOut: 0, costMicroUsd: 0 }, durationMs: 1 } as const;

/** Fails once, asks in the architecture until it is answered, and slips in its first edit. */
function scripted(): { readonly client: ModelClient; readonly asked: string[] } {
  const asked: string[] = [];
  const client: ModelClient = {
    name: 'test/scripted',
    async generate({ role, prompt, schema }) {
      asked.push(role);
      if (asked.length === 2) return DOWN;
      const given = works(prompt.includes('Shorter, please') ? 'the last of 3 tries' : 'the last of three tries')({ role: role as Role, model: 'scripted', authorization: '', prompt });
      if (typeof given !== 'string') throw new TypeError('a text was expected');
      const text = role === 'architect' && !prompt.includes('Answered by') ? given.replace('"unknowns":[]', `"unknowns":[${JSON.stringify(QUESTION)}]`) : role === 'proposer' ? given.replace('RateLimitError', 'RateLimitErr') : given;
      return { kind: 'answered', text, json: schema === null ? null : JSON.parse(text), model: 'test/scripted', usage: { tokensIn: 1, tokensOut: 1, costMicroUsd: 1 }, durationMs: 1 };
    },
  };
  return { client, asked };
}

let world: SampleWorld;
beforeEach(async () => void (world = await createSampleWorld(CONFIG)));
afterEach(() => world.remove());

test('an answer to no open question is said back and asks nobody; the right one goes on, and the whole is made again', async () => {
  const { client, asked } = scripted();
  const models: RoleModels = () => ({ client, settings: { maxOutputTokens: 1_000, timeoutMs: 1_000, temperature: 0 } });
  const bodies: string[] = [];
  const heard = (intent: { readonly kind: string; readonly body?: string }): unknown => intent.kind === 'tracking-issue-update' && bodies.push(intent.body ?? '');
  const issue = { title: 'Say how many tries', body: 'The table of errors leaves out how many tries there are.\n\n## Repositories\n\n- local/api\n' };
  const workshop = world.workshop({ issue, heard, config: parseConfig(CONFIG), roles: { designer: createModelDesigner(models), proposer: createModelProposer(models, recipeParsers) } });

  expect((await workshop.start()).pause).toMatchObject({ code: 'model-provider-down', questions: [] });
  expect((await workshop.comment('/answer 1: three')).pause, 'nothing is asked').toMatchObject({ code: 'model-provider-down' });
  expect(bodies.at(-1)).toContain("> octocat's last comment changed nothing: nothing is asked just now, so an answer has no question. To go on, comment `/retry`.");

  await workshop.comment('/retry');
  expect((await workshop.designAgain()).pause).toMatchObject({ code: 'gate-1', questions: [{ id: 'q1', question: 'How many tries?', options: ['three', 'as <b>many</b> as @octocat says'] }] });
  expect(bodies.at(-1)).toContain('1. How many tries?\n   - three\n   - as \\<b\\>many\\</b\\> as @<!-- -->octocat says\n');
  expect(bodies.at(-1)).not.toContain('changed nothing');

  const before = asked.length;
  for (const wrong of ['/answer 7: three', '/answer 0: three', '/answer 1: three\n/answer 2: four', '/answer 10. May']) {
    expect((await workshop.comment(wrong)).pause, wrong).toMatchObject({ code: 'gate-1' });
    expect(bodies.at(-1), wrong).toMatch(/> octocat's last comment changed nothing: there is no open question (?:7|0|2|10): one question is open\. Say it again with a number from the list, such as `\/answer 1: …`\.\n/);
  }
  expect(asked.length).toBe(before);

  expect((await workshop.comment('/answer three')).status).toBe('INGESTED');
  expect((await workshop.designAgain()).status).toBe('WAITING_USER_APPROVAL');
  expect((await workshop.comment('/answer 1: four')).status).toBe('WAITING_USER_APPROVAL');
  expect(bodies.at(-1)).toContain('nothing is asked just now');
  const revised = await workshop.requestChanges('ps-1', 'Shorter, please');
  expect(revised.patchSets[0]).toMatchObject({ revision: 2 });
  expect(asked).toEqual(expect.arrayContaining(['architect', 'repairer']));

  const report = await replayWorkflow({ ledger: world.ledger, repos: world.repos, loadGrammar: loadGrammarFromPackages, readConfigs: async () => [CONFIG] }, revised.id);
  expect(report.items.filter(({ outcome }) => outcome !== 'same').map(({ item, subject, why }) => `${item} ${subject} ${why}`)).toEqual([]);
});
