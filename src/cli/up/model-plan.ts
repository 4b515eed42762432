import { resolve } from 'node:path';
import { inputError } from '../../domain/errors.ts';
import { isHeaderText } from '../../model/client/key-form.ts';
import { assertModelUrl } from '../../model/client/model-url.ts';
import { providerName, PROVIDERS, providerOf } from '../../model/client/providers.ts';
import type { UpOptions } from './options.ts';
import { beginTranscript, readTranscript } from './transcript/store.ts';
import { startTranscriptServer, type Transcript, type TranscriptServer } from './transcript/server.ts';

/** The model that the control repo is set up with. */
export interface ModelPlan {
  readonly name: string;
  /** Null: the provider's own address. */
  readonly url: string | null;
  /** The secret; null for a server that wants none. */
  readonly key: string | null;
}

/** How a directory goes on asking its model when it is used again. */
export interface TranscriptPlace {
  readonly kind: 'record' | 'replay';
  readonly dir: string;
  readonly port: number;
  readonly upstream: string;
}

export interface PlannedModel {
  readonly model: ModelPlan | null;
  readonly server: TranscriptServer | null;
  readonly transcript: TranscriptPlace | null;
}

type Say = (line: string) => void;

/** Which model `up` asks, with its key and address from the usual variables, or through a transcript. Rejects with a sentence. */
export async function planModel({ model, record, replay }: Pick<UpOptions, 'model' | 'record' | 'replay'>, say: Say): Promise<PlannedModel> {
  if (replay !== null) return planReplay(replay, model, say);
  if (model === null) return { model: null, server: null, transcript: null };
  const plan = planCalls(model);
  return record === null ? { model: plan, server: null, transcript: null } : planRecord(record, plan);
}

function planCalls(name: string): ModelPlan {
  if (!Object.hasOwn(PROVIDERS, providerName(name)) || !/^[a-z0-9-]+\/\S+$/.test(name)) throw inputError('unknown-provider', `--model names ${providerName(name) || name}; it should be PROVIDER/NAME with one of these providers: ${Object.keys(PROVIDERS).join(', ')}.`);
  const { keyVariable, wire } = providerOf(name);
  const key = keyVariable === null ? null : (process.env[keyVariable] ?? '').trim();
  if (key === '') throw inputError('no-model-key', `--model ${name} needs its key in ${keyVariable}.`);
  const variable = { anthropic: 'ANTHROPIC_BASE_URL', google: 'GOOGLE_GENERATIVE_AI_BASE_URL', openai: 'OPENAI_BASE_URL', 'openai-compatible': 'OPENAI_BASE_URL' }[wire];
  const url = process.env[variable] || null;
  if (url === null && providerOf(name).baseUrl === null) throw inputError('no-model-url', `--model ${name} needs its address in ${variable}, up to and including /v1.`);
  if (url !== null) assertModelUrl(url, variable);
  if (key !== null && !isHeaderText(key)) throw inputError('no-model-key', `The key in ${keyVariable} holds a line break, a space or a character that no key has. Set it again.`);
  return { name, url, key };
}

async function planRecord(named: string, plan: ModelPlan): Promise<PlannedModel> {
  // Who goes on with it may stand in another directory.
  const dir = resolve(named);
  await beginTranscript(dir, { format: 'countersign/transcript@1', model: plan.name, source: 'recorded' });
  const upstream = (plan.url ?? providerOf(plan.name).baseUrl ?? '').replace(/\/+$/, '');
  const server = await startTranscriptServer({ kind: 'record', dir, upstream }, 0);
  return { model: { ...plan, url: server.url }, server, transcript: { kind: 'record', dir, port: portOf(server), upstream } };
}

async function planReplay(named: string, model: string | null, say: Say): Promise<PlannedModel> {
  const dir = resolve(named);
  const { name, transcript } = await openReplay(dir, say);
  if (model !== null && model !== name) throw inputError('other-model', `${dir} was recorded with ${name}, not with ${model}. Leave --model out.`);
  const server = await startTranscriptServer(transcript, 0);
  // The key of nobody: no call is made, but a client that wants a key sends one.
  return { model: { name, url: server.url, key: 'replay' }, server, transcript: { kind: 'replay', dir, port: portOf(server), upstream: '' } };
}

/** Listens again where the directory's model was. */
export async function goOnAsking({ kind, dir, port, upstream }: TranscriptPlace, say: Say): Promise<TranscriptServer> {
  return startTranscriptServer(kind === 'record' ? { kind, dir, upstream } : (await openReplay(dir, say)).transcript, port);
}

async function openReplay(dir: string, say: Say): Promise<{ name: string; transcript: Transcript }> {
  const { head, exchanges } = await readTranscript(dir);
  say(`  replay    ${dir}: ${exchanges.length} answers of ${head.model}${head.source === 'by hand' ? ', written by hand' : ''}; no call is made`);
  const onMiss = (lines: readonly string[]): void => [`  replay    ${dir} has no answer to what is asked now`, ...lines.map((line) => `    ${line}`)].forEach(say);
  return { name: head.model, transcript: { kind: 'replay', exchanges, onMiss } };
}

const portOf = ({ url }: TranscriptServer): number => Number(new URL(url).port);
