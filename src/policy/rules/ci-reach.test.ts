import { describe, expect, it } from 'vitest';
import { wantedBaseFiles } from '../evaluate.ts';
import { added, caughtBy, modified } from '../testing.ts';

const utf8 = new TextEncoder();

function isCalled(path: string, files: Readonly<Record<string, string>>): boolean {
  const basePaths = [...Object.keys(files), path];
  const baseFiles = new Map<string, Uint8Array | null>();
  for (let wanted = wantedBaseFiles(basePaths, baseFiles); wanted.length > 0; wanted = wantedBaseFiles(basePaths, baseFiles)) {
    for (const each of wanted) baseFiles.set(each, utf8.encode(files[each] ?? ''));
  }
  return caughtBy('ci-files', [modified(path)], { basePaths, baseFiles }).length > 0;
}

const run = (script: string): Record<string, string> => ({ '.github/workflows/ci.yml': `jobs:\n  a:\n    steps:\n      - run: |\n${script.replaceAll(/^/gm, '          ')}\n` });
const WORKFLOW = '.github/workflows/ci.yml';

describe('what CI runs by way of another program', () => {
  it.each([
    ['cat scripts/x.sh | bash', 'scripts/x.sh'],
    ['bash <(cat scripts/x.sh)', 'scripts/x.sh'],
    ['eval "$(cat scripts/x.sh)"', 'scripts/x.sh'],
    ['for f in scripts/*.sh; do bash "$f"; done', 'scripts/x.sh'],
    ['bash scripts/*.sh', 'scripts/x.sh'],
    ['run-parts ./ci.d', 'ci.d/10-x'],
    ["find scripts -name '*.sh' -exec bash {} \\;", 'scripts/deep/x.sh'],
    ['docker run -v $PWD:/src image /src/scripts/x.sh', 'scripts/x.sh'],
    ['docker run -v "$(pwd)":/src image sh -c "/src/ci/x.sh --all"', 'ci/x.sh'],
    ['parallel ./x.sh ::: a b', 'x.sh'],
    ['ssh host < deploy/x.sh', 'deploy/x.sh'],
    ['export PATH="$PWD/bin:$PATH"\nmytool check', 'bin/mytool'],
    ['echo "$GITHUB_WORKSPACE/bin" >> $GITHUB_PATH\nmytool', 'bin/mytool'],
    ['BASH_ENV=ci/env.sh bash -c true', 'ci/env.sh'],
    ['NODE_OPTIONS="--require ./ci/hook.js" npm test', 'ci/hook.js'],
    ['mvn -f ci/pom.xml verify', 'ci/pom.xml'],
    ['gradle -I ci/init.gradle check', 'ci/init.gradle'],
    ['ansible-playbook ci/site.yml', 'ci/site.yml'],
    ['coverage run scripts/x.py', 'scripts/x.py'],
    ['coverage run -m tools.x', 'tools/x.py'],
    ['cargo run --manifest-path xtask/Cargo.toml', 'xtask/src/main.rs'],
    ['go run ./tools/x arg', 'tools/x/main.go'],
    ['dotnet run --project build/Build.csproj', 'build/Program.cs'],
    ['nix-shell --run "./x.sh"', 'x.sh'],
    ['cmake -P ci/x.cmake', 'ci/x.cmake'],
    ['jq -f ci/x.jq a.json', 'ci/x.jq'],
    ['git config core.hooksPath ci/hooks', 'ci/hooks/pre-commit'],
  ])('%j reaches %s', (script, path) => {
    expect(isCalled(path, run(script))).toBe(true);
  });

  it.each([
    ['shellcheck scripts/x.sh', 'scripts/x.sh'],
    ['cp scripts/x.sh dist/', 'scripts/x.sh'],
    ['git diff --exit-code scripts/x.sh', 'scripts/x.sh'],
    ['curl -o scripts/x.sh https://a.example/x.sh', 'scripts/x.sh'],
    ["find . -name '*.sh' -exec shellcheck {} \\;", 'scripts/x.sh'],
    ['export PATH="$HOME/.local/bin:$PATH"', 'src/a.ts'],
    ['export PATH="./node_modules/.bin:$PATH"', 'node_modules/.bin/x'],
    ['go run ./cmd/server', 'cmd/server/main.go'],
    ['docker run -v $PWD:/src image cat /src/data.json', 'data.json'],
    ['node -pe "require(\'./package\').version"', 'package.json'],
    ['local _x=./lib/x.sh', 'lib/x.sh'],
    ['pnpm turbo --filter ./examples/${{ matrix.dir }} build', 'examples/a/playwright.config.ts'],
    ["pnpx pkg-pr-new publish './packages/*'", 'packages/a/src/x.ts'],
    ['toString __proto__ constructor', 'constructor'],
  ])('%j does not reach %s', (script, path) => {
    expect(isCalled(path, run(script))).toBe(false);
  });

  it.each([
    [WORKFLOW, 'jobs:\n  a:\n    steps:\n      - run: foo\n        shell: bash ./ci/x.sh {0}\n'],
    [WORKFLOW, 'defaults: {run: {shell: "./ci/x.sh {0}"}}\njobs: {}\n'],
    [WORKFLOW, 'env:\n  BASH_ENV: ci/x.sh\njobs: {}\n'],
    [WORKFLOW, 'jobs:\n  a:\n    steps:\n      - uses: docker://image\n        with:\n          args: bash ci/x.sh\n'],
    ['.circleci/config.yml', 'jobs:\n  a:\n    steps:\n      - run: {command: ./x.sh, working_directory: ~/project/ci}\n'],
    ['azure-pipelines.yml', 'steps:\n- task: PowerShell@2\n  inputs: {targetType: filePath, filePath: "$(Build.SourcesDirectory)/ci/x.sh"}\n'],
    ['Jenkinsfile', "pipeline { stages { stage('x') { steps { dir('ci') { sh './x.sh' } } } } }"],
    ['Jenkinsfile', String.raw`node { bat 'ci\\x.sh' }`],
    ['.buildkite/pipeline.yml', 'steps:\n  - command: "buildkite-agent pipeline upload ci/x.sh"\n'],
    ['.drone.jsonnet', '{ steps: [{ commands: ["ci/x.sh"] }] }\n'],
    ['.drone.star', 'def main(ctx):\n  return {"steps": [{"commands": ["true", "bash ci/x.sh"]}]}\n'],
    ['bitbucket-pipelines.yml', 'pipelines:\n  default:\n    - step:\n        script: [true]\n        after-script:\n          - ci/x.sh\n'],
    ['.teamcity/settings.kts', 'steps { script { scriptContent = """\n  bash ci/x.sh\n""".trimIndent() } }\n'],
    ['.argo/flow.yaml', 'spec:\n  templates:\n  - script: {source: "bash ci/x.sh"}\n'],
    ['tekton/task.yaml', 'spec:\n  steps:\n  - script: |\n      ci/x.sh\n'],
    ['dagger.json', '{"sdk": "go", "source": "ci"}'],
    ['Earthfile', 'VERSION 0.8\nt:\n  RUN ["bash", "ci/x.sh"]\n'],
    ['lefthook.yml', 'pre-commit:\n  scripts: {x.sh: {runner: bash}}\nsource_dir: ci\n'],
    ['lefthook.toml', '[pre-commit.commands.x]\nrun = "bash ci/x.sh"\n'],
    ['lefthook.json', '{"pre-commit": {"commands": {"x": {"run": "bash ci/x.sh"}}}}'],
    ['renovate.json5', '{postUpgradeTasks: {commands: ["bash ci/x.sh"]}}'],
  ])('%s: %j reaches ci/x.sh', (file, text) => {
    expect(isCalled('ci/x.sh', { [file]: text })).toBe(true);
  });
});

it('reads no list of make as a script', () => {
  const files = { ...run('sh ./lists\nsed -i s/a/b/ src/Makefile\nbash src/Makefile\n./ci/all'), lists: 'SOURCES = \\\n\tsrc/a.c \\\n\truntime/x.vim \\\n', 'src/Makefile': 'all:\n\ttestdir/x.vim\n', 'ci/all': '#!/bin/sh\n./deep/x\n' };
  expect(['runtime/x.vim', 'testdir/x.vim', 'src/testdir/x.vim'].map((path) => isCalled(path, files))).toEqual([false, false, false]);
  expect(isCalled('deep/x', files)).toBe(true);
});

describe('names of files of CI', () => {
  it('knows the usual forms of each system', () => {
    const names = ['.gitlab-ci/build.yml', '.gitlab-ci.d/a.yml', 'gitlab-ci.yml', 'build/azure-pipelines/linux.yml', 'azure-pipeline.yml', '.azure/pipelines/ci.yml', '.vsts-pipelines/a.yml', 'release.jenkins', '.jenkins.yml', 'jenkins/build.groovy', '.buildkite.yml', 'buildkite/pipeline.yml', '.travis/run.sh', '.bitbucket/CODEOWNERS', '.teamcity.yml', 'tekton/pipeline.yaml', 'argo/flow.yaml', 'argo-workflows/a.yaml', 'argocd-cm.yaml', 'lefthook.jsonc', 'renovate.jsonc', 'renovate-base.json', '.vela.yml', '.kokoro/build.sh', '.evergreen.yml', '.pre-commit-config.nightly.yaml'];
    expect(caughtBy('ci-files', names.map((path) => added(path)))).toEqual(names);
  });

  it('leaves what only sounds like them', () => {
    const names = ['src/action.ts', 'docs/jenkins.md', 'src/jenkins/client.ts', 'src/main/java/x/dagger/Module.java', 'src/argo/client.go', 'renovate.md', 'docs/lefthook.md', 'src/travis.ts', 'gitlab-ci.md', 'src/tekton/reader.ts', 'public/drone.svg'];
    expect(caughtBy('ci-files', names.map((path) => added(path)))).toEqual([]);
  });
});
