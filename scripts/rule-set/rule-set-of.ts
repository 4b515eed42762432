import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

// Tests, what they share, and the file that holds the result.
const LEFT_OUT = /\.test\.ts$|^src\/policy\/(?:testing|rule-set)\.ts$|\/synthetic-secrets\.ts$/;
const FURTHER = ['src/domain/policy-rules.ts'];

/**
 * SHA-256 over the sources of all rules and the versions of the packages that they import: another hash wherever a rule
 * could judge differently. Names and contents are in it, each with its length, in the order of their names.
 */
export async function ruleSetOf(root: string): Promise<string> {
  const listed = await readdir(join(root, 'src/policy'), { recursive: true });
  const paths = [...listed.map((path) => `src/policy/${path.replaceAll('\\', '/')}`).filter((path) => path.endsWith('.ts') && !LEFT_OUT.test(path)), ...FURTHER].toSorted();
  const hash = createHash('sha256');
  const packages = new Set<string>();
  for (const path of paths) {
    const text = await readFile(join(root, path), 'utf8');
    hash.update(`${path} ${text.length}\n${text}`);
    for (const [, name = ''] of text.matchAll(/^(?:import|export)\s(?!type\b)[^;]*?from '((?:@[\w.-]+\/)?[a-z][\w.-]*)(?:\/[^']*)?';/gm)) packages.add(name);
  }
  for (const line of await versionsOf(root, [...packages])) hash.update(`${line}\n`);
  return hash.digest('hex');
}

/** The packages with everything that they depend on, as the lockfile fixes it. */
async function versionsOf(root: string, names: readonly string[]): Promise<string[]> {
  const lock: unknown = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const packages = recordOf(recordOf(lock)['packages']);
  const met = new Set(names);
  // A set grows while it is walked: what a package needs is walked in turn.
  for (const name of met) for (const needed of Object.keys(recordOf(recordOf(packages[`node_modules/${name}`])['dependencies']))) met.add(needed);
  return [...met].toSorted().map((name) => `${name} ${String(recordOf(packages[`node_modules/${name}`])['version'])}`);
}

const recordOf = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {});

/** The text of `src/policy/rule-set.ts`. */
export const ruleSetFile = (hash: string): string => `/**
 * The rules as one hash: part of the policy hash, so that an approval under other rules is void. It covers their sources and
 * the packages that they use. Written by \`node scripts/generate-rule-set.ts\`; a test fails while it is not true.
 */
export const RULE_SET = '${hash}';
`;
