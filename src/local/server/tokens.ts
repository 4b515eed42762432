// Every token that the local GitHub knows, what it may do, and until when.
import { createHmac, randomBytes, timingSafeEqual, verify } from 'node:crypto';
import { z } from 'zod';
import type { LocalApp, LocalState, Permissions, TokenInfo } from '../contract.ts';

interface Held {
  readonly info: TokenInfo;
  readonly jobId: number | null;
  readonly expiresAtMs: number | null;
}

const HOUR_MS = 3_600_000;
const appClaims = z.object({ iss: z.union([z.string(), z.number()]).transform(String), iat: z.number(), exp: z.number() });
const json = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export class TokenBook {
  readonly #state: LocalState;
  readonly #nowMs: () => number;
  readonly #held = new Map<string, Held>();
  /** Values that were revoked or ran out stay masked in logs. */
  readonly #everIssued = new Set<string>();
  readonly #runtimeSecret = randomBytes(32);
  #serial = 0;

  constructor(state: LocalState, nowMs: () => number) {
    this.#state = state;
    this.#nowMs = nowMs;
  }

  issueJobToken(job: { repo: string; runId: number; jobId: number; workflowFile: string; jobKey: string; permissions: Permissions }): { token: string; runtimeToken: string } {
    const name = `${job.workflowFile}/${job.jobKey}#${job.runId}`;
    const base = { login: 'github-actions[bot]', repos: [job.repo], permissions: job.permissions, job: name };
    const token = this.#hold(`ghs_${randomBytes(18).toString('hex')}`, { ...base, id: `job-${job.jobId}`, kind: 'job' }, { jobId: job.jobId });
    const claims = { scp: `Actions.Results:${job.runId}:${job.jobId}`, exp: Math.floor(this.#nowMs() / 1000) + 6 * 3600 };
    const unsigned = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    const runtime = `${unsigned}.${createHmac('sha256', this.#runtimeSecret).update(unsigned).digest('base64url')}`;
    this.#hold(runtime, { ...base, id: `runtime-${job.jobId}`, kind: 'runtime', permissions: {} }, { jobId: job.jobId });
    return { token, runtimeToken: runtime };
  }

  revokeJobTokens(jobId: number): void {
    for (const [value, held] of this.#held) if (held.jobId === jobId) this.#held.delete(value);
  }

  /** An installation token for one hour. `jobId` is the job that asked for it, if that is known. */
  mintInstallationToken(app: LocalApp, grant: { repos: string[]; permissions: Permissions; job: string | null }): { token: string; expiresAt: string } {
    const info: TokenInfo = { id: `installation-${app.slug}-${++this.#serial}`, kind: 'installation', login: `${app.slug}[bot]`, ...grant };
    const expiresAtMs = this.#nowMs() + HOUR_MS;
    const token = this.#hold(`ghs_${randomBytes(18).toString('hex')}`, info, { expiresAtMs });
    return { token, expiresAt: new Date(expiresAtMs).toISOString().replace(/\.\d+Z/, 'Z') };
  }

  revoke(value: string): void {
    this.#held.delete(value);
  }

  /** What a token value stands for; null when it is unknown, revoked or has run out. */
  find(value: string): TokenInfo | null {
    const held = this.#held.get(value);
    if (held !== undefined) return held.expiresAtMs !== null && held.expiresAtMs < this.#nowMs() ? null : held.info;
    const own = this.#state.tokens.find((token) => sameText(token.value, value));
    if (own !== undefined) return { id: own.id, kind: 'personal', login: own.login, repos: own.repos, permissions: own.permissions, job: null };
    return this.#findApp(value);
  }

  /** Run and job of a runtime token, from its signed claims. */
  scopeOf(value: string): { runId: number; jobId: number } | null {
    if (this.find(value)?.kind !== 'runtime') return null;
    const claims = z.object({ scp: z.string() }).parse(json(value.split('.')[1] ?? ''));
    const [, run, job] = claims.scp.split(':');
    return { runId: Number(run), jobId: Number(job) };
  }

  /** Replaces every secret and token value by `***`, the longest first. */
  mask(text: string): string {
    const environments = this.#state.repos.flatMap((repo) => [repo.secrets, ...repo.environments.map((environment) => environment.secrets)]);
    const secrets = environments.flatMap((all) => Object.values(all)).flatMap((secret) => [secret, ...secret.split('\n').filter((line) => line.length > 8)]);
    const values = [...this.#everIssued, ...this.#state.tokens.map((token) => token.value), ...secrets].filter((value) => value.length > 3);
    let masked = text;
    for (const value of [...new Set(values)].toSorted((a, b) => b.length - a.length)) if (masked.includes(value)) masked = masked.replaceAll(value, '***');
    return masked;
  }

  #hold(value: string, info: TokenInfo, limits: { jobId?: number; expiresAtMs?: number }): string {
    this.#held.set(value, { info, jobId: limits.jobId ?? null, expiresAtMs: limits.expiresAtMs ?? null });
    this.#everIssued.add(value);
    return value;
  }

  /** An App authenticates with a JWT that its own key signed, valid for ten minutes at most. */
  #findApp(value: string): TokenInfo | null {
    const parts = value.split('.');
    if (parts.length !== 3) return null;
    try {
      const [header = '', claims = '', signature = ''] = parts;
      const { iss, iat, exp } = appClaims.parse(json(claims));
      const app = this.#state.apps.find((candidate) => String(candidate.id) === iss || `Iv1.${candidate.slug}` === iss);
      const now = this.#nowMs() / 1000;
      if (app === undefined || z.object({ alg: z.literal('RS256') }).safeParse(json(header)).success === false) return null;
      if (exp < now || exp - now > 660 || iat > now + 60) return null;
      if (!verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), app.publicKey, Buffer.from(signature, 'base64url'))) return null;
      return { id: `app-${app.slug}`, kind: 'app-jwt', login: `${app.slug}[bot]`, repos: [], permissions: {}, job: null };
    } catch {
      return null;
    }
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
