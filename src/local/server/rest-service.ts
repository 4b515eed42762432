// One REST call from route to answer: find the operation, check the token, check the request, do it, check the answer.
import { z } from 'zod';
import { NEEDS, assertMay, inaccessible } from './permissions.ts';
import type { Description } from './published.ts';
import { Refusal, invalid, notFound } from './reply.ts';
import type { Reply } from './reply.ts';
import { compileRoutes, matchRoute } from './routes.ts';
import type { Handlers, Match, Route } from './routes.ts';
import { Validation } from './validation.ts';
import { findRepo } from './world.ts';
import type { Call } from './world.ts';

export class RestService {
  readonly #routes: Route[];
  readonly #validation: Validation;

  constructor(description: Description, handlers: Handlers) {
    this.#routes = compileRoutes(description, handlers);
    this.#validation = new Validation(description);
  }

  /** Answers a call. `path` is what follows `/api/v3`. */
  async answer(call: Call, method: string, path: string): Promise<Reply> {
    const match = matchRoute(this.#routes, method, path);
    if (match === null) {
      call.world.services.violations.push(`rest: ${method} ${path} is outside the served slice`);
      return new Refusal(501, `The local GitHub does not serve ${method} ${path}. What it serves is listed in scripts/cut-github-descriptions/served.ts.`).reply;
    }
    const full = { ...call, params: match.params };
    const reply = await this.#perform(full, match);
    const fault = reply.raw === undefined ? this.#validation.checkResponse(match.route.operation, reply.status, reply.body) : null;
    if (fault !== null) {
      call.world.services.violations.push(`response: ${fault}`);
      return new Refusal(500, `The local GitHub's answer breaks GitHub's description: ${fault}`).reply;
    }
    const { need } = match.route;
    return need.kind === 'repo' ? { ...reply, headers: { ...reply.headers, 'x-accepted-github-permissions': `${need.permission}=${need.level}` } } : reply;
  }

  async #perform(call: Call, { route }: Match): Promise<Reply> {
    try {
      assertNeed(call, route);
      const wrong = this.#validation.checkParameters(route.operation, call.params, call.query) ?? this.#validation.checkBody(route.operation, call.body);
      if (wrong !== null) {
        call.world.services.violations.push(`request: ${wrong}`);
        throw invalid(`Invalid request.\n\n${wrong}`);
      }
      return await route.handle(call);
    } catch (error) {
      if (error instanceof Refusal) return error.reply;
      if (error instanceof z.ZodError) return invalid(`Invalid request.\n\n${z.prettifyError(error)}`).reply;
      throw error;
    }
  }
}

function assertNeed(call: Call, route: Route): void {
  const need = NEEDS[route.operation.operationId] ?? route.need;
  const { token } = call;
  switch (need.kind) {
    case 'repo': {
      const repo = findRepo(call.world.state, `${call.params['owner']}/${call.params['repo']}`);
      if (repo === null) throw notFound();
      return assertMay(token, repo, need);
    }
    case 'app':
      if (token?.kind !== 'app-jwt') throw new Refusal(401, 'A JSON web token could not be decoded');
      return;
    case 'installation':
      if (token === null) throw new Refusal(401, 'Requires authentication');
      if (token.kind !== 'installation' && token.kind !== 'job') throw inaccessible(token);
      return;
    case 'user':
      if (token === null) throw new Refusal(401, 'Requires authentication');
      return;
    case 'anyone':
      return;
  }
}
