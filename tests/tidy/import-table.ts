import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { read, ROOT } from './files.ts';

/** A row of the layout table in docs/architecture.md. `may` is null for a folder that is not limited. */
export interface LayoutRow {
  readonly folder: string;
  readonly may: readonly string[] | null;
}

/** The rows of the layout table, one for each folder that it names. */
export function readLayout(): readonly LayoutRow[] {
  const section = read('docs/architecture.md').split('\n## Layout\n')[1]?.split('\n## ')[0] ?? '';
  return section.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const folders = [...(cells[1] ?? '').matchAll(/`([^`]+)\/`/g)].map((match) => match[1] ?? '');
    return folders.map((folder) => ({ folder, may: parseMay(cells[3] ?? '') }));
  });
}

function parseMay(cell: string): readonly string[] | null {
  if (cell === 'nothing') return [];
  if (cell === 'anything' || cell === 'data' || cell === 'all of src') return null;
  const except = /^all of src but (.+)$/.exec(cell)?.[1];
  const names = (except ?? cell).split(',').map((name) => name.trim());
  return except === undefined ? names : sourceFolders().filter((name) => !names.includes(name));
}

/** The folders of src that the table names. */
export const sourceFolders = (): readonly string[] => [...new Set([...read('docs/architecture.md').matchAll(/^\| `src\/([a-z-]+)\/`/gm)].map((match) => match[1] ?? ''))];

/** A file to be linted in place of a real one, and the path of what it imports. */
export interface Probe {
  readonly file: string;
  readonly imports: string;
}

const reportSchema = z.object({ diagnostics: z.array(z.object({ code: z.string().optional(), filename: z.string() })) });

/** Lints probes under the repository's own rules, in a folder of their own. Returns the files whose import is refused. */
export async function refusedProbes(probes: readonly Probe[]): Promise<ReadonlySet<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-lint-'));
  try {
    const config = z.looseObject({ options: z.unknown() }).parse(JSON.parse(await readFile(join(ROOT, '.oxlintrc.json'), 'utf8')));
    await writeFile(join(folder, '.oxlintrc.json'), JSON.stringify({ ...config, options: {}, $schema: undefined }));
    for (const { file, imports } of probes) {
      await mkdir(join(folder, dirname(file)), { recursive: true });
      await writeFile(join(folder, file), `import { x } from '${imports}';\nexport const y = x;\n`);
    }
    const { diagnostics } = reportSchema.parse(JSON.parse(await oxlint(folder)));
    return new Set(diagnostics.filter(({ code }) => code?.includes('no-restricted-imports')).map(({ filename }) => relative(folder, join(folder, filename))));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// oxlint ends with 1 when it finds anything, which is what is wanted here.
const oxlint = (cwd: string): Promise<string> =>
  new Promise((resolve) => execFile(join(ROOT, 'node_modules', '.bin', 'oxlint'), ['-c', '.oxlintrc.json', '-f', 'json', '.'], { cwd, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout) => resolve(stdout)));
