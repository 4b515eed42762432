import type { RepoFacts } from '../domain/context.ts';
import { isCiPath } from './fact-paths.ts';
import { LIMITS } from './limits.ts';
import { entriesOf, memberOf, textOf } from './manifests/manifest-facts.ts';
import { parseYaml } from './yaml.ts';

const NOT_JOBS = new Set(['default', 'include', 'stages', 'variables', 'workflow', 'image', 'services', 'before_script', 'after_script', 'cache', 'pages']);

/** The jobs of GitHub Actions and GitLab files, under the names their checks have (a matrix adds to a name what only a run knows). */
export function checksOf(texts: ReadonlyMap<string, string>): RepoFacts['checks'] {
  return [...texts].filter(([path]) => isCiPath(path)).flatMap(([path, text]) => jobsOf(path, text).map((name) => ({ path, name }))).slice(0, LIMITS.checks);
}

function jobsOf(path: string, text: string): string[] {
  let yaml: unknown;
  try {
    yaml = parseYaml(text);
  } catch {
    return [];
  }
  if (path.startsWith('.github/')) return entriesOf(memberOf(yaml, 'jobs')).map(([key, job]) => textOf(memberOf(job, 'name')) ?? key);
  return entriesOf(yaml).flatMap(([key, job]) => (!key.startsWith('.') && !NOT_JOBS.has(key) && memberOf(job, 'script') !== undefined ? [key] : []));
}
