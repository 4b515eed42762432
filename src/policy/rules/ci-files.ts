import type { PolicyInput } from '../input.ts';
import { createCallerFinder, weighCalled } from '../ci/callers.ts';
import { CI_GLOBS } from '../ci/ci-globs.ts';
import { findChangedTasks } from '../ci/changed-tasks.ts';
import { UNKNOWN } from '../ci/shell-commands.ts';
import { CI_FILES_MAX, traceBase, wantedCiFiles, type Caller, type Trace } from '../ci/trace-base.ts';
import { foldPath } from '../fold-path.ts';
import { createPathRule } from '../path-rule.ts';
import type { Finding, Rule } from '../rule.ts';
import { showPath, showText } from '../show.ts';
import { decodeText } from '../text-lines.ts';

const byName = createPathRule('ci-files', {
  what: 'a file of CI or automation',
  why: 'CI and bots run these files with secrets or decide who must review; Countersign does not propose changes to them.',
  globs: CI_GLOBS,
});

/** Files by which a build service, a bot or a local hook runs commands, and the files of the repository that those of the base tree run. */
export const ciFiles: Rule = {
  ...byName,
  wants: wantedCiFiles,
  evaluate: (input, settings) => {
    const named = byName.evaluate(input, settings);
    const paths = new Set(named.map(({ path }) => path));
    const declared = findDeclared(input, paths);
    for (const { path } of declared) paths.add(path);
    const trace = traceBase(input.basePaths, input.baseFiles);
    return [...named, ...declared, ...findCalled(input, paths, trace), ...findUnread(input, trace)];
  },
};

const VERBS = { add: 'Adds', modify: 'Changes', delete: 'Deletes' } as const;

// Tekton's and Argo's files may have any name: what they are stands in them.
const DECLARES = /^[ \t]*(?:-[ \t]+)?["']?apiVersion["']?[ \t]*:[ \t]*["']?(tekton\.dev|triggers\.tekton\.dev|argoproj\.io)\//m;

function findDeclared({ changes }: PolicyInput, known: ReadonlySet<string>): Finding[] {
  return changes.flatMap(({ change: { path, op }, oldBytes, newBytes }) => {
    if (known.has(path) || !/\.(?:ya?ml|json)$/.test(foldPath(path))) return [];
    const system = [oldBytes, newBytes].map((bytes) => DECLARES.exec(decodeText(bytes) ?? '')?.[1]).find((found) => found !== undefined);
    return system === undefined ? [] : [{ path, message: `${VERBS[op]} ${showPath(path)}, which says that it is for ${system}.`, why: 'Pipelines of Tekton and Argo run with the secrets and rights of their cluster, whatever their files are called.' }];
  });
}

const WHY_CALLED = 'What a workflow runs has the rights and secrets of that workflow, so it counts as CI itself.';
const callerOf = ({ by, line, via }: Caller): string => `${showPath(by)}, line ${line} of the base${via === null ? '' : `, by ${showText(via.replaceAll(UNKNOWN, '*'), 160)}`}`;

/** Files that CI runs, and files of tasks whose commands it runs. One finding a path. */
function findCalled({ changes }: PolicyInput, known: ReadonlySet<string>, trace: Trace): Finding[] {
  const findCaller = createCallerFinder(trace);
  return changes.flatMap((judged): Finding[] => {
    const { path, op } = judged.change;
    if (known.has(path)) return [];
    const changed = findChangedTasks(judged, trace.tasks);
    if (changed !== null) {
      const line = changed.line === null ? {} : { line: changed.line };
      return [{ path, ...line, message: `${VERBS[op]} what CI runs of ${showPath(path)}: ${showText(changed.names.join(', ').replaceAll(UNKNOWN, '*'), 120)} (${callerOf(changed.caller)}).`, why: WHY_CALLED }];
    }
    const caller = findCaller(path);
    if (caller === null) return [];
    return [{ path, message: `${VERBS[op]} ${showPath(path)}, which CI runs (${callerOf(caller)}).`, why: WHY_CALLED, severity: weighCalled(path, caller) }];
  });
}

/** Where CI files could not be read, nobody knows what they run. */
function findUnread({ baseFiles }: PolicyInput, { wanted }: Trace): Finding[] {
  const why = 'The scripts that these files run count as CI, and they could not be found.';
  const help = 'Make the CI files of the base smaller or fewer, or set policy.ci-files.severity for this repository in countersign.yml.';
  const asked = new Set(wanted);
  const large = [...baseFiles].filter(([path, bytes]) => bytes === null && asked.has(path)).map(([path]) => ({ path: '', message: `The CI file ${showPath(path)} of the base is too large to be read.`, why, help }));
  const isMany = baseFiles.size > 0 && wanted.length >= CI_FILES_MAX;
  return isMany ? [...large, { path: '', message: `The base has ${CI_FILES_MAX} or more CI files; not all were read.`, why, help }] : large;
}
