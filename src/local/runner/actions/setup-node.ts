// Stand-in for actions/setup-node: steps run on this process' own Node, so it only checks that this is the version asked for.
import { readFileSync } from 'node:fs';
import type { JobSession } from '../job-session.ts';
import type { StepWork } from '../step-frame.ts';
import { insideWorkspace } from '../step-frame.ts';
import type { ActionUse } from './stand-in.ts';
import { input } from './stand-in.ts';

export async function setupNode(session: JobSession, use: ActionUse): Promise<StepWork> {
  const file = input(use, 'node-version-file');
  const asked = input(use, 'node-version', file === '' ? '' : versionFromFile(insideWorkspace(session, file)));
  if (!satisfies(process.versions.node, asked)) {
    throw new Error(`This workflow asks for Node ${asked}; the local runner has ${process.versions.node} and downloads no other.`);
  }
  return { ok: true, outputs: { 'node-version': `v${process.versions.node}`, 'cache-hit': 'false' } };
}

/** `.nvmrc`, `.node-version`, or package.json's engines. */
function versionFromFile(path: string): string {
  const text = readFileSync(path, 'utf8');
  if (!path.endsWith('package.json')) return text.trim();
  return /"node"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? '';
}

/** Majors decide, and a full version has to be met exactly; `lts/*`, `latest` and nothing take any version. */
function satisfies(version: string, asked: string): boolean {
  const wantedVersion = asked.replace(/^v/, '');
  if (wantedVersion === '' || /^(lts|latest|current|node)\b/.test(wantedVersion)) return true;
  const atLeast = /^>=\s*(\d+)/.exec(wantedVersion);
  if (atLeast !== null) return Number.parseInt(version, 10) >= Number(atLeast[1]);
  const parts = wantedVersion.replace(/^[\^~]/, '').split('.').filter((part) => /^\d+$/.test(part));
  const loose = /^[\^~]/.test(wantedVersion) ? parts.slice(0, 1) : parts;
  return loose.length > 0 && loose.every((part, index) => version.split('.')[index] === part);
}
