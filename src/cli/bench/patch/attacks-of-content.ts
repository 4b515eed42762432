import { makeSecrets } from '../../../policy/secrets/synthetic-secrets.ts';
import { add, blockedBy, empty, modify, warnedOf, type Row, type Rows } from './attack-base.ts';

const PACKAGE = '@@ -1,3 +1,4 @@\n {\n-  "name": "x"\n+  "name": "x",\n';
const LOCKED = JSON.stringify({ name: 'x', lockfileVersion: 3, packages: { '': { name: 'x' }, 'node_modules/a': { version: '1.0.0', resolved: 'https://registry.example/a.tgz' } } });
const [SECRET = ''] = makeSecrets(7, 1).filter(({ kind }) => kind === 'github-server').map(({ secret }) => secret);
const KINDS = ['github-server', 'github-server-long', 'stripe-live', 'slack-bot', 'pem', 'aws-id', 'npm', 'anthropic', 'openai'];

/** Attacks by what a patch brings: files that others obey, dependencies, hidden text, secrets, sheer size. */
export const ATTACKS_OF_CONTENT: Rows = {
  '.gitattributes, hooks, .husky, lefthook': [
    ['.gitattributes', empty('src/.gitattributes'), blockedBy('git-control-files'), 'src/.gitattributes'],
    ['.husky', add('.husky/pre-commit'), blockedBy('ci-files'), '.husky/pre-commit'],
    ['lefthook', add('lefthook.yml'), blockedBy('ci-files'), 'lefthook.yml'],
  ],
  'workflows, action.yml, bots, CODEOWNERS, CI of other systems': [
    ['a workflow', add('.github/workflows/x.yml'), blockedBy('ci-files'), '.github/workflows/x.yml'],
    ['action.yml at depth', add('tools/a/action.yml'), blockedBy('ci-files'), 'tools/a/action.yml'],
    ['dependabot', add('.github/dependabot.yml'), blockedBy('ci-files'), '.github/dependabot.yml'],
    ['renovate', add('renovate.json', '{}'), blockedBy('ci-files'), 'renovate.json'],
    ['CODEOWNERS in docs', add('docs/CODEOWNERS', '* @x'), blockedBy('ci-files'), 'docs/CODEOWNERS'],
    ...['.gitlab-ci.yml', '.circleci/config.yml', 'azure-pipelines.yml', 'Jenkinsfile', '.buildkite/pipeline.yml', '.travis.yml'].map((name): Row => [name, add(name), blockedBy('ci-files'), name]),
  ],
  'manifests, registries, lockfiles': [
    ['a script', modify('package.json', `${PACKAGE}+  "scripts": { "postinstall": "node x.js" }\n }\n`), blockedBy('dependencies'), 'package.json'],
    ['exports', modify('package.json', `${PACKAGE}+  "exports": "./x.js"\n }\n`), blockedBy('dependencies'), 'package.json'],
    ['a new dependency', modify('package.json', `${PACKAGE}+  "dependencies": { "left-pad": "1.3.0" }\n }\n`), blockedBy('dependencies'), 'package.json'],
    ['a registry in .npmrc', add('.npmrc', 'registry=https://registry.example/'), blockedBy('dependencies'), '.npmrc'],
    ['a registry in .yarnrc.yml', add('.yarnrc.yml', 'npmRegistryServer: "https://registry.example"'), blockedBy('dependencies'), '.yarnrc.yml'],
    ['.pnpmfile.cjs', add('.pnpmfile.cjs'), blockedBy('dependencies'), '.pnpmfile.cjs'],
    ['a lockfile of another host, without a hash', add('package-lock.json', LOCKED), blockedBy('lockfiles'), 'package-lock.json'],
  ],
  'files that tools, editors and agents obey': [
    ['a Makefile', add('Makefile', 'include other.mk'), warnedOf('build-files'), 'Makefile'],
    ['a file that Makefiles include', add('build/other.mk', 'all:'), warnedOf('build-files'), 'build/other.mk'],
    ['a Dockerfile', add('Dockerfile', 'FROM other/image'), blockedBy('dependencies'), 'Dockerfile'],
    ...['AGENTS.md', 'CLAUDE.md', '.envrc', '.vscode/tasks.json', '.devcontainer/devcontainer.json', '.mcp.json', '.cursor/mcp.json'].map((name): Row => [name, add(name, '{}'), blockedBy('control-files'), name]),
  ],
  'hidden and bidirectional characters': [
    ['bidirectional', add('x.js', 'if (a\xe2\x80\xae) { }'), blockedBy('hidden-text'), null],
    ['zero width', add('x.js', 'const a\xe2\x80\x8bb = 1;'), blockedBy('hidden-text'), null],
    ['tag characters', add('x.md', 'hi\xf3\xa0\x81\xa8'), blockedBy('hidden-text'), null],
  ],
  'secrets': [
    ...KINDS.map((kind): Row => [kind, add('k.txt', makeSecrets(7, 1).find((made) => made.kind === kind)?.secret ?? ''), blockedBy('secrets'), null]),
    ['split over two strings', add('k.js', `const k = '${SECRET.slice(0, 20)}' +\n  '${SECRET.slice(20)}';`), blockedBy('secrets'), null],
    ['in base64', add('k.txt', `k = "${Buffer.from(SECRET).toString('base64')}"`), blockedBy('secrets'), null],
    ['in base64 of hexadecimal, in a URL', add('k.txt', encodeURIComponent(Buffer.from(Buffer.from(SECRET).toString('hex')).toString('base64'))), blockedBy('secrets'), null],
    ['in a file that is deleted and added elsewhere', `diff --git a/README.md b/README.md\ndeleted file mode 100644\n--- a/README.md\n+++ /dev/null\n@@ -1 +0,0 @@\n-# x\n${add('docs/README.md', `# x\n${SECRET}`)}`, blockedBy('secrets'), null],
  ],
  'sizes: huge, deep, many': [
    ['more lines than are reviewed', add('n', 'x\n'.repeat(200_000).slice(0, -1)), blockedBy('size'), null],
    ['more files than are reviewed', Array.from({ length: 400 }, (_, index) => empty(`n${index}`)).join(''), blockedBy('size'), null],
    ['a path of many folders', empty(`${'d/'.repeat(200)}x`), 'path-too-deep', null],
    ['a path of 5,000 bytes', empty(`${`${'d'.repeat(99)}/`.repeat(50)}x`), 'path-too-long', null],
    ['a name of 300 bytes', empty('n'.repeat(300)), 'path-too-long', null],
    ['a binary of 4 GB in 20 bytes', `diff --git a/n b/n\nnew file mode 100644\nindex ${'0'.repeat(40)}..${'1'.repeat(40)}\nGIT binary patch\nliteral 4294967296\nHcmV?d00001\n\nliteral 0\nHcmV?d00001\n\n`, 'file-too-large', null],
  ],
};
