import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../ci/read-definition.ts';
import type { TaskTool } from '../ci/task-calls.ts';
import { readTaskFile } from '../ci/tasks/tools.ts';
import { hashedRequirements, lockfileKindOf } from '../lockfiles/lockfile-kinds.ts';
import { manifestKindOf } from './manifest-kinds.ts';
import { Unreadable } from './model.ts';

const MANIFESTS = ['package.json', 'package.yaml', 'pnpm-workspace.yaml', 'deno.json', 'bower.json', 'requirements.txt', 'pyproject.toml', 'Pipfile', 'setup.cfg', 'environment.yml', 'go.mod', 'Cargo.toml', 'pom.xml', 'build.gradle', 'libs.versions.toml', 'Gemfile', 'x.gemspec', 'composer.json', 'x.csproj', 'Dockerfile', 'compose.yml', 'action.yml', '.npmrc', '.pnpmfile.cjs', 'pubspec.yaml', 'gradle.properties', 'paket.dependencies'];
const LOCKS = ['package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'deno.lock', 'poetry.lock', 'uv.lock', 'pylock.toml', 'Pipfile.lock', 'Cargo.lock', 'go.sum', 'Gemfile.lock', 'composer.lock', 'packages.lock.json', 'pubspec.lock', 'Package.resolved', 'flake.lock', 'mix.lock', 'Podfile.lock', 'gradle.lockfile', 'verification-metadata.xml'];

// Pieces of every format, so that a random text gets past the first line of most readers.
const piece = fc.constantFrom(
  '{', '}', '[', ']', '(', ')', '<', '>', '"', "'", '`', ':', ',', '=', '=>', '@', '#', '\\', '\n', '\n  ', '\n    ', ' ', '\t', '\r\n', '- ', '| ', '&a ', '*a', '!x ', '---\n', '1.0.0', '^1', 'null', 'true', '3', '__proto__', 'constructor', '\u202E', '\uFEFF', '\uD800',
  '"dependencies": {', '"packages": {', '"a": "1"', '"node_modules/a": {', '"resolved": "https://h.example/a"', '"integrity": "sha512-AA"', '"scripts": {}', '[project]\n', '[[package]]\n', 'name = "a"\n', 'version = "1"\n', 'source = { git = "x" }\n', '[dependencies]\n', 'a = "1"\n', '[tool.poetry.dependencies]\n',
  'packages:\n', 'jobs:\n', '- run: ./x.sh\n', '- uses: a/b@v1\n', 'resolution: {integrity: sha512-AA}\n', '__metadata:\n', 'lodash@^1:\n', 'require (\n', 'replace a => b v1\n', 'module x\n', "gem 'a', '1'\n", 'GEM\n', '  remote: x\n', '    a (1)\n', 'FROM a:1 AS b\n', 'ARG V=1\n', '--hash=sha256:aa', '-r x.txt\n', '-e git+x\n', 'a==1\n', "implementation 'a:b:1'\n", '<dependency>', '</dependency>', '<artifactId>a</artifactId>', '<project>', '</project>', '<!DOCTYPE x>', '&#x41;', '&lt;', '<![CDATA[', ']]>', '$(', '${', '${{ env.A }}', 'bash -c "', 'cd a && ./b\n',
  '"scripts": {', '"tasks": {"a": {"command": "', 'all: a b\n\t$(MAKE) -C x\n', 'X := $(Y)\n', 'Y = $(X)\n', '%.o: %.c ; cc\n', 'include *.mk\n', 'define a\n', 'a b="1": c\n  ./x\n', 'tasks:\n  a: {cmds: [{task: b}], deps: [a]}\n', '[testenv]\ncommands =\n  py{39}: x.py\n', '[tool.poe.tasks]\n', '[scripts]\n',
);
// And of files of tasks.
const TASK_FILES: readonly (readonly [TaskTool, string])[] = [['npm', 'package.json'], ['deno', 'deno.json'], ['composer', 'composer.json'], ['make', 'Makefile'], ['just', 'justfile'], ['taskfile', 'Taskfile.yml'], ['tox', 'tox.ini'], ['tox', 'pyproject.toml'], ['pyproject', 'pyproject.toml'], ['pipfile', 'Pipfile']];
const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

/** True when the reader answers, or refuses in the one way that it may. */
function isOrderly(read: (content: string) => unknown, content: string): boolean {
  try {
    read(content);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  return true;
}

describe('readers of hostile text', () => {
  it.each(MANIFESTS)('%s: answer or refuse', (path) => {
    const kind = manifestKindOf(path);
    expect(kind).not.toBeNull();
    fc.assert(fc.property(text, (content) => kind !== null && isOrderly(kind.read, content)), { numRuns: 300 });
  });
  it.each(LOCKS)('%s: answer or refuse', (path) => {
    const read = lockfileKindOf(path)?.read;
    expect(read).toBeInstanceOf(Function);
    fc.assert(fc.property(text, (content) => read != null && isOrderly(read, content)), { numRuns: 300 });
  });
  it.each(TASK_FILES)('tasks of %s in %s: answer', (tool, path) => {
    fc.assert(
      fc.property(text, (content) => {
        for (const { name, script, line } of readTaskFile(tool, path, new TextEncoder().encode(content)).tasks) expect([typeof name, typeof script, line > 0]).toEqual(['string', 'string', true]);
      }),
      { numRuns: 200 },
    );
  });
  it('requirements with hashes, and CI files: answer', () => {
    fc.assert(
      fc.property(text, (content) => {
        hashedRequirements.read?.(content);
        for (const path of ['.github/workflows/a.yml', 'Jenkinsfile', '.husky/pre-commit']) {
          for (const called of readDefinition(path, new TextEncoder().encode(content))) if (called.kind === 'file') expect(called.glob).toMatch(/^(?:\/|\*\*\/)./s);
        }
      }),
      { numRuns: 500 },
    );
  });
});
