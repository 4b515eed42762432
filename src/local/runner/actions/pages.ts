// Stand-ins for the Pages actions. A deployment swaps one link, so a reader sees either the old site or the new one, whole.
import { existsSync, lstatSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { JobSession } from '../job-session.ts';
import { insideWorkspace } from '../step-frame.ts';
import type { StandIn } from './stand-in.ts';
import { input } from './stand-in.ts';

export const configurePages: StandIn = async (session) => {
  const base = new URL(pagesUrl(session));
  const path = base.pathname.replace(/\/$/, '');
  return { ok: true, outputs: { base_url: base.href.replace(/\/$/, ''), origin: base.origin, host: base.host, base_path: path } };
};

export const uploadPagesArtifact: StandIn = async (session, use) => {
  const source = insideWorkspace(session, input(use, 'path', '_site/'));
  if (!existsSync(source)) throw new Error(`There is no folder '${input(use, 'path', '_site/')}' to upload.`);
  const links: string[] = [];
  const artifact = artifactFolder(session);
  await rm(artifact, { recursive: true, force: true });
  const filter = (path: string): boolean => {
    if (!lstatSync(path).isSymbolicLink()) return basename(path) !== '.git' && basename(path) !== '.github';
    links.push(path);
    return false;
  };
  await cp(source, artifact, { recursive: true, filter });
  if (links.length > 0) throw new Error(`A site must not contain symbolic links: ${links.slice(0, 5).join(', ')}.`);
  return { ok: true, outputs: { artifact_id: String(session.request.run.id) } };
};

export const deployPages: StandIn = async (session) => {
  const { run, job, repo } = session.request;
  if (job.permissions['pages'] !== 'write' || job.permissions['id-token'] !== 'write') throw new Error('Deploying to Pages needs the permissions pages: write and id-token: write.');
  const artifact = artifactFolder(session);
  if (!existsSync(artifact)) throw new Error('No artifact named "github-pages" was found in this run. Ensure actions/upload-pages-artifact is run before.');
  const versions = join(session.services.dir, 'pages', '.versions', repo.name);
  const version = join(versions, `${run.id}-${run.attempt}-${job.id}`);
  await mkdir(versions, { recursive: true });
  await rm(version, { recursive: true, force: true });
  await cp(artifact, version, { recursive: true });
  await swapLink(join(session.services.dir, 'pages', repo.name), version);
  const old = (await readdir(versions)).filter((name) => name !== basename(version));
  await Promise.all(old.map((name) => rm(join(versions, name), { recursive: true, force: true })));
  return { ok: true, outputs: { page_url: pagesUrl(session) } };
};

/** A rename replaces the old link in one step. */
async function swapLink(link: string, target: string): Promise<void> {
  await mkdir(dirname(link), { recursive: true });
  const draft = `${link}.next`;
  await rm(draft, { force: true });
  await symlink(relative(dirname(link), target), draft);
  await rename(draft, link);
}

const artifactFolder = ({ services, request }: JobSession): string => join(services.dir, 'pages-artifacts', String(request.run.id));
const pagesUrl = ({ options, services, request }: JobSession): string => options.pagesUrl?.(request.repo.name) ?? `${services.url.server}/pages/${request.repo.name}/`;
