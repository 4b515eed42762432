import { describe, expect, it } from 'vitest';
import type { RuleId } from '../../domain/policy-rules.ts';
import { added, caughtBy, configOf, deleted, judgeBy, modified } from '../testing.ts';

const caught: readonly (readonly [RuleId, readonly string[]])[] = [
  ['frozen-files', ['countersign.yml', 'x/Countersign.YAML', '.npmrc', 'packages/a/.NPMRC', '.yarn/releases/yarn.cjs', '.pnpmfile.cjs', '.cargo/config.toml', '.env', 'app/.env.production', '.yarnrc.yml', '.aws/credentials']],
  [
    'ci-files',
    [
      '.github/workflows/ci.yml', '.GitHub/workflows/new.yml', 'vendor/x/.github/actions/a/index.js', 'action.yml', 'tools/deep/action.yaml', '.github/dependabot.yml', 'CODEOWNERS', 'docs/CODEOWNERS',
      '.gitlab-ci.yml', 'ci/build.gitlab-ci.yml', '.gitlab/ci/test.yml', '.circleci/config.yml', 'azure-pipelines.yml', 'azure-pipelines-release.yaml', 'Jenkinsfile', 'ci/Jenkinsfile.release', 'deploy.jenkinsfile',
      '.buildkite/pipeline.yml', '.travis.yml', '.drone.yml', '.drone.star', '.woodpecker.yml', '.woodpecker/test.yaml', 'bitbucket-pipelines.yml', '.teamcity/settings.kts', '.tekton/push.yaml', '.argo/ci.yaml',
      'argocd/app.yaml', 'dagger.json', '.dagger/main.go', 'Earthfile', 'sub/Earthfile', 'appveyor.yml', '.appveyor.yml', '.cirrus.yml', '.pre-commit-config.yaml', 'lefthook.yml', '.lefthook.toml', 'lefthook-local.yml',
      '.husky/pre-commit', '.huskyrc.json', 'renovate.json', '.renovaterc', '.renovaterc.json5', '.mergify.yml', '.mergify/config.yml', 'cloudbuild.yaml', 'buildspec.yml', '.zuul.d/jobs.yaml', '.gitea/workflows/x.yml', '.forgejo/workflows/x.yml',
    ],
  ],
  [
    'control-files',
    ['AGENTS.md', 'packages/web/agents.md', 'CLAUDE.md', '.claude/settings.json', '.cursor/rules/a.mdc', '.cursorrules', '.vscode/tasks.json', 'sub/.VSCode/settings.json', '.devcontainer/devcontainer.json', '.devcontainer.json', '.idea/runConfigurations/x.xml', '.mcp.json', 'mcp.json', '.envrc', 'GEMINI.md', 'copilot-instructions.md', 'x.code-workspace', '.windsurfrules', '.mise.toml'],
  ],
  ['git-control-files', ['.gitmodules', 'sub/.gitattributes', '.githooks/pre-push', '.gitconfig', '.GITMODULES', '.git\u200Cmodules', '.lfsconfig']],
  ['licence-files', ['LICENSE', 'LICENCE.md', 'packages/a/License.txt', 'COPYING', 'LICENSE-MIT', 'NOTICE', 'licenses/apache.txt', 'LICENSES/MIT.txt']],
  ['build-files', ['Makefile', 'src/Makefile.am', 'Dockerfile', 'Dockerfile.dev', 'rules.mk', 'docker-compose.override.yml', 'setup.py', 'build.gradle.kts', 'native/CMakeLists.txt']],
  ['migrations', ['migrations/0001_initial.py', 'app/migrations/2.sql', 'db/migrate/20260101_add.rb', 'prisma/schema.prisma']],
];
const ordinary = ['src/index.ts', 'README.md', 'package.json', 'docs/github/workflows.md', 'src/actions.yml.ts', 'src/agents/claude.ts', 'test/jenkins.test.ts', 'src/gitmodules.c', 'lib/license-checker.js', 'src/migrate.ts', 'github/workflows.md', 'src/environment.ts', '.gitignore', 'src/makefiles.ts', 'docs/husky.md'];

describe.each(caught)('%s', (rule, paths) => {
  it.each(paths)('catches a change of %s', (path) => {
    expect(caughtBy(rule, [modified(path)])).toEqual([path]);
    expect(caughtBy(rule, [added(path)])).toEqual([path]);
    expect(caughtBy(rule, [deleted(path)])).toEqual([path]);
  });

  it.each(ordinary)('lets %s pass', (path) => {
    expect(caughtBy(rule, [modified(path)])).toEqual([]);
  });

  it('says what it saw, why, and how to allow it', () => {
    const path = paths[0] ?? '';
    const [violation] = judgeBy(rule, [modified(path)]).violations;
    expect(violation?.message).toContain(path);
    expect(violation?.why).not.toBe('');
    expect(violation?.help).toContain(`policy.${rule}.allow`);
    expect(violation?.help).toMatch(/reason.*expires/);
  });

  it('adds the paths of the config to its own list, at any depth', () => {
    const config = configOf(rule, { paths: ['infra/', '/only-at-root.txt', 'a (b)+c.txt'] });
    const changes = ['x/Infra/new/deep.tf', 'only-at-root.txt', 'sub/only-at-root.txt', 'a (b)+c.txt', paths[0] ?? ''].map((path) => modified(path));
    expect(caughtBy(rule, changes, { config })).toEqual(['x/Infra/new/deep.tf', 'only-at-root.txt', 'a (b)+c.txt', paths[0]]);
  });
});

describe('a rename', () => {
  it('is judged on both sides', () => {
    expect(caughtBy('ci-files', [deleted('.github/workflows/ci.yml'), added('notes/ci.yml')])).toEqual(['.github/workflows/ci.yml']);
    expect(caughtBy('ci-files', [deleted('notes/ci.yml'), added('.github/workflows/ci.yml')])).toEqual(['.github/workflows/ci.yml']);
  });
});
