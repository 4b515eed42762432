import { LIMITS } from './limits.ts';
import { entriesOf, memberOf, textOf } from './manifests/manifest-facts.ts';
import { plainJobs } from './plain-jobs.ts';
import { loadYaml, parseYaml } from './yaml.ts';

const NOT_JOBS = new Set(['default', 'include', 'stages', 'variables', 'workflow', 'image', 'services', 'before_script', 'after_script', 'cache', 'pages']);

/** The jobs of a GitHub workflow or a GitLab pipeline, under the names their checks have (a matrix adds to a name what only a run knows). */
export async function jobsOf(kind: 'workflow' | 'pipeline', text: string): Promise<string[]> {
  const plain = kind === 'workflow' ? plainJobs(text) : null;
  return (plain ?? (await parsedJobs(kind, text)) ?? []).slice(0, LIMITS.checks);
}

/** The same by the YAML parser alone; null for what is no YAML. */
export async function parsedJobs(kind: 'workflow' | 'pipeline', text: string): Promise<string[] | null> {
  await loadYaml();
  let yaml: unknown;
  try {
    // A byte order mark is no part of what a file says.
    yaml = parseYaml(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
  return kind === 'workflow'
    ? entriesOf(memberOf(yaml, 'jobs')).map(([key, job]) => textOf(memberOf(job, 'name')) ?? key)
    : entriesOf(yaml).flatMap(([key, job]) => (!key.startsWith('.') && !NOT_JOBS.has(key) && memberOf(job, 'script') !== undefined ? [key] : []));
}
