import { scriptOf, type Called } from './called.ts';
import { globOf, type ScriptPlace } from './called-files.ts';

const STEP = /\b(?:sh|bat|powershell|pwsh|load|script|scriptContent|readTrusted|command|commands|system|exec|spawn|ruby|run|path|filename)\b[^'"\n]{0,100}('''|"""|'|")([\s\S]{0,2000}?)\1/g;
const FOLDER = /\bdir\s*\(?\s*(['"])([\w./-]{1,200})\1\s*\)?\s*\{/g;

/** Jenkinsfiles and other programs, Earthfiles and hooks: what stands in quotes after a step that runs it, and plain commands. */
export function readProgram(text: string, home: string): Called[] {
  const place: ScriptPlace = { folder: '', home, variables: new Map() };
  const folderAt = foldersOf(text);
  const quoted = [...text.matchAll(STEP)].flatMap((step) => {
    const line = lineAt(text, step.index);
    // In a program's text a backslash is written twice.
    const script = (step[2] ?? '').replaceAll('\\\\', '\\');
    const loaded = step[0].startsWith('load') ? globOf(script).map((glob): Called => ({ kind: 'file', glob, line, isDefinition: false })) : [];
    return [...new Set(['', folderAt(step.index)])].flatMap((folder) => scriptOf(script, { ...place, folder }, line)).concat(loaded);
  });
  const commands = text.split('\n').flatMap((line, index) => scriptOf(plainCommand(line), place, index + 1));
  return [...quoted, ...commands, ...listedWords(text, place)];
}

/** A line of an Earthfile or a hook as a command; its words may be written as a list. */
function plainCommand(line: string): string {
  const command = line.replace(/^\s*(?:RUN|LOCALLY|ENTRYPOINT|CMD)\s+(?:--\S+\s+)*/, '');
  return /^\s*\[\s*"/.test(command) && command !== line ? command.replaceAll(/[[\]",]+/g, ' ') : command;
}

/** Words that a program gives one by one: nox's `session.run('a', 'b')`, lists of commands. */
function listedWords(text: string, place: ScriptPlace): Called[] {
  const sessions = [...text.matchAll(/\.run(?:_always)?\(([^()]{1,2000})\)/g)].map((found) => ({ index: found.index, scripts: [textsIn(found[1] ?? '').join(' ')] }));
  const lists = [...text.matchAll(/["']?\bcommands?["']?\s*[:=]\s*\[([^[\]]{1,2000})\]/g)].map((found) => ({ index: found.index, scripts: textsIn(found[1] ?? '') }));
  return [...sessions, ...lists].flatMap(({ index, scripts }) => scripts.flatMap((script) => scriptOf(script, place, lineAt(text, index))));
}

const textsIn = (list: string): string[] => [...list.matchAll(/(?<!=\s{0,2})(["'])(.*?)\1/g)].map(([, , word = '']) => word);

const FOLDERS_MAX = 50;

/** The folder that a `dir('ci') { … }` of a Jenkinsfile sets for a place in it. */
function foldersOf(text: string): (index: number) => string {
  const blocks = [...text.matchAll(FOLDER)].slice(0, FOLDERS_MAX).map((found) => ({ folder: found[2] ?? '', start: found.index, end: closingBrace(text, found.index + found[0].length) }));
  return (index) => blocks.filter(({ start, end }) => index > start && index < end).map(({ folder }) => folder).join('/');
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}' && (depth -= 1) === 0) return at;
  }
  return text.length;
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
