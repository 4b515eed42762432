import { LineCounter, isMap, isScalar, isSeq, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { inputError, type CountersignError } from '../domain/errors.ts';
import { explainIssues, type ConfigProblem } from './config-problems.ts';

const CHARACTERS_MAX = 256 * 1024;
const DEPTH_MAX = 12;
const ALIASES_MAX = 20;
const PROBLEMS_MAX = 10;

export interface ParsedYaml {
  readonly value: unknown;
  /** The error that names each issue's key and line. */
  readonly refuse: (issues: readonly z.core.$ZodIssue[], schema: z.ZodType) => CountersignError;
}

/**
 * One YAML 1.2 document as plain data. Tags, merge keys, duplicate keys, deep nesting and floods of aliases are refused.
 * @throws CountersignError `bad-config` with the line.
 */
export function parseYaml(text: string, name: string): ParsedYaml {
  if (text.length > CHARACTERS_MAX) throw badConfig(name, [`it is ${text.length} characters long, and the limit is ${CHARACTERS_MAX}`]);
  const lines = new LineCounter();
  const document = read(text, name, lines);
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault?.message.includes('call stack')) throw tooDeep(name, fault);
  if (fault) throw badConfig(name, [`line ${lines.linePos(fault.pos[0]).line}: ${fault.code === 'MULTIPLE_DOCS' ? ONE_DOCUMENT : oneLine(fault.message)}`]);
  const twice = keyGivenTwice(document.contents);
  if (twice !== null) throw badConfig(name, [`line ${lines.linePos(twice).line}: Map keys must be unique`]);
  const refuse: ParsedYaml['refuse'] = (issues, schema) =>
    badConfig(
      name,
      explainIssues(issues, schema)
        .map((problem) => ({ line: lineOf(document, lines, problem), sentence: problem.sentence }))
        .toSorted((a, b) => a.line - b.line)
        .map(({ line, sentence }) => `line ${line}: ${sentence}`),
    );
  return { value: toData(document, name), refuse };
}

/** Where a key stands that its map has already. The parser's own check compares each key with all others, which takes quadratic time. */
function keyGivenTwice(contents: unknown): number | null {
  const open: unknown[] = [contents];
  while (open.length > 0) {
    const node = open.pop();
    if (isSeq(node)) for (const item of node.items) open.push(item);
    if (!isMap(node)) continue;
    const keys = new Set<unknown>();
    for (const { key, value } of node.items) {
      if (isScalar(key) && keys.has(key.value)) return key.range?.[0] ?? 0;
      if (isScalar(key)) keys.add(key.value);
      open.push(value);
    }
  }
  return null;
}

function read(text: string, name: string, lineCounter: LineCounter): Document.Parsed {
  try {
    // A byte order mark at the start is an editor's habit, not content.
    return parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter, prettyErrors: false, uniqueKeys: false, version: '1.2', schema: 'core', merge: false, logLevel: 'error' });
  } catch (cause) {
    // The parser is recursive: nesting deep enough ends the stack before our own limit is asked.
    throw tooDeep(name, cause);
  }
}

function toData(document: Document.Parsed, name: string): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    if (depthOf(value, 0) > DEPTH_MAX) throw new RangeError('too deep');
    return value;
  } catch (cause) {
    throw tooDeep(name, cause);
  }
}

const tooDeep = (name: string, cause: unknown): CountersignError =>
  inputError('bad-config', `${name} is nested too deeply or repeats itself too often (at most ${DEPTH_MAX} levels, ${ALIASES_MAX} uses of anchors). Write it flat, as in docs/configuration.md.`, cause);

function depthOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return depth;
  return Math.max(depth, ...Object.values(value).map((child) => depthOf(child, depth + 1)));
}

/** In place of the parser's own sentence, which is for programmers. */
const ONE_DOCUMENT = 'a second document begins here (a line `---`). Only one is read: keep it in one';

/** The parser quotes what it stumbles over, and that may hold anything. */
const oneLine = (message: string): string => (message.split('\n')[0] ?? '').slice(0, 200).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');

function badConfig(name: string, problems: readonly string[]): CountersignError {
  const more = problems.length > PROBLEMS_MAX ? [`and ${problems.length - PROBLEMS_MAX} more`] : [];
  const listed = [...problems.slice(0, PROBLEMS_MAX), ...more];
  return inputError('bad-config', listed.length === 1 ? `${name}, ${listed[0]}` : `${name} has ${problems.length} faults:\n${listed.map((problem) => `  ${problem}`).join('\n')}`);
}

/** The line of the key or value that a problem is about, or of the nearest thing above it that exists. */
function lineOf(document: Document.Parsed, lines: LineCounter, { path, isKey }: ConfigProblem): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const [index, part] of path.entries()) {
    const step = stepInto(node, part);
    if (!step) break;
    const wantsKey = isKey && index === path.length - 1;
    offset = (wantsKey ? step.key : (step.value ?? step.key)) ?? offset;
    node = step.node;
  }
  return lines.linePos(offset).line;
}

function stepInto(node: unknown, part: PropertyKey): { node: unknown; key: number | undefined; value: number | undefined } | null {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
    return pair ? { node: pair.value, key: startOf(pair.key), value: startOf(pair.value) } : null;
  }
  if (isSeq(node) && typeof part === 'number') {
    const item = node.items[part];
    return { node: item, key: startOf(item), value: startOf(item) };
  }
  return null;
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
  const start: unknown = node.range[0];
  return typeof start === 'number' ? start : undefined;
}
