import { z } from 'zod';

import { CountersignError, refusedError } from '../domain/errors.ts';
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
  /** The App's installations that the settings name, by owner in lower case: a request less for each. */
  readonly installations?: ReadonlyMap<string, number>;
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
 * hands and expires within the hour. `installations`: the App's installation on each owner (lower case), as far as known; it learns.
 */
export async function mintToken(options: MintOptions, write: { intent: Extract<Intent, { kind: 'mint-token' }>; workflow: Workflow }, installations: Map<string, number>): Promise<MintedToken> {
  const { intent, workflow } = write;
  assertMayWrite(intent, workflow);
  const { credential } = options;
  if (credential.kind === 'token') return { token: credential.token, revocable: false };
  const jwt = createAppJwt(credential, Math.floor(Date.parse(options.clock.now()) / 1000));
  const { owner, name } = repoParts(intent.repo);
  const access = { ...options, token: jwt };
  const find = async (): Promise<number> => options.lookup(jwt).findInstallation(intent.repo);
  const known = installations.get(owner.toLowerCase());
  let installation = known ?? (await find());
  const minted = await askForToken(access, { repo: intent.repo, name, installation }).catch(async (error: unknown) => {
    // What was known may be of yesterday: the App may have been installed anew. Then it is looked up after all.
    if (known === undefined || !isUnknownInstallation(error)) throw error;
    installation = await find();
    return askForToken(access, { repo: intent.repo, name, installation });
  });
  installations.set(owner.toLowerCase(), installation);
  if (!isLeastToken(minted, intent.repo)) {
    await revokeToken({ ...options, token: minted.token });
    throw refusedError('token-too-wide', `GitHub minted a token that reaches more than ${intent.repo} or may do more than was asked. It was revoked and not used; check the App's permissions and installation.`);
  }
  return { token: minted.token, revocable: true };
}

interface TokenRequest {
  readonly repo: RepoName;
  readonly name: string;
  readonly installation: number;
}

function askForToken(access: MutationAccess, { repo, name, installation }: TokenRequest): Promise<z.infer<typeof tokenSchema>> {
  const path = `/app/installations/${installation}/access_tokens`;
  const mutation = { method: 'POST', path, body: { repositories: [name], permissions: PERMISSIONS }, doing: `mint a token for ${repo}`, repeatable: true } as const;
  return mutateTo(access, mutation, { status: 201, schema: tokenSchema });
}

const isUnknownInstallation = (error: unknown): boolean => error instanceof CountersignError && (error.code === 'github-not-found' || error.code === 'github-invalid');

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
