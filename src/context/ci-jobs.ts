/** One line of a block mapping: its indentation, its key and what follows on the line. */
const KEY = /^( *)([A-Za-z_][\w-]{0,199}):(?:[ \t]+(\S.*?))?[ \t]*\r?$/;
/** What the scan does not read: tabs, quoted or complex keys, anchors, aliases, merges, further documents. */
const UNUSUAL = /^\s*(?:\t|["'?&*<%]|---|\.\.\.)|^ *[\w-]+:[ \t]+[&*]/;

/**
 * The jobs of a GitHub workflow that is written as nearly all are: block mappings with plain keys. Null for any other, which the YAML parser
 * then reads; a test holds that both say the same. A workflow is small, its parser is not: this way most repositories need none.
 */
export function plainJobNames(text: string): string[] | null {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^jobs:[ \t]*(?:#.*)?\r?$/.test(line));
  if (start < 0 || lines.slice(0, start).some((line) => UNUSUAL.test(line) && !/^---\s*$/.test(line))) return null;
  const names: string[] = [];
  let jobs = -1;
  let members = -1;
  let block = -1;
  for (const [index, line] of lines.slice(start + 1).entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const indent = line.length - line.trimStart().length;
    // What a block scalar holds is text, whatever it looks like.
    if (block >= 0 && indent > block) continue;
    block = -1;
    if (indent === 0) return /^[\w-]+:/.test(line) && !lines.slice(start + 2 + index).some((each) => UNUSUAL.test(each) || each.startsWith('jobs:')) ? names : null;
    if (UNUSUAL.test(line)) return null;
    if (/[:-][ \t]+[|>][-+\d]*[ \t]*(?:#.*)?\r?$/.test(line)) block = indent;
    if (jobs < 0) jobs = indent;
    if (indent < jobs) return null;
    if (indent === jobs) {
      const [, , key, value] = KEY.exec(line) ?? [];
      if (key === undefined || (value !== undefined && !value.startsWith('#'))) return null;
      names.push(key);
      members = -1;
      continue;
    }
    if (members < 0) members = indent;
    if (indent < members) return null;
    if (indent !== members) continue;
    const [, , key, value = ''] = KEY.exec(line) ?? [];
    if (key === undefined && !line.trimStart().startsWith('- ')) return null;
    if (key !== 'name') continue;
    const name = plainScalar(value);
    const next = lines[start + 2 + index] ?? '';
    if (name === null || (next.trim() !== '' && next.length - next.trimStart().length > indent)) return null;
    names[names.length - 1] = name;
  }
  return names;
}

/** A scalar of one line that YAML reads as the text it shows; null for any other. */
function plainScalar(value: string): string | null {
  const quoted = /^"([^"\\]+)"(?:[ \t]+#.*)?$/.exec(value) ?? /^'([^']+)'(?:[ \t]+#.*)?$/.exec(value);
  if (quoted !== null) return quoted[1] ?? null;
  const text = value.replace(/[ \t]+#.*$/, '');
  return /^[A-Za-z$(][^\t]*$/.test(text) && !/:(?:[ \t]|$)/.test(text) && !/^(?:null|true|false|yes|no|on|off|n|y)$/i.test(text) ? text : null;
}
