import type { Redact } from '../ports/redactor.ts';

// What could be a secret by its look, at the price of one expression a name: a long run of letters and digits, of capitals,
// something given to a name, or a beginning that issuers use. Whether it is one the redactor says.
const SUSPECT = /(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{16}|[A-Z0-9]{16}|[=:%]|(?<![A-Za-z0-9])(?:gh[a-z]_|github_pat_|gl[a-z]{2,4}-|xox[a-z]-|[srp]k[_-]|npm_|hf_|pypi-|shp[a-z]{2}_|eyJ|AIza|SG\.)[A-Za-z0-9_-]{12}/;

/** How a context manifest names a path: without what is a secret in it. The redactor is loaded only for a name that could hold one. */
export async function manifestNames(paths: readonly string[], loadRedact: (() => Promise<Redact>) | undefined): Promise<(path: string) => string> {
  const suspects = loadRedact === undefined ? [] : paths.filter((path) => SUSPECT.test(path));
  if (loadRedact === undefined || suspects.length === 0) return (path) => path;
  const redact = await loadRedact();
  const named = new Map(suspects.map((path) => [path, redact(path).text]));
  return (path) => named.get(path) ?? path;
}
