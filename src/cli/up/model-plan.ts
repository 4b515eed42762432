import { resolve } from 'node:path';
import { z } from 'zod';
import { MODEL_ROLES, type ModelRole } from '../../domain/config.ts';
import { inputError } from '../../domain/errors.ts';
import { isHeaderText } from '../../model/client/key-form.ts';
import { assertModelUrl } from '../../model/client/model-url.ts';
import { addressVariable, providerName, PROVIDERS, providerOf } from '../../model/client/providers.ts';
import type { Settings } from './local-config.ts';
import type { UpOptions } from './options.ts';
import { beginTranscript, readTranscript } from './transcript/store.ts';
import { startTranscriptServer, type Transcript, type TranscriptServer, type Upstreams } from './transcript/server.ts';

/** The models that the control repo is set up with. */
export interface ModelPlan {
  readonly name: string;
  /** Null: the provider's own address. */
  readonly url: string | null;
  /** Addresses of roles that ask elsewhere. */
  readonly roleUrls: Readonly<Partial<Record<ModelRole, string>>>;
  /** Every provider that is asked. */
  readonly providers: readonly string[];
  /** The secret; null where no server wants one. */
  readonly key: string | null;
}

/** How a directory goes on asking its model when it is used again. */
export interface TranscriptPlace {
  readonly kind: 'record' | 'replay';
  readonly dir: string;
  readonly port: number;
  readonly upstream: string;
  readonly roleUpstreams: Readonly<Record<string, string>>;
}

export interface PlannedModel {
  readonly model: ModelPlan | null;
  readonly server: TranscriptServer | null;
  readonly transcript: TranscriptPlace | null;
}

type Say = (line: string) => void;
type Asked = Pick<UpOptions, 'model' | 'record' | 'replay'> & { readonly settings: Settings };

/** Which models `up` asks, with keys and addresses from the usual variables, or through a transcript. Rejects with a sentence. */
export async function planModel({ model, record, replay, settings }: Asked, say: Say): Promise<PlannedModel> {
  if (replay !== null) return planReplay(replay, { model, settings }, say);
  if (model === null) return { model: null, server: null, transcript: null };
  const endpoints = endpointsOf(model, settings);
  const { main, roles } = endpoints;
  const providers = providersOf(endpoints);
  const plan: ModelPlan = { name: model, url: main.url, roleUrls: urlsOf(roles), providers, key: keysOf(providers, (provider) => requireKey(provider, endpoints)) };
  return record === null ? { model: plan, server: null, transcript: null } : planRecord(record, plan, { endpoints, say });
}

interface Endpoint {
  readonly name: string;
  readonly url: string | null;
}
interface Endpoints {
  readonly main: Endpoint;
  /** Roles with a model or an address of their own. */
  readonly roles: Readonly<Partial<Record<ModelRole, Endpoint>>>;
}

const rolesSchema = z.looseObject({ roles: z.record(z.string(), z.looseObject({ name: z.string().optional(), url: z.string().nullable().optional() })).default({}) });

/** What --model and the roles of --config ask, and where: an address of its own, or the one in the provider's usual variable. */
function endpointsOf(model: string, settings: Settings): Endpoints {
  const { roles: own } = rolesSchema.parse(settings.model ?? {});
  const main = { name: model, url: addressOf(model, '--model') };
  const roles: Partial<Record<ModelRole, Endpoint>> = {};
  for (const role of MODEL_ROLES) {
    const { name = model, url = null } = own[role] ?? {};
    if (name === model && url === null) continue;
    const where = `model.roles.${role}`;
    if (url !== null) assertModelUrl(url, `${where}.url`);
    roles[role] = { name, url: url ?? addressOf(name, where) };
  }
  return { main, roles };
}

function addressOf(name: string, where: string): string | null {
  if (!/^[a-z0-9-]+\/\S+$/.test(name) || !Object.hasOwn(PROVIDERS, providerName(name))) throw inputError('unknown-provider', `${where} names ${providerName(name) || name}; it should be PROVIDER/NAME with one of these providers: ${Object.keys(PROVIDERS).join(', ')}.`);
  const { baseUrl } = providerOf(name);
  const variable = addressVariable(providerName(name));
  const url = process.env[variable] || null;
  if (url === null && baseUrl === null) throw inputError('no-model-url', `${where} ${name} needs its address in ${variable}, up to and including /v1.`);
  if (url !== null) assertModelUrl(url, variable);
  return url;
}

const endpointsIn = ({ main, roles }: Endpoints): readonly Endpoint[] => [main, ...Object.values(roles)];
const providersOf = (endpoints: Endpoints): readonly string[] => [...new Set(endpointsIn(endpoints).map(({ name }) => providerName(name)))];
const urlsOf = (roles: Endpoints['roles']): ModelPlan['roleUrls'] => Object.fromEntries(Object.entries(roles).flatMap(([role, { url }]) => (url === null ? [] : [[role, url]])));

/** The secret as the action reads it: one key, or a line for each provider, so that none is sent to another. */
function keysOf(providers: readonly string[], keyFor: (provider: string) => string | null): string | null {
  const keys = providers.flatMap((provider) => {
    const key = keyFor(provider);
    return key === null ? [] : [providers.length === 1 ? key : `${provider}=${key}`];
  });
  return keys.length === 0 ? null : keys.join('\n');
}

function requireKey(provider: string, endpoints: Endpoints): string | null {
  const variable = PROVIDERS[provider]?.keyVariable ?? null;
  if (variable === null) return null;
  const key = (process.env[variable] ?? '').trim();
  const name = endpointsIn(endpoints).find((each) => providerName(each.name) === provider)?.name ?? provider;
  if (key === '') throw inputError('no-model-key', `${name === endpoints.main.name ? '--model ' : ''}${name} needs its key in ${variable}.`);
  if (!isHeaderText(key)) throw inputError('no-model-key', `The key in ${variable} holds a line break, a space or a character that no key has. Set it again.`);
  return key;
}

/** The secret of a directory that is gone on with: it is never kept there. Says which key is missing; who only approves needs none. */
export function keysAgain(providers: readonly string[], isReplay: boolean, say: Say): string | null {
  return keysOf(providers, (provider) => {
    const variable = PROVIDERS[provider]?.keyVariable ?? null;
    if (isReplay) return REPLAY_KEY;
    const key = variable === null ? '' : (process.env[variable] ?? '').trim();
    if (variable !== null && !isHeaderText(key)) say(`  model     ${variable} is not set: without it nothing new can be asked of ${provider}`);
    return isHeaderText(key) ? key : null;
  });
}

/** The key of nobody: no call is made, but a client that wants a key sends one. */
const REPLAY_KEY = 'replay';

async function planRecord(named: string, plan: ModelPlan, { endpoints: { main, roles }, say }: { endpoints: Endpoints; say: Say }): Promise<PlannedModel> {
  // Who goes on with it may stand in another directory.
  const dir = resolve(named);
  await beginTranscript(dir, { format: 'countersign/transcript@1', model: plan.name, source: 'recorded' });
  const upstreamOf = ({ name, url }: Endpoint): string => (url ?? providerOf(name).baseUrl ?? '').replace(/\/+$/, '');
  const upstreams = { upstream: upstreamOf(main), roleUpstreams: Object.fromEntries(Object.entries(roles).map(([role, endpoint]) => [role, upstreamOf(endpoint)])) };
  const server = await startTranscriptServer({ kind: 'record', dir, upstreams: upstreamsOf(upstreams), onTrouble: troubles(say) }, 0);
  return { model: { ...plan, ...through(server, roles) }, server, transcript: { kind: 'record', dir, port: portOf(server), ...upstreams } };
}

async function planReplay(named: string, { model, settings }: { model: string | null; settings: Settings }, say: Say): Promise<PlannedModel> {
  const dir = resolve(named);
  const { name, transcript } = await openReplay(dir, say);
  if (model !== null && model !== name) throw inputError('other-model', `${dir} was recorded with ${name}, not with ${model}. Leave --model out.`);
  const { roles: own } = rolesSchema.parse(settings.model ?? {});
  const roles = Object.fromEntries(MODEL_ROLES.flatMap((role) => {
    const { name: asked = name, url = null } = own[role] ?? {};
    return asked === name && url === null ? [] : [[role, { name: asked, url }]];
  }));
  const server = await startTranscriptServer(transcript, 0);
  const providers = providersOf({ main: { name, url: null }, roles });
  return { model: { name, providers, key: keysOf(providers, () => REPLAY_KEY), ...through(server, roles) }, server, transcript: { kind: 'replay', dir, port: portOf(server), upstream: '', roleUpstreams: {} } };
}

/** Every model is asked through the transcript; a role that asks elsewhere has a path of its own there. */
const through = ({ url }: TranscriptServer, roles: Endpoints['roles']): Pick<ModelPlan, 'url' | 'roleUrls'> => ({ url, roleUrls: Object.fromEntries(Object.keys(roles).map((role) => [role, `${url}/${role}`])) });
const upstreamsOf = ({ upstream, roleUpstreams }: Pick<TranscriptPlace, 'upstream' | 'roleUpstreams'>): Upstreams => ({ main: upstream, byFirstSegment: roleUpstreams });

const troubles = (say: Say) => (sentence: string): void => say(`  record    ${sentence}`);

/** Listens again where the directory's model was. */
export async function goOnAsking({ kind, dir, port, ...upstreams }: TranscriptPlace, say: Say): Promise<TranscriptServer> {
  return startTranscriptServer(kind === 'record' ? { kind, dir, upstreams: upstreamsOf(upstreams), onTrouble: troubles(say) } : (await openReplay(dir, say)).transcript, port);
}

async function openReplay(dir: string, say: Say): Promise<{ name: string; transcript: Transcript }> {
  const { head, exchanges } = await readTranscript(dir);
  say(`  replay    ${dir}: ${exchanges.length} answers of ${head.model}${head.source === 'by hand' ? ', written by hand' : ''}; no call is made`);
  const onMiss = (lines: readonly string[]): void => [`  replay    ${dir} has no answer to what is asked now`, ...lines.map((line) => `    ${line}`)].forEach(say);
  return { name: head.model, transcript: { kind: 'replay', exchanges, onMiss } };
}

const portOf = ({ url }: TranscriptServer): number => Number(new URL(url).port);
