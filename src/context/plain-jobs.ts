/** A key of the document, and one of a job. Both begin as no other thing in YAML does. */
const KEY = /^([A-Za-z_][\w-]{0,99}):(?:[ \t]+(.*))?$/;
/** Keys that are no texts in YAML, or none at all in JavaScript. */
const NO_TEXT = /^(?:null|true|false|yes|no|on|off|y|n|__proto__)$/i;
const NAME = /^(?:"([^"\\]{1,500})"|'([^']{1,500})'|((?:[A-Za-z]|\$\{\{)(?:[^:#]|:(?=\S)|(?<=\S)#){0,500}))$/;

/**
 * The names of a GitHub workflow's jobs by the indents of their lines, where it is written as nearly all are: block maps, jobs that stand alone on their
 * line. In YAML nothing that is part of a value stands as far to the left as its key. Null leaves the text to the parser, which takes longer to load than
 * most repositories to read. A property test holds that both say the same of every text that is YAML.
 */
export function plainJobs(text: string): string[] | null {
  const lines = text.replace(/^\uFEFF?(?:---[ \t]*\r?\n)?/, '').split(/\r?\n/).filter((line) => !/^[ \t]*(?:#|$)/.test(line));
  const tops = lines.flatMap((line, index) => (line.startsWith(' ') ? [] : [{ index, key: KEY.exec(line)?.[1] }]));
  const start = tops.findIndex(({ key }) => key === 'jobs');
  const here = tops[start];
  if (here === undefined || lines[here.index] !== 'jobs:' || new Set(tops.map(({ key }) => key)).size < tops.length || tops.some(({ key }) => key === undefined)) return null;
  return readJobs(lines.slice(here.index + 1, tops[start + 1]?.index));
}

function readJobs(lines: readonly string[]): string[] | null {
  const names = new Map<string, string>();
  const jobsAt = indentOf(lines[0] ?? '');
  let keys = new Set<string>();
  let keysAt = -1;
  let job = '';
  for (const [index, line] of lines.entries()) {
    const indent = indentOf(line);
    const [, key, value = ''] = KEY.exec(line.slice(indent)) ?? [];
    if (indent === jobsAt) {
      if (key === undefined || !/^(?:#|$)/.test(value) || names.has(key) || NO_TEXT.test(key)) return null;
      names.set((job = key), key);
      [keys, keysAt] = [new Set(), -1];
    } else if (indent < Math.max(jobsAt, keysAt)) return null;
    // A list may stand as far to the left as its key.
    else if (indent === keysAt && /^ *-(?: |$)/.test(line) && keys.size > 0) continue;
    else if (indent === keysAt || keysAt < 0) {
      keysAt = indent;
      if (key === undefined || keys.has(key)) return null;
      keys.add(key);
      const name = key === 'name' ? nameIn(value, indentOf(lines[index + 1] ?? '') > indent) : '';
      if (name === null) return null;
      if (name !== '') names.set(job, name);
    }
  }
  return names.size === 0 ? null : [...names.values()];
}

/** Null where the parser must say what it is: an empty one, one that goes on, one that may be no text. */
function nameIn(value: string, goesOn: boolean): string | null {
  const [, double, single, plain] = NAME.exec(value.replace(/[ \t]+#.*$/, '').trimEnd()) ?? [];
  return goesOn || (plain !== undefined && NO_TEXT.test(plain)) ? null : (double ?? single ?? plain ?? null);
}

const indentOf = (line: string): number => line.search(/[^ ]/);
