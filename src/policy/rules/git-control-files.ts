import { createPathRule } from '../path-rule.ts';

/** Files by which a repository changes what git itself does in a checkout. */
export const gitControlFiles = createPathRule('git-control-files', {
  what: 'by which git itself is steered',
  why: 'Attributes, filters, hooks and submodule addresses change what a checkout holds and what runs in it, beyond what a diff shows.',
  globs: ['.gitmodules', '.gitattributes', '.gitconfig', '.githooks', '.git-hooks', 'githooks', 'git-hooks', '.lfsconfig', '.gitreview'],
});
