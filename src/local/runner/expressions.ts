// Evaluates templates with GitHub's own expression engine. Status functions and hashFiles come from the scope.
import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Evaluator, Lexer, Parser, data } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';
import { TokenType } from '@actions/expressions/lexer';
import type { Json, Part, Template } from './template.ts';

export type JobStatus = 'success' | 'failure' | 'cancelled';

/** What an expression can see. A context that is not named here evaluates to null. */
export interface Scope {
  contexts: Record<string, Json>;
  /** `skipped`: something before was skipped, so neither success() nor failure() holds. */
  status: JobStatus | 'skipped';
  /** Folder for hashFiles; null where no workspace exists. */
  workspace: string | null;
}

const CONTEXT_NAMES = ['github', 'env', 'vars', 'job', 'jobs', 'steps', 'runner', 'secrets', 'strategy', 'matrix', 'needs', 'inputs'];
const STATUS_FUNCTIONS = new Set(['success', 'failure', 'cancelled', 'always']);

/** The value of a template: literals as they are, expressions evaluated. Throws an `Error` with the engine's message. */
export function evaluate(template: Template, scope: Scope): Json {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'expression':
      return fromData(evaluateExpression(template.text, scope));
    case 'text':
      return joinParts(template.parts, scope);
    case 'list':
      return template.items.map((item) => evaluate(item, scope));
    case 'map':
      return Object.fromEntries(template.entries.map(([key, value]) => [key, evaluate(value, scope)]));
  }
}

/** The value as text, the way GitHub puts it into scripts, names and environment variables. */
export function evaluateText(template: Template, scope: Scope): string {
  if (template.kind === 'expression') return evaluateExpression(template.text, scope).coerceString();
  return toText(evaluate(template, scope));
}

/**
 * GitHub's reader turns such a string into one format('…', …) call. Not so here: the engine's lexer unescapes only the
 * first doubled quote of a literal, which would change every script with more than one quote.
 */
const joinParts = (parts: readonly Part[], scope: Scope): string => parts.map((part) => (part.kind === 'text' ? part.text : evaluateExpression(part.text, scope).coerceString())).join('');

/** A map of texts, for `env`, `with` and `outputs`; null gives an empty map. */
export function evaluateTexts(template: Template | null, scope: Scope): Record<string, string> {
  if (template === null) return {};
  if (template.kind === 'map') return Object.fromEntries(template.entries.map(([key, value]) => [key, evaluateText(value, scope)]));
  const value = evaluate(template, scope);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toText(item)]));
}

export function evaluateCondition(condition: string, scope: Scope): boolean {
  const value = evaluateExpression(condition, scope);
  switch (value.kind) {
    case data.Kind.Null:
      return false;
    case data.Kind.Boolean:
    case data.Kind.String:
      return Boolean(value.value);
    case data.Kind.Number:
      return value.value !== 0 && !Number.isNaN(value.value);
    default:
      return true;
  }
}

/** Above this, a timer would overflow and fire at once. */
const MINUTES_MAX = 24 * 60;

/** A `timeout-minutes` value, capped at one day; the fallback when there is none. Throws an `Error` for anything but a positive number. */
export function evaluateMinutes(template: Template | null, scope: Scope, fallback: number): number {
  if (template === null) return fallback;
  const minutes = Number(evaluate(template, scope));
  if (!(minutes > 0)) throw new Error(`timeout-minutes must be a positive number, not '${evaluateText(template, scope)}'.`);
  return Math.min(minutes, MINUTES_MAX);
}

/** An `if` without a status function means `success() && (…)`. */
export function withStatusFunction(condition: string): string {
  if (condition.trim() === '') return 'success()';
  const { tokens } = new Lexer(condition).lex();
  const asksStatus = tokens.some((token, at) => token.type === TokenType.IDENTIFIER && STATUS_FUNCTIONS.has(token.lexeme.toLowerCase()) && tokens[at + 1]?.type === TokenType.LEFT_PAREN);
  return asksStatus ? condition : `success() && (${condition})`;
}

export const toText = (value: Json | undefined): string => {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

function evaluateExpression(text: string, scope: Scope): data.ExpressionData {
  const functions = scopeFunctions(scope);
  const tree = new Parser(new Lexer(text).lex().tokens, CONTEXT_NAMES, functions).parse();
  const contexts = new data.Dictionary(...CONTEXT_NAMES.map((name) => ({ key: name, value: toData(scope.contexts[name] ?? null) })));
  return new Evaluator(tree, contexts, new Map(functions.map((definition) => [definition.name, definition]))).evaluate();
}

function scopeFunctions({ status, workspace }: Scope): FunctionDefinition[] {
  const truth = (name: string, value: boolean): FunctionDefinition => ({ name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value) });
  return [
    truth('success', status === 'success'),
    truth('failure', status === 'failure'),
    truth('cancelled', status === 'cancelled'),
    truth('always', true),
    { name: 'hashfiles', minArgs: 1, maxArgs: 255, call: (...patterns) => new data.StringData(hashFiles(workspace, patterns.map((pattern) => pattern.coerceString()))) },
  ];
}

/** SHA-256 over the SHA-256 of each matching file, in the order of their paths; empty text when nothing matches. */
function hashFiles(workspace: string | null, patterns: string[]): string {
  if (workspace === null) return '';
  const files = globSync(patterns, { cwd: workspace, exclude: ['**/.git/**'] }).toSorted().map((path) => join(workspace, path)).filter((path) => statSync(path).isFile());
  if (files.length === 0) return '';
  const hash = createHash('sha256');
  for (const file of files) hash.update(createHash('sha256').update(readFileSync(file)).digest());
  return hash.digest('hex');
}

function toData(value: Json): data.ExpressionData {
  if (value === null) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(...Object.entries(value).map(([key, item]) => ({ key, value: toData(item) })));
}

function fromData(value: data.ExpressionData): Json {
  switch (value.kind) {
    case data.Kind.Array:
      return 'values' in value ? value.values().map(fromData) : [];
    case data.Kind.Dictionary:
      return 'pairs' in value ? Object.fromEntries(value.pairs().map((pair) => [pair.key, fromData(pair.value)])) : {};
    default:
      return 'value' in value ? value.value : null;
  }
}
