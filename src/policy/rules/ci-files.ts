import type { PolicyInput } from '../input.ts';
import { CI_FILES_MAX, createCallerFinder, wantedCiFiles } from '../ci/called-by-base.ts';
import { CI_GLOBS } from '../ci/ci-globs.ts';
import { foldPath } from '../fold-path.ts';
import { createPathRule } from '../path-rule.ts';
import type { Finding, Rule } from '../rule.ts';
import { showPath } from '../show.ts';
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
    return [...named, ...declared, ...findCalled(input, paths), ...findUnread(input)];
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

function findCalled({ changes, baseFiles }: PolicyInput, known: ReadonlySet<string>): Finding[] {
  const findCaller = createCallerFinder(baseFiles);
  return changes.flatMap(({ change: { path, op } }) => {
    const caller = known.has(path) ? null : findCaller(path);
    if (caller === null) return [];
    return [
      {
        path,
        message: `${VERBS[op]} ${showPath(path)}, which CI runs (${showPath(caller.by)}, line ${caller.line} of the base).`,
        why: 'What a workflow runs has the rights and secrets of that workflow, so it counts as CI itself.',
      },
    ];
  });
}

/** Where CI files could not be read, nobody knows what they run. */
function findUnread({ baseFiles, basePaths }: PolicyInput): Finding[] {
  const why = 'The scripts that these files run count as CI, and they could not be found.';
  const help = 'Make the CI files of the base smaller or fewer, or set policy.ci-files.severity for this repository in countersign.yml.';
  const large = [...baseFiles].filter(([, bytes]) => bytes === null).map(([path]) => ({ path: '', message: `The CI file ${showPath(path)} of the base is too large to be read.`, why, help }));
  const isMany = baseFiles.size > 0 && wantedCiFiles(basePaths, baseFiles).length >= CI_FILES_MAX;
  return isMany ? [...large, { path: '', message: `The base has ${CI_FILES_MAX} or more CI files; not all were read.`, why, help }] : large;
}
