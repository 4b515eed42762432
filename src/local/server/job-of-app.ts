// Which job a call comes from whose token does not say it: an App's JWT, or a person's token that a job was given as a secret.
import { createPublicKey } from 'node:crypto';
import type { Socket } from 'node:net';
import type { LocalState, TokenInfo } from '../contract.ts';

function isKeyOf(secret: string, publicKey: string): boolean {
  if (!secret.includes('PRIVATE KEY')) return false;
  try {
    return createPublicKey(secret).export({ type: 'spki', format: 'pem' }).toString().trim() === publicKey.trim();
  } catch {
    return false;
  }
}

export class JobTracker {
  readonly #state: LocalState;
  readonly #jobs = new WeakMap<Socket, string>();

  constructor(state: LocalState) {
    this.#state = state;
  }

  /** Remembers whose connection this is: a process never shares one with another job. */
  note(socket: Socket, token: TokenInfo | null): void {
    if (token?.job !== null && token?.job !== undefined) this.#jobs.set(socket, token.job);
  }

  /** The job whose process this connection is, as far as its own token has been seen on it. */
  ofConnection(socket: Socket): string | null {
    return this.#jobs.get(socket) ?? null;
  }

  /** The job behind an App's call: the one of its connection, else the only running job that was given the App's key. Null when that is ambiguous. */
  find(socket: Socket, token: TokenInfo): string | null {
    const known = this.#jobs.get(socket);
    if (known !== undefined) return known;
    const app = this.#state.apps.find((candidate) => `${candidate.slug}[bot]` === token.login);
    if (app === undefined) return null;
    const holders = this.#state.runs.flatMap((run) => {
      const repo = this.#state.repos.find((candidate) => candidate.name === run.repo);
      const running = run.jobs.filter((job) => job.status === 'in_progress');
      const holding = running.filter((job) => Object.values({ ...repo?.secrets, ...repo?.environments.find((environment) => environment.name === job.environment)?.secrets }).some((secret) => isKeyOf(secret, app.publicKey)));
      return holding.map((job) => `${run.workflowFile}/${job.key}#${run.id}`);
    });
    return holders.length === 1 ? (holders[0] ?? null) : null;
  }
}
