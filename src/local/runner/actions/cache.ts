// Stand-in for actions/cache: entries are folders below the runner's cache folder, or seeds that the caller prepared.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { cp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { JobSession } from '../job-session.ts';
import type { StepWork } from '../step-frame.ts';
import type { ActionUse, StandIn } from './stand-in.ts';
import { input } from './stand-in.ts';

interface CacheUse {
  key: string;
  restoreKeys: string[];
  paths: string[];
}

export const useCache: StandIn = async (session, use) => {
  const cache = readCacheUse(use);
  const hit = await restore(session, cache);
  // Saved at the end of a job that went well, and only when the key was not there yet.
  if (hit !== cache.key) session.post.push(async () => (session.status === 'success' ? save(session, cache) : undefined));
  return restored(session, cache, hit);
};

export const restoreCache: StandIn = async (session, use) => {
  const cache = readCacheUse(use);
  return restored(session, cache, await restore(session, cache));
};

export const saveCache: StandIn = async (session, use) => {
  await save(session, readCacheUse(use));
  return { ok: true };
};

function restored(session: JobSession, cache: CacheUse, hit: string | null): StepWork {
  session.log.line(hit === null ? `Cache not found for key: ${cache.key}` : `Cache restored from key: ${hit}`);
  return { ok: true, outputs: { 'cache-hit': hit === null ? '' : String(hit === cache.key), 'cache-primary-key': cache.key, 'cache-matched-key': hit ?? '' } };
}

function readCacheUse(use: ActionUse): CacheUse {
  const lines = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const cache = { key: input(use, 'key'), restoreKeys: lines(input(use, 'restore-keys')), paths: lines(input(use, 'path')) };
  if (cache.key === '' || cache.paths.length === 0) throw new Error('actions/cache needs the inputs key and path.');
  return cache;
}

/** The key that was found; null when there is none. */
async function restore(session: JobSession, cache: CacheUse): Promise<string | null> {
  if (await restoreSeeds(session, cache)) return cache.key;
  const folder = cacheFolder(session, cache.paths);
  const entry = findEntry(folder, cache);
  if (entry === null) return null;
  await Promise.all(cache.paths.map(async (path, index) => {
    const stored = join(folder, entry.name, String(index));
    if (existsSync(stored)) await cp(stored, cachedPath(session, path), { recursive: true, verbatimSymlinks: true });
  }));
  return entry.key;
}

/** Every path must have a seed; a link costs nothing, where a copy of node_modules takes seconds. */
async function restoreSeeds(session: JobSession, { paths }: CacheUse): Promise<boolean> {
  const seeds = paths.map((path) => session.options.cacheSeeds?.find((seed) => path.replace(/\/+$/, '').endsWith(seed.pathSuffix)));
  if (!seeds.every((seed) => seed !== undefined)) return false;
  for (const [index, path] of paths.entries()) {
    const target = cachedPath(session, path);
    if (existsSync(target)) continue;
    await mkdir(dirname(target), { recursive: true });
    await symlink(seeds[index]?.directory ?? '', target);
  }
  return true;
}

function findEntry(folder: string, { key, restoreKeys }: CacheUse): { name: string; key: string } | null {
  const entries = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => existsSync(join(folder, name, 'key')))
    .map((name) => ({ name, key: readFileSync(join(folder, name, 'key'), 'utf8') }));
  const exact = entries.find((entry) => entry.key === key);
  return exact ?? restoreKeys.map((prefix) => entries.findLast((entry) => entry.key.startsWith(prefix))).find((entry) => entry !== undefined) ?? null;
}

/** Prepared aside and renamed, so that another job never sees half an entry. */
async function save(session: JobSession, cache: CacheUse): Promise<void> {
  const folder = cacheFolder(session, cache.paths);
  const entry = join(folder, digest(cache.key));
  if (existsSync(entry)) return;
  const draft = join(folder, `.draft-${randomUUID()}`);
  await mkdir(draft, { recursive: true });
  await Promise.all(cache.paths.map(async (path, index) => {
    const source = cachedPath(session, path);
    if (existsSync(source)) await cp(source, join(draft, String(index)), { recursive: true, verbatimSymlinks: true });
  }));
  await writeFile(join(draft, 'key'), cache.key);
  await rename(draft, entry).catch(() => rm(draft, { recursive: true, force: true }));
  session.log.line(`Cache saved with key: ${cache.key}`);
}

/** Repositories never share entries, and an entry belongs to its list of paths. */
function cacheFolder({ options, services, request }: JobSession, paths: string[]): string {
  return join(options.cacheDir ?? join(services.dir, 'cache'), digest(`${request.repo.name}\n${paths.join('\n')}`));
}

const cachedPath = ({ folders }: JobSession, path: string): string => resolve(folders.workspace, path.replace(/^~(?=\/|$)/, folders.home));
const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
