import type { Dependency, Manifest, Setting } from './model.ts';

interface Instruction {
  readonly keyword: string;
  readonly rest: string;
  readonly line: number;
}

/** `Dockerfile`: images that it builds on or copies from, the frontend that reads it, and what it downloads. */
export function readDockerfile(text: string): Manifest {
  const dependencies: Dependency[] = [];
  const settings: Setting[] = [];
  const stages = new Set<string>(['scratch']);
  const args = new Map<string, string>();
  const add = (section: string, image: string, line: number): void => {
    const resolved = resolveArgs(image, args);
    if (!stages.has(resolved.toLowerCase()) && !/^\d+$/.test(resolved)) dependencies.push(imageDependency(section, resolved, line));
  };
  // Behind `#` or `//`, or in a JSON text, and a first line for a shell does not count.
  const head = text.replace(/^\uFEFF/, '').replace(/^#!.*\n/, '');
  const frontend = /^(?:\s*(?:#|\/\/)\s*\w+\s*=.*\n)*?\s*(?:#|\/\/)\s*syntax\s*=\s*(\S+)/i.exec(head)?.[1] ?? /^\s*\{\s*[^{}]{0,1000}?"syntax"\s*:\s*"([^"]+)"/.exec(head)?.[1];
  if (frontend !== undefined) add('syntax', frontend, 1);
  for (const { keyword, rest, line } of instructions(text)) {
    if (keyword === 'ARG') for (const [, name = '', value = ''] of rest.matchAll(/(\w+)=("[^"]*"|'[^']*'|\S*)/g)) args.set(name, value.replaceAll(/^["']|["']$/g, ''));
    if (keyword === 'FROM') {
      const [image = '', as, stage] = rest.split(/\s+/).filter((word) => !word.startsWith('--'));
      add('FROM', image, line);
      if (as?.toUpperCase() === 'AS' && stage !== undefined) stages.add(stage.toLowerCase());
    }
    for (const [, image = ''] of rest.matchAll(/(?:^|\s|,)(?:--)?from=([^\s,]+)/g)) if (keyword === 'COPY' || keyword === 'RUN' || keyword === 'ADD') add(`${keyword} --from`, image, line);
    if (keyword === 'ADD') for (const [address] of rest.matchAll(/(?:https?|git|ssh):\/\/\S+|git@\S+/g)) dependencies.push({ ecosystem: 'docker', section: 'ADD', name: address.replace(/[?#].*$/, ''), requirement: /--checksum=(\S+)/.exec(rest)?.[1] ?? '', source: 'url', line });
  }
  return { dependencies, settings };
}

/** `registry/name:tag@sha256:…` taken apart; a digest is what makes it one certain image. */
export function imageDependency(section: string, image: string, line: number | null): Dependency {
  const [whole = '', digest] = image.split('@');
  const [, name = whole, tag = ''] = /^(.+?)(?::([^/:]+))?$/.exec(whole) ?? [];
  return { ecosystem: 'docker', section, name: name.replace(/^(?:docker\.io\/)?(?:library\/)?/, ''), requirement: digest === undefined ? tag : `${tag}@${digest}`, source: digest === undefined ? null : 'hash', line };
}

const resolveArgs = (text: string, args: ReadonlyMap<string, string>): string =>
  text.replaceAll(/\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+)/g, (whole, braced: string | undefined, byDefault: string | undefined, plain: string | undefined) => args.get(braced ?? plain ?? '') ?? byDefault ?? whole);

/** Logical lines: continuations joined, comments and here-documents left out. */
function instructions(text: string): Instruction[] {
  const escape = /^\s*#\s*escape\s*=\s*`/im.test(text.slice(0, 500)) ? '`' : '\\';
  const found: Instruction[] = [];
  let joined = '';
  let start = 1;
  let heredoc: string | null = null;
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const last = new Map(lines.map((raw, index) => [raw.replace(/^\t+/, ''), index]));
  for (const [index, raw] of lines.entries()) {
    if (heredoc !== null) {
      if (raw.replace(/^\t+/, '') === heredoc) heredoc = null;
      continue;
    }
    if (/^\s*(?:#.*)?$/.test(raw)) continue;
    if (joined === '') start = index + 1;
    const continues = raw.trimEnd().endsWith(escape);
    joined += `${continues ? raw.trimEnd().slice(0, -1) : raw} `;
    if (continues) continue;
    const [, keyword = '', rest = ''] = /^\s*(?:ONBUILD\s+)?(\w+)\s+([\s\S]*)$/i.exec(joined) ?? [];
    found.push({ keyword: keyword.toUpperCase(), rest: rest.trim(), line: start });
    heredoc = /^(?:RUN|COPY|ADD)$/i.test(keyword) ? heredocOf(rest, (end) => (last.get(end) ?? -1) > index) : null;
    joined = '';
  }
  return found;
}

/** The word that ends a here-document. In quotes it is text, and one that never ends would hide what follows. */
function heredocOf(rest: string, isLater: (end: string) => boolean): string | null {
  const unquoted = rest.replaceAll(/"(?:[^"\\]|\\.)*"|(?<!<<-?)'[^']*'/g, '');
  const end = /<<-?\s*["']?(\w+)["']?/.exec(unquoted)?.[1] ?? /<<-?"(\w+)"/.exec(rest)?.[1];
  return end !== undefined && isLater(end) ? end : null;
}
