import { createPathRule } from '../path-rule.ts';

/** Files that decide about Countersign itself, where packages come from, or who we are to other systems. */
export const frozenFiles = createPathRule('frozen-files', {
  what: 'which is frozen',
  why: 'These files decide what may be changed, where code is fetched from or which secrets are used; a proposal must not move its own limits.',
  globs: [
    'countersign.{yml,yaml}',
    '.countersign',
    // Registries, install hooks and vendored package managers.
    '.npmrc',
    '.yarnrc',
    '.yarnrc.{yml,yaml}',
    '.yarn',
    '.pnpmfile.{cjs,mjs,js}',
    'bunfig.toml',
    '.pypirc',
    'pip.conf',
    'pip.ini',
    'uv.toml',
    '.cargo',
    '.bundle',
    '.gemrc',
    '.mvn',
    'gradle/wrapper',
    'gradlew',
    'gradlew.bat',
    'mvnw',
    'mvnw.cmd',
    'nuget.config',
    '.condarc',
    // Credentials.
    '.env',
    '.env.{local,production,development,staging,test}',
    '.env.*.local',
    '.netrc',
    '_netrc',
    '.aws',
    '.ssh',
    '.gnupg',
    '.docker',
    '.kube',
  ],
});
