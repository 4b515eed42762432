import type { LocalState } from './contract.ts';
import { createRunner, type Runner } from './runner/runner.ts';
import type { RunnerOptions } from './runner/options.ts';
import { startServer } from './server/start-server.ts';
import type { LocalServices } from './server/world.ts';

export interface LocalGitHubOptions {
  readonly dir: string;
  /** 0: any free port. */
  readonly port: number;
  readonly state: LocalState;
  readonly runner: RunnerOptions;
  /** Names of secrets that are held in memory and never written to `dir`. */
  readonly unsavedSecrets?: readonly string[];
}

/** A GitHub on loopback: real git repositories, the API as GitHub publishes it, and a runner for the workflow files. */
export interface LocalGitHub {
  readonly services: LocalServices;
  readonly runner: Runner;
  /** `http://github.localhost:PORT` */
  readonly url: string;
  /** Ends every job and the server; what was unfinished goes on at the next start. */
  close(): Promise<void>;
}

/** Brings up both halves. Nothing runs before `runner.resume()` is called. */
export async function startLocalGitHub({ dir, port, state, runner: options, unsavedSecrets = [] }: LocalGitHubOptions): Promise<LocalGitHub> {
  const server = await startServer({ dir, port, state, unsavedSecrets });
  const runner = createRunner(server.services, options);
  server.services.runs = runner;
  server.services.onFailure = (error) => runner.fail(error);
  return {
    services: server.services,
    runner,
    url: server.url,
    close: async () => {
      await runner.close();
      await server.close();
    },
  };
}
