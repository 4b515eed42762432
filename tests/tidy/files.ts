import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

export const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Every file of the checkout that git tracks or would track, without what is generated or copied in. */
export const FILES: readonly string[] = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)) && !/^(?:action\/dist|src\/local\/(?:samples|published)|tests\/golden)\//.test(file));

const isTypeScript = (file: string): boolean => /\.(?:ts|mts|astro)$/.test(file);

/** Tests, and the helpers that only tests use. */
export const isTestFile = (file: string): boolean =>
  /\.test\.ts$|\.fixture\.ts$|\/testing\.ts$|\/testing\/|^tests\/|^site\/test\/|\/test-[^/]+\.ts$|\/fake-[^/]+\.ts$/.test(file);

/** The product's own source: what is bundled, run on the command line or built into the site. */
export const SOURCES = FILES.filter((file) => /^(?:src|action|site\/src)\//.test(file) && isTypeScript(file) && !isTestFile(file));
export const TESTS = FILES.filter((file) => file.endsWith('.test.ts'));

export interface Found {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Every line of the files that matches, without lines that are comments as a whole. */
export function grep(files: readonly string[], pattern: RegExp): readonly Found[] {
  return files.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((text, index) => (!/^\s*(?:\/\/|\*|\/\*)/.test(text) && pattern.test(text) ? [{ file, line: index + 1, text: text.trim().slice(0, 200) }] : [])),
  );
}
