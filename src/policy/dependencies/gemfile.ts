import type { Dependency, Manifest, Setting } from './model.ts';

const GEM = /^gem\s*\(?\s*(["'])([^"']+)\1\s*,?\s*(.*?)\)?\s*(?:if\s.*|unless\s.*)?$/;
const SOURCE_KEY = /(?:^|[,{(\s]):?["']?(git|github|gitlab|bitbucket|gist|path|source|svn)["']?\s*(?::|=>)\s*(["'])([^"']*)\2/g;
const BLOCK_SOURCE = /^(git|github|path|source)\s*\(?\s*(["'])([^"']*)\2.*\bdo\b/;
const HARMLESS = /^(?:end|else|(?:group|platforms?)\b[\w\s:,'"()=>.-]*\bdo|ruby\b[\w\s:,'"()=>~<!.-]*|gemspec\b[\w\s:,'"()=>.*/-]*|#.*)?$/;
// A declaration can carry code: a second statement, a condition, something that is run while the text is put together.
const CODE = /[;`|&]|#\{|%x|\s(?:if|unless|while|and|or)\s/;

/** `Gemfile` is a program: what declares gems is read, and every other line that is new counts as code that runs. */
export function readGemfile(text: string): Manifest {
  const dependencies: Dependency[] = [];
  const settings: Setting[] = [];
  const blocks: (string | null)[] = [];
  for (const { content, line } of statements(text)) {
    const block = BLOCK_SOURCE.exec(content);
    const gem = GEM.exec(content);
    if (block) {
      blocks.push(`${block[1] ?? ''} ${block[3] ?? ''}`);
      if (block[1] === 'source') settings.push({ kind: 'registries', key: 'source', value: block[3] ?? '', line });
    } else if (gem) dependencies.push(readGem(gem[2] ?? '', gem[3] ?? '', { line, outer: blocks.findLast((source) => source !== null) ?? null }));
    else if (/^source\b/.test(content) && !CODE.test(content)) settings.push({ kind: 'registries', key: 'source', value: content, line });
    else if (!HARMLESS.test(content)) settings.push({ kind: 'scripts', key: 'code', value: content, line });
    else if (/^ruby\b/.test(content)) dependencies.push({ ecosystem: 'gem', section: 'ruby', name: 'ruby', requirement: content.slice(4).trim(), source: null, line });
    if (/^gemspec\b.*\b(?:path|glob)\b/.test(content)) settings.push({ kind: 'entries', key: 'gemspec', value: content, line });
    if (gem && CODE.test(content)) settings.push({ kind: 'scripts', key: 'code', value: content, line });
    if (!block && /\bdo\b(?:\s*\|[^|]*\|)?$/.test(content)) blocks.push(null);
    if (content === 'end') blocks.pop();
  }
  return { dependencies, settings };
}

/** A statement may go on in the next line after a comma. */
function statements(text: string): { content: string; line: number }[] {
  const found: { content: string; line: number }[] = [];
  let joined = '';
  let start = 1;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const content = raw.replace(/^\s*#.*$|\s#(?!\{)[^"']*$/, '').trim();
    if (joined === '') start = index + 1;
    joined = joined === '' ? content : `${joined} ${content}`;
    if (/[,\\]$/.test(content)) continue;
    if (joined !== '') found.push({ content: joined, line: start });
    joined = '';
  }
  return joined === '' ? found : [...found, { content: joined, line: start }];
}

function readGem(name: string, rest: string, { line, outer }: { line: number; outer: string | null }): Dependency {
  const sources = [...rest.matchAll(SOURCE_KEY)].map(([, key = '', , value = '']) => `${key} ${value}`);
  const source = sources.length > 0 ? sources.join(' ') : outer;
  return { ecosystem: 'gem', section: 'gems', name, requirement: rest.replaceAll(SOURCE_KEY, '').replaceAll(/["'\s]+/g, ' ').replaceAll(/^[\s,]+|[\s,]+$/g, ''), source, line };
}

/** `*.gemspec`: what it depends on, and what runs when it is installed. */
export function readGemspec(text: string): Manifest {
  const dependencies: Dependency[] = [];
  const settings: Setting[] = [];
  for (const { content, line } of statements(text)) {
    const found = /\.add_(?:(runtime|development)_)?dependency\s*\(?\s*(?:%q[<(]|["'])([^"'>)]+)["'>)]\s*,?\s*(.*?)\)?$/.exec(content);
    if (found) dependencies.push({ ecosystem: 'gem', section: found[1] ?? 'runtime', name: found[2] ?? '', requirement: (found[3] ?? '').replaceAll(/["'\s]+/g, ' ').trim(), source: null, line });
    else if (/\.(?:extensions|rubygems_plugin)\b/.test(content)) settings.push({ kind: 'scripts', key: 'extensions', value: content, line });
    else if (/\.(?:executables|bindir|require_paths)\b/.test(content)) settings.push({ kind: 'entries', key: /\.(\w+)/.exec(content)?.[1] ?? '', value: content, line });
    else if (/allowed_push_host/.test(content)) settings.push({ kind: 'registries', key: 'allowed_push_host', value: content, line });
    else if (/`|\bsystem\b|%x|\beval\b|\bexec\b|\bopen\b|\bNet::|URI\.open/.test(content)) settings.push({ kind: 'scripts', key: 'code', value: content, line });
  }
  return { dependencies, settings };
}
