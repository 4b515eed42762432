import { appendFileSync } from 'node:fs';
import { error as annotateError, info, setFailed, setOutput, warning } from '@actions/core';
import { CountersignError, inputError } from '../src/domain/errors.ts';
import type { StepReport } from '../src/orchestrator/ports.ts';
import type { Wiring } from './adapters.ts';
import { readEnvironment } from './environment.ts';
import { readInputs } from './inputs.ts';

type Step = (wiring: Wiring) => Promise<StepReport>;

// One small entry per step; each loads only the code of its own trust zone.
const STEPS: Readonly<Record<string, () => Promise<{ run: Step }>>> = {
  design: () => import('./steps/design.ts'),
  'record-design': () => import('./steps/record-design.ts'),
  patch: () => import('./steps/patch.ts'),
  'record-patch': () => import('./steps/record-patch.ts'),
  present: () => import('./steps/present.ts'),
  authorize: () => import('./steps/authorize.ts'),
  write: () => import('./steps/write.ts'),
  settle: () => import('./steps/settle.ts'),
  answer: () => import('./steps/answer.ts'),
  observe: () => import('./steps/observe.ts'),
  publish: () => import('./steps/publish.ts'),
};

try {
  const inputs = readInputs();
  const load = Object.hasOwn(STEPS, inputs.step) ? STEPS[inputs.step] : undefined;
  if (!load) throw inputError('unknown-step', `"${inputs.step}" is not a step. Steps: ${Object.keys(STEPS).join(', ')}.`);
  const { run } = await load();
  conclude(await run({ environment: readEnvironment(process.env), inputs, directory: import.meta.dirname }));
} catch (error) {
  const sentence = error instanceof CountersignError ? error.message : `Something failed that should not have: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  summarise(`**Failed.** ${sentence}`);
  setFailed(sentence);
}

function conclude(report: StepReport): void {
  setOutput('workflow', report.workflow ?? '');
  setOutput('next', report.next);
  setOutput('state', report.state ?? '');
  summarise(report.summary);
  for (const { level, title, message } of report.annotations ?? []) (level === 'error' ? annotateError : warning)(message, { title });
  info(report.summary.split('\n')[0] ?? '');
  if (!report.ok) setFailed(report.summary.split('\n')[0] ?? 'The step did not hold.');
}

function summarise(markdown: string): void {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (file) appendFileSync(file, `${markdown}\n\n`);
}
