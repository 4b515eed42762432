/** Git's own rules for a full reference name (git-check-ref-format), plus `refs/` and at least three parts. */
export function isRefName(name: string): boolean {
  if (name.length > 400 || !/^refs\/[^/]+\/./.test(name)) return false;
  if (/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/$|\.$/.test(name)) return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}
