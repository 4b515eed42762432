// The inputs of a workflow_dispatch, checked as GitHub's API checks them.
import { inputError } from '../../domain/errors.ts';
import type { Json } from './template.ts';
import type { DispatchInput } from './workflow-model.ts';

const INPUTS_MAX = 25;

/** The inputs with defaults filled in. Throws an input error (`workflow-input-invalid`) that names every fault. */
export function resolveInputs(given: Record<string, string>, declared: Record<string, DispatchInput>): Record<string, string> {
  const unexpected = Object.keys(given).filter((name) => !Object.hasOwn(declared, name));
  const faults = unexpected.length > 0 ? [`Unexpected inputs provided: ${JSON.stringify(unexpected)}`] : [];
  if (Object.keys(given).length > INPUTS_MAX) faults.push(`At most ${INPUTS_MAX} inputs are allowed`);
  const resolved: Record<string, string> = {};
  for (const [name, input] of Object.entries(declared)) {
    const value = given[name] ?? input.default ?? (input.type === 'boolean' ? 'false' : '');
    const fault = inputFault(name, input, value);
    if (fault === null) resolved[name] = value;
    else faults.push(fault);
  }
  if (faults.length > 0) throw inputError('workflow-input-invalid', faults.join('; '));
  return resolved;
}

function inputFault(name: string, input: DispatchInput, value: string): string | null {
  if (value === '') return input.required ? `Required input '${name}' not provided` : null;
  if (input.type === 'boolean' && value !== 'true' && value !== 'false') return `Input '${name}' must be true or false`;
  if (input.type === 'number' && Number.isNaN(Number(value))) return `Input '${name}' must be a number`;
  if (input.type === 'choice' && !input.options.includes(value)) return `Provided value '${value}' for input '${name}' not in the list of allowed values`;
  return null;
}

/** The `inputs` context: booleans and numbers keep their type there, unlike in `github.event.inputs`. */
export function typedInputs(inputs: Record<string, string>, declared: Record<string, DispatchInput>): Record<string, Json> {
  const typed = ([name, value]: [string, string]): [string, Json] => {
    const type = declared[name]?.type;
    if (type === 'boolean') return [name, value === 'true'];
    return [name, type === 'number' && value !== '' ? Number(value) : value];
  };
  return Object.fromEntries(Object.entries(inputs).map(typed));
}
