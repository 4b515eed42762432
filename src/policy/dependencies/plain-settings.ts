import type { Dependency, Manifest, Setting } from './model.ts';
import { parseRequirement } from './python-requirement.ts';

/**
 * Files of lines `key = value` that say where packages come from: `.npmrc`, `pip.conf`, `.yarnrc`, `bunfig.toml`,
 * `.cargo/config.toml`. Every line but comments counts; values are compared and never shown, since tokens stand there.
 */
export function readPlainSettings(text: string): Manifest {
  let section = '';
  const settings = text.replace(/^\uFEFF/, '').split(/\r?\n/).flatMap((raw, index): Setting[] => {
    const content = raw.trim();
    if (content === '' || /^[#;]/.test(content)) return [];
    const header = /^\[+([^\]]{1,100})\]+$/.exec(content)?.[1];
    if (header !== undefined) {
      section = `${header}.`;
      return [];
    }
    const [, key = 'line', value = content] = /^"?([\w@:/.-]{1,120})"?(?:\[\])?\s*=\s*(.*)$/.exec(content) ?? /^"?([\w@./-]{1,80})"?\s*[:\s]\s*(.*)$/.exec(content) ?? [];
    return [{ kind: /script|hook|pnpmfile|yarn-path|shell/i.test(key) ? 'scripts' : 'registries', key: `${section}${key}`, value, line: index + 1 }];
  });
  return { dependencies: [], settings };
}

/** A program that package managers load, such as `.pnpmfile.cjs`: all of it runs. */
export const readProgram = (text: string): Manifest => ({ dependencies: [], settings: [{ kind: 'scripts', key: 'the program', value: text.replaceAll(/\r\n/g, '\n').trim(), line: 1 }] });

const LISTS = /^(?:options\.(?:install_requires|setup_requires|tests_require)|options\.extras_require\..*)$/;

/** `setup.cfg`: requirement lists and entry points of setuptools. */
export function readSetupCfg(text: string): Manifest {
  const dependencies: Dependency[] = [];
  const settings: Setting[] = [];
  let section = '';
  let key = '';
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    if (/^\s*(?:[#;].*)?$/.test(raw)) continue;
    const header = /^\[([^\]]{1,100})\]\s*$/.exec(raw)?.[1];
    if (header !== undefined) {
      section = header;
      continue;
    }
    const [, name, first = ''] = /^(\S[^=:]{0,100}?)\s*[=:]\s*(.*)$/.exec(raw) ?? [];
    if (name !== undefined) key = name;
    const value = name === undefined ? raw.trim() : first;
    if (value === '') continue;
    const place = `${section}.${key}`;
    if (LISTS.test(place)) dependencies.push(requirementOf(value, place, line));
    else if (/^options\.(?:dependency_links|cmdclass)$|^easy_install|^global\./.test(place)) settings.push({ kind: 'registries', key: place, value, line });
    else if (/^options\.entry_points\.|^options\.(?:scripts|packages|py_modules)$/.test(place)) settings.push({ kind: 'entries', key: place, value, line });
  }
  return { dependencies, settings };
}

const requirementOf = (value: string, section: string, line: number): Dependency =>
  parseRequirement(value, section, line) ?? { ecosystem: 'pypi', section, name: value.slice(0, 100), requirement: '', source: 'url', line };
