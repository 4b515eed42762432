import type { Rule } from './rule.ts';
import { binaryFiles } from './rules/binary-files.ts';
import { buildFiles } from './rules/build-files.ts';
import { ciFiles } from './rules/ci-files.ts';
import { controlFiles } from './rules/control-files.ts';
import { deletions } from './rules/deletions.ts';
import { dependencies } from './rules/dependencies.ts';
import { executables } from './rules/executables.ts';
import { frozenFiles } from './rules/frozen-files.ts';
import { gitControlFiles } from './rules/git-control-files.ts';
import { hiddenText } from './rules/hidden-text.ts';
import { hostilePaths } from './rules/hostile-paths.ts';
import { licenceFiles } from './rules/licence-files.ts';
import { lockfiles } from './rules/lockfiles.ts';
import { migrations } from './rules/migrations.ts';
import { scope } from './rules/scope.ts';
import { secrets } from './rules/secrets.ts';
import { size } from './rules/size.ts';
import { submodules } from './rules/submodules.ts';
import { symlinks } from './rules/symlinks.ts';
import { tests } from './rules/tests.ts';

/** Every rule, in the order of every report. The order and the ids equal those of `RULE_DEFAULTS`; a test holds them together. */
export const RULES: readonly Rule[] = [
  frozenFiles,
  ciFiles,
  controlFiles,
  gitControlFiles,
  hostilePaths,
  symlinks,
  submodules,
  executables,
  binaryFiles,
  size,
  scope,
  secrets,
  hiddenText,
  tests,
  dependencies,
  lockfiles,
  licenceFiles,
  buildFiles,
  migrations,
  deletions,
];
