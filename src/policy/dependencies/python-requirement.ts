import type { Dependency } from './model.ts';

/** Names that pip takes for the same: PEP 503. */
export const pypiName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');

/** One PEP 508 requirement, `name[extra] (>=1); marker` or `name @ URL; marker`; null when it is none. */
export function parseRequirement(text: string, section: string, line: number | null): Dependency | null {
  const [, name, extras = '', rest = ''] = /^\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(\[[^\]]*\])?\s*(.*)$/s.exec(text) ?? [];
  if (name === undefined) return null;
  const qualified = (requirement: string): string => `${requirement}${extras.replaceAll(/\s/g, '')}`;
  const url = /^@\s*(\S+)\s*(?:;.*)?$/s.exec(rest)?.[1];
  if (url !== undefined) return { ecosystem: 'pypi', section, name: pypiName(name), requirement: extras, source: pythonSource(url), line };
  const [, range = '', marker = ''] = /^\(?([^;()]*)\)?\s*(;.*)?$/s.exec(rest) ?? [];
  if (!/^[\s\d\w.,<>=!~*+-]*$/.test(range) || (range.trim() !== '' && !/^\s*(?:[<>=!~]|===)/.test(range))) return null;
  return { ecosystem: 'pypi', section, name: pypiName(name), requirement: qualified(range.replaceAll(/\s/g, '')) + marker.replaceAll(/\s+/g, ' ').trim(), source: null, line };
}

/** What an address means to pip: a repository of a version control, a file of this machine, or a download. */
export function pythonSource(address: string): string {
  if (/^(?:git|hg|svn|bzr)\+/.test(address)) return `git ${address}`;
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(address) && !address.startsWith('file:') ? `url ${address}` : `path ${address}`;
}
