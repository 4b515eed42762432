import { Unreadable, type Dependency, type Manifest, type Setting } from './model.ts';
import { parseRequirement, pypiName, pythonSource } from './python-requirement.ts';

// What Python takes for the end of a line.
const LINE_ENDS = /\r\n|[\n\r\v\f\x1C-\x1E\x85\u2028\u2029]/;
const LINE_MAX = 100_000;
const TARGET_MAX = 2000;

/** One logical line: continued lines are one, comments are gone. */
interface Line {
  readonly text: string;
  readonly line: number;
}

/** pip's requirements file: names, addresses, and options that change where things come from. */
export function readRequirements(text: string): Manifest {
  const lines = logicalLines(text);
  return {
    dependencies: lines.filter(({ text: content }) => !/^-(?!e\b|-editable\b)/.test(content)).map(readLine),
    settings: lines.flatMap((line) => (/^-(?!e\b|-editable\b)/.test(line.text) ? [readOption(line)] : buildOptions(line))),
  };
}

export function logicalLines(text: string): Line[] {
  const lines: Line[] = [];
  let joined = '';
  let start = 1;
  for (const [index, raw] of text.replace(/^\uFEFF/, '').split(LINE_ENDS).entries()) {
    if (joined === '') start = index + 1;
    const isComment = /^\s*#/.test(raw);
    joined += isComment ? '' : raw.replace(/\\$/, ' ');
    if (!isComment && raw.endsWith('\\')) continue;
    const content = joined.replace(/(?:^|\s)#.*$/, '').trim();
    if (content !== '') lines.push({ text: content, line: start });
    joined = '';
  }
  const rest = joined.replace(/(?:^|\s)#.*$/, '').trim();
  return rest === '' ? lines : [...lines, { text: rest, line: start }];
}

const PER_LINE = /\s--(?:hash|global-option|install-option|config-settings|config-setting)[= ]\s*(?:"[^"]*"|'[^']*'|\S+)/g;

function readLine({ text, line }: Line): Dependency {
  // Patterns below look for a name anywhere in it; their work must stay small.
  if (text.length > LINE_MAX) throw new Unreadable('a line is too long', line);
  const plain = text.replaceAll(PER_LINE, '').trim();
  const editable = /^(?:-e|--editable)[=\s]+(.+)$/.exec(plain)?.[1]?.trim();
  const target = editable ?? plain;
  if (target.length > TARGET_MAX) throw new Unreadable('a line is too long', line);
  const requirement = editable === undefined ? parseRequirement(plain, 'requirements', line) : null;
  if (requirement !== null) return requirement;
  if (editable === undefined && !/^[./]|^[a-z][a-z0-9+.-]*:|^[A-Za-z]:|\.(?:whl|zip|tar\.gz|tgz)\b|\//i.test(target)) throw new Unreadable('a line is no requirement', line);
  const egg = /[#&]egg=([\w.-]+)/.exec(target)?.[1];
  const wheel = /([A-Za-z0-9_.]+?)-\d[^/]*\.(?:whl|zip|tar\.gz|tgz)/.exec(target)?.[1];
  return { ecosystem: 'pypi', section: 'requirements', name: pypiName(egg ?? wheel ?? target.replace(/\[.*$/, '')), requirement: '', source: `${pythonSource(target)}${editable === undefined ? '' : ' (editable)'}`, line };
}

/** Options of one requirement that its build is given: they run as a part of it. */
const buildOptions = ({ text, line }: Line): Setting[] =>
  (text.slice(0, LINE_MAX).match(PER_LINE) ?? []).filter((option) => !/^\s--hash/.test(option)).map((option) => ({ kind: 'scripts', key: `${/--[\w-]+/.exec(option)?.[0] ?? ''} of ${/^[\w.-]{1,80}/.exec(text)?.[0] ?? 'a requirement'}`, value: option.trim(), line }));

const INCLUDES = /^(?:-r|--requirement|-c|--constraint)(?:[=\s]+|(?=\S))(.+)$/;

function readOption({ text, line }: Line): Setting {
  const included = INCLUDES.exec(text)?.[1];
  if (included !== undefined) return { kind: 'entries', key: `${text.startsWith('-c') || text.startsWith('--c') ? 'constraints' : 'requirements'} of ${included.slice(0, 100)}`, value: included, line };
  const [, option = text, value = ''] = /^(--?[\w-]+)[=\s]*(.*)$/.exec(text) ?? [];
  return { kind: 'registries', key: option, value, line };
}
