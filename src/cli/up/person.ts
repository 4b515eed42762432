import { outsideError } from '../../domain/errors.ts';
import type { LocalGitHub } from '../../local/local-github.ts';
import { CONTROL_REPO } from './seed.ts';

/** What a person does on GitHub, done through the same API with that person's own token. */
export class Person {
  readonly #github: LocalGitHub;
  readonly #login: string;

  constructor(github: LocalGitHub, login: string) {
    this.#github = github;
    this.#login = login;
  }

  /** Actions → Start → Run workflow. */
  async startWorkflow(issueUrl: string): Promise<void> {
    await this.#post(`/repos/${CONTROL_REPO}/actions/workflows/start.yml/dispatches`, { ref: 'main', inputs: { issue: issueUrl } });
  }

  /** Answers a run that waits for a review. */
  async review(runId: number, state: 'approved' | 'rejected', comment: string): Promise<void> {
    const environment = this.#github.services.state.repos.find(({ name }) => name === CONTROL_REPO)?.environments.find(({ name }) => name === 'countersign-approval');
    await this.#post(`/repos/${CONTROL_REPO}/actions/runs/${runId}/pending_deployments`, { environment_ids: [environment?.id ?? 0], state, comment });
  }

  /** Comments on an issue, and waits until everything that the comment sets off has begun. */
  async comment({ repo, number }: { readonly repo: string; readonly number: number }, body: string): Promise<void> {
    await this.#post(`/repos/${repo}/issues/${number}/comments`, { body });
    await this.#github.services.settled();
  }

  async #post(path: string, body: object): Promise<void> {
    const { services } = this.#github;
    const token = services.state.tokens.find(({ id, login }) => id === 'person' && login === this.#login) ?? services.state.tokens.find(({ id }) => id === 'person');
    const response = await fetch(`${services.url.api}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token?.value ?? ''}`, 'content-type': 'application/json', accept: 'application/vnd.github+json', 'user-agent': 'countersign-up' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw outsideError('local-github', `The local GitHub refused ${path}: ${response.status} ${await response.text()}`, response.status < 500 ? undefined : await this.#failure());
  }
  /** What failed inside the local GitHub itself, such as a full disk: its answer does not say. */
  async #failure(): Promise<unknown> {
    return this.#github.runner.idle().then(() => undefined, (error: unknown) => error);
  }
}
