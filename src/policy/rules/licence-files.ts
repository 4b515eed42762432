import { createPathRule } from '../path-rule.ts';

/** The texts under which others may use the code. */
export const licenceFiles = createPathRule('licence-files', {
  what: 'which says under what terms the code may be used',
  why: 'Terms of use are a legal decision of the owners, never a side effect of an issue.',
  globs: [
    '{licen[cs]e,unlicense,copying,copyright,notice,patents}',
    '{licen[cs]e,unlicense,copying,copyright,notice,patents}.{md,txt,rst,adoc,html}',
    '{licen[cs]e,copying}[.-]{mit,apache*,bsd*,gpl*,lgpl*,agpl*,mpl*,lesser,isc,third-party*,3rd-party*}',
    'licen[cs]es',
    '.licenses',
    '*.license',
    '.reuse',
    'reuse.toml',
  ],
});
