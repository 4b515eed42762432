import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { ROOT } from './stage.ts';

/** What vitest's own report says. A test file that could not be loaded counts as one failed test. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
}

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
  success: z.boolean(),
});

/** Runs vitest, on the files whose path holds one of the patterns if any are given. Its output goes straight through. */
export async function runVitest(patterns: readonly string[]): Promise<TestSummary & { readonly ok: boolean }> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-tests-'));
  try {
    const file = join(folder, 'report.json');
    const code = await vitest(['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...patterns]);
    const report = reportSchema.safeParse(await readJson(file));
    if (!report.success) return { ok: false, passed: 0, failed: 1, skipped: 0, failures: [`vitest ended with ${code ?? 'a signal'} and wrote no report; its output is above`] };
    return { ...summarise(report.data), ok: code === 0 && report.data.success };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function vitest(args: readonly string[]): Promise<number | null> {
  const child = spawn(process.execPath, [join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), ...args], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve));
}

const readJson = async (file: string): Promise<unknown> => readFile(file, 'utf8').then((text): unknown => JSON.parse(text), () => null);

function summarise({ testResults }: z.infer<typeof reportSchema>): TestSummary {
  const tests = testResults.flatMap(({ name, assertionResults }) => assertionResults.map((test) => ({ ...test, file: relative(ROOT, name) })));
  const count = (status: string): number => tests.filter((test) => test.status === status).length;
  const failedTests = tests.filter(({ status }) => status === 'failed').map(({ file, fullName }) => `${file}: ${fullName}`);
  const brokenFiles = testResults.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'));
  const failures = [...failedTests, ...brokenFiles.map(({ name, message }) => `${relative(ROOT, name)}: ${message?.split('\n')[0] ?? 'could not be run'}`)];
  const passed = count('passed');
  return { passed, failed: failures.length, skipped: tests.length - passed - failedTests.length, failures };
}
