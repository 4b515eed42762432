import { z } from 'zod';

import { refusedError } from '../domain/errors.ts';
import type { RepoName } from '../domain/ids.ts';
import type { Intent } from '../domain/intent.ts';
import type { Workflow } from '../domain/workflow.ts';
import type { TargetLookup } from '../ports/github-lookup.ts';
import { repoParts } from '../schema/github-path.ts';
import { createAppJwt, type AppCredential } from './app-jwt.ts';
import { assertMayWrite } from './gate.ts';
import { failed, mutate, mutateTo, type MutationAccess } from './mutate.ts';

/** How the write job proves itself: the writer App, or one person's fine-grained token. */
export type WriterCredential = AppCredential | { readonly kind: 'token'; readonly token: string };

export interface MintOptions extends Omit<MutationAccess, 'token'> {
  readonly credential: WriterCredential;
  /** Opens a lookup that reads with the token it is given. */
  readonly lookup: (token: string) => TargetLookup;
}

export interface MintedToken {
  readonly token: string;
  /** True when it was made for this purpose and is to be revoked afterwards. */
  readonly revocable: boolean;
}

const PERMISSIONS = { contents: 'write', pull_requests: 'write' } as const;

const tokenSchema = z.object({
  token: z.string().min(1),
  permissions: z.record(z.string(), z.string()).optional(),
  repositories: z.array(z.object({ full_name: z.string() })).optional(),
});

/**
 * A token for exactly one repository with the least permissions. Repeatable: a token whose answer got lost is in nobody's
 * hands and expires within the hour. `installations` remembers the App's installation on each owner.
 */
export async function mintToken(options: MintOptions, write: { intent: Extract<Intent, { kind: 'mint-token' }>; workflow: Workflow }, installations: Map<string, number>): Promise<MintedToken> {
  const { intent, workflow } = write;
  assertMayWrite(intent, workflow);
  const { credential } = options;
  if (credential.kind === 'token') return { token: credential.token, revocable: false };
  const jwt = createAppJwt(credential, Math.floor(Date.parse(options.clock.now()) / 1000));
  const { owner, name } = repoParts(intent.repo);
  const installation = installations.get(owner) ?? (await options.lookup(jwt).findInstallation(intent.repo));
  installations.set(owner, installation);
  const mutation = {
    method: 'POST',
    path: `/app/installations/${installation}/access_tokens`,
    body: { repositories: [name], permissions: PERMISSIONS },
    doing: `mint a token for ${intent.repo}`,
    repeatable: true,
  } as const;
  const minted = await mutateTo({ ...options, token: jwt }, mutation, { status: 201, schema: tokenSchema });
  if (!isLeastToken(minted, intent.repo)) {
    await revokeToken({ ...options, token: minted.token });
    throw refusedError('token-too-wide', `GitHub minted a token that reaches more than ${intent.repo} or may do more than was asked. It was revoked and not used; check the App's permissions and installation.`);
  }
  return { token: minted.token, revocable: true };
}

function isLeastToken({ permissions = {}, repositories }: z.infer<typeof tokenSchema>, repo: RepoName): boolean {
  const only = repositories === undefined || (repositories.length === 1 && repositories[0]?.full_name.toLowerCase() === repo.toLowerCase());
  const writable = Object.entries(permissions).filter(([, level]) => level !== 'read');
  return only && writable.every(([name, level]) => name in PERMISSIONS && level === 'write');
}

/** Gives the token back. Never throws: it also expires by itself. */
export async function revokeToken(access: MutationAccess): Promise<void> {
  const mutation = { method: 'DELETE', path: '/installation/token', body: null, doing: 'revoke the token', repeatable: true } as const;
  try {
    const answer = await mutate(access, mutation);
    if (answer.status !== 204) throw failed(access, mutation, answer);
  } catch {
    // Nothing to do about it, and nothing may hang on it.
  }
}
