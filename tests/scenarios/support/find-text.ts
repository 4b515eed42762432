import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';

/** Files below a folder that hold a text, as it stands or in base64: also inside zip archives and in every git object. */
export async function filesHolding(root: string, text: string): Promise<readonly string[]> {
  const forms = [text, Buffer.from(text).toString('base64').replace(/.{0,2}=*$/, '')];
  const holds = (bytes: Uint8Array): boolean => forms.some((form) => Buffer.from(bytes).includes(form));
  const found: string[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory() && entry.name.endsWith('.git') && holds(await allObjects(path))) found.push(`objects of ${path}`);
    if (!entry.isFile()) continue;
    const bytes = await readFile(path);
    if (holds(bytes)) found.push(path);
    if (entry.name.endsWith('.zip') && Object.values(unzipSync(bytes)).some(holds)) found.push(`inside ${path}`);
  }
  return found;
}

async function allObjects(gitDir: string): Promise<Buffer> {
  const { stdout } = await promisify(execFile)('git', [`--git-dir=${gitDir}`, 'cat-file', '--batch', '--batch-all-objects', '--unordered'], { encoding: 'buffer', maxBuffer: 512 * 1024 * 1024 });
  return stdout;
}
