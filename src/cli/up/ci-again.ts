import type { LocalIssue, LocalRepo } from '../../local/contract.ts';
import type { LocalServices } from '../../local/server/world.ts';
import { ACTIONS_APP_ID } from '../../local/runner/checks.ts';

const CHECK = 'ci';

/** Makes `command` the CI of the target repositories, and asks for it again on every open pull request's head. It runs when the runner resumes. */
export function runCiAgain(services: LocalServices, targets: readonly string[], command: string): void {
  for (const repo of services.state.repos.filter(({ name }) => targets.includes(name))) {
    repo.ciCommand = command;
    if (repo.requiredChecks.length === 0) repo.requiredChecks.push({ context: CHECK, integrationId: null });
    for (const pull of services.state.issues.filter((issue) => issue.repo === repo.name && issue.pull !== null && issue.state === 'open')) ask(services, repo, pull);
  }
  services.changed();
}

function ask(services: LocalServices, { name }: LocalRepo, { pull }: LocalIssue): void {
  const sha = pull?.headSha;
  if (sha === undefined) return;
  const { checks } = services.state;
  const known = checks.find((check) => check.repo === name && check.sha === sha && check.name === CHECK);
  const id = known?.id ?? services.nextId();
  const check = { repo: name, sha, id, name: CHECK, appId: ACTIONS_APP_ID, status: 'queued', conclusion: null, url: `${services.url.server}/${name}/runs/${id}`, startedAt: services.now(), completedAt: null } as const;
  if (known) Object.assign(known, check);
  else checks.push(check);
}
