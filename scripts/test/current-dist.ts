import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAction } from '../build-action.ts';
import { ROOT, type StageResult } from './stage.ts';

/** Builds the action's bundle again, elsewhere, and compares it with the committed one byte for byte. */
export async function checkDistIsCurrent(): Promise<StageResult> {
  const fresh = await mkdtemp(join(tmpdir(), 'countersign-dist-'));
  try {
    await buildAction(fresh);
    const differences = await compareFolders(fresh, join(ROOT, 'action', 'dist'));
    const hint = 'action/dist is not what the sources build. Run `npm run build` and commit it.';
    return { ok: differences.length === 0, output: [hint, ...differences].join('\n') };
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function compareFolders(fresh: string, committed: string): Promise<readonly string[]> {
  const [expected, found] = await Promise.all([listFiles(fresh), listFiles(committed)]);
  const differences = found.filter((file) => !expected.includes(file)).map((file) => `  ${file}: no longer built`);
  for (const file of expected) {
    if (!found.includes(file)) differences.push(`  ${file}: missing`);
    else if (!(await readFile(join(fresh, file))).equals(await readFile(join(committed, file)))) differences.push(`  ${file}: differs`);
  }
  return differences;
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).toSorted();
}
