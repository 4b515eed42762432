import { stringify } from 'yaml';
import type { ModelPlan } from './model-plan.ts';

/** How soon a pull request's checks are looked at, and looked at again. The samples' CI takes about a second. */
const POLL_SECONDS = 2;

export interface LocalConfigInput {
  readonly login: string;
  readonly targets: readonly { readonly repo: string; readonly branch: string }[];
  readonly model: ModelPlan | null;
}

/** The control repo's `countersign.yml`: the defaults, one approver, and the target repositories. */
export function renderConfig({ login, targets, model }: LocalConfigInput): string {
  const config = {
    approvers: [login],
    targets: targets.map(({ repo, branch }) => ({ repo, base: branch })),
    ...(model === null ? {} : { model: { name: model.name, ...(model.url === null ? {} : { url: model.url }) } }),
    ci: { pollSeconds: POLL_SECONDS },
  };
  return `# Written by \`countersign up\`. docs/configuration.md explains every key.\n${stringify(config)}`;
}
