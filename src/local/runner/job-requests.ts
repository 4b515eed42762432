// What a job or run asks for before it may start: a concurrency group, an environment.
import type { GroupRequest } from './concurrency.ts';
import { evaluate, evaluateText, toText } from './expressions.ts';
import type { Scope } from './expressions.ts';
import { jsonObject } from './payloads.ts';
import type { Template } from './template.ts';

/** A `concurrency` value as a request, its group being the repository's own. Null without the key. */
export function groupRequest(repo: string, concurrency: Template | null, scope: Scope): (GroupRequest & { name: string }) | null {
  if (concurrency === null) return null;
  const value = evaluate(concurrency, scope);
  const fields = jsonObject(value);
  const name = toText(typeof value === 'object' ? (fields['group'] ?? '') : value);
  if (name === '') return null;
  return { name, group: `${repo}\n${name}`, cancelInProgress: fields['cancel-in-progress'] === true, queue: fields['queue'] === 'max' ? 'max' : 'single' };
}

/** The name of a job's environment; null without the key. */
export function environmentName(environment: Template | null, scope: Scope): string | null {
  if (environment === null) return null;
  const name = environment.kind === 'map' ? environment.entries.find(([key]) => key === 'name')?.[1] : environment;
  const text = name === undefined ? '' : evaluateText(name, scope).trim();
  return text === '' ? null : text;
}
