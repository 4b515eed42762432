import { findConfusableWord } from './confusables.ts';
import { foldPath } from './fold-path.ts';
import { codePointName } from '../domain/code-point.ts';
import { showPath, showText } from './show.ts';

/** One thing that is wrong with a path. `isDeceit` marks what no allowance may lift. */
export interface PathFault {
  readonly what: string;
  readonly isDeceit: boolean;
}

export interface PathLimits {
  readonly pathBytesMax: number;
  readonly nameBytesMax: number;
}

const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])$/i;
// What Windows makes of a long name: six characters of it, a tilde and a number.
const SHORT_NAME = /^[^.~]{1,6}~\d{1,6}(?:\..{0,3})?$/;
const utf8 = new TextEncoder();

/** Everything that makes a path dangerous or deceptive on some system, for a path that will exist in the result. */
export function findPathFaults(path: string, limits: PathLimits): PathFault[] {
  const deceits = [...structureFaults(path), ...gitFaults(path)].map((what) => ({ what, isDeceit: true }));
  const oddities = [...characterFaults(path), ...nameFaults(path), ...lengthFaults(path, limits)].map((what) => ({ what, isDeceit: false }));
  return [...deceits, ...oddities];
}

function structureFaults(path: string): string[] {
  if (path === '') return ['is empty'];
  // Windows reads `\` as a separator, so the structure is judged with both.
  const folded = foldPath(path);
  const names = folded.split('/');
  const faults: string[] = [];
  if (folded.startsWith('/') || /^[a-z]:/i.test(path)) faults.push('is absolute');
  if (names.includes('..')) faults.push('climbs out with ".."');
  if (names.includes('.')) faults.push('has a "." in it');
  if (names.slice(folded.startsWith('/') ? 1 : 0).includes('')) faults.push('has an empty name in it');
  const control = /\p{Cc}|\p{Cs}/u.exec(path)?.[0];
  if (control !== undefined) faults.push(`has the control character ${codePointName(control)} in it`);
  return faults;
}

function gitFaults(path: string): string[] {
  const isGit = (name: string): boolean => name === '.git' || /^git~\d+$/.test(name);
  return foldPath(path).split('/').some(isGit) ? ['is a spelling of ".git", the folder of git itself'] : [];
}

function characterFaults(path: string): string[] {
  const faults: string[] = [];
  if (path.includes('\\')) faults.push('has a backslash, which Windows reads as a separator');
  if (path.includes(':')) faults.push('has a colon, which Windows reads as a hidden stream of a file');
  const hidden = /[\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u.exec(path)?.[0];
  if (hidden !== undefined) faults.push(`has the invisible or unassigned character ${codePointName(hidden)} in it`);
  else if (path.normalize('NFKC') !== path.normalize('NFC')) faults.push(`has look-alike characters in it: it reads as "${showPath(path.normalize('NFKC'))}"`);
  const confusable = findConfusableWord(path);
  if (confusable) faults.push(`has the word "${showText(confusable.word, 80)}" (${Array.from(confusable.word).slice(0, 12).map(codePointName).join(' ')}), which ${confusable.why}`);
  return faults;
}

function nameFaults(path: string): string[] {
  const names = path.split(/[/\\]/).filter((name) => name !== '' && name !== '.' && name !== '..');
  const faults: string[] = [];
  const trailing = names.find((name) => /[. ]$/.test(name));
  if (trailing !== undefined) faults.push(`has the name "${showText(trailing, 80)}", whose trailing dot or space Windows drops`);
  const device = names.find((name) => DEVICE.test((name.split(/[.:]/)[0] ?? '').trimEnd()));
  if (device !== undefined) faults.push(`has the name "${showText(device, 80)}", which is a device on Windows`);
  const short = names.find((name) => SHORT_NAME.test(name));
  if (short !== undefined) faults.push(`has the name "${showText(short, 80)}", which Windows may take for another file's short name`);
  return faults;
}

function lengthFaults(path: string, { pathBytesMax, nameBytesMax }: PathLimits): string[] {
  const faults: string[] = [];
  const bytes = utf8.encode(path).length;
  if (bytes > pathBytesMax) faults.push(`is ${bytes} bytes long, and the limit is ${pathBytesMax}`);
  const longest = Math.max(...path.split('/').map((name) => utf8.encode(name).length));
  if (longest > nameBytesMax) faults.push(`has a name of ${longest} bytes, and the limit is ${nameBytesMax}`);
  return faults;
}
