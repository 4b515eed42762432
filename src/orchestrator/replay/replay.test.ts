import type { RoleModels } from '../../model/ask.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createSampleWorld, CONFIG_TEXT, type SampleWorld } from '../../../scripts/vectors/sample-world.ts';
import { lineChanger, type Role } from '../../../tests/scenarios/support/model-server.ts';
import { loadGrammarFromPackages } from '../../context/grammars.ts';
import { inputError } from '../../domain/errors.ts';
import type { Workflow } from '../../domain/workflow.ts';
import { canonicalJson, parseCanonical } from '../../ledger/canonical-json.ts';
import { createModelDesigner } from '../../model/model-designer.ts';
import { createModelProposer } from '../../model/model-proposer.ts';
import type { ModelClient } from '../../ports/model-client.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { parseConfig } from '../../schema/config.ts';
import { proposalSchema } from '../../schema/think.ts';
import { recipeParsers } from '../recipe-parsers.ts';
import { replayWorkflow, type ReplayReport } from './replay.ts';
import type { ReplayPorts } from './session.ts';

const portsOf = (world: SampleWorld, configs: readonly string[] = [CONFIG_TEXT]): ReplayPorts => ({ ledger: world.ledger, repos: world.repos, loadGrammar: loadGrammarFromPackages, readConfigs: async () => configs });

/** The report as lines `outcome item subject`, for what is not the same. */
const unlike = ({ items }: ReplayReport): string[] => items.filter(({ outcome }) => outcome !== 'same').map(({ outcome, item, subject }) => `${outcome} ${item} ${subject}`);

/** A store whose evidence is read through `change`, as somebody with the ledger's disk could arrange. */
const spoiled = (store: LedgerStore, hash: string, bytes: Uint8Array): LedgerStore => ({
  readWorkflow: (id) => store.readWorkflow(id),
  readEvidence: async (id, hashes) => new Map([...(await store.readEvidence(id, hashes))].map(([each, found]) => [each, each === hash ? bytes : found])),
  commit: (commit) => store.commit(commit),
});

describe('a workflow without a model', () => {
  let world: SampleWorld;
  let workflow: Workflow;
  beforeAll(async () => {
    world = await createSampleWorld();
    const workshop = world.workshop();
    await workshop.start();
    const block = ['```search/replace path=src/notice.js repo=local/web task=T3', '<<<<<<< SEARCH', '    return `The weather service is busy. Please try again in ${Math.ceil(error.retryAfterMs / 1000)} s.`;', '=======', '    return `The weather service is busy. Try again in ${Math.ceil(error.retryAfterMs / 1000)} s.`;', '>>>>>>> REPLACE', '```'];
    await workshop.requestChanges('ps-2', `Shorter, please.\n\n${block.join('\n')}\n`);
    await workshop.approve('ps-1');
    await workshop.approve('ps-2');
    workflow = await workshop.observe();
  });
  afterAll(() => world.remove());

  test('everything comes out the same: the design, both revisions, and nothing is left out', async () => {
    expect(workflow.status).toBe('DONE');
    const report = await replayWorkflow(portsOf(world), workflow.id);
    expect(unlike(report)).toEqual([]);
    expect(report).toMatchObject({ ok: true, state: 'DONE', different: 0, notRebuildable: 0 });
    const subjects = (item: string) => report.items.filter((each) => each.item === item).map(({ subject }) => subject);
    expect(subjects('document')).toEqual(['decision', 'architecture', 'scope', 'plan', 'gates']);
    for (const item of ['proposal', 'result-tree', 'diff', 'policy-result', 'gate-3', 'manifest']) expect(subjects(item), item).toEqual(['ps-1 r1', 'ps-2 r1', 'ps-2 r2']);
    expect(subjects('base')).toEqual(['local/api', 'local/web']);
    expect(report.items.find(({ item }) => item === 'context')).toMatchObject({ expected: workflow.contextHash });
    expect(report.items.find(({ item, subject }) => item === 'manifest' && subject === 'ps-2 r2')).toMatchObject({ expected: workflow.patchSets[1]?.digest });
  });

  test('a repository that is not at hand: what needs it is not rebuildable, and says which', async () => {
    const ports = portsOf(world);
    const repos = { open: async (repo: string, commit: string) => (repo === 'local/web' ? Promise.reject(inputError('no-target', 'local/web is not at hand')) : ports.repos.open(repo, commit)) };
    const report = await replayWorkflow({ ...ports, repos }, workflow.id);
    expect(report.ok).toBe(true);
    expect(unlike(report)).toEqual(expect.arrayContaining(['not-rebuildable base local/web', 'not-rebuildable context local/api, local/web', 'not-rebuildable proposal ps-1 r1', 'not-rebuildable result-tree ps-2 r1', 'not-rebuildable manifest ps-2 r2']));
    expect(report.items.filter(({ subject }) => subject === 'ps-1 r1').map(({ item, outcome }) => `${outcome} ${item}`)).toEqual(expect.arrayContaining(['same result-tree', 'same diff', 'same manifest']));
    expect(report.items.find(({ item }) => item === 'context')?.why).toContain('local/web is not at hand');
  });

  test('a policy that is not at hand: only its result is not rebuildable', async () => {
    const report = await replayWorkflow(portsOf(world, ['approvers: [somebody]\n']), workflow.id);
    expect(unlike(report)).toEqual(['ps-1 r1', 'ps-2 r1', 'ps-2 r2'].map((subject) => `not-rebuildable policy-result ${subject}`));
  });

  test('another proposal than the one that was approved leads to another tree, diff and digest', async () => {
    const [patchSet] = workflow.patchSets;
    const recorded = proposalSchema.parse(parseCanonical((await world.ledger.readEvidence(workflow.id, [patchSet?.proposal ?? ''])).get(patchSet?.proposal ?? '') ?? new Uint8Array()));
    const forged = canonicalJson({ ...recorded, parts: recorded.parts.map((part) => ({ ...part, text: part.text.replaceAll('retryAfterMs(response)', 'retryAfterMs(answer)') })) });
    const report = await replayWorkflow({ ...portsOf(world), ledger: spoiled(world.ledger, patchSet?.proposal ?? '', forged) }, workflow.id);
    expect(report.ok).toBe(false);
    expect(unlike(report)).toEqual(expect.arrayContaining(['different result-tree ps-1 r1', 'different diff ps-1 r1', 'different manifest ps-1 r1']));
    const tree = report.items.find(({ item, subject }) => item === 'result-tree' && subject === 'ps-1 r1');
    expect(tree).toMatchObject({ expected: patchSet?.resultTree, found: expect.stringMatching(/^[0-9a-f]{40}$/) });
  });

  test('a proposal that applies to nothing is a difference, not a missing input', async () => {
    const hash = workflow.patchSets[0]?.proposal ?? '';
    const forged = canonicalJson({ format: 'countersign/proposal@1', repo: 'local/api', parts: [{ format: 'edits', text: 'nothing' }] });
    const report = await replayWorkflow({ ...portsOf(world), ledger: spoiled(world.ledger, hash, forged) }, workflow.id);
    expect(report.items.find(({ item, subject }) => item === 'result-tree' && subject === 'ps-1 r1')).toMatchObject({ outcome: 'different', found: 'no tree' });
  });

  test('another issue text is another revision and another context', async () => {
    const text = new TextEncoder().encode('# Another title\n\nAnother text about errors.\n');
    const report = await replayWorkflow({ ...portsOf(world), ledger: spoiled(world.ledger, workflow.source.revision, text) }, workflow.id);
    expect(unlike(report)).toEqual(expect.arrayContaining([expect.stringMatching(/^different issue/), 'different context local/api, local/web']));
    expect(report.items.find(({ item }) => item === 'context')?.why).toMatch(/^other files or ranges are shown than were recorded; the first difference: shown\[0\]\.\w+: recorded .+, made again /);
  });

  test('records that do not hold: the fold is different, and nothing is built on it', async () => {
    const { ledger } = world;
    const broken: LedgerStore = { ...spoiled(ledger, '', new Uint8Array()), readWorkflow: async (id) => { const read = await ledger.readWorkflow(id); return { ...read, events: read.events.toSpliced(4, 1) }; } };
    const report = await replayWorkflow({ ...portsOf(world), ledger: broken }, workflow.id);
    expect(report).toMatchObject({ ok: false, state: null, different: 1, items: [{ item: 'fold', outcome: 'different' }] });
  });
});

describe('a workflow with a model', () => {
  const CONFIG = `${CONFIG_TEXT}model: { name: test/scripted, url: "http://127.0.0.1:1/v1" }\nevidence: full\n`;
  const works = lineChanger({ repo: 'local/api', path: 'docs/errors.md', find: /`RateLimitError`/, replace: (line) => line.replace('the last try', 'the last of three tries') });

  /** Answers by role, the first triage with something that does not hold. */
  function scripted(): ModelClient {
    let asked = 0;
    return {
      name: 'test/scripted',
      async generate({ role, prompt, schema }) {
        const answer = asked++ === 0 ? '{"verdict":"PERHAPS"}' : works({ role: role as Role, model: 'scripted', authorization: '', prompt });
        if (typeof answer !== 'string') throw new TypeError('a text was expected');
        return { kind: 'answered', text: answer, json: schema === null ? null : JSON.parse(answer), model: 'test/scripted', usage: { tokensIn: 1, tokensOut: 1, costMicroUsd: 1 }, durationMs: 1 };
      },
    };
  }

  let world: SampleWorld;
  let workflow: Workflow;
  beforeAll(async () => {
    world = await createSampleWorld(CONFIG);
    const client = scripted();
    const models: RoleModels = () => ({ client, settings: { maxOutputTokens: 1_000, timeoutMs: 1_000, temperature: 0 } });
    const issue = { title: 'Say how many tries', body: 'The table of errors leaves out how many tries there are.\n\n## Repositories\n\n- local/api\n' };
    workflow = await world.workshop({ issue, config: parseConfig(CONFIG), roles: { designer: createModelDesigner(models), proposer: createModelProposer(models, recipeParsers) } }).start();
  });
  afterAll(() => world.remove());

  test('every prompt, the repair among them, comes out the same from the pinned inputs and the recorded answers', async () => {
    expect(workflow.status).toBe('WAITING_USER_APPROVAL');
    const report = await replayWorkflow(portsOf(world, [CONFIG]), workflow.id);
    expect(unlike(report)).toEqual([]);
    expect(report.items.filter(({ item }) => item === 'prompt').map(({ subject }) => subject)).toEqual(['triage, call 1', 'triage, call 2', 'architect, call 1', 'planner, call 1', 'proposer, call 1']);
  });

  test('evidence: full keeps each prompt, and its file has the name that the record calls the prompt by', async () => {
    const { events } = await world.ledger.readWorkflow(workflow.id);
    const records = events.map(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)) as { type: string; body: { prompt: string }; evidence: { name: string; sha256: string }[] });
    const runs = records.filter(({ type }) => type === 'E_RUN_RECORDED');
    expect(runs.map(({ evidence }) => evidence.map(({ name }) => name).at(-1))).toEqual(['triage-prompt.json', 'triage-prompt.json', 'architect-prompt.json', 'planner-prompt.json', 'proposer-prompt.json']);
    for (const { body, evidence } of runs) expect(evidence.at(-1)?.sha256).toBe(body.prompt);
  });

  test('the context hash covers the templates: it is another one than a recipe gets', async () => {
    const recipe = await createSampleWorld();
    const other = await recipe.workshop({ issue: { title: 'Say how many tries', body: 'The table of errors leaves out how many tries there are.\n\n## Repositories\n\n- local/api\n' } }).start();
    await recipe.remove();
    expect(other.contextHash).not.toBe(workflow.contextHash);
  });

  test('an answer that was exchanged: what follows from it is different, and where it differs first is said', async () => {
    const { events } = await world.ledger.readWorkflow(workflow.id);
    const records = events.map(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)) as { type: string; body: { role: string; outputs: string[] } });
    const answer = records.findLast(({ type, body }) => type === 'E_RUN_RECORDED' && body.role === 'triage')?.body.outputs[0] ?? '';
    const text = new TextDecoder().decode((await world.ledger.readEvidence(workflow.id, [answer])).get(answer));
    const report = await replayWorkflow({ ...portsOf(world, [CONFIG]), ledger: spoiled(world.ledger, answer, new TextEncoder().encode(text.replace('leaves it out', 'forgets it'))) }, workflow.id);
    expect(report.ok).toBe(false);
    expect(report.items.find(({ item, subject }) => item === 'document' && subject === 'decision')).toMatchObject({ outcome: 'different', why: 'the first difference: reasons[0].text: recorded "docs/errors.md leaves it out.", made again "docs/errors.md forgets it."' });
    expect(report.items.find(({ item, subject }) => item === 'prompt' && subject === 'architect, call 1')?.why).toMatch(/^the role was sent other words; the first difference: prompt, line \d+: recorded ".*leaves it out.*", made again ".*forgets it/);
  });

  test('an answer that is not at hand: the prompts after it are not rebuildable', async () => {
    const { events } = await world.ledger.readWorkflow(workflow.id);
    const records = events.map(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)) as { type: string; body: { role: string; outputs: string[] } });
    const answer = records.findLast(({ type, body }) => type === 'E_RUN_RECORDED' && body.role === 'triage')?.body.outputs[0] ?? '';
    const ledger: LedgerStore = { ...spoiled(world.ledger, '', new Uint8Array()), readEvidence: async (id, hashes) => (hashes.includes(answer) ? Promise.reject(inputError('gone', 'gone')) : world.ledger.readEvidence(id, hashes)) };
    const report = await replayWorkflow({ ...portsOf(world, [CONFIG]), ledger }, workflow.id);
    expect(unlike(report)).toEqual(expect.arrayContaining(['not-rebuildable prompt architect, call 1', 'not-rebuildable prompt planner, call 1', 'not-rebuildable document decision']));
    expect(report.items.filter(({ item, outcome }) => item === 'prompt' && outcome === 'same').map(({ subject }) => subject)).toEqual(['triage, call 1', 'triage, call 2', 'proposer, call 1']);
  });
});
